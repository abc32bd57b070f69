"""Memory: what was worked out last, for when it is asked again.

Sites say the same on every page: what surrounds a page, what is offered at its end. What depends on a sentence and its
neighbours alone is worked out once for all of them. Nothing is remembered for good, so that no text fills the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Holds *most* answers, then forgets them all; for any number of threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: dict[Key, Value] = {}

    def recall(self, key: Key, answer: Callable[[], Value], is_final: Callable[[], bool] = lambda: True) -> Value:
        """Return what was answered to *key*, or else *answer* now; remembered if it *is_final* after that."""
        known = self._answers.get(key)
        if known is None:
            known = answer()
            if is_final():
                if len(self._answers) >= self._most:
                    self._answers = {}
                self._answers[key] = known
        return known
