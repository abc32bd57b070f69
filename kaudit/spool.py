"""Spool: a list whose entries lie in a temporary file as soon as they are many, so that memory does not grow with them.

The file has no name where the system can do without, is read by nobody else, and goes with the list.
"""

from __future__ import annotations

import json
import sys
import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import IO, Any, TypeVar, overload

Entry = TypeVar("Entry")

HELD = 32_000_000
"""Bytes, roughly, that entries may take in memory."""


class Spool(Sequence[Entry]):
    """Entries in the order in which they were added; each can be had any number of times.

    Each costs as many bytes as *cost* says, roughly; once those in memory cost more than *held*, they go to the file, a
    line of JSON each: *plain* makes data of an entry that JSON can hold, *back* makes the entry of it again.
    """

    def __init__(
        self,
        cost: Callable[[Entry], int],
        plain: Callable[[Entry], Any],
        back: Callable[[Any], Entry],
        held: int = HELD,
    ) -> None:
        self._cost = cost
        self._plain = plain
        self._back = back
        self._most = held
        self._last: list[Entry] = []
        self._costs = 0
        self._bounds = array("q", [0])
        """Where each entry that is not in memory begins in the file; and where the last one ends."""
        self._file: IO[bytes] | None = None

    def append(self, entry: Entry) -> None:
        """Add *entry*; it stays in memory where no file can be written."""
        self._last.append(entry)
        self._costs += self._cost(entry)
        if self._costs > self._most:
            self._write()

    def _write(self) -> None:
        lines = [json.dumps(self._plain(entry), separators=(",", ":")).encode("ascii") + b"\n" for entry in self._last]
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="kaudit-", buffering=0)  # noqa: SIM115 - as long as the list
                weakref.finalize(self, self._file.close)
            self._file.seek(self._bounds[-1])
            is_whole = self._file.write(b"".join(lines)) == sum(map(len, lines))
        except OSError:
            is_whole = False
        if not is_whole:  # the disk is full, or cannot be written
            self._most = sys.maxsize
            return
        self._bounds.extend(accumulate(map(len, lines[1:]), initial=self._bounds[-1] + len(lines[0])))
        self._last = []
        self._costs = 0

    @property
    def is_in_file(self) -> bool:
        """Whether some of the entries lie in the file."""
        return len(self._bounds) > 1

    def __len__(self) -> int:
        return len(self._bounds) - 1 + len(self._last)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        written = len(self._bounds) - 1
        if self._file is None or number >= written:
            return self._last[number - written]
        self._file.seek(self._bounds[number])
        return self._back(json.loads(self._file.read(self._bounds[number + 1] - self._bounds[number])))

    def __iter__(self) -> Iterator[Entry]:
        return (self[number] for number in range(len(self)))
