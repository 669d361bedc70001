"""What is kept of a beacon: an allow-list, and errors that never say what was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.beacon_agents import agent_of
from chalicelib.sources.beacon_form import LATEST_OFFSET_MS, Place, Sender, place, reduce
from chalicelib.sources.beacon_sites import check_sites

SENDER = Sender("acme", "v" * 32, None, "Firefox", 145, "Linux", "desktop", False, first_party=False)
PAGE = Place("www.acme.example", "/", {})
GOOD = {"id": "abcdefgh1", "at": 1_000_000}
SECRET = "canary-7f3a"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (f"https://www.acme.example/a?token={SECRET}", "www.acme.example/a"),
        (f"https://www.acme.example/a#{SECRET}", "www.acme.example/a"),
        (f"https://{SECRET}:{SECRET}@www.acme.example/", "www.acme.example/"),
        (f"https://www.acme.example/a;sid={SECRET}/b;x", "www.acme.example/a/b"),
        ("HTTPS://WWW.Acme.Example:443", "www.acme.example/"),
        ("http://www.acme.example:8080/a", "www.acme.example:8080/a"),
        (f"mailto:{SECRET}@acme.example", "mailto:"),
        (f"android-app://{SECRET}/", "android-app:"),
        (f"data:text/html,{SECRET}", "data:"),
    ],
)
def test_an_address_loses_everything_personal(address: str, kept: str) -> None:
    found = place(address, "url")

    assert found is not None
    assert found.plain == kept


def test_of_a_query_only_campaigns_stay_and_no_mail_addresses() -> None:
    found = place(f"https://a.example/?utm_source=news&utm_term=x&utm_id={SECRET}&q={SECRET}&utm_content=a@b.c", "url")

    assert found is not None
    assert found.campaign == {"utm_source": "news", "utm_term": "x"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "short"},
        {"id": f"{SECRET} with spaces"},
        {"kind": SECRET},
        {"at": -1},
        {"at": SECRET},
        {"target": f"//{SECRET}"},
        {"target": f"https://[{SECRET}"},
        {"referrer": 7},
        {"kind": "outbound"},
        {"kind": "event"},
        {"kind": "engagement"},
        {"kind": "engagement", "duration_ms": 25 * 3_600_000},
        {"title": SECRET * 100},
        {"name": SECRET * 100},
        {"properties": [SECRET]},
        {"properties": {SECRET: {"deep": SECRET}}},
        {"properties": {SECRET: float("inf")}},
        {"properties": {str(n): n for n in range(31)}},
    ],
)
def test_what_is_wrong_is_named_without_saying_what_was_sent(wrong: dict[str, Any]) -> None:
    with pytest.raises(SkippableRecordError) as caught:
        reduce({**GOOD, **wrong}, PAGE, None, SENDER)

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("referrer", [f"//{SECRET}", f"https://[{SECRET}", "https:///", SECRET])
def test_a_referrer_that_is_no_address_costs_no_view(referrer: str) -> None:
    assert "referrer" not in reduce({**GOOD, "referrer": referrer}, PAGE, None, SENDER)


def test_fields_that_are_not_on_the_list_are_dropped() -> None:
    kept = reduce({**GOOD, "ip": SECRET, "userAgent": SECRET, "cookie": {"a": SECRET}}, PAGE, None, SENDER)

    assert SECRET not in json.dumps(kept)


def test_the_first_party_id_is_kept_only_where_the_site_opted_in() -> None:
    said = {**GOOD, "first_party_id": "f" * 16, "first_seen": "2026-11-01"}
    opted = Sender(**{name: getattr(SENDER, name) for name in SENDER.__slots__} | {"first_party": True})

    assert "first_party_id" not in reduce(said, PAGE, None, SENDER)
    assert reduce(said, PAGE, None, opted)["first_party_id"] == "f" * 16


@pytest.mark.parametrize(
    ("at", "sent", "offset"),
    [(1000, 1500, 500), (1500, 1000, 0), (0, LATEST_OFFSET_MS, LATEST_OFFSET_MS), (0, LATEST_OFFSET_MS + 1, 0)],
)
def test_a_clock_that_says_what_cannot_be_is_not_believed(at: int, sent: int, offset: int) -> None:
    assert reduce({**GOOD, "at": at}, PAGE, sent, SENDER)["offset_ms"] == offset


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
fields = ["id", "kind", "view", "at", "title", "referrer", "target", "name", "duration_ms", "properties", "first_seen"]


@given(st.dictionaries(st.sampled_from(fields), values))
def test_whatever_is_said_is_kept_or_refused(said: dict[str, Any]) -> None:
    try:
        kept = reduce({**GOOD, **said}, PAGE, 5, SENDER)
    except SkippableRecordError:
        return
    json.dumps(kept, allow_nan=False)


@given(st.text())
def test_any_text_is_an_address_or_refused(address: str) -> None:
    try:
        found = place(address, "url")
    except SkippableRecordError:
        return
    assert found is None or "?" not in found.plain


AGENTS = [
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
     "Mobile/15E148 Safari/604.1", ("Mobile Safari", 18, "iOS", "mobile", False)),
    ("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
     ("Chrome", 130, "Android", "tablet", False)),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
     ("Firefox", 145, "Linux", "desktop", False)),
    ("curl/8.9.1", ("curl", 8, None, "other", True)),
]  # fmt: skip


@pytest.mark.parametrize(("user_agent", "expected"), AGENTS)
def test_a_user_agent_becomes_five_plain_words(user_agent: str, expected: tuple[Any, ...]) -> None:
    found = agent_of(user_agent)

    system = None if found.system == "Other" else found.system
    assert (found.browser, found.version, system, found.device, found.bot) == expected


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        ([], "list of sites"),
        ([{"id": "Acme", "hosts": ["a.example"]}], "id of lower-case"),
        ([{"id": "acme", "hosts": ["a.example"], "host": 1}], "no key host"),
        ([{"id": "acme", "hosts": ["https://a.example"]}], "hosts of acme"),
        ([{"id": "acme", "hosts": ["a.example"], "origins": ["a.example"]}], "origins of acme"),
        ([{"id": "acme", "hosts": ["a.example"], "sections": {"blog": ["b.example/"]}}], "none of its hosts"),
        ([{"id": "acme", "hosts": ["a.example"], "sections": {"blog": ["a.example"]}}], "sections of acme"),
        ([{"id": "acme", "hosts": ["a.example"], "first_party_id": "yes"}], "true or false"),
        ([{"id": "acme", "hosts": ["a.example"]}, {"id": "shop", "hosts": ["a.example"]}], "one site"),
    ],
)
def test_a_wrong_site_is_told_what_to_do(sites: Any, said: str) -> None:
    assert said in (check_sites(sites) or "")
