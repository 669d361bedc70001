"""What is due when: against a calendar that walks through time minute by minute, and by what always holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.due import Cadence, Due, Schedule, following, latest

ZONES = sorted(available_timezones())
SCHEDULES = st.builds(
    Schedule,
    st.sampled_from(Cadence),
    st.integers(0, 23),
    st.sampled_from(ZONES).map(ZoneInfo),
    st.integers(1, 7),
    st.integers(1, 31),
)
INSTANTS = st.integers(946_684_800, 2_114_380_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(SCHEDULES, INSTANTS)
def test_the_latest_is_past_the_following_to_come_and_nothing_lies_between(schedule: Schedule, now: datetime) -> None:
    before, after = latest(schedule, now), following(schedule, now)
    assert before is not None and after is not None
    assert before.at <= now < after.at and before.day < after.day
    assert latest(schedule, after.at) == after
    assert latest(schedule, after.at - timedelta(microseconds=1)) == before
    assert following(schedule, before.at) == after


@given(SCHEDULES, INSTANTS)
def test_it_is_on_its_day_at_its_hour_or_at_the_jump_over_it(schedule: Schedule, now: datetime) -> None:
    due = latest(schedule, now)
    assert due is not None
    local = due.at.astimezone(schedule.zone)
    if local.date() != due.day:  # the clocks went forward over all that was left of the day
        assert local.date() > due.day
        assert (due.at - timedelta(seconds=1)).astimezone(schedule.zone).date() <= due.day
    elif local.hour != schedule.hour:  # the clocks went forward over it
        before = (due.at - timedelta(seconds=1)).astimezone(schedule.zone).replace(tzinfo=None)
        assert before < datetime.combine(due.day, time(schedule.hour))
    if schedule.cadence is Cadence.WEEKLY:
        assert due.day.isoweekday() == schedule.weekday
    if schedule.cadence is Cadence.MONTHLY:
        is_last = (due.day + timedelta(days=1)).day == 1
        assert due.day.day == schedule.day or (is_last and due.day.day < schedule.day)


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Pacific/Kiritimati", "Asia/Kolkata"])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 8, 23])
def test_whoever_looks_again_and_again_finds_each_day_of_a_year_once(zone: str, hour: int) -> None:
    """Every five minutes on days around those on which clocks change, every half hour on all others."""
    at = ZoneInfo(zone)
    schedule = Schedule(Cadence.DAILY, hour, at)
    now, end = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2027, 1, 1, 12, tzinfo=UTC)
    seen: list[Due] = []
    while now < end:
        due = latest(schedule, now)
        assert due is not None
        if not seen or seen[-1] != due:
            seen.append(due)
        yesterday, tomorrow = ((now + timedelta(days=days)).astimezone(at) for days in (-1, 1))
        changes = yesterday.utcoffset() != tomorrow.utcoffset()
        now += timedelta(minutes=5 if changes else 30)
    days = [due.day for due in seen]
    assert days == [days[0] + timedelta(days=i) for i in range(len(days))]
    assert len(days) in (365, 366)


def test_an_hour_that_is_skipped_is_the_jump_and_one_that_comes_twice_is_its_first() -> None:
    paris = Schedule(Cadence.DAILY, 2, ZoneInfo("Europe/Paris"))
    assert latest(paris, datetime(2026, 3, 29, 12, tzinfo=UTC)) == Due(
        date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC)
    )
    assert latest(paris, datetime(2026, 10, 25, 12, tzinfo=UTC)) == Due(
        date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC)
    )


def test_a_date_that_does_not_exist_is_not_due() -> None:
    apia = Schedule(Cadence.DAILY, 8, ZoneInfo("Pacific/Apia"))
    found = latest(apia, datetime(2011, 12, 30, 12, tzinfo=UTC))
    assert found is not None and found.day == date(2011, 12, 29)
    then = following(apia, datetime(2011, 12, 30, 12, tzinfo=UTC))
    assert then is not None and then.day == date(2011, 12, 31)


def test_the_last_hour_of_a_day_that_is_skipped_is_due_at_the_jump() -> None:
    nuuk = Schedule(Cadence.DAILY, 23, ZoneInfo("America/Nuuk"))
    days = [following(nuuk, datetime(2026, 3, day, 12, tzinfo=UTC)) for day in (27, 28, 29)]
    assert [due and (due.day.day, due.at.day, due.at.hour) for due in days] == [(27, 28, 1), (28, 29, 1), (29, 30, 0)]


def test_a_week_without_its_weekday_is_due_at_the_jump() -> None:
    friday = Schedule(Cadence.WEEKLY, 8, ZoneInfo("Pacific/Apia"), weekday=5)
    found = latest(friday, datetime(2011, 12, 30, 12, tzinfo=UTC))
    assert found == Due(date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC))


def test_the_thirty_first_is_the_last_day_of_a_shorter_month() -> None:
    monthly = Schedule(Cadence.MONTHLY, 7, ZoneInfo("UTC"), day=31)
    found = latest(monthly, datetime(2028, 3, 15, tzinfo=UTC))
    assert found is not None and found.day == date(2028, 2, 29)
