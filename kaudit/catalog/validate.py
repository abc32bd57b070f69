"""Validate: values from YAML in, a pydantic model out, or every problem with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from kaudit.catalog.yaml_text import Places, Value
from kaudit.errors import MAX_PROBLEMS, CatalogError, Problem

Model = TypeVar("Model", bound=BaseModel)
_Trail = tuple[str | int, ...]


def validated(model: type[Model], values: Value, path: str, places: Callable[[], Places]) -> Model:
    """Return *values* as a *model*; *places* is asked for only when something is wrong.

    Raises:
        CatalogError: with every problem of form.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = places()
        listed = error.errors(include_url=False)[:MAX_PROBLEMS]
        problems = [_problem(model, detail, path, found) for detail in listed]
        raise CatalogError(tuple(sorted(problems))) from error


def _problem(model: type[BaseModel], detail: Any, path: str, places: Places) -> Problem:
    trail: _Trail = tuple(step for step in detail["loc"] if step != "[key]")
    while trail and trail not in places:
        trail = trail[:-1]
    line, column = places.get(trail, (1, 1))
    name = ".".join(map(str, detail["loc"]))
    if detail["type"] == "extra_forbidden":
        key = str(detail["loc"][-1])
        close = get_close_matches(key, _known_keys(model, detail["loc"][:-1]), 1)
        message = f"unknown key {key!r}" + (f"; did you mean {close[0]!r}?" if close else "")
    elif detail["type"] == "missing":
        message = f"{name} is missing; add it"
    else:
        told = detail["msg"].removeprefix("Value error, ")
        message = f"{name}: {told[0].lower()}{told[1:]}, not {str(detail['input'])[:60]!r}"
    return Problem(path, line, column, message)


def _known_keys(model: type[BaseModel], trail: _Trail) -> list[str]:
    """Return the keys that the mapping at *trail* may have."""
    for step in trail:
        found = (field for name, field in model.model_fields.items() if step in (name, field.alias))
        inner = (each for field in found for each in _models_in(field.annotation))
        model = next(inner, model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that a value of that type can hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
