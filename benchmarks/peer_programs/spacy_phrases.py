"""spaCy's PhraseMatcher on lower-case words. Arguments: a JSON list of phrases, a folder."""

import json
import sys
from pathlib import Path

import spacy
from spacy.matcher import PhraseMatcher

nlp = spacy.blank("en")
matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
matcher.add("claim", list(nlp.pipe(json.loads(Path(sys.argv[1]).read_text()))))
texts = (path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[2]).glob("*.txt")))
print(sum(len(matcher(document)) for document in nlp.pipe(texts)))
