"""Several processes find what one finds, in the same order; what goes wrong in one of them is told."""

from __future__ import annotations

import os
import pickle
import signal
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kaudit import jobs
from kaudit import read as reading
from kaudit.cli import main
from kaudit.model import Audit, Document, Unread
from kaudit.read import read_bytes
from kaudit.workspace import Workspace

CLAIM = "Our miracle cure has no side effects.\n"


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"page-{number:02}.txt" for number in range(40)]
    for number, path in enumerate(paths):
        path.write_text(CLAIM * (number % 3) or "Plain words.\n", encoding="utf-8")
    return paths


def test_two_processes_find_what_one_finds_in_the_same_order(pages: list[Path]) -> None:
    alone = list(jobs.audit_files(pages, Workspace()))

    assert list(jobs.audit_files(pages, Workspace(), 2)) == alone
    assert [result.path for result in alone] == list(map(str, pages))
    assert sum(len(result.findings) for result in alone if isinstance(result, Audit)) > 20


def test_a_missing_file_does_not_stop_the_rest(pages: list[Path]) -> None:
    pages[5].unlink()

    results = list(jobs.audit_files(pages, Workspace(), 2))

    assert [result.path for result in results if isinstance(result, Unread)] == [str(pages[5])]
    assert len(results) == len(pages)


def _die(paths: list[Path]) -> list[Audit | Unread]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def test_what_a_killed_process_did_not_audit_is_unread(pages: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_audit_portion", _die)

    assert list(jobs.audit_files(pages, Workspace(), 2)) == [Unread(str(page), jobs.KILLED) for page in pages]


def test_a_bug_that_one_document_finds_costs_no_other_its_audit(
    pages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(raw: bytes, **settings: Any) -> Document:
        if settings["path"] == str(pages[4]):
            raise RecursionError("too deep")
        return read_bytes(raw, **settings)

    monkeypatch.setattr(reading, "read_bytes", read)

    results = list(jobs.audit_files(pages, Workspace()))

    (unread,) = [result for result in results if isinstance(result, Unread)]
    assert (unread.path, unread.is_usual) == (str(pages[4]), False)
    assert unread.reason.startswith("kaudit failed, please report it: RecursionError in test_jobs.py, line ")
    assert len(results) == len(pages)


def test_a_workspace_can_be_sent_to_another_process(pages: list[Path]) -> None:
    workspace = Workspace({"pedantic": True}, clock=partial(date, 2027, 5, 1))
    workspace.auditor_of(pages[0])

    sent = pickle.loads(pickle.dumps(workspace))

    assert sent.settings_of(pages[0]).config.pedantic
    assert sent.clock() == date(2027, 5, 1)


def test_the_command_takes_a_number_of_processes(
    pages: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pages[0].parent)

    assert main(["check", "--format", "json", "--no-cache", "."]) == 1
    alone = capsys.readouterr().out
    assert main(["check", "--format", "json", "--no-cache", "--jobs", "2", "."]) == 1
    assert capsys.readouterr().out == alone
    assert main(["check", "--jobs", "two", "."]) == 2
    assert not Path(".kaudit_cache").exists()
