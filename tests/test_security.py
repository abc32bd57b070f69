"""What comes from strangers is only read: nothing of it is run, fetched, or believed to be our own. See SECURITY.md."""

from __future__ import annotations

import ast
import io
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import PROGRAM, Page, browser_page
from waiver_catalog import CATALOG

import kaudit
from kaudit.catalog import load_catalog
from kaudit.cli import main
from kaudit.config.settings import load_settings
from kaudit.errors import CatalogError, ConfigError, DocumentError
from kaudit.read import read_bytes
from kaudit.read.ooxml import LARGEST_PACKAGE

PACKAGE = Path(kaudit.__file__).parent

# The source itself

NETWORK = {"asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "telnetlib"}
NETWORK |= {"urllib.request", "urllib3", "requests", "httpx", "aiohttp", "webbrowser", "xmlrpc"}
CODE = {"code", "ctypes", "dill", "marshal", "pickle", "runpy", "shelve", "xml.dom", "xml.etree", "xml.sax", "lxml"}
RUNNING = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
ATTRIBUTES = {
    ("os", "system"),
    ("os", "popen"),
    ("os", "execv"),
    ("yaml", "load"),
    ("yaml", "load_all"),
    ("yaml", "unsafe_load"),
    ("yaml", "full_load"),
    ("yaml", "UnsafeLoader"),
    ("yaml", "CUnsafeLoader"),
    ("yaml", "FullLoader"),
    ("yaml", "Loader"),
    ("pickle", "loads"),
    ("tempfile", "mktemp"),
}
DOORS = {"spark", "arrow", "lsp", "mcp"}
"""Parts that other programs start, which speak to those."""
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0].split(".")[0] not in DOORS
)


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_runs_code_or_reaches_a_network(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported(node):
            above = {name, name.split(".")[0]}
            assert not above & (NETWORK | CODE), f"line {node.lineno}: {name}"  # type: ignore[attr-defined]
            assert name.split(".")[0] != "subprocess" or path.name == "discover.py", "only git is asked, for names"
        match node:
            case ast.Call(func=ast.Name(id=name)):
                assert name not in RUNNING, f"line {node.lineno}: {name}"
            case ast.Call(keywords=[*keywords]) if any(
                keyword.arg == "shell" and getattr(keyword.value, "value", True) for keyword in keywords
            ):
                pytest.fail(f"line {node.lineno}: a shell")
            case ast.Attribute(value=ast.Name(id=module), attr=attribute):
                assert (module, attribute) not in ATTRIBUTES, f"line {node.lineno}: {module}.{attribute}"


def test_what_the_doors_are_given_starts_no_module_that_is_named_in_it() -> None:
    """`import_module` takes names of our own tables alone: those of readers, and of the package's parts."""
    calls = [
        (path.name, ast.unparse(node.args[0]))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
    ]

    assert {name for _, name in calls} <= {"module", "home", "'pypdfium2'", "FORMATS[format]"}, calls


# Catalogs and configurations


OBJECT = "schema: 1\nversion: !!python/object/apply:os.system ['touch hacked']\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "outside.yaml").write_text(CATALOG, encoding="utf-8")
    (tmp_path / "outside.toml").write_text("pedantic = true\n", encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir()
    (work / ".git").mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!python/name:os.system", "!!python/module:os"])
def test_yaml_makes_no_objects(folder: Path, tag: str) -> None:
    (folder / "a.yaml").write_text(f"schema: 1\nversion: {tag} ['touch hacked']\n", encoding="utf-8")
    (folder / "page.yaml").write_text(f"title: {tag} ['touch hacked']\n", encoding="utf-8")

    with pytest.raises(CatalogError):
        load_catalog(folder / "a.yaml")
    read_bytes((folder / "page.yaml").read_bytes(), path="page.yaml")
    assert not (folder / "hacked").exists()


@pytest.mark.parametrize("extends", ["../outside.yaml", "{outside}", "link.yaml", "inner/../../outside.yaml"])
def test_a_catalog_extends_none_outside_its_folder(folder: Path, extends: str) -> None:
    (folder / "link.yaml").symlink_to("../outside.yaml")
    (folder / "inner").mkdir()
    place = extends.format(outside=folder.parent / "outside.yaml")
    (folder / "a.yaml").write_text(f"schema: 1\nversion: a\nextends: '{place}'\n", encoding="utf-8")

    with pytest.raises(CatalogError, match="lies outside the folder of this file"):
        load_catalog(folder / "a.yaml")


@pytest.mark.parametrize("extend", ["../outside.toml", "{outside}", "link.toml"])
def test_a_configuration_extends_none_outside_its_repository(folder: Path, extend: str) -> None:
    (folder / "link.toml").symlink_to("../outside.toml")
    place = extend.format(outside=folder.parent / "outside.toml")
    (folder / "kaudit.toml").write_text(f"extend = '{place}'\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="lies outside"):
        load_settings(folder / "kaudit.toml")


def test_a_result_that_somebody_put_into_the_cache_is_data_and_no_code(folder: Path) -> None:
    (folder / "site").mkdir()
    (folder / "site" / "page.txt").write_text("It is a miracle drug.", encoding="utf-8")
    assert main(["check", "--catalog", "../outside.yaml", "site"]) == 1
    (kept,) = (folder / ".kaudit_cache").glob("*/*.json")
    for value in ('{"source": {"__reduce__": ["os.system", "touch hacked"]}}', "[]", "\0", '{"findings": [{}]}'):
        kept.write_text(value, encoding="utf-8")
        assert main(["check", "--catalog", "../outside.yaml", "site"]) == 1
    assert not (folder / "hacked").exists()


def test_git_runs_no_program_that_a_repository_names(folder: Path) -> None:
    home = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **os.environ}
    subprocess.run(["git", "init", "-q", "site"], check=True, env=home)
    (folder / "site" / "page.txt").write_text("It is a miracle drug.", encoding="utf-8")
    program = folder / "program"
    program.write_text(f"#!/bin/sh\ntouch {folder / 'hacked'}\n", encoding="utf-8")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor"):
        subprocess.run(["git", "-C", "site", "config", name, str(program)], check=True, env=home)

    assert main(["check", "--catalog", "../outside.yaml", "site"]) == 1
    assert not (folder / "hacked").exists()
    subprocess.run(["git", "-C", "site", "ls-files", "--others"], check=False, env=home, capture_output=True)
    assert (folder / "hacked").exists(), "git alone runs it, so that this test can fail"


# Archives


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_an_archive_that_unpacks_to_more_than_any_document_is_refused() -> None:
    head = b"<w/>" + b" " * (LARGEST_PACKAGE // 20)
    raw = packed({"word/document.xml": b"<w/>", **{f"word/header{number}.xml": head for number in range(21)}})

    assert len(raw) < 1_000_000
    with pytest.raises(DocumentError, match=f"over {LARGEST_PACKAGE} bytes when unpacked"):
        read_bytes(raw, path="bomb.docx")


def test_names_of_members_lead_nowhere(folder: Path) -> None:
    raw = packed({"word/document.xml": b"<w:document xmlns:w='w'/>", "../../hacked": b"x", "/tmp/kaudit-hacked": b"x"})

    read_bytes(raw, path="page.docx")

    assert not (folder.parent.parent / "hacked").exists()
    assert not Path("/tmp/kaudit-hacked").exists()


# The HTML report, in a browser that would run what it is given

HACK = "window.hacked=1"
PAYLOADS = [
    f"<script>{HACK}</script>",
    f"<img src=x onerror={HACK}>",
    f'"><svg onload="{HACK}">',
    "'><iframe srcdoc='<script>parent.hacked=1</script>'>",
    f"</style><script>{HACK}</script>",
    f"</title></textarea></noscript><body onload={HACK}>",
    f"<a href=javascript:{HACK}>x</a> javascript:{HACK}",
    f"&lt;script&gt;{HACK}&lt;/script&gt; &#60;img src=x onerror={HACK}&#62;",
    f"<!--><script>{HACK}</script>--> <![CDATA[<script>{HACK}</script>]]>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={HACK}&gt;'>",
    f"\u202e<script>{HACK}</script>\u2028\u0085\x01",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'> <base href=http://127.0.0.1:9/>",
    "<link rel=stylesheet href=http://127.0.0.1:9/a.css> <object data=http://127.0.0.1:9/></object>",
]
CLAIM = "It is a miracle drug with minimal side effects"
REGISTER = f"""\
schema: 1
claims:
  - id: wonder
    wording: [It cures depression.]
    evidence: [{{citation: "<img src=x onerror={HACK}>"}}]
    approved_by: "<img src=x onerror={HACK}>"
    approved_on: 2020-01-01
"""
NAMES = [
    "plain.txt",
    f"<img src=x onerror={HACK}>.md",
    'a" onmouseover="window.hacked=1" b=\'.html',
    "javascript:x.rst",
]
TOUCH = """\
document.querySelectorAll('details').forEach(each => { each.open = true });
document.querySelectorAll('*').forEach(each => {
  each.focus?.();
  each.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
})
"""
"""What people do with a page."""
EVENTS = """\
[...document.querySelectorAll('*')].flatMap(element => [...element.attributes]
  .filter(a => /^on/i.test(a.name) || /^(src|srcdoc|action|formaction)$/i.test(a.name)
    || (/^(href|xlink:href)$/i.test(a.name) && !/^(#|https?:)/.test(a.value)))
  .map(a => element.tagName + ' ' + a.name + '=' + a.value))
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser_page(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.program
@pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium")
@pytest.mark.parametrize("has_policy", [True, False], ids=["as it is", "with its content security policy off"])
def test_no_document_runs_anything_in_the_report(
    browser: Page, folder: Path, capsys: pytest.CaptureFixture[str], has_policy: bool
) -> None:
    (folder / "claims.yaml").write_text(REGISTER, encoding="utf-8")
    site = folder / "site"
    site.mkdir()
    for name in NAMES:
        parts = [f"{CLAIM} {payload}. {payload} {CLAIM}! It cures depression." for payload in PAYLOADS]
        parts += [f"A {payload[:20]}miracle {payload} drug{payload}." for payload in PAYLOADS]
        parts += [f"<!-- kaudit: ignore[exaggerates] -- {payload} -->\n{CLAIM}." for payload in PAYLOADS[:3]]
        (site / name).write_text("\n\n".join(parts), encoding="utf-8", newline="")
    command = ["check", "--catalog", "../outside.yaml", "--claims", "claims.yaml", "--format", "html"]

    assert main([*command, "--show-waived", "--output", "report.html", "site"]) == 1
    assert "unread" not in capsys.readouterr().err
    browser.events.clear()
    browser.call("Page.enable")
    browser.call("Page.setBypassCSP", enabled=not has_policy)
    browser.open(folder / "report.html")
    browser.evaluate("new Promise(done => setTimeout(done, 300))")
    browser.evaluate(TOUCH)

    assert browser.evaluate("typeof window.hacked") == "undefined"
    assert browser.evaluate(EVENTS) == []
    assert (
        browser.evaluate(
            "document.querySelectorAll('script, iframe, object, link, base, img, math, svg:not([aria-hidden])').length"
        )
        == 0
    )
    assert browser.evaluate("document.querySelectorAll('mark').length") > 50, "claims are shown"
    requests = [event["params"] for event in browser.events if event["method"] == "Network.requestWillBeSent"]
    assert [each["request"]["url"] for each in requests if not each["request"]["url"].startswith("file:")] == []
    assert not [event for event in browser.events if event["method"] == "Page.javascriptDialogOpening"]
