"""The settings that hold for a document, as a configuration file would have them, and where each comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from kaudit.config import Config, Override
from kaudit.config.settings import Settings, key_of, shown
from kaudit.report.display import harmless


def settings_list(settings: Settings, path: Path | None) -> Iterator[str]:
    """Yield what *settings* say, of the document at *path* alone when there is one."""
    file = shown(settings.path) if settings.path else "no file, only by default"
    yield f"# set by {harmless(file)}\n"
    config, origins = settings.config, dict(settings.origins)
    if path is not None:
        reason = settings.why_not(path)
        if reason:
            yield f"# {harmless(f'{path} is not audited: {reason}')}\n"
        for override in config.overrides_of(path):
            config = config.overridden([override])
            for name in ("ignore", "jurisdictions"):
                if getattr(override, name):
                    origins[name] = f"{origins.get(name, 'default')}, per-path {override.paths}"
    lines = {
        entry.name: f"{'# ' if getattr(config, entry.name) is None else ''}"
        f"{key_of(entry.name)} = {_written(getattr(config, entry.name))}"
        for entry in fields(Config)
        if path is None or entry.name != "per_path"
    }
    width = min(max(map(len, lines.values())), 60)
    for name, line in lines.items():
        yield harmless(f"{line:{width}}  # {origins.get(name, 'default')}") + "\n"


def _written(value: Any) -> str:
    """Return *value* as TOML, on one line."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case tuple() if value and isinstance(value[0], Override):
            return _table({_quoted(str(override.paths)): _override(override) for override in value})
        case tuple():
            return f"[{', '.join(map(_written, value))}]"
        case Path():
            return json.dumps(shown(value), ensure_ascii=False)
        case Mapping():
            return _table({_quoted(name): _written(inner) for name, inner in value.items()})
        case int() if type(value) is int:
            return str(value)
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _override(override: Override) -> str:
    given = {
        "ignore": override.ignore,
        "jurisdictions": override.jurisdictions,
        "off": override.off,
    }
    return _table({name: _written(value) for name, value in given.items() if value})


def _table(written: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{name} = {value}' for name, value in written.items())} }}" if written else "{}"


def _quoted(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name, ensure_ascii=False)
