"""What is a word and what stands between words: one definition for patterns, anchors and sentences.

Normalised text is lower-case ASCII with single blanks. Patterns (pattern.py) and anchors (anchors.py) must agree on it
to the letter: whatever a pattern accepts between two words, `gate` must turn into one blank, or matches get lost in
silence.
"""

from __future__ import annotations

import re

SIGNS = "%#$&+"
"""Signs that count as words of their own."""

WORD = r"[\w']++"
"""A word of any kind, in a gap."""

JOINT = r"(?:'s?(?![\w']))?[^\w'.,;:!?%#$&+]{0,4}"
"""What may stand between two neighbours in a template; words bring their own boundaries, so it may be empty."""

GAP_JOINT = r"(?:'s?(?![\w']))?[^\w';:!?]++"
"""What may stand around the words of a gap: commas and brackets too, but no clause mark."""

DIGITS = r"\b\d++(?:[.,]\d++)*(?![.,]?\d)(?:k|m)?\b"
"""A number in digits."""

BREAK = "\x01"
"""Stands between texts that one gate is made of; no normalised text holds it."""

DIGIT = "0-9"
"""Stands for every word that begins with a digit."""

_POSSESSIVE = re.compile(rb"'s?(?!\w)")
_WORDS = (
    bytes(byte if chr(byte).isalnum() or chr(byte) in SIGNS + "_" + BREAK else 32 for byte in range(128)) + b" " * 128
)
_APART = tuple(sign.encode() for sign in SIGNS + BREAK)


def gate(text: str) -> bytes:
    """Return the words of normalised *text*, each between single blanks, possessives without their 's.

    A BREAK stays, as a word of its own, so that many texts go through in one call.
    """
    words = text.encode("ascii")
    if b"'" in words:
        words = _POSSESSIVE.sub(b"", words)
    for sign in _APART:
        if sign in words:
            words = words.replace(sign, b" " + sign + b" ")
    return b" " + b" ".join(words.translate(_WORDS).split()) + b" "
