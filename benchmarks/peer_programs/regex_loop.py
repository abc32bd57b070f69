"""A plain loop: each phrase looked for with `re` in each file. Arguments: a JSON list of phrases, a folder."""

import json
import re
import sys
from pathlib import Path

phrases = [
    re.compile(rf"\b{re.escape(phrase)}\b", re.IGNORECASE) for phrase in json.loads(Path(sys.argv[1]).read_text())
]
print(
    sum(
        len(phrase.findall(text))
        for text in (path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[2]).glob("*.txt")))
        for phrase in phrases
    )
)
