"""Ways to write words so that people read them and programs do not."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

Disguise = Callable[[str], str]

_WORD = re.compile(r"[A-Za-z]+")
_CYRILLIC = str.maketrans(
    "aceiopsxyABCEHIKMOPSTXY",
    "\u0430\u0441\u0435\u0456\u043e\u0440\u0455\u0445\u0443\u0410\u0412\u0421\u0415\u041d\u0406\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423",
)
_GREEK = str.maketrans(
    "aeiknoptuvABEHIKMNOPTXYZ",
    "\u03b1\u03b5\u03b9\u03ba\u03b7\u03bf\u03c1\u03c4\u03c5\u03bd\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7\u03a5\u0396",
)
_DIGITS = str.maketrans("aeiosAEIOS", "4310543105")
_SIGNS = str.maketrans("asAS", "@$@$")
_BLANK = re.compile(r"(?<=[\w%]) (?=\w)")


def in_words(change: Disguise, least: int = 4) -> Disguise:
    """Return what changes every word of *least* letters or more."""
    return lambda text: _WORD.sub(lambda word: change(word[0]) if len(word[0]) >= least else word[0], text)


def in_longest(change: Disguise, least: int) -> Disguise:
    """Return what changes the longest word, if it has *least* letters."""

    def changed(text: str) -> str:
        longest = max(_WORD.finditer(text), key=lambda word: len(word[0]), default=None)
        if longest is None or len(longest[0]) < least:
            return text
        return text[: longest.start()] + change(longest[0]) + text[longest.end() :]

    return changed


def between_words(sign: str) -> Disguise:
    """Return what puts *sign* in place of the blanks between words."""
    return lambda text: _BLANK.sub(sign, text)


def inside(sign: str) -> Disguise:
    """Return what puts *sign* in the middle of a word."""
    return lambda word: word[: len(word) // 2] + sign + word[len(word) // 2 :]


def one_letter(table: dict[int, int]) -> Disguise:
    """Return what changes the last letter that *table* has another sign for."""

    def changed(word: str) -> str:
        for at in range(len(word) - 1, -1, -1):
            if ord(word[at]) in table:
                return word[:at] + word[at].translate(table) + word[at + 1 :]
        return word

    return changed


def fullwidth(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def bold(text: str) -> str:
    return "".join(
        chr(0x1D5D4 + ord(sign) - 65)
        if "A" <= sign <= "Z"
        else chr(0x1D5EE + ord(sign) - 97)
        if "a" <= sign <= "z"
        else sign
        for sign in text
    )


def squared(text: str) -> str:
    return "".join(
        chr(0x1F170 + ord(sign.upper()) - 65) if sign.isascii() and sign.isalpha() else sign for sign in text
    )


def spaced(text: str) -> str:
    return "   ".join(" ".join(word) if word.isalpha() else word for word in text.split(" "))


def repeated(word: str) -> str:
    return re.sub(r"(?i)(?<=.)([aeiou])", r"\1\1\1", word, count=1)


def swapped(word: str) -> str:
    at = len(word) // 2 - 1
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def dropped(word: str) -> str:
    return word[: len(word) // 2] + word[len(word) // 2 + 1 :]


def doubled(word: str) -> str:
    return word[: len(word) // 2] + word[len(word) // 2] + word[len(word) // 2 :]


def mistyped(word: str) -> str:
    at = len(word) // 2
    return word[:at] + {"e": "a", "a": "e", "i": "e", "o": "a"}.get(word[at], "e") + word[at + 1 :]


DISGUISES: dict[str, Disguise] = {
    "zero-width blanks": in_words(inside("\u200b"), 2),
    "zero-width joiners": in_words(inside("\u200d"), 2),
    "marks of direction": in_words(inside("\u200f\u202c"), 2),
    "tags": in_words(inside("\U000e0041"), 2),
    "soft hyphens": in_words(inside("\u00ad"), 2),
    "combining marks": in_words(lambda word: "".join(letter + "\u0336" for letter in word), 1),
    "accents": in_words(lambda word: re.sub("(?i)([aeiou])", "\\1\u0301", word), 2),
    "Cyrillic": lambda text: text.translate(_CYRILLIC),
    "Greek": lambda text: text.translate(_GREEK),
    "full width": fullwidth,
    "mathematical": bold,
    "squared": squared,
    "a digit in each word": in_words(one_letter(_DIGITS)),
    "digits everywhere": in_words(lambda word: word.translate(_DIGITS), 2),
    "signs for letters": in_words(one_letter(_SIGNS)),
    "spaced letters": spaced,
    "a word in spaced letters": in_longest(lambda word: " ".join(word), 4),
    "full stops in a word": in_longest(lambda word: ".".join(word), 4),
    "repeated letters": in_words(repeated),
    "hyphens between words": between_words("-"),
    "asterisks between words": between_words("*"),
    "underscores between words": between_words("_"),
    "full stops between words": between_words("."),
    "an asterisk in each word": in_words(inside("*"), 5),
    "a hyphen in each word": in_words(inside("-"), 5),
    "hyphenation": in_longest(inside("-\n"), 6),
    "soft hyphenation": in_longest(inside("\u00ad\n"), 6),
    "emoji between words": between_words(" \U0001f600 "),
    "many emoji between words": between_words(" \U0001f44d\U0001f3fd\u2728\U0001f600 "),
    "emoji for blanks": between_words("\U0001f600"),
    "capitals": str.upper,
    "letters swapped": in_longest(swapped, 7),
    "a letter dropped": in_longest(dropped, 8),
    "a letter doubled": in_longest(doubled, 7),
    "a wrong letter": in_longest(mistyped, 7),
}
"""For plain text, by what they are called."""

_ESCAPED = re.compile(r"&\w+;|.", re.DOTALL)

IN_HTML: dict[str, Disguise] = {
    "entities": lambda text: "".join(
        f"&#{ord(sign[0][0])};" if number % 2 and len(sign[0]) == 1 and sign[0].isalpha() else sign[0]
        for number, sign in enumerate(_ESCAPED.finditer(text))
    ),
    "invisible entities": in_words(inside("&shy;&ZeroWidthSpace;"), 2),
    "elements": in_words(inside("<b></b><!-- x --><wbr>"), 2),
    "letters in elements": in_words(lambda word: f"{word[0]}<i>{word[1:-1]}</i>{word[-1]}", 3),
}
"""For HTML, whose text is escaped before."""

IN_MARKDOWN: dict[str, Disguise] = {
    "emphasis": in_words(lambda word: f"{word[:2]}**{word[2:4]}**{word[4:]}", 5),
    "comments": in_words(inside("<!-- x -->"), 2),
    "entities": in_words(lambda word: f"{word[0]}&#{ord(word[1])};{word[2:]}", 2),
}
"""For Markdown."""


def disguised(
    example: str, disguise: Disguise, mark: re.Pattern[str], *, escape: bool = False
) -> tuple[str, list[tuple[int, int]]]:
    """Return *example* with its marked words in disguise, and where they stand."""
    text = ""
    places = []
    done = 0
    for marked in mark.finditer(example):
        before, words = example[done : marked.start()], marked[1]
        text += html.escape(before, quote=False) if escape else before
        start = len(text)
        text += disguise(html.escape(words, quote=False) if escape else words)
        places.append((start, len(text)))
        done = marked.end()
    rest = example[done:]
    return text + (html.escape(rest, quote=False) if escape else rest), places
