"""The command line: arguments in, text and an exit code out. What is audited, and how, is the library's affair."""

from __future__ import annotations

import argparse
import dataclasses
import io
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kaudit.config import Config, check_names
from kaudit.errors import CatalogError, DocumentError, KauditError
from kaudit.model import Audit, Category, Confidence, Jurisdiction, Report, Severity, Unread
from kaudit.report import FORMATS, UNCOUNTED, render
from kaudit.report.display import harmless
from kaudit.report.view import View
from kaudit.version import VERSION

if TYPE_CHECKING:
    from kaudit.auditor import Auditor
    from kaudit.catalog.compiled import Catalog

    Command = Callable[[argparse.Namespace], int]
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

Choice = TypeVar("Choice", Severity, Jurisdiction, Category)
CLEAN, FINDINGS, INCOMPLETE = 0, 1, 2
INTERRUPTED = 130
STDIN = "-"
LONG_RUN = 100
"""From so many documents on, a terminal is shown how far it is."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run kaudit with the arguments *argv* (those of the process when None) and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        options = _parser().parse_args(argv)
    except SystemExit as ended:  # argparse has said why, or has shown the help
        return ended.code if isinstance(ended.code, int) else INCOMPLETE
    try:
        run: Command = options.run
        return run(options)
    except CatalogError as error:
        # As compilers do, so that an editor can jump to the place.
        sys.stderr.writelines(f"{harmless(str(problem))}\n" for problem in error.problems)
        return INCOMPLETE
    except KauditError as error:
        _complain(str(error))
        return INCOMPLETE
    except KeyboardInterrupt:
        return INTERRUPTED


def _check(options: argparse.Namespace) -> int:
    from kaudit.auditor import Auditor
    from kaudit.catalog import load_catalog

    config = _config(options)
    catalog = load_catalog(*config.catalog)
    known = [*catalog.rules, *catalog.disclosures, *map(str, Category)]
    config = dataclasses.replace(
        config, select=_current(config.select, catalog, known), ignore=_current(config.ignore, catalog, known)
    )
    auditor = Auditor(catalog, config)
    named = [Path(path) for path in options.paths or ["."] if path != STDIN]
    results = list(_audits(named, options.stdin_filename if STDIN in options.paths else None, auditor))
    report = auditor.report(results)
    view = View(options.output is None and _has_colours(), options.show_waived, catalog)
    _put(render(report, options.format, view), options.output)
    if options.format == "github":
        _summarise_step(report, view)
    waived = report.summary()["waived"]
    if waived and options.format in UNCOUNTED:
        _complain(f"{waived} of the findings are waived")
    if _complain_of_unread(report, [*named, Path(options.stdin_filename)]):
        return INCOMPLETE
    fails = any(
        found.severity >= config.fail_on and found.confidence >= Confidence.MEDIUM and found.waived_by is None
        for found in report.findings
    )
    return FINDINGS if fails and not config.exit_zero else CLEAN


def _summarise_step(report: Report, view: View) -> None:
    """Add the summary to the page of the build, when GitHub has said where it is kept."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines(render(report, "markdown", view))
        except OSError as error:
            raise KauditError(f"{path}: cannot be written: {error.strerror}") from error


def _explain(options: argparse.Namespace) -> int:
    from kaudit.catalog.load import load_texts
    from kaudit.catalog.texts import read_all_texts
    from kaudit.examples import read_examples
    from kaudit.report.rule_page import rule_page

    texts = read_all_texts(options.catalog or ())
    catalog = load_texts(texts)
    (rule,) = _current([options.rule], catalog, [*catalog.rules, *catalog.disclosures])
    examples = [example for text in texts for example in read_examples(text)]
    _put(rule_page(rule, catalog, examples, colour=_has_colours()))
    return CLEAN


def _rules(options: argparse.Namespace) -> int:
    from kaudit.catalog import load_catalog
    from kaudit.report.rule_list import LISTS, rows

    catalog = load_catalog(*options.catalog or ())
    _put(LISTS[options.format](catalog, rows(catalog, frozenset(options.category))), options.output)
    return CLEAN


def _catalog_check(options: argparse.Namespace) -> int:
    from kaudit.catalog.load import load_texts
    from kaudit.catalog.texts import read_all_texts
    from kaudit.examples import check_examples

    texts = read_all_texts([options.file])
    catalog = load_texts(texts)
    problems = check_examples(texts, catalog)
    if problems:
        raise CatalogError(tuple(problems))
    _put([f"{options.file}: {len(catalog.rules)} rules and {len(catalog.disclosures)} disclosures, no problems\n"])
    return CLEAN


def _catalog_try(options: argparse.Namespace) -> int:
    from kaudit.catalog.texts import read_all_texts
    from kaudit.workbench import try_template

    found = 0
    lines = []
    for trial in try_template(options.template, read_all_texts(options.catalog or ()), map(Path, options.files)):
        found += 1
        words = " ".join(trial.text.split())
        lines.append(harmless(f"{trial.path}:{trial.line}:{trial.column}: {words}") + "\n")
    _put([*lines, f"{found} places in {len(options.files)} documents\n"])
    return CLEAN


def _catalog_stats(options: argparse.Namespace) -> int:
    from kaudit.catalog import load_catalog
    from kaudit.workbench import catalog_stats

    stats = catalog_stats(load_catalog(*options.catalog or ()), map(Path, options.files))
    busy = sorted((rule for rule in stats.rules if rule.matches), key=lambda rule: -rule.matches)
    slow = sorted((rule for rule in stats.rules if rule.tries), key=lambda rule: -rule.seconds)[:10]
    idle = [rule.id for rule in stats.rules if not rule.matches]
    _put(
        [
            f"{stats.documents} documents, {stats.words} words\n\nmatches  tries  rule\n",
            *(f"{rule.matches:7}  {rule.tries:5}  {rule.id}\n" for rule in busy),
            "\nslowest templates\n",
            *(f"{rule.seconds * 1000:7.1f} ms  {rule.id}: {rule.slowest}\n" for rule in slow),
            "\noverlaps\n",
            *(f"{times:7}  {first}, {second}\n" for first, second, times in stats.overlaps[:10]),
            f"\nrules without a match: {', '.join(idle) or 'none'}\n",
        ]
    )
    return CLEAN


def _catalog_schema(options: argparse.Namespace) -> int:
    import json

    from kaudit.catalog import json_schema

    _put([json.dumps(json_schema(), indent=2) + "\n"])
    return CLEAN


def _config(options: argparse.Namespace) -> Config:
    """Return the settings: a flag that was given beats the default."""
    given: dict[str, Any] = {
        field.name: tuple(value) if isinstance(value, list) else value
        for field in dataclasses.fields(Config)
        if (value := getattr(options, field.name, None)) is not None
    }
    return dataclasses.replace(Config(), **given)


def _current(names: Iterable[str], catalog: Catalog, known: Iterable[str]) -> tuple[str, ...]:
    """Return *names* with the present ids for former ones; refuses those that are neither these nor *known*."""
    former = {old: rule.id for rule in catalog.rules.values() for old in rule.former}
    listed = tuple(names)
    check_names(listed, [*former, *known])
    return tuple(former.get(name, name) for name in listed)


def _audits(named: Sequence[Path], stdin_filename: str | None, auditor: Auditor) -> Iterator[Audit | Unread]:
    """Yield what comes of each document; of one that is named twice, once."""
    from kaudit.read.discover import find_documents

    documents: dict[Path, Path] = {}
    for path in named:
        found = list(find_documents(path))
        documents.update((document.resolve(), document) for document in found if document.resolve() not in documents)
        if not found:
            _complain(f"{path}: there is no document in this folder")
    if stdin_filename is not None:
        yield _audit_stdin(stdin_filename, auditor)
    yield from _shown(auditor.audit_files(documents.values()), len(documents))


def _audit_stdin(name: str, auditor: Auditor) -> Audit | Unread:
    from kaudit.read import read_bytes

    try:
        return auditor.audit_document(read_bytes(sys.stdin.buffer.read(), path=name))
    except DocumentError as error:
        return Unread(name, error.reason)


def _shown(results: Iterable[Audit | Unread], total: int) -> Iterable[Audit | Unread]:
    """Return *results*, with a bar on a terminal whose user would else wonder."""
    if total < LONG_RUN or not sys.stderr.isatty():
        return results
    from rich.console import Console
    from rich.progress import track

    return track(results, "Auditing", total, console=Console(stderr=True), transient=True)


def _complain_of_unread(report: Report, named: Collection[Path]) -> bool:
    """Tell what was not read; return whether any of it should have been.

    What a folder holds may be too large, or no text in spite of its name; what a user names, or the file system
    refuses, is missing from the audit.
    """
    is_incomplete = False
    for unread in report.unread:
        path = Path(unread.path)
        is_skipped = path not in named and os.access(path, os.R_OK)
        is_incomplete |= not is_skipped
        _complain(f"{unread.path}: {'skipped: ' if is_skipped else ''}{unread.reason}")
    return is_incomplete


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _put(pieces: Iterable[str], path: str | None = None) -> None:
    """Write *pieces* to the file at *path*, else to stdout; whoever stops reading there has seen enough."""
    if path is not None:
        try:
            with Path(path).open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.writelines(pieces)
        except OSError as error:
            raise KauditError(f"{path}: cannot be written: {error.strerror}") from error
        return
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at its end; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    for line in message.splitlines():
        sys.stderr.write(f"kaudit: {harmless(line)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kaudit", description="Finds health-marketing claims that go too far.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"kaudit {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_check(_add_command(commands, "check", _check, "audit documents"))
    _add_explain(_add_command(commands, "explain", _explain, "show all about one rule: why, sources, examples"))
    _add_rules(_add_command(commands, "rules", _rules, "list the rules"))
    catalog = commands.add_parser("catalog", help="check a catalog, or show what one may hold", allow_abbrev=False)
    tasks = catalog.add_subparsers(metavar="COMMAND", required=True)
    check = _add_command(tasks, "check", _catalog_check, "validate a catalog and run its examples")
    check.add_argument("file", metavar="FILE")
    trial = _add_command(tasks, "try", _catalog_try, "show what a template finds in documents")
    trial.add_argument("template", metavar="TEMPLATE")
    trial.add_argument("files", metavar="FILE", nargs="+")
    trial.add_argument("--catalog", metavar="FILE", action="append", help="catalog whose lexicons it may use")
    stats = _add_command(tasks, "stats", _catalog_stats, "show what each rule matches in documents, and at what cost")
    stats.add_argument("files", metavar="FILE", nargs="+")
    stats.add_argument("--catalog", metavar="FILE", action="append")
    _add_command(tasks, "schema", _catalog_schema, "print the JSON Schema of catalogs, for editors")
    return parser


def _add_command(commands: Commands, name: str, run: Command, told: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=told, description=f"{told.capitalize()}.", allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    default = Config()
    parser.epilog = (
        "exit codes: 0 nothing to complain of; 1 findings at or above --fail-on, of medium confidence at least; "
        "2 the audit is incomplete: bad usage, a bad catalog, or a document that could not be read"
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="a file, a folder, or - for standard input (default: this folder)"
    )
    parser.add_argument("--stdin-filename", default="<stdin>", metavar="NAME", help="what - is called in the report")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    parser.add_argument("--show-waived", action="store_true", help="list waived findings, too; else they are counted")
    parser.add_argument(
        "--fail-on",
        type=_severity,
        metavar="SEVERITY",
        help=f"fail on findings from here on: {', '.join(map(str, Severity))} (default: {default.fail_on})",
    )
    parser.add_argument("--exit-zero", action="store_true", default=None, help="do not fail on findings")
    parser.add_argument("--pedantic", action="store_true", default=None, help="show findings of low confidence, too")
    for flag, told in (("--select", "apply only these"), ("--ignore", "leave these out")):
        parser.add_argument(
            flag, type=_listed, action="extend", metavar="NAME,...", help=f"{told}: rule ids or categories"
        )
    parser.add_argument(
        "--jurisdiction",
        type=_jurisdictions,
        action="extend",
        dest="jurisdictions",
        metavar="NAME,...",
        help=f"whose rules apply: {', '.join(Jurisdiction)} (default: {', '.join(default.jurisdictions)})",
    )
    _add_catalog(parser)


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", help="the id of a rule, as findings show it")
    _add_catalog(parser)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the list there")
    parser.add_argument(
        "--category",
        type=_categories,
        action="extend",
        default=[],
        metavar="NAME,...",
        help=f"only rules of these: {', '.join(Category)}",
    )
    _add_catalog(parser)


def _add_catalog(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--catalog",
        action="append",
        metavar="FILE",
        help="use this catalog, which may extend the built-in one; several are laid over each other",
    )


def _listed(names: str) -> list[str]:
    return [name for part in names.split(",") if (name := part.strip())]


def _severity(name: str) -> Severity:
    return _one_of(Severity, name)


def _jurisdictions(names: str) -> list[Jurisdiction]:
    return [_one_of(Jurisdiction, name) for name in _listed(names)]


def _categories(names: str) -> list[Category]:
    return [_one_of(Category, name) for name in _listed(names)]


def _one_of(choices: Iterable[Choice], name: str) -> Choice:
    for choice in choices:
        if str(choice) == name:
            return choice
    raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(map(str, choices))}")
