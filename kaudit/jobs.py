"""Jobs: files and their workspace in, what is found in each out, in their order, by as many processes as wanted."""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kaudit import read as reading
from kaudit.errors import DocumentError
from kaudit.model import Audit, Unread
from kaudit.results import ResultCache
from kaudit.workspace import Workspace

if TYPE_CHECKING:
    from concurrent.futures import Future

AT_ONCE = 16
"""Files that a process is given at a time."""

KILLED = "not audited, because a process was killed, maybe for want of memory: try fewer --jobs"

AHEAD = 3
"""How many such portions a process may be ahead of what was asked for, which bounds memory."""


def audit_files(
    paths: Iterable[Path], workspace: Workspace, jobs: int = 1, cache: ResultCache | None = None
) -> Iterator[Audit | Unread]:
    """Yield what is found in each file, in order; one that cannot be read does not stop the rest.

    When a process is killed, what was not audited by then is unread.

    Raises:
        CatalogError: when the catalog for one of them is wrong.
        ConfigError: when its configuration is.
    """
    listed = list(paths)
    if jobs < 2 or len(listed) < 2:
        for path in listed:
            yield audit_file(path, workspace, cache)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children

    for path in listed:
        workspace.auditor_of(path)  # tells what is wrong with settings; processes that are forked share what is read
    others = set(active_children())
    pool = ProcessPoolExecutor(min(jobs, len(listed)), initializer=_begin, initargs=(workspace, cache))
    size = max(1, min(AT_ONCE, len(listed) // (jobs * AHEAD)))
    portions = iter([listed[at : at + size] for at in range(0, len(listed), size)])
    done = 0
    try:
        waiting: deque[Future[list[Audit | Unread]]] = deque()
        waiting.extend(pool.submit(_audit_portion, portion) for portion in islice(portions, jobs * AHEAD))
        while waiting:
            results = waiting.popleft().result()
            waiting.extend(pool.submit(_audit_portion, portion) for portion in islice(portions, 1))
            done += len(results)
            yield from results
    except BrokenProcessPool:
        yield from (Unread(str(path), KILLED) for path in listed[done:])
    except BaseException:  # nobody waits for what is still at work
        for process in set(active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def audit_file(path: Path, workspace: Workspace, cache: ResultCache | None = None) -> Audit | Unread:
    """Return what is found in the file at *path*, or why there is no telling."""
    auditor = workspace.auditor_of(path).for_path(path)
    if auditor.waivers.baseline or auditor.waivers.register:  # results depend on these files, too
        cache = None
    try:
        raw = reading.raw_file(path, auditor.config.max_bytes)
        known = cache.find(raw, path, auditor) if cache else None
        if known is not None:
            return known
        audit = auditor.audit_document(reading.read_bytes(raw, path=str(path), keys=auditor.config.keys))
    except DocumentError as error:
        return Unread.of(error)
    except Exception as error:  # noqa: BLE001 - a bug that one document finds costs no other its audit
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}, line {place.lineno}"
        return Unread(str(path), f"kaudit failed, please report it: {type(error).__name__} in {where}: {error}")
    if cache and not audit.gaps:  # the next time may be quicker
        cache.keep(raw, path, auditor, audit)
    return audit


_here: dict[str, tuple[Workspace, ResultCache | None]] = {}
"""What a process of the pool works with; it lives as long as the process."""


def _begin(workspace: Workspace, cache: ResultCache | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started the pool ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _here["work"] = workspace, cache


def _end_with_parent() -> None:
    """End this process as soon as the one that started it does, even if that was killed."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _audit_portion(paths: Sequence[Path]) -> list[Audit | Unread]:
    workspace, cache = _here["work"]
    return [audit_file(path, workspace, cache) for path in paths]
