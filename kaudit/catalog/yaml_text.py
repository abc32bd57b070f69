"""YAML that people write, in as text, out as plain values; every scalar stays text, every place is known.

Reads events, not objects: no tags, no repeated keys, no control characters, no bottomless nesting, and only as many
aliases as are allowed.
"""

from __future__ import annotations

import re
from typing import NoReturn, TypeAlias

import yaml

from kaudit.errors import CatalogError, Problem
from kaudit.model import CATALOG_LIMITS, CatalogLimits

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""
Places: TypeAlias = dict[tuple[str | int, ...], Place]

MAX_ALIASED = 100_000
"""How many values aliases may stand for, together."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(
    text: str,
    path: str,
    places: Places | None = None,
    kind: str = "catalog",
    limits: CatalogLimits = CATALOG_LIMITS,
) -> dict[str, Value]:
    """Return the mapping that *text* holds; *places* is filled with where each value starts, by its path of keys.

    Messages speak of a *kind* of file.

    Raises:
        CatalogError: with the place of what is wrong.
    """
    if len(text) > limits.bytes:
        raise CatalogError((Problem(path, 1, 1, f"{len(text)} characters; a {kind} has at most {limits.bytes}"),))
    try:
        return _Composer(path, places, kind, limits).compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        told = " ".join(filter(None, (error.problem, error.context)))
        raise CatalogError((Problem(path, line, column, f"no YAML: {told}"),)) from error
    except yaml.YAMLError as error:
        raise CatalogError((Problem(path, 1, 1, f"no YAML: {error}"),)) from error


class _Composer:
    """Builds values from events, with a stack of its own."""

    def __init__(self, path: str, places: Places | None, kind: str, limits: CatalogLimits) -> None:
        self.path = path
        self.kind = kind
        self.places = places
        self.limits = limits
        self.anchors: dict[str, Value] = {}
        self.aliases = self.aliased = 0
        self.problems: list[Problem] = []

    def compose(self, text: str) -> dict[str, Value]:
        root: list[Value] = []
        stack: list[tuple[list[Value] | dict[str, Value], tuple[str | int, ...]]] = [(root, ())]
        key: str | None = None
        opened: list[str | None] = []
        for event in yaml.parse(text, Loader=_Loader):
            self._check_tag(event)
            match event:
                case yaml.ScalarEvent():
                    container, trail = stack[-1]
                    if isinstance(container, dict) and key is None:
                        key = self._key(event, container)
                        continue
                    self._check(event)
                    self._place(event, container, trail, key)
                    _put(container, key, event.value)
                    if event.anchor:
                        self.anchors[event.anchor] = event.value
                    key = None
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    container, trail = stack[-1]
                    if isinstance(container, dict) and key is None:
                        self._stop(event, "a key is a word, not a list or a mapping")
                    if len(stack) > self.limits.depth:
                        self._stop(
                            event, f"nested more than {self.limits.depth} deep; max-catalog-depth allows no more"
                        )
                    self._place(event, container, trail, key)
                    inner: list[Value] | dict[str, Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
                    step = (key if key is not None else len(container),) if stack[1:] else ()
                    _put(container, key, inner)
                    stack.append((inner, (*trail, *step)))
                    opened.append(event.anchor)
                    key = None
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    inner = stack.pop()[0]
                    anchor = opened.pop()
                    if anchor:  # only now, so that nothing holds itself
                        self.anchors[anchor] = inner
                    key = None
                case yaml.AliasEvent():
                    container, _ = stack[-1]
                    if isinstance(container, dict) and key is None:
                        self._stop(event, "a key is a word, not an alias")
                    _put(container, key, self._aliased(event))
                    key = None
                case _:
                    pass
        if len(root) != 1 or not isinstance(root[0], dict):
            told = f"a {self.kind} is one mapping, which begins with `schema: 1`"
            raise CatalogError((Problem(self.path, 1, 1, told),))
        if self.problems:
            raise CatalogError(tuple(self.problems))
        return root[0]

    def _check_tag(self, event: yaml.Event) -> None:
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self._stop(event, f"no tags in a {self.kind}, such as !!{tag.rpartition(':')[2]}; write a plain value")

    def _aliased(self, event: yaml.AliasEvent) -> Value:
        """Return the value that an alias stands for."""
        self.aliases += 1
        if self.aliases > self.limits.aliases:
            most = f"at most {self.limits.aliases}" if self.limits.aliases else "no"
            self._stop(event, f"{most} aliases (*{event.anchor}) in a {self.kind}; write the value out")
        if event.anchor not in self.anchors:
            self._stop(event, f"there is no value &{event.anchor} before this, or it holds itself; write it out")
        value = self.anchors[event.anchor]
        self.aliased += _count(value, MAX_ALIASED)
        if self.aliased > MAX_ALIASED:
            self._stop(event, f"with this one, aliases stand for over {MAX_ALIASED} values; write less out")
        return value

    def _key(self, event: yaml.ScalarEvent, container: dict[str, Value]) -> str:
        self._check(event)
        value = str(event.value)
        if value in container:
            self._problem(event, f"the key {value!r} stands twice; YAML would keep the last one in silence")
        return value

    def _check(self, event: yaml.ScalarEvent) -> None:
        found = _CONTROL.search(event.value)
        if found:
            self._problem(event, f"control character {found.group()!r}; in double quotes \\b is one: use single quotes")

    def _place(
        self,
        event: yaml.Event,
        container: list[Value] | dict[str, Value],
        trail: tuple[str | int, ...],
        key: str | None,
    ) -> None:
        if self.places is not None and event.start_mark is not None:
            step = key if key is not None else len(container)
            self.places[*trail, step] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def _problem(self, event: yaml.Event, message: str) -> None:
        line, column = (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)
        self.problems.append(Problem(self.path, line + 1, column + 1, message))

    def _stop(self, event: yaml.Event, message: str) -> NoReturn:
        self._problem(event, message)
        raise CatalogError(tuple(self.problems))


def _count(value: Value, most: int) -> int:
    """Return how many values *value* consists of, or a number over *most*."""
    count = 0
    pending = [value]
    while pending and count <= most:
        inner = pending.pop()
        count += 1
        if not isinstance(inner, str):
            pending.extend(inner.values() if isinstance(inner, dict) else inner)
    return count


def _put(container: list[Value] | dict[str, Value], key: str | None, value: Value) -> None:
    if isinstance(container, dict):
        container[key or ""] = value
    else:
        container.append(value)
