"""Groups that give nothing back are right on every Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from kaudit.read.possessive import compile_possessive

PACKAGE = Path(__file__).parent.parent / "kaudit"
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")


def test_what_follows_a_possessive_group_is_found() -> None:
    number = compile_possessive(r"\b\d++(?:[.,]\d++)*+(?:k|m)?\b")

    assert [found.group() for found in number.finditer("2. and 3.1. and 4.5k and 6.7x")] == ["2", "3.1", "4.5k"]


def test_no_other_expression_has_such_groups() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
                written = [str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)]
                assert not any(map(POSSESSIVE_GROUP.search, written)), f"{path.name}:{node.lineno}"
