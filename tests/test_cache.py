"""A compiled catalog comes back the same, and is never trusted when it is not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from small_catalogs import HEAD, rule

from kaudit import Auditor, load_catalog
from kaudit.catalog import cache
from kaudit.catalog.anchors import Need
from kaudit.catalog.compiled import Catalog
from kaudit.catalog.load import load_texts
from kaudit.catalog.pattern import regex_of
from kaudit.catalog.texts import CatalogText

TEXT = "Ketamine is a miracle drug. It cures depression with minimal side effects. Call us today, our clinic is open."


def test_a_cached_catalog_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAUDIT_CACHE_DIR", str(tmp_path))
    fresh = load_catalog(cached=False)
    cache.write_cached(fresh)

    kept = cache.read_cached(fresh.digest)

    assert kept is not None
    assert Auditor(kept).audit(TEXT) == Auditor(fresh).audit(TEXT)
    assert kept.sources == fresh.sources
    assert list(kept.rules) == list(fresh.rules)


def test_a_shipped_catalog_is_used_while_the_texts_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "SHIPPED", tmp_path / "compiled_catalog.json")
    fresh = load_catalog(cached=False)
    cache.write_shipped(fresh)

    shipped = cache.read_shipped(fresh.digest)

    assert shipped is not None
    assert Auditor(shipped).audit(TEXT) == Auditor(fresh).audit(TEXT)
    assert list(shipped.rules) == list(fresh.rules)
    assert cache.read_shipped("0" * 64) is None


@pytest.mark.parametrize("content", ["", "{}", "[1, 2", '{"lists": 3}', "null"])
def test_a_spoilt_cache_is_ignored(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAUDIT_CACHE_DIR", str(tmp_path))
    digest = load_catalog().digest
    path = cache.cache_path(digest)
    assert path is not None
    path.write_text(content, encoding="utf-8")

    assert cache.read_cached(digest) is None
    assert len(load_catalog().rules) > 60


def test_no_folder_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAUDIT_CACHE_DIR", "")

    assert cache.cache_path("x") is None
    assert len(load_catalog().rules) > 60


def test_an_unwritable_folder_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("KAUDIT_CACHE_DIR", str(blocked / "below"))

    assert len(load_catalog().rules) > 60


BASE = HEAD + dedent(
    """\
    lexicons:
      number_word: [one, two]
      drug: [ketamine, medicine~]
      thing: ['{drug}', treatment~]
      place: [clinic~]
    """
) + "claims:\n" + "".join(
    rule(match, name)
    for name, match in (
        ("things", "['miraculous <0-1> {thing}', 'calming {drug}']"),
        ("places", "['wonderful {place}', '{number} {place} {t:place}']"),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("claims:\n" + rule("['marvellous {place}', 'wonderful {place}']", "mine"), "wonderful {place}"),
        ("lexicons: {drug: [+, receptor]}\n", "wonderful {place}"),
        ("lexicons: {place: [clinique]}\n", "calming {drug}"),
        ("lexicons: {number_word: [+, dozen]}\n", None),
        ("inflections: {medicine: [medicines, medicinal]}\n", None),
        ("off: [places]\n", "calming {drug}"),
    ],
)
def test_what_a_catalog_is_built_on_need_not_be_compiled_again(text: str, taken: str | None) -> None:
    texts = [CatalogText("base", BASE), CatalogText("mine", f"schema: 1\nversion: mine\n{text}")]
    base = load_texts(texts[:1])

    quick, plain = load_texts(texts, base), load_texts(texts)

    assert _shown(quick) == _shown(plain)
    assert (quick.words, quick.ordinary, quick.telling) == (plain.words, plain.ordinary, plain.telling)
    known = {*base.patterns()}
    reused = {pattern.template for pattern in quick.patterns() if pattern in known}
    assert (taken in reused) if taken else not reused


def _shown(catalog: Catalog) -> list[tuple[str, str, tuple[str, ...], tuple[Need, ...]]]:
    return [
        (pattern.template, regex_of(pattern.tree), pattern.anchors, pattern.needs) for pattern in catalog.patterns()
    ]
