"""Spool: a list that moves to a file."""

from __future__ import annotations

import random
import tempfile
from typing import Any

import pytest

from kaudit.spool import Spool


def spool_of(entries: list[str], held: int) -> Spool[str]:
    spool: Spool[str] = Spool(len, list, "".join, held)
    for entry in entries:
        spool.append(entry)
    return spool


WORDS = [f"entry {number} " * (number % 7) for number in range(200)]


@pytest.mark.parametrize("held", [0, 10, 500, 10**9])
def test_entries_come_back_in_their_order_whether_in_memory_or_in_the_file(held: int) -> None:
    spool = spool_of(WORDS, held)
    assert len(spool) == len(WORDS)
    assert list(spool) == WORDS
    assert spool[3:150:7] == WORDS[3:150:7]
    assert spool[-1] == WORDS[-1]
    assert spool.is_in_file == (held < 10**9)


def test_two_readers_at_once_do_not_disturb_each_other() -> None:
    spool = spool_of(WORDS, 300)
    assert list(zip(spool, reversed(spool), strict=True)) == list(zip(WORDS, reversed(WORDS), strict=True))
    chance = random.Random(1)
    for _ in range(100):
        place = chance.randrange(len(WORDS))
        assert spool[place] == WORDS[place]


def test_what_is_added_after_reading_is_kept_as_well() -> None:
    spool = spool_of(WORDS, 300)
    assert spool[5] == WORDS[5]
    for entry in WORDS:
        spool.append(entry)
    assert list(spool) == WORDS + WORDS


def test_a_place_that_there_is_not_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        spool_of(WORDS, 300)[len(WORDS)]


def test_entries_leave_memory_when_they_cost_more_than_is_held() -> None:
    import tracemalloc

    tracemalloc.start()
    try:
        spool: Spool[str] = Spool(len, list, "".join, 100_000)
        for number in range(3_000):
            spool.append(f"{number:,}" * 200)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(map(len, spool)) > 2_000_000
    assert held < 400_000


@pytest.mark.parametrize("fails", ["at once", "later"])
def test_entries_stay_in_memory_where_no_file_can_be_written(fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [] if fails == "at once" else WORDS
    spool = spool_of(before, 300)
    if fails == "at once":
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    else:
        monkeypatch.setattr(spool, "_file", FullDisk(spool._file))

    for entry in WORDS:
        spool.append(entry)

    assert list(spool) == [*before, *WORDS]
    assert spool.is_in_file == (fails == "later")


class FullDisk:
    """A file on a disk that takes a byte more, and no other."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        return int(self._file.write(data[:1]))
