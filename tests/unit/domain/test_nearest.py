"""The near name: what a person probably meant, at a bounded cost."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.faults import MOST_UNKNOWN, not_found, unknown_names
from chalicelib.domain.nearest import LONGEST, NotKnown, nearest, one_of
from chalicelib.domain.periods import Interval, parse_interval
from chalicelib.domain.zones import zone

NAMES = ("downloads", "stars", "page_views", "pull_requests", "sessions")


@given(st.sampled_from(NAMES), st.data())
def test_one_slip_of_the_hand_is_seen_through(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    dropped = name[:at] + name[at + 1 :]
    doubled = name[:at] + name[at] + name[at:]

    assert {nearest(slip, NAMES) for slip in (swapped, dropped, doubled, name.upper(), name.replace("_", "-"))} == {
        name
    }


@given(st.text(max_size=200))
def test_what_is_suggested_is_always_known(given_name: str) -> None:
    assert nearest(given_name, NAMES) in {None, *NAMES}


@pytest.mark.parametrize("hostile", ["", " ", "a" * (LONGEST + 1), "x" * 1_000_000, "/" * 64])
def test_what_nobody_meant_is_not_compared(hostile: str) -> None:
    assert nearest(hostile, NAMES) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [("day", "P1D"), ("1H", "PT1H"), ("weekly", "P1W"), ("quarter", "P3M"), ("p1d", "P1D"), ("PT30M", "PT60M")],
)
def test_an_interval_in_words_is_suggested_and_not_read(written: str, meant: str) -> None:
    with pytest.raises(NotKnown) as refused:
        parse_interval(written)

    assert refused.value.suggestion in set(Interval)
    if meant in set(Interval):
        assert refused.value.suggestion == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("europe/paris", "Europe/Paris"),
        ("Tokyo", "Asia/Tokyo"),
        ("New York", "America/New_York"),
        ("Kathmandu", "Asia/Kathmandu"),
    ],
)
def test_a_zone_is_suggested_by_its_city_too(written: str, meant: str) -> None:
    with pytest.raises(NotKnown, match=f"Did you mean '{meant}'"):
        zone(written)


def test_a_hundred_thousand_unknown_fields_cost_milliseconds_and_are_counted() -> None:
    began = process_time()
    said = unknown_names((f"downloadz{number}" for number in range(100_000)), NAMES)

    assert process_time() - began < 1
    assert len(said) == MOST_UNKNOWN + 1
    assert said[-1]["detail"] == "99,980 more are unknown, which are not listed."


def test_what_is_refused_tells_all_that_there_are_and_the_near_one() -> None:
    with pytest.raises(NotKnown, match=r"one of: json, csv\. Did you mean 'csv'"):
        one_of("cvs", ["json", "csv"], "format")
    assert one_of("csv", ["json", "csv"], "format") == "csv"


def test_a_path_that_names_nothing_suggests_the_near_name() -> None:
    error = not_found("name", "metric", "downlods", NAMES, "/v1/metrics")

    assert error.status == 404
    assert error.errors[0]["suggestion"] == "downloads"
