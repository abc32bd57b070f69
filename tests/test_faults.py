"""Whatever goes wrong around it, kaudit loses no finding in silence: it says what was not audited and ends with 2."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from waiver_catalog import CATALOG

from kaudit import fixer
from kaudit.auditor import Auditor
from kaudit.catalog import load_catalog
from kaudit.errors import DocumentError
from kaudit.waive.baseline import SCHEMA

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the faults are made as Linux has them"),
]

CLAIM = "It is a miracle drug with minimal side effects.\n"
FIXED = "It is a miracle drug with side effects.\n"
RULES = ["exaggerates", "minimal-side-effects"]
KAUDIT = [sys.executable, "-m", "kaudit"]
FULL = Path("/dev/full")
NO_BASELINE = f'{{"schema": {SCHEMA}, "documents": {{}}}}'
NO_SPACE = "cannot be written: No space left on device"

Ran = subprocess.CompletedProcess[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, whose settings name a small catalog beside it."""
    monkeypatch.setenv("KAUDIT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    page("kaudit.toml", "catalog = ['../catalog.yaml']\n")
    return work


def page(name: str | Path, text: str = CLAIM) -> Path:
    place = Path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    return place


def run(*arguments: str | Path, **settings: Any) -> Ran:
    """Return what the command does."""
    kept: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **settings}
    return subprocess.run([*KAUDIT, *map(str, arguments)], check=False, timeout=120, **kept)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Return the command at work, in a group of processes of its own."""
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    return subprocess.Popen([*KAUDIT, *map(str, arguments)], start_new_session=True, **streams)


def ended(process: subprocess.Popen[str]) -> Ran:
    """Return what *process* did."""
    out, err = process.communicate(timeout=60)
    return Ran(process.args, process.returncode, out, err)


def told(ran: Ran) -> dict[str, list[str]]:
    """Return the rules of what was found in each document, and [] for one that was not audited."""
    report = json.loads(ran.stdout)
    rules = {each["path"]: sorted(found["rule"] for found in each["findings"]) for each in report["documents"]}
    return {**rules, **{each["path"]: [] for each in report["unread"]}}


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that *process* started."""
    with contextlib.suppress(OSError):
        return list(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))
    return []


def is_at_work(pid: int) -> bool:
    """Return whether there is such a process, and not only its exit code."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Pipe:
    """A document that the command waits for: a pipe, in which it stops at a known place."""

    def __init__(self, name: str = "pipe.txt") -> None:
        self.path = Path(name)
        os.mkfifo(self.path)

    def wait_for_reader(self) -> int:
        """Return where to write, once somebody reads."""
        opened: list[int] = []

        def is_read() -> bool:
            with contextlib.suppress(OSError):
                opened.append(os.open(self.path, os.O_WRONLY | os.O_NONBLOCK))
            return bool(opened)

        wait_until(is_read)
        os.set_blocking(opened[0], True)
        return opened[0]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 64 KB, with the settings on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False).returncode:
        pytest.skip("no disk can be mounted here")
    page(disk / "kaudit.toml", "catalog = ['../catalog.yaml']\nbaseline = 'baseline.json'\n")
    page(disk / "baseline.json", NO_BASELINE)
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


# A full disk, an output that cannot be written


@pytest.mark.parametrize(
    "arguments",
    [
        *(("check", "--format", format, "page.txt") for format in ("text", "json", "html", "sarif", "csv")),
        ("fix", "--diff", "page.txt"),
        ("rules",),
        ("config", "show"),
    ],
    ids=" ".join,
)
def test_a_report_for_which_there_is_no_space_is_told(arguments: tuple[str, ...]) -> None:
    page("page.txt")

    with FULL.open("w") as full:
        ran = run(*arguments, stdout=full)

    assert (ran.returncode, ran.stderr) == (2, f"kaudit: stdout: {NO_SPACE}\n")


def test_a_fixed_text_for_which_there_is_no_space_is_told() -> None:
    with FULL.open("w") as full:
        ran = run("fix", "-", stdout=full, input=CLAIM)

    assert (ran.returncode, ran.stderr) == (2, f"kaudit: stdout: {NO_SPACE}\n")


def test_complaints_for_which_there_is_no_space_leave_report_and_exit_code() -> None:
    page("page.txt")

    with FULL.open("w") as full:
        ran = run("check", "--format", "json", "gone.txt", "page.txt", stderr=full)

    assert (ran.returncode, told(ran)) == (2, {"page.txt": RULES, "gone.txt": []})


@pytest.mark.parametrize(
    ("output", "reason"), [("/dev/full", "No space left on device"), ("none/report", "No such file or directory")]
)
def test_a_file_that_takes_no_report_is_told(output: str, reason: str) -> None:
    page("page.txt")

    ran = run("check", "--output", output, "page.txt")

    assert (ran.returncode, ran.stderr) == (2, f"kaudit: {output}: cannot be written: {reason}\n")


def test_on_a_full_disk_a_document_is_not_fixed_and_as_it_was(tiny_disk: Path) -> None:
    pages = [page(tiny_disk / f"{number}.txt") for number in range(3)]
    with contextlib.suppress(OSError):
        (tiny_disk / "filler").write_bytes(bytes(1 << 17))

    ran = run("fix", tiny_disk)

    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [f"kaudit: {each}: {NO_SPACE}" for each in pages]
    assert [each.read_bytes().decode() for each in pages] == [CLAIM] * 3
    assert not list(tiny_disk.glob(".*.txt.*")), "nothing half-written is left"

    (tiny_disk / "filler").unlink()
    assert run("fix", tiny_disk).returncode == 0
    assert [each.read_bytes().decode() for each in pages] == [FIXED] * 3


def test_on_a_full_disk_the_old_baseline_stays(tiny_disk: Path) -> None:
    page(tiny_disk / "page.txt")
    baseline = tiny_disk / "baseline.json"
    before = baseline.read_bytes()
    with contextlib.suppress(OSError):
        (tiny_disk / "filler").write_bytes(bytes(1 << 17))

    ran = run("baseline", tiny_disk)

    assert ran.returncode == 2
    assert NO_SPACE in ran.stderr
    assert baseline.read_bytes() == before
    assert run("check", tiny_disk / "page.txt").returncode == 1


def test_on_a_disk_that_cannot_be_written_documents_are_audited_and_not_fixed(tiny_disk: Path) -> None:
    text = page(tiny_disk / "page.txt")
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)

    audited = run("check", "--format", "json", ".", cwd=tiny_disk)
    fixed = run("fix", tiny_disk)

    assert (audited.returncode, audited.stderr, told(audited)) == (1, "", {"page.txt": RULES})
    assert (fixed.returncode, fixed.stderr) == (2, f"kaudit: {text}: cannot be written: Read-only file system\n")


def test_a_report_that_grows_over_the_limit_for_files_is_told() -> None:
    page("page.txt", CLAIM * 500)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))

    ran = run("check", "--output", "report", "page.txt", preexec_fn=limit)

    assert (ran.returncode, ran.stderr) == (2, "kaudit: report: cannot be written: File too large\n")


# Files that others remove and change


def test_a_document_that_is_removed_meanwhile_is_told() -> None:
    pipe = Pipe()
    page("site/a.txt")
    page("site/b.txt")
    process = start("check", "--format", "json", pipe.path, "site")
    end = pipe.wait_for_reader()
    Path("site/b.txt").unlink()
    os.write(end, CLAIM.encode())
    os.close(end)

    ran = ended(process)

    assert (ran.returncode, ran.stderr) == (2, "kaudit: site/b.txt: No such file or directory\n")
    assert told(ran) == {"pipe.txt": RULES, "site/a.txt": RULES, "site/b.txt": []}


def test_a_document_is_audited_as_it_is_when_it_is_read() -> None:
    pipe = Pipe()
    page("site/a.txt", "Plain words.\n")
    process = start("check", "--format", "json", pipe.path, "site")
    end = pipe.wait_for_reader()
    page("site/a.txt", f"Plain words.\n\n{CLAIM}")
    os.close(end)

    ran = ended(process)

    assert (ran.returncode, told(ran)) == (1, {"pipe.txt": [], "site/a.txt": RULES})
    assert [each["line"] for each in json.loads(ran.stdout)["documents"][1]["findings"]] == [3, 3]


def test_a_folder_that_is_removed_meanwhile_is_told() -> None:
    pipe = Pipe()
    page("site/a.txt")
    process = start("check", "--format", "json", pipe.path, "site")
    end = pipe.wait_for_reader()
    Path("site").rename("elsewhere")
    os.close(end)

    ran = ended(process)

    assert (ran.returncode, told(ran)) == (2, {"pipe.txt": [], "site/a.txt": []})


def test_what_another_program_wrote_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    text = page("page.txt")
    fix_bytes = fixer.fix_bytes

    def slowly(*arguments: Any, **settings: Any) -> fixer.FixResult:
        result = fix_bytes(*arguments, **settings)
        page("page.txt", "Written by another.\n")
        return result

    monkeypatch.setattr(fixer, "fix_bytes", slowly)

    with pytest.raises(DocumentError, match="changed by another program"):
        fixer.fix_file(text, Auditor(load_catalog("../catalog.yaml")))
    assert text.read_text(encoding="utf-8") == "Written by another.\n"


# Killed, interrupted, not read to the end


def test_a_fix_that_is_killed_leaves_each_document_old_or_new_and_can_go_on() -> None:
    pages = [page(f"{number:02}.txt") for number in range(60)]
    process = start("fix", ".")
    wait_until(lambda: pages[3].read_bytes() != CLAIM.encode())

    process.kill()
    process.wait()
    process.communicate()

    texts = [each.read_bytes().decode() for each in pages]
    assert set(texts) == {CLAIM, FIXED}, "it was killed in the middle of its work"
    assert run("fix", ".").returncode == 0
    assert {each.read_bytes().decode() for each in pages} == {FIXED}
    assert all(rules == ["exaggerates"] for rules in told(run("check", "--format", "json", ".")).values())


@pytest.mark.parametrize("streams", ["| head -1", "2>&1 | head -1", "2>&1 >/dev/null | true"])
@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_a_reader_that_stops_early_changes_no_exit_code(format: str, streams: str) -> None:
    for number in range(30):
        page(f"{number}.txt", CLAIM * 30)
    command = f'"$@" check --format {format} . gone.txt {streams}; exit ${{PIPESTATUS[0]}}'

    ran = subprocess.run(["bash", "-c", command, "bash", *KAUDIT], capture_output=True, check=False, timeout=120)

    assert ran.returncode == 2
    assert ran.stderr in (b"", b"kaudit: gone.txt: No such file or directory\n")


def test_a_fixed_text_that_nobody_reads_to_the_end_is_no_error() -> None:
    command = 'yes "It is a miracle drug with minimal side effects." | head -2000 | "$@" fix - | head -1'

    ran = subprocess.run(["bash", "-c", command, "bash", *KAUDIT], capture_output=True, check=False, timeout=120)

    assert (ran.stdout, b"Traceback" in ran.stderr) == (FIXED.encode(), False)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_ends_at_once_and_says_so(jobs: str) -> None:
    pages = [page(f"{number:02}.txt") for number in range(20)]
    pipe = Pipe("99.txt")
    process = start("check", "--jobs", jobs, *pages, pipe.path)
    end = pipe.wait_for_reader()
    started = workers(process)

    os.killpg(process.pid, signal.SIGINT)
    ran = ended(process)
    os.close(end)

    assert len(started) >= int(jobs) - 1
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "kaudit: interrupted; the audit is incomplete\n"
    assert not any(map(is_at_work, started))


def test_what_a_worker_that_was_killed_did_not_audit_is_told_and_the_rest_is_reported() -> None:
    pages = [page(f"{number:02}.txt") for number in range(24)]
    pipe = Pipe("99.txt")
    process = start("check", "--format", "json", "--jobs", "2", *pages, pipe.path)
    end = pipe.wait_for_reader()

    os.kill(workers(process)[0], signal.SIGKILL)
    os.kill(workers(process)[-1], signal.SIGKILL)
    ran = ended(process)
    os.close(end)

    audited = told(ran)
    unread = [name for name, rules in audited.items() if not rules]
    assert ran.returncode == 2
    assert list(audited) == [*(name for name in map(str, pages) if audited[name]), *unread], "each is accounted for"
    assert sorted(audited) == [*map(str, pages), "99.txt"]
    assert all(audited[name] == RULES for name in audited if name not in unread)
    assert "99.txt" in unread
    assert ran.stderr.splitlines() == [
        f"kaudit: {name}: not audited, because a process was killed, maybe for want of memory: try fewer --jobs"
        for name in unread
    ]


def test_workers_end_when_the_command_is_killed() -> None:
    pages = [page(f"{number:02}.txt") for number in range(20)]
    pipe = Pipe("99.txt")
    process = start("check", "--jobs", "2", *pages, pipe.path)
    end = pipe.wait_for_reader()
    started = workers(process)

    process.kill()
    process.wait()

    assert len(started) == 2
    wait_until(lambda: not any(map(is_at_work, started)))
    process.communicate()
    os.close(end)


# A clock that moves


ON_A_DAY = """\
import datetime, sys, time
day = datetime.date.fromisoformat(sys.argv.pop(1))
class Moved(datetime.date):
    @classmethod
    def today(cls):
        return datetime.date(day.year, day.month, day.day)
datetime.date = Moved
from kaudit.cli import main
sys.exit(main())
"""
REGISTER = """\
schema: 1
claims:
  - id: wonder
    wording: [It is a miracle drug with minimal side effects.]
    evidence: [{citation: A study.}]
    approved_by: Ann
    approved_on: 2027-01-10
    until: 2027-02-10
"""


def run_on(day: str, *arguments: str) -> Ran:
    """Return what the command does on a machine whose clock says *day*."""
    command = [sys.executable, "-c", ON_A_DAY, day, *arguments]
    return subprocess.run(command, check=False, timeout=120, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_clock_that_moves_brings_findings_back_and_takes_them_away(jobs: str) -> None:
    page("kaudit.toml", "catalog = ['../catalog.yaml']\n")
    comment = "<!-- kaudit: ignore[exaggerates, minimal-side-effects] until=2027-03-01 -- asked for -->\n"
    pages = [page(f"site/{number}.md", f"{comment}{CLAIM}") for number in range(3)]

    codes = [
        run_on(day, "check", "--jobs", jobs, "site").returncode
        for day in ("2027-02-28", "2027-03-02", "2027-02-01", "2030-01-01", "2027-03-01")
    ]

    assert codes == [0, 1, 0, 1, 0]
    assert len(pages) == 3


def test_an_approval_holds_from_its_first_to_its_last_day_and_is_told_on_others() -> None:
    page("kaudit.toml", "catalog = ['../catalog.yaml']\nclaims = 'claims.yaml'\n")
    page("claims.yaml", REGISTER)
    page("site/page.txt")

    days = ("2027-01-10", "2027-02-10", "2027-02-11", "2027-01-09", "2020-01-01")
    ran = {day: run_on(day, "check", "site") for day in days}

    assert [each.returncode for each in ran.values()] == [0, 0, 1, 1, 1]
    assert "the approval 'wonder' ended on 2027-02-10" in ran["2027-02-11"].stderr
    assert "the approval 'wonder' begins on 2027-01-10" in ran["2027-01-09"].stderr


# Bytes that are no UTF-8, lines that end as on Windows, a line without end


def test_spoilt_utf_8_is_audited_for_what_is_left_of_it_and_told() -> None:
    Path("page.txt").write_bytes("It\u2019s \u2013 ".encode() + b"\xff " + CLAIM.encode())
    Path("old.txt").write_bytes(b"\xe9\xe8 " + CLAIM.encode())

    ran = run("check", "--format", "json", "page.txt", "old.txt")
    fixed = run("fix", "page.txt", "old.txt")

    assert (ran.returncode, told(ran)) == (1, {"page.txt": RULES, "old.txt": RULES})
    assert "page.txt: bytes that are not UTF-8" in ran.stderr
    assert "old.txt: read as cp1252, which is a guess" in ran.stderr
    assert fixed.stderr.count("the encoding of the file is only guessed") == 2


def test_text_that_fits_no_encoding_is_told_wherever_it_lies() -> None:
    page("site/a.txt")
    Path("site/b.txt").write_bytes(b"\x81\x8d " + CLAIM.encode())

    ran = run("check", "--format", "json", "site")

    assert (ran.returncode, told(ran)) == (2, {"site/a.txt": RULES, "site/b.txt": []})
    assert ran.stderr == "kaudit: site/b.txt: not readable as cp1252: byte 0 does not fit\n"


@pytest.mark.parametrize("name", ["kaudit.toml", "other.yaml", "claims.yaml", "baseline.json"])
def test_settings_that_are_not_utf_8_are_refused_by_name(name: str) -> None:
    page("page.txt")
    page("kaudit.toml", "catalog = ['other.yaml']\nclaims = 'claims.yaml'\nbaseline = 'baseline.json'\n")
    page("other.yaml", CATALOG)
    page("claims.yaml", REGISTER)
    page("baseline.json", NO_BASELINE)
    assert run("check", "page.txt").returncode == 1
    Path(name).write_bytes(Path(name).read_bytes() + b"# \xff\n")

    ran = run("check", "page.txt")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert name in ran.stderr
    assert "Traceback" not in ran.stderr


def test_lines_that_end_as_on_windows_change_no_verdict_and_stay() -> None:
    page("kaudit.toml", "catalog = ['other.yaml']\nclaims = 'claims.yaml'\nbaseline = 'baseline.json'\n")
    page("other.yaml", CATALOG)
    page("claims.yaml", REGISTER)
    page("page.md", "It cures depression.\n")
    page("baseline.json", NO_BASELINE)
    assert run("baseline", "page.md").returncode == 0
    page("page.md", f"# Title\n\n{CLAIM}\nIt cures\ndepression. A miracle\ndrug!\n")
    seen: list[list[dict[str, Any]]] = []

    for end in ("\n", "\r\n"):
        for name in ("kaudit.toml", "other.yaml", "claims.yaml", "baseline.json", "page.md"):
            page(name, Path(name).read_text(encoding="utf-8").replace("\n", end))
        ran = run("check", "--as-of", "2027-01-31", "--format", "json", "--show-waived", "page.md")
        assert ran.returncode == 1
        (document,) = json.loads(ran.stdout)["documents"]
        seen.append([{key: found[key] for key in AS_PLACED} for found in document["findings"]])
    fixed = run("fix", "--as-of", "2028-01-31", "page.md")

    assert seen[0] == seen[1]
    assert [found["waived_by"] is None for found in seen[0]] == [False, False, False, True]
    assert (fixed.returncode, Path("page.md").read_bytes()) == (
        0,
        f"# Title\n\n{FIXED}\nIt cures\ndepression. A miracle\ndrug!\n".replace("\n", "\r\n").encode(),
    )


AS_PLACED = ("rule", "line", "column", "end_line", "end_column", "waived_by", "fingerprint")
LINE = 1 << 30


def peak_kilobytes(command: Sequence[str | Path]) -> int:
    """Return the most memory that a process of *command* takes; a process in between knows of no others."""
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    measured = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, check=True, text=True, timeout=240
    )
    return int(measured.stdout)


def test_a_line_of_a_gigabyte_is_refused_unread_and_the_others_are_audited() -> None:
    page("site/a.txt")
    with Path("site/huge.txt").open("wb") as file:
        file.truncate(LINE)
    in_folder = run("check", "--format", "json", "site")
    named = run("check", "--format", "json", "site/a.txt", "site/huge.txt")

    assert told(in_folder) == told(named) == {"site/a.txt": RULES, "site/huge.txt": []}
    assert (in_folder.returncode, named.returncode) == (1, 2)
    assert in_folder.stderr == "kaudit: site/huge.txt: skipped: over 33554432 bytes (max-bytes)\n"
    assert named.stderr == "kaudit: site/huge.txt: over 33554432 bytes (max-bytes)\n"
    assert peak_kilobytes([*KAUDIT, "check", "site"]) < 300 * 1_024


@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_line_of_a_gigabyte_from_a_pipe_is_refused_in_little_memory(command: str) -> None:
    piped = f"head -c {LINE} /dev/zero | tr '\\0' a | \"$@\" {command} -; exit ${{PIPESTATUS[2]}}"

    ran = subprocess.run(["bash", "-c", piped, "bash", *KAUDIT], capture_output=True, check=False, timeout=120)

    assert ran.returncode == 2
    assert b"over 33554432 bytes" in ran.stderr
    assert peak_kilobytes(["bash", "-c", piped, "bash", *KAUDIT]) < 500 * 1_024


def test_a_long_line_is_audited_to_its_end() -> None:
    page("page.txt", "Plain words go on and on " * 40_000 + CLAIM)

    start_time = time.monotonic()
    ran = run("check", "--format", "json", "page.txt")

    assert (ran.returncode, told(ran)) == (1, {"page.txt": RULES})
    assert time.monotonic() - start_time < 60
