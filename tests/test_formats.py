"""Formats by file names, and the hook that must take the same files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kaudit.read import FORMATS, TEMPLATE_SUFFIXES, format_of

HOOKS = Path(__file__).parent.parent / ".pre-commit-hooks.yaml"
SUFFIXES = [(suffix, format.name) for format in FORMATS.values() for suffix in format.suffixes]


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("page.md", "markdown"),
        ("PAGE.HTM", "html"),
        ("page.md.j2", "markdown"),
        ("page.liquid", "html"),
        ("nginx.conf.j2", None),
        ("README", None),
        ("code.py", None),
    ],
)
def test_the_name_of_a_file_says_its_format(name: str, format: str | None) -> None:
    assert format_of(Path("folder.md") / name) == format


def test_no_two_formats_share_a_suffix() -> None:
    assert len(dict(SUFFIXES)) == len(SUFFIXES)


@pytest.mark.skipif(not HOOKS.exists(), reason="this is no checkout")
def test_the_hook_takes_the_files_that_are_read() -> None:
    hooks = yaml.safe_load(HOOKS.read_text("utf-8"))
    files = re.compile(hooks[0]["files"])

    for suffix, format in SUFFIXES:
        if format == "pdf":
            assert not files.search(f"page{suffix}"), "its library is an extra, which a hook's environment lacks"
            continue
        for name in (
            f"page{suffix}",
            f"folder/PAGE{suffix.upper()}",
            *(f"a.b{suffix}{end}" for end in TEMPLATE_SUFFIXES),
        ):
            assert files.search(name), name
    for end in TEMPLATE_SUFFIXES:
        assert files.search(f"folder/page{end}")
        assert not files.search(f"folder/nginx.conf{end}")
    for name in ("code.py", "folder.md/README", "page.mdown2", "a.txtx"):
        assert not files.search(name), name
