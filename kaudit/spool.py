"""Spool: a list whose entries lie in a temporary file as soon as they are many, so that memory does not grow with them.

The file has no name where the system can do without, is read by nobody else, and goes with the list.
"""

from __future__ import annotations

import json
import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterator, Sequence
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
        self._starts = array("q")
        """Where each entry that is not in memory begins in the file."""
        self._file: IO[bytes] | None = None

    def append(self, entry: Entry) -> None:
        """Add *entry*.

        Raises:
            OSError: when the disk is full.
        """
        self._last.append(entry)
        self._costs += self._cost(entry)
        if self._costs > self._most:
            self._write()

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="kaudit-")  # noqa: SIM115 - it lives as long as the list
            weakref.finalize(self, self._file.close)
        at = self._file.seek(0, 2)
        for entry in self._last:
            self._starts.append(at)
            at += self._file.write(json.dumps(self._plain(entry), separators=(",", ":")).encode("ascii") + b"\n")
        self._file.flush()
        self._last = []
        self._costs = 0

    @property
    def is_in_file(self) -> bool:
        """Whether some of the entries lie in the file."""
        return self._file is not None

    def __len__(self) -> int:
        return len(self._starts) + len(self._last)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        if self._file is None or number >= len(self._starts):
            return self._last[number - len(self._starts)]
        self._file.seek(self._starts[number])
        return self._back(json.loads(self._file.readline()))

    def __iter__(self) -> Iterator[Entry]:
        return (self[number] for number in range(len(self)))
