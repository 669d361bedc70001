"""Names of visitors: one a day and site, two in the first minutes, none that can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.visitors import LINKED, Salts, days, forgotten_at, name

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
SALTS = Salts(b"t" * 32, b"y" * 32)


def test_the_same_visitor_has_one_name_and_whatever_differs_another() -> None:
    names = [
        name(SALTS, "acme", "203.0.113.7", "Firefox").name,
        name(SALTS, "shop", "203.0.113.7", "Firefox").name,
        name(SALTS, "acme", "203.0.113.8", "Firefox").name,
        name(SALTS, "acme", "203.0.113.7", "Chrome").name,
        name(replace(SALTS, today=b"n" * 32), "acme", "203.0.113.7", "Firefox").name,
    ]

    assert len(set(names)) == 5
    assert name(SALTS, "acme", "203.0.113.7", "Firefox").name == names[0]
    assert all(len(one) == 32 for one in names)


def test_the_name_of_the_day_before_is_the_one_that_was_given_then() -> None:
    yesterday = name(Salts(SALTS.before or b""), "acme", "203.0.113.7", "Firefox")

    today = name(SALTS, "acme", "203.0.113.7", "Firefox")

    assert today.before == yesterday.name
    assert yesterday.before is None


@pytest.mark.parametrize(
    ("since_midnight", "linked"),
    [(timedelta(0), True), (timedelta(minutes=34, seconds=59), True), (timedelta(minutes=35), False)],
)
def test_the_salt_of_the_day_before_is_needed_for_the_first_minutes(since_midnight: timedelta, linked: bool) -> None:
    today, before = days(MIDNIGHT + since_midnight)

    assert today == date(2026, 11, 23)
    assert before == (date(2026, 11, 22) if linked else None)


def test_a_salt_is_forgotten_when_nobody_needs_it_any_more() -> None:
    assert forgotten_at(date(2026, 11, 22)) == MIDNIGHT + LINKED


def test_a_salt_that_is_too_short_hides_nobody() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        name(Salts(b"short"), "acme", "203.0.113.7", "Firefox")
