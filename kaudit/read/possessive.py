"""Possessive: expressions with groups that give nothing back, for each Python that kaudit runs on.

Python 3.11.0 to 3.11.4 go wrong behind such a group (https://github.com/python/cpython/issues/106052), and some Linux
distributions have one of them. The module `regex` stands in for `re` there.
"""

from __future__ import annotations

import re
import sys
from typing import cast

_IS_RIGHT = sys.version_info[:3] >= (3, 11, 5)


def compile_possessive(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return *expression*, with groups such as `(?:...)*+`, ready to be searched with."""
    if _IS_RIGHT:
        return re.compile(expression, flags)
    import regex

    return cast("re.Pattern[str]", regex.compile(expression, flags))
