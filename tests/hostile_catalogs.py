"""Catalogs that are made to hurt, and what is said of each; None for those that are harmless after all."""

from __future__ import annotations

from small_catalogs import HEAD, rule

CatalogFiles = dict[str, str | bytes]
"""The files of a catalog by their names; "c.yaml" is the one that is loaded."""


def claims(*templates: str) -> str:
    return HEAD + "claims:\n" + "".join(rule(f"[{quoted(each)}]", f"r{n}") for n, each in enumerate(templates))


def quoted(template: str) -> str:
    return "'" + template.replace("'", "''") + "'"


def lists(entries: dict[str, list[str]], template: str = "{top} cure") -> str:
    written = "".join(f"  {name}: [{', '.join(map(quoted, each))}]\n" for name, each in entries.items())
    return HEAD + "lexicons:\n" + written + "claims:\n" + rule(f"[{quoted(template)}]")


def chain(length: int, entry: str, *, backwards: bool = False) -> dict[str, list[str]]:
    """Return lists of which each names the one before it; *entry* says how."""
    named = {"l0": ["drug"], **{f"l{at}": [entry.replace("@", f"{{l{at - 1}}}")] for at in range(1, length)}}
    ordered = dict(reversed(named.items())) if backwards else named
    return {**ordered, "top": [f"{{l{length - 1}}}"]}


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 12))
CHOICE = "(" + "|".join("abcdefghijklmnopqrstuvwxyz") + ")"

TEXTS: dict[str, tuple[str | bytes, str | None]] = {
    "nothing": ("", "a catalog is one mapping"),
    "a list": ("- a\n- b\n", "a catalog is one mapping"),
    "a word": ("miracle", "a catalog is one mapping"),
    "two documents": (f"{HEAD}---\n{HEAD}", "a catalog is one mapping"),
    "a bomb of aliases": (LAUGHS, "no aliases (*a0) in a catalog; write the value out"),
    "an alias of itself": ("a: &a [*a]\n", "no aliases"),
    "a merge": ("a: &a {b: c}\nd:\n  <<: *a\n", "no aliases"),
    "brackets without end": ("a: " + "[" * 200_000, "nest"),
    "braces without end": ("{a: " * 100_000, "nested more than 20 deep"),
    "lists without end": ("- " * 100_000, "nested more than 20 deep"),
    "indentation without end": ("".join(" " * at + "a:\n" for at in range(500)), "nested more than 20 deep"),
    "a bracket that is open": ("claims: [a, b\n", "no YAML: "),
    "a quotation that is open": ("version: 'a\n" + "x\n" * 1_000, "no YAML: "),
    "tabs": ("claims:\n\t- id: a\n", "no YAML: "),
    "an object of Python": ("a: !!python/object/apply:os.system [ls]\n", "no tags in a catalog"),
    "a tag": ("version: !!binary aGk=\n", "no tags in a catalog"),
    "a key twice": (f"{HEAD}version: other\n", "the key 'version' stands twice"),
    "a key twice in a rule": (claims("miracle") + "    why: Twice.\n", "the key 'why' stands twice"),
    "a list for a key": ("? [a, b]\n: c\n", "a key is a word, not a list or a mapping"),
    "control characters": ('version: "\\e[31m"\n', "control character '\\x1b'"),
    "zero bytes": (b"schema: 1\n\0\0\0\n", "no YAML: "),
    "Latin 1": ("schema: 1\nversion: caf\u00e9\n".encode("latin-1"), "c.yaml:2:13: byte 0xe9 is no UTF-8"),
    "UTF-16": (HEAD.encode("utf-16"), "is no UTF-8; save the file as UTF-8"),
    "bytes of any kind": (bytes(range(256)) * 100, "is no UTF-8"),
    "megabytes": ("# " + "x" * 3_000_000 + "\n", "bytes; max-catalog-bytes allows 2097152"),
    "a line of a megabyte": (f"{HEAD}promotion: ['{'a ' * 500_000}']\n", "at most 2000 characters"),
    "thousands of keys": ("".join(f"k{at}: v\n" for at in range(50_000)), "unknown key 'k0'"),
    "thousands of wrong rules": (claims(*["{nothing}"] * 3_000), "there is no lexicon 'nothing'"),
    "thousands of rules": (claims(*(f"miracle{at} drug" for at in range(1_500))), None),
    "another schema": (HEAD.replace("schema: 1", "schema: 7"), "schema: "),
    "a mapping of rules": (f"{HEAD}claims: {{a: b}}\n", "claims: "),
    "a number of templates": (claims("x").replace("match: ['x']", "match: 5"), "match: "),
    "nothing for templates": (claims("x").replace("match: ['x']", "match:"), "match: "),
    "a list in a list": (claims("x").replace("match: ['x']", "match: [[[x]]]"), "match.0: "),
    "a severity of its own": (claims("x").replace("severity: high", "severity: doom"), "severity: "),
    "a circle of lists": (lists({"a": ["{b}"], "b": ["{a}"], "top": ["{a}"]}), "leads back here"),
    "a list of itself": (lists({"top": ["{top} {top}"]}), "lexicon 'top' leads back here"),
    "a bomb of lists": (lists(chain(40, "@ @")), "words; at most 100: name fewer lists"),
    "a bomb of wide lists": (lists({**chain(6, "(@|@|@) (@|@|@)"), "top": ["{l5}"] * 20}), None),
    "a bomb of numbers": (lists(chain(7, "(@|@ {number}|{number} @|@ x) (@|y)")), "at most"),
    "thousands of nested lists": (lists(chain(3_000, "@")), "lists in lists in lists, 21 deep"),
    "thousands of nested lists, backwards": (lists(chain(3_000, "@", backwards=True)), "over 20 deep"),
    "lists of everything": (lists({"top": [CHOICE * 3]}, "{top} {top} {top}"), None),
    "phrases without end": (claims(*(f"x{at} ({CHOICE * 3}|y)" for at in range(100))), "come to over 600000 phrases"),
    "a huge choice": (claims("(" + "|".join(f"w{at}" for at in range(5_000)) + ")"), "at most 2000 characters"),
    "choices in a row": (claims("miracle " + CHOICE * 20), None),
    "brackets in brackets": (claims("(" * 900 + "a" + ")" * 900), "brackets nest at most 12 deep"),
    "a bracket that is not closed": (claims("(((a|b"), "this ( is not closed; add the )"),
    "an enormous gap": (claims("a <0-999999999> b"), "n from 1 to 12"),
    "gaps without end": (claims("a" + " <0-12> a" * 50), "gaps in one template; at most 3"),
    "parts without end": (claims("miracle" + " a?" * 400), "words; at most 100"),
    "optional parts": (claims("miracle" + " (a|b)?" * 90 + " end"), None),
    "a pattern that is none": (claims("a /(b/"), "the raw pattern is no regular expression"),
    "a pattern with groups": (claims("a /(b)/"), "a raw pattern has no capturing groups"),
    "a recursive pattern": (claims("a /(?R)/"), "the raw pattern is no regular expression"),
    "a bomb of repeats": (claims("a /(?:(?:b{1000}){1000}){1000}/"), "use smaller numbers in {…}, or + or *"),
    "an enormous repeat": (claims("a /b{99999999}/"), "use smaller numbers in {…}, or + or *"),
    "a catastrophic pattern": (claims("hooray /(?:(?:a|aa)+)+[0-9]/"), None),
    "a pattern of stars": (claims("hooray /.*.*.*.*.*.*[0-9]/"), None),
    "a cue that is no pattern": (f"{HEAD}cues: [{{type: hedge, words: ['/(a/']}}]\n", "is no regular expression"),
    "a bomb for a cue": (f"{HEAD}cues: [{{type: hedge, words: ['/(?:a{{999}}){{999}}/']}}]\n", "use smaller numbers"),
    "a cue of a kind of its own": (f"{HEAD}cues: [{{type: magic, words: [a]}}]\n", "cues.0.type: "),
    "signs of another alphabet": (claims("m\u0456racle"), "templates are written in plain ASCII"),
    "forms without end": (HEAD + f"inflections: {{go: [{', '.join(f'g{at}' for at in range(20_000))}]}}\n", None),
    "a rewrite of nothing": (claims("a") + "    rewrite: [{match: a, to: '{b}'}]\n", "has `fix` examples"),
    "a catalog that extends itself": (f"extends: c.yaml\n{HEAD}", "leads back here; extend it only once"),
    "a catalog that extends another place": (f"extends: ../../etc/passwd\n{HEAD}", "lies outside the folder"),
    "a catalog that extends the system": (f"extends: /etc/passwd\n{HEAD}", "lies outside the folder"),
    "a catalog that extends nothing": (f"extends: gone.yaml\n{HEAD}", "cannot be read: No such file"),
    "a catalog that extends a folder": (f"extends: .\n{HEAD}", "is no file; a catalog is a file of YAML"),
}
