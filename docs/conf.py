"""The documentation site: Markdown pages, and a reference that is made from the code each time it is built.

    make site

builds it into build/site, strictly: a link that leads nowhere, or a page in no list, is an error.
"""

from __future__ import annotations

import argparse
import enum
import inspect
import os
from collections.abc import Iterator
from typing import Any

from pygments.lexers import BashSessionLexer

import kaudit
from kaudit.cli import build_parser
from kaudit.version import VERSION

project = "kaudit"
author = copyright = "The kaudit authors"
version = release = VERSION

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
pygments_style = "friendly"
suppress_warnings = ["misc.highlighting_failure"]  # catalogs are YAML with holes, shown as they are

html_theme = "furo"
html_title = f"kaudit {VERSION}"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f5d8c", "color-brand-content": "#1f5d8c"},
    "dark_css_variables": {"color-brand-primary": "#8fc1e8", "color-brand-content": "#8fc1e8"},
}


def setup(app: Any) -> None:
    """Fill in what is made from the code."""
    app.connect("source-read", _fill)
    app.add_lexer("sh", BashSessionLexer)  # what a command shows is no command


def _fill(app: Any, page: str, source: list[str]) -> None:
    for hole, lines in (("<!-- commands -->", _commands(build_parser())), ("<!-- python -->", _python())):
        if hole in source[0]:
            source[0] = source[0].replace(hole, "\n".join(lines))


def _python() -> Iterator[str]:
    """Yield what documents each public name, by what it is."""
    offered = [(name, getattr(kaudit, name)) for name in kaudit.__all__]
    classes = [(name, value) for name, value in offered if inspect.isclass(value)]
    errors = [name for name, value in classes if issubclass(value, Exception)]
    choices = [name for name, value in classes if issubclass(value, enum.Enum)]
    parts = {
        "Functions": ("autofunction", [name for name, value in offered if not inspect.isclass(value)], ""),
        "Values": (
            "autoclass",
            [name for name, _ in classes if name not in (*errors, *choices)],
            "   :members:\n   :undoc-members:\n",
        ),
        "Choices": ("autoclass", choices, "   :members:\n   :undoc-members:\n"),
        "Errors": ("autoexception", errors, ""),
    }
    for title, (directive, names, options) in parts.items():
        yield f"## {title}\n\n```{{eval-rst}}"
        yield from (f".. {directive}:: kaudit.{name}\n{options}" for name in names)
        yield "```\n"


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the help of each command of *parser* that does something, under its name."""
    inside = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in inside:
        for command in action.choices.values():
            yield from _commands(command)
    if not inside:
        os.environ["COLUMNS"] = "88"
        yield f"## {parser.prog}\n\n```text\n{parser.format_help()}```\n"
