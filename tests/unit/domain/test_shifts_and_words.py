"""Steps back in local time, and ranges as words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.periods import Interval, boundaries
from chalicelib.domain.range_words import WORDS, parse_range
from chalicelib.domain.shifts import Shift, earlier, length

NEW_YORK, UTC_ZONE = ZoneInfo("America/New_York"), ZoneInfo("UTC")
ZONES = ["America/New_York", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


STEPS = [
    ("2026-03-31T10:00", Shift(months=1), "2026-03-01T00:00"),  # there is no 31 February: where February ends
    ("2026-03-28T10:00", Shift(months=1), "2026-02-28T10:00"),
    ("2028-02-29T00:00", Shift(months=12), "2027-03-01T00:00"),
    ("2026-01-04T00:00", Shift(months=1), "2025-12-04T00:00"),
    ("2026-01-04T00:15", Shift(days=3, time=timedelta(hours=1)), "2025-12-31T23:15"),
]


@pytest.mark.parametrize(("instant", "shift", "before"), STEPS)
def test_a_step_back_keeps_the_local_time(instant: str, shift: Shift, before: str) -> None:
    assert earlier(at(instant), shift, UTC_ZONE) == at(before)


def test_a_day_that_clocks_began_at_one_is_preceded_by_a_whole_day() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    begins = datetime(2000, 4, 27, 22, tzinfo=UTC)  # one o'clock of the 28th: there was no midnight

    assert earlier(begins, Shift(days=1), cairo) == datetime(2000, 4, 26, 22, tzinfo=UTC)
    assert earlier(begins, Shift(time=timedelta(hours=2)), cairo) == datetime(2000, 4, 27, 21, tzinfo=UTC)


def test_a_step_back_over_a_change_of_clocks_is_local_and_keeps_the_occurrence() -> None:
    first, second = at("2026-11-01T05:30"), at("2026-11-01T06:30")  # 01:30 twice in New York

    assert earlier(at("2026-03-09T04:00"), Shift(days=1), NEW_YORK) == at("2026-03-08T05:00")
    assert earlier(first, Shift(days=7), NEW_YORK) == earlier(second, Shift(days=7), NEW_YORK) == at("2026-10-25T05:30")
    assert earlier(second, Shift(), NEW_YORK) == second


LENGTHS = [
    ("2026-01-01T05:00", "2026-04-01T04:00", Shift(months=3)),  # whole months of New York, over a change
    ("2026-03-07T05:00", "2026-03-10T04:00", Shift(days=3)),
    ("2026-03-07T15:00", "2026-03-08T14:00", Shift(days=1)),  # 10:00 to 10:00, 23 hours
    ("2026-03-07T15:00", "2026-03-07T16:30", Shift(time=timedelta(minutes=90))),
]


@pytest.mark.parametrize(("start", "end", "expected"), LENGTHS)
def test_the_length_of_a_range_is_local(start: str, end: str, expected: Shift) -> None:
    assert length(at(start), at(end), NEW_YORK) == expected


NOW = at("2026-11-25T12:07")  # a Wednesday
WORD = [
    ("7d", "2026-11-18", "2026-11-25", Shift(days=7)),
    ("1d", "2026-11-24", "2026-11-25", Shift(days=1)),
    ("yesterday", "2026-11-24", "2026-11-25", Shift(days=1)),
    ("2w", "2026-11-09", "2026-11-23", Shift(days=14)),
    ("6mo", "2026-05-01", "2026-11-01", Shift(months=6)),
    ("1q", "2026-07-01", "2026-10-01", Shift(months=3)),
    ("last_quarter", "2026-07-01", "2026-10-01", Shift(months=3)),
    ("last_month", "2026-10-01", "2026-11-01", Shift(months=1)),
    ("2y", "2024-01-01", "2026-01-01", Shift(months=24)),
    ("24h", "2026-11-24T13:00", "2026-11-25T13:00", Shift(time=timedelta(hours=24))),
    ("today", "2026-11-25", "2026-11-26", Shift(days=1)),
    ("week", "2026-11-23", "2026-11-30", Shift(days=7)),
    ("month", "2026-11-01", "2026-12-01", Shift(months=1)),
    ("year", "2026-01-01", "2027-01-01", Shift(months=12)),
    ("wtd", "2026-11-23", "2026-11-26", Shift(days=7)),
    ("mtd", "2026-11-01", "2026-11-26", Shift(months=1)),
    ("qtd", "2026-10-01", "2026-11-26", Shift(months=3)),
    ("ytd", "2026-01-01", "2026-11-26", Shift(months=12)),
]


@pytest.mark.parametrize(("word", "start", "end", "step"), WORD)
def test_a_word_means(word: str, start: str, end: str, step: Shift) -> None:
    span = parse_range(word).at(NOW, Interval.P1D, UTC_ZONE)

    assert (span.start, span.end, span.step) == (at(start), at(end), step)


def test_all_has_no_start_of_its_own() -> None:
    span = parse_range("all").at(NOW, Interval.P1D, UTC_ZONE)

    assert (span.start, span.end, span.step) == (None, at("2026-11-26"), None)


@given(
    st.sampled_from([*(word for word in WORDS if word != "all"), "3h", "9d", "5w", "4mo", "3q", "2y"]),
    st.integers(0, 20 * 365 * 24 * 4),
    st.sampled_from(list(Interval)),
    st.sampled_from(ZONES),
)
@settings(max_examples=300)
def test_every_word_is_a_range_of_whole_periods_around_now(
    word: str, quarter: int, interval: Interval, zone: str
) -> None:
    now = at("2007-01-01") + timedelta(minutes=15 * quarter + 7)

    span = parse_range(word).at(now, interval, ZoneInfo(zone))

    assert span.start is not None
    assert span.start < span.end
    unit = {"h": Interval.PT1H, "d": Interval.P1D, "w": Interval.P1W, "mo": Interval.P1M, "q": Interval.P3M}
    if word[0].isdigit():
        period = unit.get(word.lstrip("0123456789"), Interval.P1Y)
        if period is not Interval.PT1H:
            assert span.end <= now
            assert len(boundaries(span.start, span.end, period, ZoneInfo(zone))) - 1 in (int(word[0]), int(word[0]) - 1)
    elif word.endswith("td") or word in ("today", "week", "month", "quarter", "year"):
        assert span.start <= now < span.end


@pytest.mark.parametrize("word", ["", "7", "d", "0d", "-7d", "7D", "7m", "soon", "100000d", "7d ", "last_hour"])
def test_what_is_no_word_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="There is no range"):
        parse_range(word)


def test_a_word_before_all_times_is_refused() -> None:
    for word in ("99y", "20000d", "99999w", "99999y", "99999mo", "99999d"):
        with pytest.raises(ValueError, match="before 1980-01-01"):
            parse_range(word).at(NOW, Interval.P1D, UTC_ZONE)
