"""Forms of words."""

from __future__ import annotations

import pytest

from kaudit.catalog import inflect


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("cure", ("cure", "cures", "cured", "curing")),
        ("remedy", ("remedy", "remedies", "remedied", "remedying")),
        ("stop", ("stop", "stops", "stopped", "stopping")),
        ("boost", ("boost", "boosts", "boosted", "boosting")),
        ("heal", ("heal", "heals", "healed", "healing")),
        ("free", ("free", "frees", "freed", "freeing")),
        ("fix", ("fix", "fixes", "fixed", "fixing")),
        ("play", ("play", "plays", "played", "playing")),
        ("relieve", ("relieve", "relieves", "relieved", "relieving")),
    ],
)
def test_regular_forms(word: str, wanted: tuple[str, ...]) -> None:
    assert inflect.forms(word, {}) == wanted


def test_irregular_forms_come_from_the_catalog() -> None:
    assert inflect.forms("get", {"get": ("gets", "got", "getting")}) == ("get", "gets", "got", "getting")


@pytest.mark.parametrize(("form", "wanted"), [("base", "feel"), ("s", "feels"), ("ed", "felt"), ("ing", "feeling")])
def test_a_verb_in_a_form(form: str, wanted: str) -> None:
    assert inflect.in_form("feel", form, {"feel": ("feels", "felt", "feeling")}) == wanted
