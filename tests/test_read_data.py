"""Files of data: JSON, YAML, TOML, CSV, PO. Their values are those of the usual libraries, and each has its place."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import polib
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapped import assert_mapped, place_of, shown

import kaudit
from kaudit.catalog.texts import read_texts
from kaudit.errors import DocumentError
from kaudit.examples import MARKED, read_examples
from kaudit.model import BlockKind, Category, Keys, PieceKind, Span
from kaudit.read import read
from kaudit.read.csv import csv_rows
from kaudit.read.json import json_entries
from kaudit.read.po import po_entries
from kaudit.read.replacing import Replacement, replace_words
from kaudit.read.toml import toml_entries
from kaudit.read.values import Entry
from kaudit.read.yaml import yaml_entries

SLOWLY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from(" \n\t'\"\\,;#:-|>&*"))
TREES = st.recursive(TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12)


def strings(tree: object) -> Iterator[str]:
    """Yield the string values of *tree*, as they stand."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from strings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from strings(value)


def assert_placed(source: str, entries: list[Entry]) -> None:
    """Fail unless the characters of each value all have their place."""
    for entry in entries:
        at = 0
        for piece in entry.value.origin.pieces:
            assert piece.start == at < piece.end
            assert 0 <= piece.source_start < piece.source_end <= len(source)
            if piece.kind is PieceKind.COPY:
                assert source[piece.source_start : piece.source_end] == entry.value.text[piece.start : piece.end]
            at = piece.end
        assert at == len(entry.value.text)


def texts(entries: list[Entry]) -> list[str]:
    return [entry.value.text for entry in entries]


@SLOWLY
@given(TREES, st.booleans(), st.sampled_from([None, 2]))
def test_json_values_are_those_of_the_json_library(tree: object, ascii_only: bool, indent: int | None) -> None:
    source = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)

    entries = list(json_entries(source, "page.json"))

    assert texts(entries) == list(strings(tree))
    assert_placed(source, entries)


@pytest.mark.parametrize(
    "source",
    [
        r'{"a": "\ud83d\ude00 \u00e9 \/ \"q\" \\ \b\f\n\r\t"}',
        '["a", 1, true, null, -1.5e+3, {"b": {"c": ["d", []]}}]',
        '"alone"',
        "\ufeff{}",
    ],
)
def test_json_as_people_write_it_is_read(source: str) -> None:
    entries = list(json_entries(source, "page.json"))

    assert texts(entries) == list(strings(json.loads(source.lstrip("\ufeff"))))
    assert_placed(source, entries)


def test_paths_say_which_keys_lead_to_a_value() -> None:
    entries = list(json_entries('{"hero": {"title": "A"}, "items": [{"text": "B"}, "C"]}\n{"x": "D"}', "page.jsonl"))

    assert [".".join(entry.path) for entry in entries] == ["hero.title", "items.0.text", "items.1", "x"]


@SLOWLY
@given(TREES, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans(), st.integers(20, 100))
def test_yaml_values_are_those_of_pyyaml(tree: object, style: str | None, flow: bool, width: int) -> None:
    source = yaml.safe_dump(tree, default_style=style, default_flow_style=flow, width=width, allow_unicode=True)

    entries = list(yaml_entries(source, "page.yaml"))

    assert texts(entries) == [value for document in yaml.safe_load_all(source) for value in strings(document)]
    assert_placed(source, entries)


YAML_ROWS = [
    "a: plain text\n  that goes on\n\n  after a gap\nb: 'it''s\n  folded'\n",
    'a: "one \\\n   two\\x41\\u00e9\\U0001f600\\n\\ttab \\"q\\"\n\n   three"\n',
    "a: |\n  one\n    deeper\n\n  two\nb: |-\n  one\n\nc: |+\n  one\n\n\nd: x\n",
    "a: >\n  folded\n  text\n\n  second\n    deeper\n    still\n\n  end\nb: >-\n  x\n  y\n\nc: >+\n  x\n\n\n",
    "a: &anchor !!str |\n  text\nb: *anchor\nc: &other 'x'\n",
    "- - a\n  - [b, {c: d}]\n- ? e\n  : f\n---\ng\n...\n",
    "a: |\r\n  one\r\n  two\r\nb: x\r\n",
    "a: yes\nb: 12\nc: 2024-01-01\nd: null\ne: ~\nf: 1.5\n",
    "a: |\n\n  text after a gap\n",
    "a: >\n\n  text after a gap\n  more\n",
]


@pytest.mark.parametrize("source", YAML_ROWS)
def test_yaml_as_people_write_it_is_read_to_the_character(source: str) -> None:
    entries = list(yaml_entries(source, "page.yaml"))

    expected = [value for tree in yaml.safe_load_all(source.replace("*anchor", "1")) for value in strings(tree)]
    assert texts(entries) == expected
    assert_placed(source, entries)
    assert not [entry for entry in entries if " " in entry.value.text and len(entry.value.origin.pieces) == 1
                and entry.value.origin.pieces[0].kind is PieceKind.ATOM]  # fmt: skip


def test_yaml_that_only_pyyaml_understands_is_placed_as_a_whole() -> None:
    source = "a: |2\n    indented more than it says\n"

    (entry,) = yaml_entries(source, "page.yaml")

    assert entry.value.text == yaml.safe_load(source)["a"]
    assert [piece.kind for piece in entry.value.origin.pieces] == [PieceKind.ATOM]


def as_toml(text: str, style: int) -> str:
    """Return *text* as TOML writes it, in one of four styles; the first when another cannot say it."""
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    if style == 1 and "'" not in text and "\n" not in text:
        return f"'{text}'"
    if style == 2:
        return '"""\n' + escaped.replace("\\n", "\n") + '"""'
    if style == 3 and "''" not in text and not text.startswith("\n"):
        return f"'''\n{text}'''"
    return f'"{escaped}"'


@SLOWLY
@given(st.lists(st.tuples(TEXT, st.integers(0, 3)), min_size=1, max_size=5))
def test_toml_values_are_those_of_tomllib(values: list[tuple[str, int]]) -> None:
    lines = [f"key{number} = {as_toml(*value)} # note" for number, value in enumerate(values)]
    source = "\n".join(lines) + f"\nlist = [{', '.join(as_toml(*value) for value in values)}]\n"

    entries = list(toml_entries(source, "page.toml"))

    assert texts(entries) == list(strings(tomllib.loads(source)))
    assert_placed(source, entries)


def test_toml_tables_and_lists_lead_to_their_values() -> None:
    source = (
        'title = "A"\n[params.hero]\n"the text" = "B" # "no"\nlist = ["C", [\n "D"], { e.f = "E", g = ["F"] }]\n'
        '[[cards]]\ntext = """\r\none\r\n  two \\\r\n   three"""\n[[cards]]\ntext = \'x\'\nnumber = 1.5\n'
    )

    entries = list(toml_entries(source, "page.toml"))

    assert texts(entries) == list(strings(tomllib.loads(source)))
    assert [".".join(entry.path) for entry in entries] == [
        "title",
        "params.hero.the text",
        "params.hero.list.0",
        "params.hero.list.1.0",
        "params.hero.list.2.e.f",
        "params.hero.list.2.g.0",
        "cards.text",
        "cards.text",
    ]


CELLS = st.text(st.sampled_from('ab ,;"\n\r\t\u00e9'), max_size=6)


@SLOWLY
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_csv_cells_are_those_of_the_csv_library(rows: list[list[str]], ending: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=ending).writerows([["first, of all", "second"], *rows])
    source = file.getvalue()

    read_rows = [[cell.text for cell in row] for row in csv_rows(source)]

    assert [row or [""] for row in read_rows] == [row or [""] for row in csv.reader(io.StringIO(source, newline=""))]
    assert_placed(source, [Entry((), cell) for row in csv_rows(source) for cell in row])


def test_csv_columns_are_named_by_the_first_row_and_parted_as_it_says() -> None:
    document = read("id;headline;body\n7;Miracle;It is the best option.\n", format="csv", path="page.csv")

    assert [
        (block.info["key"], block.kind, text) for block, text in zip(document.blocks, shown(document), strict=True)
    ] == [
        ("1.headline", BlockKind.HEADING, "Miracle"),
        ("1.body", BlockKind.CELL, "It is the best option."),
    ]


MESSAGES = st.lists(st.sampled_from(["miracle ", "drug ", '"', "\u00e9", "\n", "\\", "\t", "%s "]), max_size=12).map(
    "".join
)


@SLOWLY
@given(st.lists(st.tuples(MESSAGES, MESSAGES, st.booleans(), st.booleans()), max_size=4), st.integers(30, 90))
def test_po_shows_translations_or_else_the_words_to_translate(
    messages: list[tuple[str, str, bool, bool]], width: int
) -> None:
    catalogue = polib.POFile(wrapwidth=width)
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    for number, (original, translation, is_fuzzy, has_plural) in enumerate(messages):
        entry = polib.POEntry(msgid=f"{original}{number}", flags=["fuzzy"] if is_fuzzy else [])
        if has_plural:
            entry.msgid_plural = f"{original}s"
            entry.msgstr_plural = {0: translation, 1: translation}
        else:
            entry.msgstr = translation
        catalogue.append(entry)
    source = str(catalogue)

    entries = list(po_entries(source, "page.po"))

    expected: list[str] = []
    for entry in polib.pofile(source):
        translated = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        to_translate = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        expected += translated if all(translated) and "fuzzy" not in entry.flags else to_translate
    assert texts(entries) == expected
    assert_placed(source, entries)


def test_po_leaves_out_its_head_and_obsolete_messages() -> None:
    source = (
        'msgid ""\nmsgstr "Language: en\\n"\n\n# a note\n#: page.html:1\nmsgid "A miracle "\n"drug"\nmsgstr ""\n'
        '#~ msgid "old"\n#~ msgstr "old"\n\nmsgctxt "menu"\nmsgid "Open"\nmsgstr "Open it"\n'
    )

    document = read(source, format="po")

    assert shown(document) == ["A miracle drug", "Open it"]
    assert [block.info["key"] for block in document.blocks] == ["msgid", "menu.msgstr"]
    assert place_of(document, "miracle drug") == 'miracle "\n"drug'


KEY_ROWS: list[tuple[str, Keys, list[str]]] = [
    ('{"title": "Miracle", "slug": "miracle"}', Keys(), ["Miracle"]),
    ('{"x": "It looks like prose.", "y": "no-prose", "z": "a/b/c"}', Keys(), ["It looks like prose."]),
    ('{"scripts": {"build": "not copy at all"}, "heroStyle": "not copy either"}', Keys(), []),
    ('{"greeting": "Hello, you", "@greeting": {"description": "for translators"}}', Keys(), ["Hello, you"]),
    ('{"a": {"title": "One"}, "b": {"title": "Two", "text": "Three"}}', Keys(read=("b",)), ["Two", "Three"]),
    (
        '{"a": {"title": "One"}, "b": {"title": "Two", "text": "Three"}}',
        Keys(read=("a.title", "t*t")),
        ["One", "Three"],
    ),
    ('{"a": {"title": "One"}, "b": {"title": "Two"}}', Keys(read=("title",), skip=("b",)), ["One"]),
    ('{"scripts": "is copy here", "a": "the rest not"}', Keys(read=("scripts",)), ["is copy here"]),
    ('["One sentence.", {"list": ["Two sentences."]}]', Keys(skip=("list",)), ["One sentence."]),
]


@pytest.mark.parametrize(("source", "keys", "expected"), KEY_ROWS)
def test_keys_say_what_is_copy(source: str, keys: Keys, expected: list[str]) -> None:
    assert shown(read(source, format="json", keys=keys)) == expected


@pytest.mark.parametrize(
    ("format", "source", "comments"),
    [
        ("json", '{"a": 1, // one\n /* two */ "b": "# no, // no"}', [" one", " two "]),
        ("yaml", "# one\na: 'x # no' # two\nb: |\n  # no\n# three\nc: d#no\n", [" one", " two", " three"]),
        ("toml", '# one\na = "# no" # two\nb = """\n# no\n"""\n', [" one", " two"]),
        ("po", '# one\n#. two\nmsgid "# no"\nmsgstr ""\n', [" one", ". two"]),
    ],
)
def test_comments_are_told_where_they_stand(format: str, source: str, comments: list[str]) -> None:
    document = read(source, format=format)

    assert [comment.text for comment in document.comments] == comments
    for comment in document.comments:
        assert comment.text in comment.span.of(source)
        assert comment.span.of(source)[0] in "#/"


HOSTILE: list[tuple[str, str, str]] = [
    ("json", "[" * 100_000, "nested more than 200 deep"),
    ("json", '{"a":' * 100_000, "nested more than 200 deep"),
    ("yaml", "[" * 900, "nested more than 200 deep"),
    ("yaml", "- " * 100_000, "depth|deep"),
    ("toml", "a = " + "[" * 100_000, "no TOML|deep"),
    ("toml", "a = " + "[" * 201 + "]" * 201, "deep"),
    ("json", '{"a": "b"', "line 1, column 10: a } is missing"),
    ("json", '{"a": \n  oops!}', "line 2, column 7: is no JSON from here on"),
    ("json", '["a"}', "line 1, column 5: } closes nothing"),
    ("json", '{"a": "no end\n}', "line 1, column 7"),
    ("yaml", "a: 'no end\n", "line 2, column 1"),
    ("yaml", "a: b\n c: d\n", "line 2, column 3: mapping values are not allowed"),
    ("yaml", "a: \x00", "characters are not allowed"),
    ("toml", "a = b", "line 1, column 5"),
    ("po", "msgid oops\n", "line 1, column 1: is no PO"),
    ("po", '"alone"\n', "line 1, column 2: is no PO"),
]


@pytest.mark.parametrize(("format", "source", "reason"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_broken_or_hostile_is_refused_with_its_place(format: str, source: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read(source, format=format)


def test_addresses_in_values_are_no_text() -> None:
    document = read('{"text": "See https://a.example/best-option now"}', format="json")

    assert_mapped(document)
    assert "best" not in document.text
    assert shown(document)[0].startswith("See \ufffc")


def test_aliases_that_multiply_cost_nothing() -> None:
    lines = ["a0: &a0 [miracle drug]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]

    assert shown(read("\n".join(lines), format="yaml")) == ["miracle drug"]


@pytest.mark.parametrize(
    ("format", "source"),
    [
        ("json", '"' + "\\" * 200_000),
        ("json", "/*" * 100_000),
        ("yaml", "a: '" + "\n" * 100_000 + "'"),
        ("yaml", "a: " + "&a " * 50_000),
        ("toml", 'a = """' + '""\\' * 50_000),
        ("csv", '"",' * 50_000 + '"'),
        ("csv", '"' * 100_001),
        ("po", 'msgid "' + "\\" * 100_000),
        ("po", '""\n' * 50_000),
    ],
)
def test_reading_takes_no_longer_than_the_length_warrants(format: str, source: str) -> None:
    with suppress(DocumentError):  # refusing is as good, as long as it is soon
        read(source, format=format)


CLAIMS = [MARKED.sub(r"\1", example.text) for example in read_examples(read_texts(None)[0]) if example.kind == "flag"]
WRITERS: dict[str, Callable[[str], str]] = {
    "json": lambda text: json.dumps({"a": [1, {"body": text}]}),
    "yaml": lambda text: yaml.safe_dump({"a": [1, {"body": text}]}, width=40, allow_unicode=True),
    "toml": lambda text: f"a = 1\n[b]\nbody = {as_toml(text, 2)}\n",
    "csv": lambda text: 'id,body\n1,"' + text.replace('"', '""') + '"\n',
    "po": lambda text: str(_catalogue(text)),
}


def _catalogue(text: str) -> Any:
    catalogue = polib.POFile(wrapwidth=40)
    catalogue.append(polib.POEntry(msgid=text, msgstr=""))
    return catalogue


def found(text: str, format: str) -> list[tuple[str, str]]:
    """Return rule and words of each finding."""
    findings = kaudit.audit(text, format=format).findings
    return [(finding.rule, finding.text) for finding in findings if finding.category is not Category.DISCLOSURE]


@settings(SLOWLY, max_examples=25)
@given(st.sampled_from(CLAIMS), st.sampled_from(sorted(WRITERS)))
def test_a_claim_is_found_in_any_file_of_data_where_it_stands(text: str, format: str) -> None:
    source = WRITERS[format](text)

    document = read(source, format=format)

    assert_mapped(document)
    alone = found(text, "text")
    assert [rule for rule, _ in found(source, format)] == [rule for rule, _ in alone]
    for (_, words), (_, plain) in zip(found(source, format), alone, strict=True):
        if len(words) == len(plain):
            assert words == plain
        else:
            assert (words[0], words[-1]) == (plain[0], plain[-1])


NESTED: list[tuple[str, str, str, str, str]] = [
    ("json", r'{"body": "<p>A <b>mir&#97;cle<\/b>\nis</p>"}', "A miracle is", "miracle is", r"mir&#97;cle<\/b>\nis"),
    ("json", r'{"body": "A **mir\u0061cle** drug."}', "A miracle drug.", "miracle drug", r"mir\u0061cle** drug"),
    ("json", r'{"body": "# A *miracle* drug\n\nText."}', "A miracle drug", "miracle drug", "miracle* drug"),
    ("yaml", "body: >\n  A **miracle\n  drug** it is.\n", "A miracle drug it is.", "miracle drug", "miracle\n  drug"),
    ("yaml", "body: |\n  <p>A miracle\n  drug</p>\n", "A miracle drug", "miracle drug", "miracle\n  drug"),
    ("yaml", "body: 'It''s a <i>miracle</i> drug'\n", "It's a miracle drug", "It's a miracle", "It''s a <i>miracle"),
    ("toml", 'body = """\nA *miracle* \\\n   drug"""\n', "A miracle drug", "miracle drug", "miracle* \\\n   drug"),
    ("csv", 'id,body\n1,"A ""<b>miracle</b>"" is"\n', 'A "miracle" is', '"miracle" is', '""<b>miracle</b>"" is'),
    ("po", 'msgid "A &quot;mira"\n"cle&quot; drug"\nmsgstr ""\n', 'A "miracle" drug', "miracle", 'mira"\n"cle'),
]  # fmt: skip


@pytest.mark.parametrize(("format", "source", "text", "words", "place"), NESTED, ids=range(len(NESTED)))
def test_values_are_read_as_html_or_markdown_when_they_look_so(
    format: str, source: str, text: str, words: str, place: str
) -> None:
    document = read(source, format=format)

    assert_mapped(document)
    assert shown(document)[0] == text
    assert place_of(document, words if words in document.text else words.replace(" ", "\n")) == place


def parsed(source: str, format: str) -> str:
    """Return the value of "body" in *source*, as the usual library reads it."""
    match format:
        case "json":
            return str(json.loads(source)["body"])
        case "yaml":
            return str(yaml.safe_load(source)["body"])
        case "toml":
            return str(tomllib.loads(source)["body"])
        case "csv":
            return next(csv.DictReader(io.StringIO(source, newline="")))["body"]
        case _:
            return polib.pofile(source)[0].msgstr


FIXABLE = {
    "json": ("json", '{"body": "It\\u0027s a miracle drug now."}'),
    "yaml-plain": ("yaml", "body: It's a miracle drug now.\n"),
    "yaml-single": ("yaml", "body: 'It''s a miracle drug now.'\n"),
    "yaml-double": ("yaml", 'body: "It\\x27s a miracle drug now."\n'),
    "yaml-literal": ("yaml", "body: |-\n  It's a miracle drug now.\n"),
    "yaml-folded": ("yaml", "body: >-\n  It's a miracle\n  drug now.\n"),
    "toml-basic": ("toml", 'body = "It\\u0027s a miracle drug now."\n'),
    "toml-literal": ("toml", "body = '''It's a miracle drug now.'''\n"),
    "csv-bare": ("csv", "id,body\r\n1,It's a miracle drug now.\r\n"),
    "csv-quoted": ("csv", 'id,body\n1,"It\'s a miracle drug now."\n'),
    "po": ("po", 'msgid "x"\nmsgstr ""\n"It\'s a miracle "\n"drug now."\n'),
}
NEW_WORDS = st.text(st.sampled_from("ab \"'\\:#,;&<>|{}[]%@!-\u00e9"), min_size=1, max_size=12)


@pytest.mark.parametrize("case", FIXABLE)
@settings(deadline=None, max_examples=30)
@given(NEW_WORDS)
def test_words_put_into_a_value_are_what_the_usual_library_then_reads(case: str, words: str) -> None:
    format, source = FIXABLE[case]
    document = read(source, format=format)
    start = re.search(r"miracle\s+drug", document.text)
    assert start is not None

    rewritten = replace_words(
        document, [Replacement(Span(*start.span()), words)], lambda changed: read(changed, format=format)
    )

    if not rewritten.refused:  # as it may be, where the words look like HTML or Markdown
        value = parsed(rewritten.document.source, format)
        assert " ".join(value.split()) == " ".join(f"It's a {words} now.".split())


@pytest.mark.parametrize("case", FIXABLE)
def test_plain_words_are_put_into_every_kind_of_value(case: str) -> None:
    format, source = FIXABLE[case]
    document = read(source, format=format)
    found = re.search(r"miracle\s+drug", document.text)
    assert found is not None

    rewritten = replace_words(
        document, [Replacement(Span(*found.span()), "new treatment")], lambda changed: read(changed, format=format)
    )

    assert not rewritten.refused
    assert " ".join(parsed(rewritten.document.source, format).split()) == "It's a new treatment now."


@pytest.mark.parametrize("delimiter", ",;\t|")
@pytest.mark.parametrize("words", ["a, b; c", 'so | "b"', "a\tb"])
def test_a_bare_cell_is_put_in_quotation_marks_where_new_words_need_them(delimiter: str, words: str) -> None:
    source = f"id{delimiter}body\n1{delimiter}It's a miracle drug now.\n"
    document = read(source, format="csv")
    found = re.search(r"miracle\s+drug", document.text)
    assert found is not None

    rewritten = replace_words(
        document, [Replacement(Span(*found.span()), words)], lambda changed: read(changed, format="csv")
    )

    assert not rewritten.refused
    rows = list(csv.DictReader(io.StringIO(rewritten.document.source, newline=""), delimiter=delimiter))
    assert rows == [{"id": "1", "body": f"It's a {words} now."}]


def test_what_a_program_looks_translations_up_by_is_not_changed() -> None:
    document = read('msgid "A miracle drug"\nmsgstr ""\n', format="po")

    rewritten = replace_words(document, [Replacement(Span(2, 9), "new")], lambda changed: read(changed, format="po"))

    assert [refusal.reason for refusal in rewritten.refused] == [
        "it is what the program looks its translations up by; change it in the program"
    ]
