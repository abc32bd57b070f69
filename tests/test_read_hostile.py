"""No document takes more than a moment, in whatever format it is read."""

from __future__ import annotations

import time

import pytest
from hostile_documents import DOCUMENTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nasty_documents import HTML_SEEN, MARKDOWN_SEEN, MDX_SEEN
from places import assert_places

from kaudit.read import read

SIGNS = [
    *"*_`~[]()<>!#&|\\{}\"'=:;-\n\t\0\u00a0\u00ad",
    "\r\n",
    "\n\n",
    "&amp;",
    "<b>",
    "</b>",
    "<code>",
    "<!--",
    "-->",
]
SIGNS += ["{{", "}}", "{%", "%}", "> ", "- ", "    ", "```", "http://a.b", "<div hidden>", "</div>", "<br>", "[^1]"]


@pytest.mark.parametrize("format", ["markdown", "mdx", "html", "text"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_read_in_a_moment(name: str, format: str) -> None:
    start = time.process_time()

    read(DOCUMENTS[name], format=format)

    assert time.process_time() - start < 3  # a tenth of it on a machine that does nothing else


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(MARKDOWN_SEEN + HTML_SEEN + MDX_SEEN), st.data())
def test_every_visible_character_has_its_place_in_documents_that_were_spoilt(source: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source)))
        end = min(len(source), at + data.draw(st.integers(0, 3)))
        source = source[:at] + data.draw(st.sampled_from(SIGNS)) + source[end:]

    for format in ("markdown", "mdx", "html"):
        assert_places(read(source, format=format))
