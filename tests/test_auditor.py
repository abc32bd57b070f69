"""The library as its users see it: findings, places, settings."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_catalogs import catalog_of
from small_catalogs import rule as rule_of

import kaudit
from kaudit import Auditor, Category, Config, Jurisdiction, Severity
from kaudit.catalog import load_catalog
from kaudit.catalog.compiled import Catalog
from kaudit.model import Confidence, Finding
from kaudit.overlap import resolve

PAGE = "Ketamine: A Miracle Drug\n\nIt cures depression with minimal side effects. It is the best option for you.\n"


def test_a_page_is_audited() -> None:
    report = kaudit.audit(PAGE, path="page.txt")

    rules = {found.rule for found in report.findings}
    assert {"promises-miracle", "cures-condition", "minimal-side-effects", "tells-reader-it-is-right"} <= rules
    assert {"missing-off-label", "missing-risks"} <= rules
    assert report.documents[0].path == "page.txt"
    assert report.summary()["critical"] >= 1


def test_the_function_is_there_again_and_again() -> None:
    assert kaudit.audit("fine").findings == ()
    assert kaudit.audit("fine").findings == ()


def test_a_long_paragraph_takes_a_moment(catalog: Catalog) -> None:
    auditor = Auditor(catalog)
    start = time.process_time()

    auditor.audit("Our nice text. " * 40_000)

    assert time.process_time() - start < 8  # a quarter of it on a machine that does nothing else; twice, if quadratic


@pytest.mark.parametrize("text", [PAGE, PAGE.replace("\n", "\r\n"), "\U0001f600\u00e9 " + PAGE, "\ufeff" + PAGE])
def test_findings_quote_their_place(text: str) -> None:
    lines = text.split("\n")
    for found in kaudit.audit(text).findings:
        assert found.text == text[found.start : found.end]
        assert lines[found.line - 1][found.column - 1 :].startswith(found.text.split("\n")[0].rstrip("\r"))
        assert found.reasons[0].effect in map(str, Severity)


def test_reasons_name_their_cue() -> None:
    (found,) = kaudit.audit("It may cure depression.").findings

    assert [(reason.effect, reason.cue) for reason in found.reasons] == [("critical", "cures-condition"), ("-1", "may")]
    assert found.severity is Severity.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "There is no cure for depression.",
        "Is it a miracle drug? No.",
        "Beware of anyone who promises a cure for depression.",
        "So-called miracle drugs are sold everywhere.",
        "Side effects include nausea and dizziness.",
    ],
)
def test_sound_sentences_are_left_alone(text: str) -> None:
    assert kaudit.audit(text).findings == ()


def test_rules_and_categories_are_selected_and_left_out(catalog: Catalog) -> None:
    def found(config: Config) -> set[str]:
        return {finding.rule for finding in Auditor(catalog, config).audit(PAGE).findings}

    assert found(Config(select=("cures-condition",))) == {"cures-condition"}
    assert found(Config(select=("safety",))) == {"minimal-side-effects"}
    assert "cures-condition" not in found(Config(ignore=("cure",)))
    assert "cures-condition" in found(Config())


def test_the_law_of_the_place_applies(catalog: Catalog) -> None:
    text = "We offer ketamine."

    assert Auditor(catalog).audit(text).findings == ()
    (found,) = Auditor(catalog, Config(jurisdictions=(Jurisdiction.UK,))).audit(text + " Ketamine!").findings
    assert (found.rule, found.category) == ("names-prescription-medicine", Category.APPROVAL)


def test_severities_differ_by_law(catalog: Catalog) -> None:
    text = "It changed my life. Our patients love it. Call us today. The best clinic. Studies show that it helps."

    def severity(place: Jurisdiction) -> Severity:
        findings = Auditor(catalog, Config(jurisdictions=(place,))).audit(text).findings
        return next(found.severity for found in findings if found.rule == "one-persons-story")

    assert (severity(Jurisdiction.US), severity(Jurisdiction.AU)) == (Severity.HIGH, Severity.CRITICAL)


def test_an_auditor_serves_many_threads(catalog: Catalog) -> None:
    auditor = Auditor(catalog)
    wanted = auditor.audit(PAGE)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: auditor.audit(PAGE), range(40)))

    assert all(result == wanted for result in results)


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01")

    auditor = Auditor(catalog)
    report = auditor.report(auditor.audit_files([tmp_path / "b.txt", tmp_path / "none.txt", tmp_path / "a.txt"]))

    assert [Path(unread.path).name for unread in report.unread] == ["b.txt", "none.txt"]
    assert len(report.documents) == 1


def test_fingerprints_survive_edits_elsewhere() -> None:
    before = {found.fingerprint for found in kaudit.audit(PAGE).findings if found.category != "disclosure"}
    after = {found.fingerprint for found in kaudit.audit("A new line.\n\n" + PAGE).findings}

    assert before <= after
    assert len(before) == sum(found.category != "disclosure" for found in kaudit.audit(PAGE).findings)


def finding(start: int, end: int, severity: Severity, category: Category = Category.CURE) -> Finding:
    text = f"{start}-{end}"
    return Finding(text, category, severity, Confidence.HIGH, start, end, 1, start + 1, 1, end + 1, text, "", "")


def test_one_claim_is_one_finding() -> None:
    wide = finding(0, 20, Severity.HIGH)
    worse = finding(5, 9, Severity.CRITICAL)
    other = finding(0, 20, Severity.LOW, Category.TIMING)
    apart = finding(30, 40, Severity.LOW)

    assert resolve((found, len(found.span)) for found in (wide, worse, other, apart)) == [other, worse, apart]
    assert resolve((found, len(found.span)) for found in (finding(0, 9, Severity.HIGH), wide)) == [wide]
    assert resolve([(finding(0, 9, Severity.HIGH), 9), (wide, 8)]) == [finding(0, 9, Severity.HIGH)]


def test_what_leads_a_list_in_disowns_its_items() -> None:
    items = "- It cures depression for good.\n- It has no side effects at all.\n"

    assert not kaudit.audit(f"How to spot a scam:\n\n{items}").findings
    assert kaudit.audit(f"What our oil does:\n\n{items}").findings


def test_quotations_that_stand_alone_are_reported_where_nothing_is_sold() -> None:
    quotations = '"It cures cancer, with no side effects."\n\n"It eliminates depression for good."\n'

    assert not kaudit.audit(f"We asked the people who wrote in.\n\n{quotations}").findings
    assert kaudit.audit(f"What our patients say. Book now at our clinic!\n\n{quotations}").findings


def test_a_quotation_goes_on_over_several_sentences() -> None:
    ruling = 'Two people wrote to the agency. The post read "It has no side effects. It cures depression." in May.'

    assert not kaudit.audit(ruling).findings
    assert kaudit.audit(ruling.replace('"', "")).findings


def test_a_sentence_with_many_claims_is_no_more_of_an_advertisement_than_one_with_one() -> None:
    study = "The trial enrolled 80 adults. Some of the participants slept better at week six. "
    once = "Ads say it is a miracle cure, a revolutionary breakthrough with dramatic results."

    assert not kaudit.audit(study * 3 + once).findings


def test_words_in_quotation_marks_are_reported_where_nothing_is_sold() -> None:
    report = (
        'The agency wrote to the firm on Monday. It had asked why its leaflet called the oil "completely safe" in May.'
    )

    assert not kaudit.audit(report).findings
    assert kaudit.audit(f"{report} Book now: our oil, our promise, our clinic. Call us today!").findings


@pytest.mark.parametrize("text", ["", " \n", "---\nlayout: page\n---\n"])
def test_in_a_document_without_words_nothing_is_found(text: str, catalog: Catalog) -> None:
    assert Auditor(catalog).audit(text, format="markdown").findings == ()


@pytest.mark.parametrize(
    ("text", "rule", "wanted"),
    [
        ("It works for everyone.", "works-for-everyone", {"us": "high", "au": "critical"}),
        ("Our clinic, book today: it changed my life!", "one-persons-story", {"us": "high", "au": "critical"}),
        ("Our clinic, book today: no referral required.", "sends-to-self-diagnosis", {"us": "high", "eu": "critical"}),
        (
            "Our clinic offers ketamine. Book today.",
            "names-prescription-medicine",
            {"us": None, "uk": "high", "ca": "high"},
        ),
    ],
)
def test_what_the_law_differs_on_weighs_as_it_says(text: str, rule: str, wanted: dict[str, str | None]) -> None:
    for place, severity in wanted.items():
        found = Auditor(config=Config(jurisdictions=(Jurisdiction(place),))).audit(text).findings

        assert next((str(each.severity) for each in found if each.rule == rule), None) == severity, place


def test_a_severity_of_a_jurisdiction_rests_on_a_source_from_there() -> None:
    issuers = {
        "au": ("au-", "tga-"),
        "uk": ("uk-", "asa-"),
        "eu": ("eu-",),
        "ca": ("ca-",),
        "us": ("us-", "ftc-", "fda-"),
    }

    for rule in load_catalog().rules.values():
        for place in rule.severities:
            assert any(key.startswith(issuers[place]) for key in rule.sources), (rule.id, place)


def test_a_sentence_that_readers_need_is_not_replaced_whole() -> None:
    auditor = Auditor(config=Config(select=("denies-any-equal",)))

    (replaced,) = auditor.audit("Our clinic, book today: nothing else comes close.").findings
    (kept,) = auditor.audit("Our clinic, book today: nothing else comes close, and it can cause psychosis.").findings

    assert [draft.text for draft in replaced.suggestions] == ["Compare several options before you decide"]
    assert kept.suggestions == ()


def test_in_a_block_of_signs_that_nobody_sees_nothing_is_found() -> None:
    auditor = Auditor(catalog_of("claims:\n" + rule_of("['/x+/']")))

    assert auditor.audit("An xx.\n\n\u00ad\u00ad\n\n", format="markdown").findings != ()
    assert auditor.audit("\u00ad\u00ad", format="markdown").findings == ()
