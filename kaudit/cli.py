"""The command line: arguments in, text and an exit code out. What is audited, and how, is the library's affair."""

from __future__ import annotations

import argparse
import dataclasses
import io
import os
import re
import sys
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar

from kaudit.config import DEFAULT_BASELINE, Config, did_you_mean
from kaudit.errors import CatalogError, ConfigError, DocumentError, KauditError
from kaudit.model import Audit, Category, Jurisdiction, Report, Severity, Unread
from kaudit.report import FORMATS, UNCOUNTED, render
from kaudit.report.display import harmless
from kaudit.report.view import View
from kaudit.version import VERSION

if TYPE_CHECKING:
    from kaudit.fixer import FixResult
    from kaudit.workspace import Workspace

    Command = Callable[[argparse.Namespace], int]
    Commands = argparse._SubParsersAction["_Parser"]

Choice = TypeVar("Choice", Severity, Jurisdiction, Category)
CLEAN, FINDINGS, INCOMPLETE = 0, 1, 2
STDIN = "-"
WHOLE = frozenset({"html"})
"""Formats that show documents without findings, too; for others these need not stay in memory."""

LONG_RUN = 100
"""From so many documents on, a terminal is shown how far it is."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run kaudit with the arguments *argv* (those of the process when None) and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        options = build_parser().parse_args(argv)
    except SystemExit as ended:  # argparse has said why, or has shown the help
        return ended.code if isinstance(ended.code, int) else INCOMPLETE
    try:
        run: Command = options.run
        return run(options)
    except (CatalogError, ConfigError) as error:
        if not error.problems:
            _complain(str(error))
        # As compilers do, so that an editor can jump to the place.
        _tell(f"{harmless(str(problem))}\n" for problem in error.problems)
    except KauditError as error:
        _complain(str(error))
    except KeyboardInterrupt:
        _complain("interrupted; the audit is incomplete")
    except Exception:  # noqa: BLE001 - Python's own exit code would say that there are findings
        _complain(traceback.format_exc())
        _complain("this is a bug in kaudit, please report it; the audit is incomplete")
    return INCOMPLETE


def _check(options: argparse.Namespace) -> int:
    workspace = _workspace(options)
    named = [Path(path) for path in options.paths or ["."] if path != STDIN]
    for path in named or [Path(options.stdin_filename)]:
        workspace.auditor_of(
            path / "-" if path.is_dir() else path
        )  # what is wrong with settings is told before all else
    report = workspace.report(_lightened(result, options.format) for result in _audits(named, options, workspace))
    view = View(options.output is None and _has_colours(), options.show_waived, workspace.catalog_of(report))
    _put(render(report, options.format, view), options.output)
    if options.format == "github":
        _summarise_step(report, view)
    waived = report.summary()["waived"]
    if waived and options.format in UNCOUNTED:
        _complain(f"{waived} of the findings are waived")
    for audit in report.documents:
        for note in audit.remarks:
            _complain(f"{audit.path}: {note}")
    folders = [path for path in named if path.is_dir()]
    if folders:
        for told in workspace.unmet(report.documents, folders):
            _complain(told)
    is_incomplete = any(audit.gaps for audit in report.documents)
    if _complain_of_unread(report, [*named, Path(options.stdin_filename)]) or is_incomplete:
        return INCOMPLETE
    return FINDINGS if workspace.fails(report) else CLEAN


def _summarise_step(report: Report, view: View) -> None:
    """Add the summary to the page of the build, when GitHub has said where it is kept."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines(render(report, "markdown", view))
        except OSError as error:
            raise KauditError(f"{path}: cannot be written: {error.strerror}") from error


def _fix(options: argparse.Namespace) -> int:
    from kaudit.fixer import fix_bytes, fix_file
    from kaudit.read import raw_stream

    workspace = _workspace(options)
    writes = not (options.diff or options.check)
    is_incomplete = is_changed = False
    named = [Path(path) for path in options.paths or ["."] if path != STDIN]
    name = Path(options.stdin_filename)
    documents = _documents(named, workspace)
    piped = [name] if STDIN in options.paths and _is_wanted(name, workspace, told=True) else []
    for path in [*piped, *documents]:
        auditor = workspace.auditor_of(path)
        try:
            if path in piped:
                raw = raw_stream(sys.stdin.buffer, auditor.config.max_bytes, str(path))
                result = fix_bytes(raw, auditor, path=str(path), unsafe=options.unsafe)
                if writes:
                    _put_bytes(raw if result.raw is None else result.raw)
            else:
                result = fix_file(path, auditor, unsafe=options.unsafe, write=writes)
        except DocumentError as error:
            is_incomplete |= _complain_of_unread(Report((), (Unread.of(error),)), [*named, name])
            continue
        is_incomplete |= bool(result.gaps)
        is_changed |= result.is_changed
        if options.diff:
            _put([result.diff()])
        for line in _told(result, done="fixed" if writes else "would be fixed"):
            _complain(line)
    if is_incomplete:
        return INCOMPLETE
    return FINDINGS if is_changed and not writes else CLEAN


def _told(result: FixResult, done: str) -> Iterator[str]:
    """Yield what became of a document, line by line."""
    if result.fixed:
        yield f"{result.path}: {len(result.fixed)} {done}"
    for left in result.unfixed:
        found = left.finding
        yield f"{result.path}:{found.line}:{found.column}: {found.rule} is not fixed: {left.reason}"
    for gap in result.gaps:
        yield f"{result.path}: {gap}"


def _explain(options: argparse.Namespace) -> int:
    from kaudit.auditor import current_names
    from kaudit.catalog import load_catalog
    from kaudit.catalog.texts import read_all_texts
    from kaudit.examples import read_examples
    from kaudit.report.rule_page import rule_page

    texts = read_all_texts(_catalogs(options))
    catalog = load_catalog(*_catalogs(options))
    (rule,) = current_names([options.rule], catalog, categories=False)
    examples = [example for text in texts for example in read_examples(text)]
    _put(rule_page(rule, catalog, examples, colour=_has_colours()))
    return CLEAN


def _rules(options: argparse.Namespace) -> int:
    from kaudit.catalog import load_catalog
    from kaudit.report.rule_list import LISTS, rows

    catalog = load_catalog(*_catalogs(options))
    _put(LISTS[options.format](catalog, rows(catalog, frozenset(options.category))), options.output)
    return CLEAN


def _baseline(options: argparse.Namespace) -> int:
    from kaudit.config.settings import shown
    from kaudit.fixer import write_whole
    from kaudit.report.sums import count

    workspace = _workspace(options, renewing=True)
    named = [Path(path) for path in options.paths or ["."]]
    baselines, unread = workspace.baselines(_documents(named, workspace), Path(DEFAULT_BASELINE))
    for baseline in baselines:
        try:
            write_whole(baseline.path, baseline.to_json().encode(errors="backslashreplace"))
        except OSError as error:
            raise KauditError(f"{baseline.path}: cannot be written: {error.strerror}") from error
        sums = f"{count(len(baseline), 'finding')} in {count(len(baseline.documents), 'document')}"
        _put([f"{shown(baseline.path)}: {sums}\n"])
    return INCOMPLETE if _complain_of_unread(Report((), tuple(unread)), named) else CLEAN


def _config_show(options: argparse.Namespace) -> int:
    from kaudit.report.settings_list import settings_list

    path = Path(options.file) if options.file is not None else None
    settings = _workspace(options).settings_of(path or Path("-"))
    _put(settings_list(settings, path))
    return CLEAN


def _catalog_check(options: argparse.Namespace) -> int:
    from kaudit.catalog import compile_texts
    from kaudit.catalog.texts import read_all_texts
    from kaudit.examples import check_examples
    from kaudit.workbench import traps

    texts = read_all_texts([options.file])
    catalog = compile_texts(texts)
    problems = check_examples(texts, catalog)
    if problems:
        raise CatalogError(tuple(problems))
    doubts = [f"{doubt}\n" for doubt in traps(texts[-1:], catalog)]
    _put(
        [
            f"{options.file}: {len(catalog.rules)} rules and {len(catalog.disclosures)} disclosures, no problems\n",
            *(["\nhardly meant\n", *doubts] if doubts else []),
        ]
    )
    return CLEAN


def _catalog_try(options: argparse.Namespace) -> int:
    from kaudit.catalog.texts import read_all_texts
    from kaudit.report.sums import count
    from kaudit.workbench import try_template

    found = 0
    lines = []
    for trial in try_template(options.template, read_all_texts(_catalogs(options)), map(Path, options.files)):
        found += 1
        words = " ".join(trial.text.split())
        lines.append(harmless(f"{trial.path}:{trial.line}:{trial.column}: {words}") + "\n")
    _put([*lines, f"{count(found, 'place')} in {count(len(options.files), 'document')}\n"])
    return CLEAN


def _catalog_stats(options: argparse.Namespace) -> int:
    from kaudit.catalog import load_catalog
    from kaudit.workbench import catalog_stats, costly_templates

    catalog = load_catalog(*_catalogs(options))
    stats = catalog_stats(catalog, map(Path, options.files))
    costly = costly_templates(catalog)[:10]
    busy = sorted((rule for rule in stats.rules if rule.matches), key=lambda rule: -rule.matches)
    slow = sorted((rule for rule in stats.rules if rule.tries), key=lambda rule: -rule.seconds)[:10]
    idle = [rule.id for rule in stats.rules if not rule.matches]
    _put(
        [
            f"{stats.documents} documents, {stats.words} words\n\nmatches  tries  rule\n",
            *(f"{rule.matches:7}  {rule.tries:5}  {rule.id}\n" for rule in busy),
            "\nslowest templates\n",
            *(f"{rule.seconds * 1000:7.1f} ms  {rule.id}: {rule.slowest}\n" for rule in slow),
            "\ntemplates whose rarest word is common, and how often it is met in a million words\n",
            *(f"{often:7.0f}  {rule}: {template}\n" for often, rule, template in costly),
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


def _workspace(options: argparse.Namespace, *, renewing: bool = False) -> Workspace:
    """Return the documents' workspace: a flag that was given beats every configuration file."""
    from kaudit.workspace import Workspace

    flags: dict[str, Any] = {
        field.name: tuple(value) if isinstance(value, list) else value
        for field in dataclasses.fields(Config)
        if (value := getattr(options, field.name, None)) is not None
    }
    day = getattr(options, "as_of", None) or date.today()  # one for the whole run, though it may last past midnight
    return Workspace(flags, options.config, clock=partial(date.fromordinal, day.toordinal()), renewing=renewing)


def _catalogs(options: argparse.Namespace) -> Sequence[str | Path]:
    """Return the catalogs that were named, else those that the settings in this folder name."""
    if options.catalog:
        return list(options.catalog)
    from kaudit.workspace import Workspace

    return Workspace().settings_of("-").config.catalog


def _audits(named: Sequence[Path], options: argparse.Namespace, workspace: Workspace) -> Iterator[Audit | Unread]:
    """Yield what comes of each document."""
    import gc

    from kaudit.jobs import audit_files
    from kaudit.results import FOLDER, ResultCache

    documents = _documents(named, workspace)
    if STDIN in options.paths and _is_wanted(Path(options.stdin_filename), workspace, told=True):
        yield _audit_stdin(options.stdin_filename, workspace)
    jobs = options.jobs or os.cpu_count() or 1
    has_folder = any(map(Path.is_dir, named))
    cache = ResultCache(Path(FOLDER), workspace.clock) if has_folder and not options.no_cache else None
    gc.freeze()  # the catalog lives as long as the run; no search for garbage need pass over it
    yield from _shown(audit_files(documents, workspace, jobs, cache), len(documents))


def _documents(named: Sequence[Path], workspace: Workspace) -> Collection[Path]:
    """Return the documents at the *named* paths that are to be audited, each once."""
    from kaudit.read.discover import find_documents

    documents: dict[str, Path] = {}
    for path in named:
        found = list(find_documents(path))
        wanted = [document for document in found if _is_wanted(document, workspace, told=document == path)]
        for document in wanted:
            documents.setdefault(os.path.realpath(document), document)  # unlike resolve(), it survives a loop of links
        if not found:
            _complain(f"{path}: there is no document in this folder")
        elif not wanted and found != [path]:
            _complain(f"{path}: the configuration leaves out every document in this folder")
    return documents.values()


def _lightened(result: Audit | Unread, form: str) -> Audit | Unread:
    """Return *result* without a text that a report in this *form* does not show, so that memory holds out."""
    if isinstance(result, Unread) or result.findings or form in WHOLE:
        return result
    return dataclasses.replace(result, source="")


def _is_wanted(document: Path, workspace: Workspace, *, told: bool) -> bool:
    """Return whether the configuration lets *document* be audited; one that was named is *told* when it does not."""
    reason = workspace.settings_of(document).why_not(document)
    if reason and told:
        _complain(f"{document}: not audited: {reason}")
    return reason is None


def _audit_stdin(name: str, workspace: Workspace) -> Audit | Unread:
    from kaudit.read import raw_stream, read_bytes

    auditor = workspace.auditor_of(name).for_path(name)
    try:
        raw = raw_stream(sys.stdin.buffer, auditor.config.max_bytes, name)
        return auditor.audit_document(read_bytes(raw, path=name, keys=auditor.config.keys))
    except DocumentError as error:
        return Unread.of(error)


def _shown(results: Iterable[Audit | Unread], total: int) -> Iterable[Audit | Unread]:
    """Return *results*, with a bar on a terminal whose user would else wonder."""
    if total < LONG_RUN or not sys.stderr.isatty():
        return results
    from rich.console import Console
    from rich.progress import track

    return track(results, "Auditing", total, console=Console(stderr=True), transient=True)


def _complain_of_unread(report: Report, named: Collection[Path]) -> bool:
    """Tell what was not read; return whether any of it should have been.

    What a folder holds may be too large, or no text in spite of its name; anything else, and all that a user names, is
    missing from the audit.
    """
    is_incomplete = False
    for unread in report.unread:
        path = Path(unread.path)
        is_skipped = unread.is_usual and path not in named
        is_incomplete |= not is_skipped
        _complain(f"{unread.path}: {'skipped: ' if is_skipped else ''}{unread.reason}")
    return is_incomplete


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _put(pieces: Iterable[str], path: str | None = None) -> None:
    """Write *pieces* to the file at *path*, else to stdout; whoever stops reading there has seen enough.

    Raises:
        KauditError: when they cannot be written.
    """
    if path is not None:
        try:
            with Path(path).open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.writelines(pieces)
        except OSError as error:
            raise KauditError(f"{path}: cannot be written: {error.strerror}") from error
        return
    with _whole_or_told():
        sys.stdout.writelines(pieces)
        sys.stdout.flush()


def _put_bytes(raw: bytes) -> None:
    with _whole_or_told():
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()


@contextmanager
def _whole_or_told() -> Iterator[None]:
    """Write to stdout within; raises KauditError when it takes no more, unless nobody reads it any longer."""
    try:
        yield
    except OSError as error:
        _let_go(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise KauditError(f"stdout: cannot be written: {error.strerror}") from error


def _let_go(stream: TextIO) -> None:
    """Let what *stream* still holds go nowhere: Python flushes it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(message: str) -> None:
    _tell(f"kaudit: {harmless(line)}\n" for line in message.splitlines())


def _tell(lines: Iterable[str]) -> None:
    """Write *lines* to stderr; where it takes none, the exit code has to do."""
    try:
        sys.stderr.writelines(lines)
        sys.stderr.flush()
    except OSError:
        _let_go(sys.stderr)


class _Parser(argparse.ArgumentParser):
    """Names the nearest command or option when there is none of that name."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        if chosen := re.search("invalid choice: '([^']*)'", message):
            message += did_you_mean(chosen[1], (str(name) for action in self._actions for name in action.choices or ()))
        elif unknown := re.search("unrecognized arguments: (-[^ =]*)", message):
            message += did_you_mean(unknown[1], self._options())
        super().error(message)

    def _options(self) -> Iterator[str]:
        """Yield all options, those of commands as well."""
        for action in self._actions:
            yield from action.option_strings
            if isinstance(action, argparse._SubParsersAction):
                for command in action.choices.values():
                    yield from command._options()


def build_parser() -> argparse.ArgumentParser:
    """Return what understands the command line; the documentation is made from it, too."""
    parser = _Parser(prog="kaudit", description="Finds health-marketing claims that go too far.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"kaudit {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_check(_add_command(commands, "check", _check, "audit documents"))
    _add_fix(_add_command(commands, "fix", _fix, "apply the suggestions of findings to documents"))
    _add_baseline(
        _add_command(commands, "baseline", _baseline, "write down what is there, so that only what is new fails")
    )
    _add_explain(_add_command(commands, "explain", _explain, "show all about one rule: why, sources, examples"))
    _add_rules(_add_command(commands, "rules", _rules, "list the rules"))
    config = commands.add_parser("config", help="show the settings that hold", allow_abbrev=False)
    show = _add_command(
        config.add_subparsers(metavar="COMMAND", required=True),
        "show",
        _config_show,
        "show what holds for a document, and where each setting comes from",
    )
    show.add_argument("file", metavar="FILE", nargs="?", help="the document (default: any in this folder)")
    _add_config(show)
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
    _add_paths(parser)
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
    parser.add_argument(
        "--jobs",
        type=_count,
        default=1,
        metavar="N",
        help="audit with so many processes; 0: one for each processor (default: 1)",
    )
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help="audit every document of a folder, even one whose result is kept in .kaudit_cache",
    )
    _add_rules_to_apply(parser)


def _add_fix(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Applies safe suggestions in place, and says what it does not fix. Markup stays as it is; what is fixed is "
        "audited again before it is written. Standard input is written to standard output."
    )
    parser.epilog = (
        "exit codes: 0 done; 1 with --check or --diff: something would be fixed; "
        "2 incomplete: bad usage, a bad catalog, or a document that could not be read or written"
    )
    _add_paths(parser)
    parser.add_argument("--unsafe", action="store_true", help="apply the suggestions that need you, too: read them all")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")
    parser.add_argument("--check", action="store_true", help="write nothing; only say what would be fixed")
    _add_rules_to_apply(parser)


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="a file, a folder, or - for standard input (default: this folder)"
    )
    parser.add_argument("--stdin-filename", default="<stdin>", metavar="NAME", help="what - is called in the report")


def _add_rules_to_apply(parser: argparse.ArgumentParser) -> None:
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
        help=f"whose rules apply: {', '.join(Jurisdiction)} (default: {', '.join(Config().jurisdictions)})",
    )
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="do not fail on what is in this baseline")
    parser.add_argument("--claims", type=Path, metavar="FILE", help="the register of approved claims")
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="take this for today, as 2027-01-31: which waivers will have ended?"
    )
    _add_config(parser)
    _add_catalog(parser)


def _add_baseline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file or a folder (default: this folder)")
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help=f"the file to write (default: that of the settings, else {DEFAULT_BASELINE}); the rest of it is kept",
    )
    parser.add_argument("--claims", type=Path, metavar="FILE", help="the register of approved claims")
    _add_config(parser)
    _add_catalog(parser)


def _count(number: str) -> int:
    if not number.isascii() or not number.isdigit():
        raise argparse.ArgumentTypeError(f"{number!r} is no number of processes")
    return int(number)


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the settings for all documents, in place of the kaudit.toml or pyproject.toml above each",
    )


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
        type=Path,
        metavar="FILE",
        help="use this catalog, which may extend the built-in one; several are laid over each other",
    )


def _listed(names: str) -> list[str]:
    return [name for part in names.split(",") if (name := part.strip())]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2027-01-31") from error


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
