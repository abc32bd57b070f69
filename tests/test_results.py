"""A kept result is what a new audit would find, and is used for the same bytes under the same rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kaudit import jobs
from kaudit.auditor import Auditor
from kaudit.cli import main
from kaudit.config import Config
from kaudit.model import Audit
from kaudit.results import ResultCache
from kaudit.workspace import Workspace

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.md"))


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path / "cache", lambda: date(2026, 11, 26))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_kept_result_is_equal(path: Path, cache: ResultCache) -> None:
    audit = jobs.audit_file(path, Workspace(), cache)

    assert isinstance(audit, Audit)
    assert len(audit.findings) > 10
    assert cache.find(path.read_bytes(), path, Auditor()) == audit


def test_the_place_of_a_finding_is_kept(tmp_path: Path, cache: ResultCache) -> None:
    page = tmp_path / "page.srt"
    page.write_text("1\n00:01:02,500 --> 00:01:04,000\nIt is a miracle cure.\n", encoding="utf-8")

    first, again = (jobs.audit_file(page, Workspace(), cache) for _ in range(2))

    assert isinstance(again, Audit)
    assert [found.place for found in again.findings] == ["00:01:02,500"]
    assert first == again


def test_a_kept_result_is_used(tmp_path: Path, cache: ResultCache) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A miracle cure.", encoding="utf-8")
    raw, auditor = page.read_bytes(), Auditor()
    cache.keep(raw, page, auditor, Audit("", "text", 99, (), "A miracle cure."))

    assert jobs.audit_file(page, Workspace(), cache) == Audit(str(page), "text", 99, (), "A miracle cure.")
    assert cache.find(raw, tmp_path / "copy.txt", auditor) == Audit(
        str(tmp_path / "copy.txt"), "text", 99, (), "A miracle cure."
    )


def test_other_bytes_rules_or_days_ask_for_a_new_audit(cache: ResultCache) -> None:
    path, raw, auditor = Path("page.txt"), b"A miracle cure.", Auditor()
    cache.keep(raw, path, auditor, Audit("", "text", 3, (), "A miracle cure."))

    assert cache.find(raw, path, auditor)
    assert cache.find(raw + b"!", path, auditor) is None
    assert cache.find(raw, path, Auditor(config=Config(pedantic=True))) is None
    assert cache.find(raw, path, Auditor(replace(auditor.catalog, digest="other"))) is None
    assert replace(cache, today=lambda: date(2026, 11, 27)).find(raw, path, auditor) is None


@pytest.mark.parametrize("written", ["", "{", "[]", '{"source": null}', '{"source": 3, "findings": [{}]}'])
def test_what_cannot_be_read_is_ignored(written: str, cache: ResultCache) -> None:
    path, raw, auditor = Path("page.txt"), b"A miracle cure.", Auditor()
    cache.keep(raw, path, auditor, Audit("", "text", 3, (), "A miracle cure."))
    (kept,) = cache.folder.glob("*/*.json")
    kept.write_text(written, encoding="utf-8")

    assert cache.find(raw, path, auditor) is None


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    cache = ResultCache(blocked)

    cache.keep(b"x", Path("x.txt"), Auditor(), Audit("", "text", 1, (), "x"))
    assert cache.find(b"x", Path("x.txt"), Auditor()) is None


def test_the_command_keeps_results_of_folders_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.txt"
    page.write_text("A miracle cure.", encoding="utf-8")

    main(["check", "page.txt"])
    assert not Path(".kaudit_cache").exists()
    main(["check", "."])
    first = capsys.readouterr().out
    assert len(list(Path(".kaudit_cache").glob("*/*.json"))) == 1
    main(["check", "."])
    assert capsys.readouterr().out in first
    assert Path(".kaudit_cache/.gitignore").read_text(encoding="utf-8").endswith("*\n")
