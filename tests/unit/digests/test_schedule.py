"""When digests are due, held against clocks that are looked at quarter hour by quarter hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.digests.periods import SPARK, period
from chalicelib.digests.schedule import LATEST, Due, Sent, due, following
from chalicelib.domain.zones import midnight
from chalicelib.subscriptions.subscription import Cadence, DigestWish

QUARTER = timedelta(minutes=15)
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right")))
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(hour: int, zone: str = "Europe/Paris") -> DigestWish:
    return DigestWish(Cadence.DAILY, hour, zone, ("downloads",))


def weekly(hour: int, weekday: int, zone: str = "Europe/Paris") -> DigestWish:
    return DigestWish(Cadence.WEEKLY, hour, zone, ("downloads",), weekday)


def sent_over(wish: DigestWish, start: datetime, looks: Iterator[datetime]) -> list[tuple[datetime, Due]]:
    """Look again and again, and answer what was sent when."""
    last, found = None, []
    for now in looks:
        one = due(wish, start, start, last, now)
        if one is not None:
            found.append((now, one))
            last = Sent(one.day, wish.cadence)
    return found


def every_quarter(start: datetime, days: int) -> Iterator[datetime]:
    return (start + QUARTER * step for step in range(days * 96))


def shown(start: datetime, days: int, zone: str) -> list[tuple[datetime, datetime]]:
    """Answer what the clocks of a zone show, quarter hour by quarter hour."""
    return [(now, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for now in every_quarter(start, days)]


# Clocks change on these, one way or the other, in many zones; the last two are dates that some islands skipped.
STARTS = [
    *("2026-03-06", "2026-03-27", "2026-10-23", "2026-10-30", "2026-04-03", "2026-11-20"),
    *("2011-12-28", "1993-08-19"),
]


@given(st.sampled_from(ZONES), st.integers(0, 23), st.sampled_from(STARTS))
def test_a_daily_digest_comes_once_in_every_local_day_and_not_before_its_hour(zone: str, hour: int, day: str) -> None:
    start = at(day)
    clocks = shown(start, 5, zone)
    whole = sorted({local.date() for _, local in clocks})[1:-1]

    found = sent_over(daily(hour, zone), LONG_AGO, every_quarter(start, 5))

    days = Counter(one.day for _, one in found)
    assert [days[one] for one in whole] == [1] * len(whole)
    assert max(days.values()) == 1
    for now, one in found[1:]:
        reached = [then for then, local in clocks if (local.date(), local.hour) >= (one.day, hour)]
        assert reached[0] == now
        assert now - one.at < QUARTER


@given(st.sampled_from(ZONES), st.integers(0, 23), st.integers(1, 7), st.sampled_from(STARTS))
def test_a_weekly_digest_comes_once_in_every_week(zone: str, hour: int, weekday: int, day: str) -> None:
    start = at(day)

    found = sent_over(weekly(hour, weekday, zone), LONG_AGO, every_quarter(start - timedelta(days=8), 29))

    weeks = Counter(one.day.isocalendar()[:2] for _, one in found)
    assert set(weeks.values()) == {1}
    assert len(found) >= 4
    assert all(one.day.isoweekday() == weekday for _, one in found)


@given(st.sampled_from(ZONES), st.integers(0, 23), st.data())
def test_however_seldom_somebody_looks_no_digest_comes_twice_or_too_late(
    zone: str, hour: int, data: st.DataObject
) -> None:
    start = at(data.draw(st.sampled_from(STARTS)))
    gaps = data.draw(st.lists(st.integers(0, 60 * 70), max_size=30))
    looks = [start]
    for gap in gaps:
        looks.append(looks[-1] + timedelta(minutes=gap))

    found = sent_over(daily(hour, zone), start - timedelta(days=1), iter(looks))

    days = [one.day for _, one in found]
    assert days == sorted(set(days))
    assert all(timedelta() <= now - one.at <= LATEST[Cadence.DAILY] for now, one in found)
    told = {*days, *(day for _, one in found for day in one.missed)}
    if days:  # what was not sent is told by the next, up to a week back
        between = [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days)]
        exist = [
            day for day in between if midnight(day, ZoneInfo(zone)) < midnight(day + timedelta(days=1), ZoneInfo(zone))
        ]
        assert all(day in told or any(now.date() - day > timedelta(days=6) for now, _ in found) for day in exist)


def test_after_an_outage_the_latest_only_is_sent_and_says_what_was_missed() -> None:
    last = Sent(date(2026, 11, 22), Cadence.DAILY)

    found = due(daily(8), LONG_AGO, LONG_AGO, last, at("2026-11-26T09:00"))

    assert found == Due(date(2026, 11, 26), at("2026-11-26T07:00"), tuple(date(2026, 11, d) for d in (23, 24, 25)))


@pytest.mark.parametrize(
    ("wish", "now", "day"),
    [
        (daily(8), "2026-11-27T03:00", date(2026, 11, 26)),
        (daily(8), "2026-11-27T03:15", None),
        (weekly(8, 1), "2026-11-26T07:00", date(2026, 11, 23)),
        (weekly(8, 1), "2026-11-26T07:15", None),
    ],
)
def test_one_that_is_too_late_is_not_sent(wish: DigestWish, now: str, day: date | None) -> None:
    found = due(wish, LONG_AGO, LONG_AGO, None, at(now))

    assert (found and found.day) == day


def test_the_first_comes_after_the_confirmation() -> None:
    confirmed = at("2026-11-26T07:00")

    assert due(daily(8), confirmed, confirmed, None, at("2026-11-26T08:00")) is None
    first = due(daily(8), confirmed, confirmed, None, at("2026-11-27T07:00"))
    assert first == Due(date(2026, 11, 27), at("2026-11-27T07:00"))


def test_a_wish_that_comes_after_its_hour_is_met_on_the_same_day_and_nothing_before_was_missed() -> None:
    found = due(daily(8), LONG_AGO, at("2026-11-26T09:00"), None, at("2026-11-26T09:05"))

    assert found == Due(date(2026, 11, 26), at("2026-11-26T07:00"))


def test_another_weekday_does_not_make_a_second_digest_of_the_week() -> None:
    last = Sent(date(2026, 11, 23), Cadence.WEEKLY)

    assert due(weekly(8, 3), LONG_AGO, LONG_AGO, last, at("2026-11-26T00:00")) is None
    assert due(weekly(8, 3), LONG_AGO, LONG_AGO, last, at("2026-12-02T07:00")) is not None


@given(st.sampled_from(ZONES), st.integers(0, 23), st.sampled_from(STARTS), st.sampled_from([None, 1, 4, 7]))
def test_the_following_one_is_the_next_that_is_due(zone: str, hour: int, day: str, weekday: int | None) -> None:
    wish = daily(hour, zone) if weekday is None else weekly(hour, weekday, zone)
    now = at(day)

    upcoming = following(wish, now)

    assert upcoming is not None
    assert due(wish, now, now, None, upcoming) is not None
    assert due(wish, now, now, None, upcoming - timedelta(seconds=1)) is None


@given(st.sampled_from(ZONES), st.sampled_from(STARTS), st.sampled_from(Cadence))
def test_a_digest_is_about_the_last_whole_day_or_week(zone: str, day: str, cadence: Cadence) -> None:
    start = at(day)
    clocks = shown(start - timedelta(days=20), 21, zone)
    today = start.astimezone(ZoneInfo(zone)).date()

    of = period(cadence, today, ZoneInfo(zone))

    def key(local: datetime) -> tuple[int, ...]:
        return local.date().isocalendar()[: 3 if cadence is Cadence.DAILY else 2]

    # The first instants at which clocks show each day or week, the last but one of which is the one that is over.
    firsts = {key(local): now for now, local in reversed(clocks)}
    starts = sorted(now for now in firsts.values() if now <= start)[-2:]
    assert abs(of.start - starts[0]) < QUARTER
    assert abs(of.end - starts[1]) < QUARTER
    assert SPARK[cadence] - 1 <= len(of.bounds) - 1 <= SPARK[cadence]
