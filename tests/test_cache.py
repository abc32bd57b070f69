"""A compiled catalog comes back the same, and is never trusted when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaudit import Auditor, load_catalog
from kaudit.catalog import cache

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
