"""Raw pages come back as they were received, without what must not be kept."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import IntegrityError
from chalicelib.ingest.pages import RawPage, decode, encode, request_key
from chalicelib.sources.base import Page, Request

ASKED = Request("GET", "https://api.test")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
texts = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.binary(), st.none() | st.binary(), st.dictionaries(texts, texts), st.none() | texts)
def test_a_page_comes_back_byte_by_byte(
    body: bytes, sent: bytes | None, params: dict[str, str], earlier: str | None
) -> None:
    request = Request("POST", "https://api.test/é", params, {"accept": "x"}, sent, conditional=True)
    raw = RawPage(Page(request, 200, {"etag": '"1"'}, body, NOW), earlier)

    assert decode(encode(raw)) == raw
    assert encode(decode(encode(raw))) == encode(raw)


def test_cookies_are_not_kept() -> None:
    page = Page(Request("GET", "https://api.test"), 200, {"set-cookie": "secret", "date": "x"}, b"", NOW)

    assert decode(encode(RawPage(page))).page.headers == {"date": "x"}


@pytest.mark.parametrize("body", [b"a \xe9", b'{"stars": 3}\n'])
def test_a_kept_page_is_a_line_about_it_and_its_body_as_it_came(body: bytes) -> None:
    about, _, kept = gzip.decompress(encode(RawPage(Page(ASKED, 200, {}, body, NOW)))).partition(b"\n")

    assert kept == body
    assert json.loads(about)["request"]["url"] == "https://api.test"


@pytest.mark.parametrize(("text", "encoding", "body"), [("é\n", "utf-8", b"\xc3\xa9\n"), ("/w==", "base64", b"\xff")])
def test_pages_as_they_were_kept_at_first_can_be_read(text: str, encoding: str, body: bytes) -> None:
    about, _, _ = gzip.decompress(encode(RawPage(Page(ASKED, 200, {}, b"", NOW)))).partition(b"\n")
    older = gzip.compress(json.dumps(json.loads(about) | {"body": text, "encoding": encoding}).encode())

    assert decode(older) == RawPage(Page(ASKED, 200, {}, body, NOW))


@pytest.mark.parametrize("body", [b"", b"no gzip", b"\x1f\x8b\x08cut"])
def test_what_is_no_page_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(IntegrityError):
        decode(body)


def test_the_same_question_has_the_same_name_whatever_the_order_or_headers() -> None:
    one = Request("GET", "u", {"a": "1", "b": "2"}, {"x": "1"})
    two = Request("GET", "u", {"b": "2", "a": "1"}, {"x": "2"})

    assert request_key(one) == request_key(two)
    assert request_key(one) != request_key(Request("POST", "u", {"a": "1", "b": "2"}, body=b"x"))
