"""Settings: what to audit for, and what to make of it. Each default is written once, here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NewType

from kaudit.config.globs import Glob, absolute
from kaudit.errors import ConfigError
from kaudit.model import CATALOG_LIMITS, CatalogLimits, Jurisdiction, Keys, Severity

__all__ = ["DEFAULT_BASELINE", "Config", "Glob", "KeyPattern", "Override", "check_names", "did_you_mean"]

OWN_FILE = "kaudit.toml"
"""Where settings stand that are for kaudit alone."""

DEFAULT_BASELINE = "kaudit-baseline.json"
"""Where a baseline is written when nothing says where."""

OWN_NAMES = (OWN_FILE, DEFAULT_BASELINE)

IS_OWN = "it is a file of kaudit's own"
"""Why a file is not audited that tells kaudit what to do, and quotes claims to that end."""

KeyPattern = NewType("KeyPattern", str)
"""The key of a value in a file of data, or several joined by full stops, with * for anything."""


@dataclass(frozen=True, slots=True)
class Override:
    """What differs for the documents whose paths fit."""

    paths: Glob
    ignore: tuple[str, ...] = ()
    """Rule ids and categories to leave out there, besides those that are left out everywhere."""
    jurisdictions: tuple[Jurisdiction, ...] = ()
    """Whose rules apply there, in place of the others."""
    off: bool = False
    """Whether they are not audited at all."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; the same for the library, the command line and configuration files."""

    fail_on: Severity = Severity.MEDIUM
    """A finding of this severity or worse, and of medium confidence at least, fails a check."""
    pedantic: bool = False
    """Whether findings of low confidence are shown too."""
    select: tuple[str, ...] = ()
    """Rule ids and categories to apply; all when empty."""
    ignore: tuple[str, ...] = ()
    """Rule ids and categories to leave out; beats *select*."""
    jurisdictions: tuple[Jurisdiction, ...] = (Jurisdiction.US,)
    """Whose rules apply; a rule of any of them does."""
    include: tuple[Glob, ...] = ()
    """The only documents to audit; all when empty."""
    exclude: tuple[Glob, ...] = ()
    """Documents and folders to leave out; beats *include*."""
    per_path: tuple[Override, ...] = ()
    """What differs for some documents; all that fit hold, one after the other."""
    catalog: tuple[Path, ...] = ()
    """Catalogs to use in place of the built-in one, which they may extend."""
    lexicons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Entries to add to lists of the catalog, by the name of the list."""
    baseline: Path | None = None
    """What was found before, and fails no more; written by `kaudit baseline`."""
    claims: Path | None = None
    """The register of approved claims."""
    exit_zero: bool = False
    """Whether findings leave the exit code at 0; what could not be audited never does."""
    max_bytes: int = 32 * 1024 * 1024
    """A larger document is not read, and told."""
    max_line: int = 10_000_000
    """A document with a longer line is not audited, and told."""
    max_nesting: int = Keys().deepest
    """Files of data whose values are nested deeper are not read, and told."""
    max_findings: int = 10_000
    """Of how many claims a document is audited; the rest is told to be left out."""
    max_pattern_ms: int = 1_000
    """How long a pattern in slashes may take on a document; a rule with a slower one is left out there, and told."""
    max_catalog_bytes: int = CATALOG_LIMITS.bytes
    """A larger catalog is refused."""
    max_catalog_depth: int = CATALOG_LIMITS.depth
    """A catalog that is nested deeper is refused."""
    max_catalog_aliases: int = CATALOG_LIMITS.aliases
    """How many aliases (`*name`) of YAML a catalog may have."""
    copy_keys: tuple[KeyPattern, ...] = ()
    """In files of data, the only keys whose values are copy; what looks like prose when empty."""
    skip_keys: tuple[KeyPattern, ...] = ()
    """In files of data, keys whose values are no copy; beats *copy_keys*."""

    @property
    def keys(self) -> Keys:
        """Which values in files of data are copy."""
        return Keys(self.copy_keys, self.skip_keys, self.max_nesting)

    @property
    def catalog_limits(self) -> CatalogLimits:
        """How large a catalog may be."""
        return CatalogLimits(self.max_catalog_bytes, self.max_catalog_depth, self.max_catalog_aliases)

    def overrides_of(self, path: str | Path) -> tuple[Override, ...]:
        """Return the overrides that hold for the document at *path*."""
        return tuple(override for override in self.per_path if override.paths.matches(path))

    def overridden(self, overrides: Iterable[Override]) -> Config:
        """Return what holds where *overrides* do."""
        config = self
        for override in overrides:
            config = replace(
                config,
                ignore=(*config.ignore, *override.ignore),
                jurisdictions=override.jurisdictions or config.jurisdictions,
            )
        return config

    def _is_own(self, path: str | Path) -> bool:
        """Return whether *path* is a file that a configuration names, or one of kaudit's own by its name."""
        own = [*self.catalog, *filter(None, (self.baseline, self.claims))]
        return Path(path).name in OWN_NAMES or absolute(path) in map(absolute, own)

    def why_not(self, path: str | Path) -> str | None:
        """Return why the document at *path* is not to be audited; None when it is."""
        if self._is_own(path):
            return IS_OWN
        for glob in self.exclude:
            if glob.matches(path):
                return f"excluded by {str(glob)!r}"
        for override in self.overrides_of(path):
            if override.off:
                return f"switched off for {str(override.paths)!r}"
        if self.include and not any(glob.matches(path) for glob in self.include):
            return f"not among the documents to include: {', '.join(map(str, self.include))}"
        return None


def check_names(names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse *names* of rules or categories that are not among the *known* ones.

    Raises:
        ConfigError: with every such name, and the known one that is nearest.
    """
    listed = sorted(known)
    unknown = (name for name in names if name not in listed)
    problems = [f"there is no rule or category {name!r}{did_you_mean(name, listed)}" for name in unknown]
    if problems:
        raise ConfigError("\n".join(problems))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message that says which of *known* is nearest to *name*; nothing when none is near."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""
