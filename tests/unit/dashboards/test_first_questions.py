"""The questions that are asked first: few, each once, answerable at any time in any zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.dashboards.first_questions import first_questions, page_questions
from chalicelib.dashboards.seeded import ORDER, of_company
from chalicelib.dashboards.widgets import Kind
from chalicelib.domain.periods import GRID
from chalicelib.metrics.comparison import Versus

ZONES = ("UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Kiritimati")
MOST = 150
instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES).map(ZoneInfo)
behind = st.none() | st.timedeltas(timedelta(), timedelta(days=100))
brands = st.none() | st.text(max_size=20)


@settings(max_examples=30)
@given(instants, zones, behind, brands)
def test_they_are_few_each_once_and_may_be_asked(
    now: datetime, zone: ZoneInfo, lag: timedelta | None, brand: str | None
) -> None:
    known = None if lag is None else now - lag

    found = list(first_questions(now, zone, brand, lambda _: known))

    assert 50 < len({question.key for question in found}) == len(found) <= MOST
    for question in found:
        question.require_few_buckets()
        assert question.start < question.end
        assert all((edge - datetime(2000, 1, 1, tzinfo=UTC)) % GRID == timedelta() for edge in question.bounds)


@settings(max_examples=30)
@given(instants, zones)
def test_a_page_asks_for_whole_days_up_to_today_and_its_tiles_beside_those_before(
    now: datetime, zone: ZoneInfo
) -> None:
    for name in ORDER:
        widgets = [one for one in of_company(name, "Acme")["widgets"] if one["question"] is not None]
        found = list(page_questions(name, now, zone, "Acme"))

        assert [[metric.name for metric in one.metrics] for one in found] == [w["question"]["metrics"] for w in widgets]
        for widget, question in zip(widgets, found, strict=True):
            if widget["question"]["range"] is None:
                assert question.end.astimezone(zone).date() == now.astimezone(zone).date()
            if widget["kind"] == Kind.TILE:
                assert question.comparison is not None
                assert question.comparison.versus is Versus.PREVIOUS_PERIOD


def test_the_overview_comes_first() -> None:
    now, utc = datetime(2026, 11, 26, 10, tzinfo=UTC), ZoneInfo("UTC")

    found = list(first_questions(now, utc, None, lambda _: now))

    overview = {question.key for question in page_questions("overview", now, utc, None)}
    assert {question.key for question in found[: len(overview)]} == overview
