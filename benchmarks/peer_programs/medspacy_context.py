"""medspaCy: phrases as targets, ConText for negation and doubt. Arguments: a JSON list of phrases, a folder."""

import json
import sys
from pathlib import Path

import medspacy
from medspacy.ner import TargetRule

nlp = medspacy.load(enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"])
phrases = json.loads(Path(sys.argv[1]).read_text())
nlp.get_pipe("medspacy_target_matcher").add([TargetRule(phrase, "claim") for phrase in phrases])
texts = (path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[2]).glob("*.txt")))
print(sum(len(document.ents) for document in nlp.pipe(texts)))
