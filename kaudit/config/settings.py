"""Settings from files: which file holds for a document, what it and those that it extends say, and where they say it.

The file is looked for from the document's folder upwards: `kaudit.toml`, or a `pyproject.toml` that has a table
`[tool.kaudit]`. The nearest one holds alone; it says itself when it extends another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from kaudit.config import IS_OWN, OWN_FILE, Config, Glob, KeyPattern, Override, did_you_mean
from kaudit.config.globs import absolute
from kaudit.errors import ConfigError, Problem
from kaudit.model import Jurisdiction, Severity

if TYPE_CHECKING:
    from kaudit.config.toml_text import Places, Trail

SHARED_FILE = "pyproject.toml"
_ROOT_MARKS = (".git", ".hg", ".jj")

Choice = TypeVar("Choice", Severity, Jurisdiction)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def problem(self, message: str) -> Problem:
        """Return what is wrong there."""
        return Problem(self.path, self.line, self.column, message)


@dataclass(frozen=True, slots=True)
class Named:
    """A rule or category that a file names; whether there is such a thing, only a catalog knows."""

    name: str
    setting: str
    """The field of the configuration that it stands in."""
    place: Place


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration, and where each part of it comes from."""

    config: Config = field(default_factory=Config)
    path: Path | None = None
    """The file that holds; None when there is none."""
    files: tuple[Path, ...] = ()
    """That file, and those that it is laid over."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Name of a field of the configuration -> "file:line:column"; defaults are not among them."""
    named: tuple[Named, ...] = ()
    """Every rule and category that the files name."""
    lexicon_places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    """Where the name of each lexicon is that the files add to, and where each of its entries is."""

    def why_not(self, path: str | Path) -> str | None:
        """Return why the document at *path* is not to be audited; None when it is."""
        return IS_OWN if absolute(path) in self.files else self.config.why_not(path)

    def with_flags(self, flags: Mapping[str, Any]) -> Settings:
        """Return the same with the fields in *flags* as these say."""
        origins = dict.fromkeys(flags, "the command line")
        named = tuple(entry for entry in self.named if entry.setting not in flags)
        return replace(self, config=replace(self.config, **flags), origins={**self.origins, **origins}, named=named)


def settings_file_in(folder: Path) -> Path | None:
    """Return the file in *folder* that holds settings; None when there is none.

    Raises:
        ConfigError: when it cannot be read.
    """
    if (folder / OWN_FILE).is_file():
        return folder / OWN_FILE
    shared = folder / SHARED_FILE
    return shared if shared.is_file() and _table(shared)[0] is not None else None


def load_settings(path: Path) -> Settings:
    """Return what the file at *path* says, laid over what those say that it extends.

    Raises:
        ConfigError: with every problem of a file, each with its place.
    """
    return _load(path, _root_of(path), ())


def _load(path: Path, root: Path, extending: tuple[Path, ...]) -> Settings:
    table, places, trail = _table(path)
    if table is None:
        raise ConfigError(f"{path}: there is no table [tool.kaudit] in this file")
    reader = _Reader(path, places, trail)
    base = Settings()
    extend = table.pop("extend", None)
    if extend is not None:
        base = _base(reader, extend, (*trail, "extend"), root, (*extending, path.resolve()))
    settings = reader.settings(table, base)
    if reader.problems:
        raise ConfigError(problems=tuple(sorted(reader.problems)))
    return settings


def _base(reader: _Reader, extend: Any, trail: Trail, root: Path, extending: tuple[Path, ...]) -> Settings:
    """Return the settings that a file extends."""
    if not isinstance(extend, str):
        raise ConfigError(problems=(reader.place(trail).problem(f"extend: {extend!r} is not the path of a file"),))
    place = reader.place(trail)
    other = reader.path.parent / extend
    if other.resolve() in extending:
        raise ConfigError(problems=(place.problem(f"{extend!r} leads back here; extend it only once"),))
    if not other.resolve().is_relative_to(root):
        told = f"{extend!r} lies outside {root}; a configuration extends only files of its own repository or folder"
        raise ConfigError(problems=(place.problem(told),))
    if not other.is_file():
        raise ConfigError(problems=(place.problem(f"there is no file {extend!r}"),))
    return _load(absolute(other), root, extending)


def _root_of(path: Path) -> Path:
    """Return what `extend` stays inside of: the repository that the file is in, else its folder."""
    folder = path.resolve().parent
    marked = (above for above in (folder, *folder.parents) if any((above / mark).exists() for mark in _ROOT_MARKS))
    return next(marked, folder)


def _table(path: Path) -> tuple[dict[str, Any] | None, Places, Trail]:
    """Return the settings in a file as it has them, their places, and the keys that lead to them."""
    told = shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{told}: cannot be read: {reason}") from error
    if path.name == SHARED_FILE and "kaudit" not in text:
        return None, {}, ()
    from kaudit.config.toml_text import read_toml

    values, places = read_toml(text, told)
    if path.name != SHARED_FILE:
        return values, places, ()
    tool = values.get("tool")
    table = tool.get("kaudit") if isinstance(tool, dict) else None
    return (table, places, ("tool", "kaudit")) if isinstance(table, dict) else (None, places, ())


def shown(path: Path) -> str:
    """Return *path* as messages name it: from the working folder when it is in there."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def key_of(name: str) -> str:
    """Return how a field of the configuration is written in a file."""
    return name.replace("_", "-")


@cache
def _types(kind: type) -> dict[str, Any]:
    """Return the types of the fields of *kind* that a file may set, by their names."""
    hints = get_type_hints(kind)
    return {
        entry.name: hints[entry.name] for entry in fields(kind) if entry.default is not MISSING or _has_factory(entry)
    }


def _has_factory(entry: Any) -> bool:
    return entry.default_factory is not MISSING


class _Reader:
    """Turns the values of a file into fields of a configuration; collects what is wrong."""

    def __init__(self, path: Path, places: Places, top: Trail) -> None:
        self.path = path
        self.places = places
        self.top = top
        self.problems: list[Problem] = []
        self.named: list[Named] = []
        self.lexicon_places: dict[str, tuple[Place, ...]] = {}
        self._readers: dict[Any, Callable[[Any, Trail], Any]] = {
            bool: self._flag,
            int: self._count,
            Severity: lambda value, trail: self._one_of(Severity, value, trail),
            tuple[str, ...]: self._names,
            tuple[Jurisdiction, ...]: lambda value, trail: tuple(
                self._one_of(Jurisdiction, name, place) for name, place in self._listed(value, trail)
            ),
            tuple[Glob, ...]: lambda value, trail: tuple(
                Glob(text, absolute(self.path.parent)) for text, _ in self._listed(value, trail)
            ),
            tuple[Path, ...]: lambda value, trail: tuple(
                self.path.parent / text for text, _ in self._listed(value, trail)
            ),
            tuple[KeyPattern, ...]: lambda value, trail: tuple(text for text, _ in self._listed(value, trail)),
            Path | None: self._path,
            Mapping[str, tuple[str, ...]]: self._lexicons,
            tuple[Override, ...]: self._overrides,
        }

    def place(self, trail: Trail) -> Place:
        """Return where the value at *trail* is."""
        while trail and trail not in self.places:
            trail = trail[:-1]
        return Place(shown(self.path), *self.places.get(trail, (1, 1)))

    def settings(self, table: dict[str, Any], base: Settings) -> Settings:
        """Return what *table* says, laid over *base*; tables key by key, all else as a whole."""
        values = self._fields(Config, table, self.top, ("extend",))
        if "lexicons" in values:
            values["lexicons"] = {**base.config.lexicons, **values["lexicons"]}
        if "per_path" in values:
            values["per_path"] = (*base.config.per_path, *values["per_path"])
        replaced = values.keys() - {"per_path"}
        return Settings(
            replace(base.config, **values),
            self.path,
            (absolute(self.path), *base.files),
            {**base.origins, **{name: str(self.place((*self.top, key_of(name)))) for name in values}},
            (*(entry for entry in base.named if entry.setting not in replaced), *self.named),
            {**base.lexicon_places, **self.lexicon_places},
        )

    def _fields(self, kind: type, table: dict[str, Any], trail: Trail, others: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the fields of *kind* that *table* sets."""
        types = {key_of(name): (name, hint) for name, hint in _types(kind).items()}
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in types:
                told = f"there is no setting {key!r}{did_you_mean(key, [*types, *others])}"
                self.problems.append(self.place((*trail, key)).problem(told))
                continue
            name, hint = types[key]
            before = len(self.problems)
            read = self._readers[hint](value, (*trail, key))
            if len(self.problems) == before:
                values[name] = read
        return values

    def _wrong(self, trail: Trail, value: Any, wanted: str) -> None:
        key = next(str(step) for step in reversed(trail) if isinstance(step, str))
        self.problems.append(self.place(trail).problem(f"{key}: {value!r} is {wanted}"))

    def _flag(self, value: Any, trail: Trail) -> bool:
        if not isinstance(value, bool):
            self._wrong(trail, value, "neither true nor false")
        return bool(value)

    def _count(self, value: Any, trail: Trail) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._wrong(trail, value, "no whole number from 0 on")
            return 0
        return value

    def _path(self, value: Any, trail: Trail) -> Path:
        if not isinstance(value, str) or not value:
            self._wrong(trail, value, "not the path of a file")
            return self.path
        return self.path.parent / value

    def _one_of(self, choices: type[Choice], value: Any, trail: Trail) -> Choice | None:
        for choice in choices:
            if str(choice) == value:
                return choice
        self._wrong(trail, value, f"none of {', '.join(map(str, choices))}")
        return None

    def _listed(self, value: Any, trail: Trail) -> Iterator[tuple[str, Trail]]:
        """Yield the texts in a list, each with its place."""
        if not isinstance(value, list):
            self._wrong(trail, value, 'not a list; write ["…"]')
            return
        for number, text in enumerate(value):
            if isinstance(text, str) and text:
                yield text, (*trail, number)
            else:
                self._wrong((*trail, number), text, "not a text in quotation marks")

    def _names(self, value: Any, trail: Trail) -> tuple[str, ...]:
        setting = str(trail[len(self.top)]).replace("-", "_")
        listed = list(self._listed(value, trail))
        self.named.extend(Named(name, setting, self.place(place)) for name, place in listed)
        return tuple(name for name, _ in listed)

    def _tables(self, value: Any, trail: Trail) -> Iterable[tuple[str, Any]]:
        if isinstance(value, dict):
            return value.items()
        self._wrong(trail, value, "not a table")
        return ()

    def _lexicons(self, value: Any, trail: Trail) -> dict[str, tuple[str, ...]]:
        lexicons: dict[str, tuple[str, ...]] = {}
        for name, entries in self._tables(value, trail):
            listed = list(self._listed(entries, (*trail, name)))
            trails = ((*trail, name), *(place for _, place in listed))
            self.lexicon_places[name] = tuple(map(self.place, trails))
            lexicons[name] = tuple(text for text, _ in listed)
        return lexicons

    def _overrides(self, value: Any, trail: Trail) -> tuple[Override, ...]:
        return tuple(
            Override(
                Glob(pattern, absolute(self.path.parent)), **self._fields(Override, dict(inner), (*trail, pattern))
            )
            for pattern, table in self._tables(value, trail)
            for inner in [self._tables(table, (*trail, pattern))]
        )
