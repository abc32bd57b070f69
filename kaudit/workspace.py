"""Workspace: the documents of a run, each audited as the configuration says that holds where it is.

What belongs to one configuration is read once: its file for each folder, its catalog and its auditor for each file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

from kaudit.auditor import Auditor, current_names
from kaudit.catalog import load_catalog
from kaudit.catalog.compiled import Catalog
from kaudit.config import Config
from kaudit.config.globs import absolute
from kaudit.config.settings import Place, Settings, load_settings, settings_file_in, shown
from kaudit.errors import CatalogError, ConfigError, DocumentError, Problem
from kaudit.model import Audit, Confidence, Report, Unread
from kaudit.waive.baseline import Baseline, load_baseline
from kaudit.waive.claimed import Claimed


class Workspace:
    """Documents and their configurations.

    With *file* that configuration holds for all of them, wherever they are. What is in *flags*, by the names of the
    fields of a configuration, beats every file. When it is *renewing* baselines, what they hold waives nothing.
    """

    def __init__(
        self,
        flags: Mapping[str, Any] | None = None,
        file: Path | None = None,
        *,
        clock: Callable[[], date] = date.today,
        renewing: bool = False,
    ) -> None:
        self._flags = flags or {}
        self.clock = clock
        self._renewing = renewing
        self._file = file and absolute(file)
        self._files: dict[Path, Path | None] = {}
        self._settings: dict[Path | None, Settings] = {}
        self._catalogs: dict[str, Catalog] = {}
        self._auditors: dict[Path | None, Auditor] = {}

    def __reduce__(self) -> tuple[Callable[..., Workspace], tuple[Mapping[str, Any], Path | None]]:
        """Return how another process makes the same; it reads the files anew."""
        return partial(Workspace, clock=self.clock, renewing=self._renewing), (self._flags, self._file)

    def settings_of(self, path: str | Path) -> Settings:
        """Return the settings for the document at *path*.

        Raises:
            ConfigError: when the file with the settings is wrong.
        """
        file = self._file or self._file_for(absolute(path).parent)
        if file not in self._settings:
            settings = load_settings(file) if file else Settings()
            self._settings[file] = settings.with_flags(self._flags)
        return self._settings[file]

    def _file_for(self, folder: Path) -> Path | None:
        if folder not in self._files:
            above = folder.parent
            here = settings_file_in(folder)
            self._files[folder] = here or (self._file_for(above) if above != folder else None)
        return self._files[folder]

    def auditor_of(self, path: str | Path) -> Auditor:
        """Return the auditor for the document at *path*, but for what its configuration says of single paths.

        Raises:
            CatalogError: when its catalog is wrong.
            ConfigError: when its configuration is.
        """
        settings = self.settings_of(path)
        if settings.path not in self._auditors:
            catalog = self._catalog(settings)
            _check_names(settings, catalog)
            config = replace(settings.config, baseline=None) if self._renewing else settings.config
            self._auditors[settings.path] = Auditor(catalog, config, clock=self.clock)
        return self._auditors[settings.path]

    def _catalog(self, settings: Settings) -> Catalog:
        config = settings.config
        limits = config.catalog_limits
        key = repr((config.catalog, config.lexicons, limits))
        if key not in self._catalogs:
            try:
                self._catalogs[key] = load_catalog(*config.catalog, lexicons=config.lexicons, limits=limits)
            except CatalogError as error:
                problems = tuple(_placed(problem, settings) for problem in error.problems)
                raise CatalogError(problems) from error
        return self._catalogs[key]

    def config_of(self, path: str | Path) -> Config:
        """Return what holds for the document at *path*, and for no other; raises ConfigError."""
        config = self.settings_of(path).config
        return config.overridden(config.overrides_of(path))

    def audit_files(self, paths: Iterable[str | Path]) -> Iterator[Audit | Unread]:
        """Yield what is found in each file, one after the other; one that cannot be read does not stop the rest.

        Raises:
            CatalogError: when the catalog for one of them is wrong.
            ConfigError: when its configuration is.
        """
        for auditor, group in groupby(paths, self.auditor_of):
            yield from auditor.audit_files(group)

    def unmet(self, audits: Iterable[Audit], folders: Iterable[Path]) -> Iterator[str]:
        """Yield what is to be told of waivers that none of *audits* needs, which are all that *folders* hold.

        These are what baselines have of documents that are gone, and approved claims that hold today, if their register
        lies in one of *folders* and every rule was looked for: else a document further up, or a rule, may need them.
        """
        audited = [absolute(folder) for folder in folders]
        met: dict[Path | None, set[str]] = {}
        for audit in audits:
            met.setdefault(self.settings_of(audit.path).path, set()).update(audit.approvals)
        for file, ids in met.items():
            auditor = self._auditors[file]
            register, baseline = auditor.waivers.register, auditor.waivers.baseline
            is_whole = register and any(map(absolute(register.path).is_relative_to, audited))
            is_looked_for = is_whole and not auditor.config.select
            for approval in register.approvals if register and is_looked_for else ():
                if approval.id not in ids and approval.holds_on(self.clock()):
                    yield f"{approval.place}: no document makes the approved claim {approval.id!r}"
            if baseline:
                place = shown(baseline.path)
                yield from (f"{name}: this document is gone, but in {place}" for name in baseline.gone)

    def baselines(self, paths: Iterable[Path], default: Path) -> tuple[list[Baseline], list[Unread]]:
        """Return each baseline of the documents at *paths* as it has to be now, and the documents that cannot be read.

        Documents without a baseline in their settings are for the *default*. What cannot be read keeps its entries.

        Raises:
            CatalogError: when a catalog is wrong.
            ConfigError: when a configuration is, or a baseline that is there.
        """
        audited: dict[Path, dict[str, tuple[Claimed, ...]]] = {}
        unread: list[Unread] = []
        for path in paths:
            file = self.settings_of(path).config.baseline or default
            documents = audited.setdefault(file, {})
            try:
                documents[str(path)] = self.auditor_of(path).accept(path)
            except DocumentError as error:
                unread.append(Unread.of(error))
        before = {file: load_baseline(file) if file.exists() else Baseline(file) for file in audited}
        return [before[file].updated(documents) for file, documents in audited.items()], unread

    def report(self, results: Iterable[Audit | Unread]) -> Report:
        """Return *results* as one report; its catalog is that of the first document."""
        auditors: dict[int, Auditor] = {}

        def noted(result: Audit | Unread) -> Audit | Unread:
            auditor = self.auditor_of(result.path)
            auditors[id(auditor)] = auditor
            return result

        left = iter(results)
        first = [noted(result) for result in islice(left, 1)]
        report = self._first(first).report(chain(first, map(noted, left)))
        rules = {name for auditor in auditors.values() for name in auditor.rules}
        return replace(report, rules=len(rules) or report.rules)

    def catalog_of(self, report: Report) -> Catalog:
        """Return the catalog of the first document of *report*."""
        return self._first(report.documents[:1] or report.unread).catalog

    def _first(self, results: Sequence[Audit | Unread]) -> Auditor:
        return self.auditor_of(results[0].path if results else "-")

    def fails(self, report: Report) -> bool:
        """Return whether a finding of *report* is as bad as its document's configuration lets no document be."""
        return any(
            found.severity >= config.fail_on and found.confidence >= Confidence.MEDIUM and found.waived_by is None
            for document in report.documents
            if not (config := self.settings_of(document.path).config).exit_zero
            for found in document.findings
        )


def _check_names(settings: Settings, catalog: Catalog) -> None:
    """Refuse rules and categories that there are not, each where the file names it."""
    problems = []
    for named in settings.named:
        try:
            current_names([named.name], catalog)
        except ConfigError as error:
            problems.append(named.place.problem(str(error)))
    if problems:
        raise ConfigError(problems=tuple(sorted(problems)))


def _placed(problem: Problem, settings: Settings) -> Problem:
    """Return *problem*, if it is with a lexicon of the settings, where their file has the entry."""
    if problem.path != "lexicons":
        return problem
    places = [place for name in settings.config.lexicons for place in settings.lexicon_places[name]]
    place: Place = places[problem.line - 2]
    is_name = any(place is listed[0] for listed in settings.lexicon_places.values())
    return Problem(place.path, place.line, place.column + (0 if is_name else problem.column - 1), problem.message)
