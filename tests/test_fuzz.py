"""What a fuzzer once fed, and found or kept, is read as it should be; see fuzz/run.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz_targets import TARGETS

CORPUS = Path(__file__).parent.parent / "fuzz" / "corpus"
INPUTS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_of_the_kept_corpus_breaks_no_promise(name: str) -> None:
    target, _, _ = name.partition("/")

    TARGETS[target]((CORPUS / name).read_bytes())


def test_every_target_has_inputs_to_begin_with() -> None:
    assert {name.partition("/")[0] for name in INPUTS} == set(TARGETS)
