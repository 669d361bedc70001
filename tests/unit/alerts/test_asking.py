"""What rules ask is what the series of cubes answers, and what the tests' year answers is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.alerts import asking
from chalicelib.alerts.asking import SeriesAsking
from chalicelib.alerts.groups import TooManyGroups
from chalicelib.alerts.looking import question
from chalicelib.alerts.rule import Change, Condition, Level, Look, Of, Side
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Match, Versus
from chalicelib.metrics.declared.downloads import DOWNLOADS as CUBE
from chalicelib.metrics.filters import Condition as Filtered
from chalicelib.metrics.filters import Operator
from chalicelib.metrics.query import SeriesQuery
from tests.unit.alerts.watched import RULE
from tests.unit.alerts.year import DOWNLOADS, HOUR, START, VERSIONS, Year, made
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import publish

KNOWN = START + timedelta(days=20, hours=7)
LEVEL = Level(Side.HIGH, Decimal(1))
LOOKS = (
    Look("downloads", Interval.PT1H, "UTC"),
    Look("downloads", Interval.PT1H, "America/New_York", None, ("version",)),
    Look("downloads", Interval.P1D, "Europe/Paris", None, ("version",)),
    Look("downloads", Interval.P1D, "America/New_York", Filtered("version", Operator.IS, VERSIONS[1])),
    Look("downloads", Interval.P1W, "UTC", None, ("version",)),
)
CONDITIONS: tuple[Condition, ...] = (
    LEVEL,
    Change(Versus.PREVIOUS_PERIOD, Of.RATIO, Side.HIGH, Decimal(1)),
    Change(Versus.WEEK, Of.AMOUNT, Side.HIGH, Decimal(1), match=Match.WEEKDAY),
)


@pytest.fixture(scope="module")
def year() -> Year:
    """Twenty days, in which one version comes and one goes."""
    found = made(7, days=20)
    return replace(found, downloads={v: [c if c % 3 else 0 for c in counts] for v, counts in found.downloads.items()})


@pytest.fixture(scope="module")
def store(year: Year) -> MemoryStore:
    found = MemoryStore()
    rows = [
        {"bucket_start": START + hour * HOUR, "version": version, "is_bot": False, "downloads": counts[hour]}
        for version, counts in year.downloads.items()
        for hour in range(year.hours)
        if counts[hour]
    ]
    names = [measure.name for measure in CUBE.measures]
    publish(found, CUBE, [dict.fromkeys(names, 0) | row for row in rows], dict.fromkeys(CUBE.inputs, KNOWN))
    return found


def at(store: MemoryStore, folder: Path, now: datetime) -> SeriesAsking:
    return SeriesAsking(SeriesQuery(lambda: store, lambda: now, folder), lambda: now)


@pytest.fixture(scope="module")
def series(store: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> SeriesAsking:
    return at(store, tmp_path_factory.mktemp("cubes"), KNOWN + HOUR)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_series_and_the_year_answer_the_same(
    year: Year, series: SeriesAsking, look: Look, condition: Condition
) -> None:
    year.watermark = KNOWN
    start = datetime(2025, 11, 10, 5 if look.zone == "America/New_York" else 0, tzinfo=UTC)
    start -= HOUR if look.zone == "Europe/Paris" else timedelta()
    asked = question(replace(RULE, look=look, condition=condition), DOWNLOADS, start, start + timedelta(days=7))

    found, expected = series.ask(asked), year.ask(asked)

    assert len(found) == {Interval.PT1H: 168, Interval.P1D: 7, Interval.P1W: 1}[look.interval]
    assert [(one.start, one.end, one.rows) for one in found] == [(one.start, one.end, one.rows) for one in expected]


def test_what_is_not_complete_is_not_answered(series: SeriesAsking) -> None:
    asked = question(RULE, DOWNLOADS, KNOWN - 3 * HOUR, KNOWN + 2 * HOUR)

    assert [one.end for one in series.ask(asked)] == [KNOWN - 2 * HOUR, KNOWN - HOUR, KNOWN]


def test_how_far_a_metric_is_known_is_what_its_source_says(
    store: MemoryStore, series: SeriesAsking, tmp_path: Path
) -> None:
    known, later = series.known(DOWNLOADS), at(store, tmp_path, KNOWN + timedelta(days=2)).known(DOWNLOADS)

    assert (known.watermark, known.late) == (KNOWN, None)
    assert later.watermark == KNOWN
    assert "s3_access_logs is late" in (later.late or "")


def test_more_than_can_be_held_is_refused(series: SeriesAsking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_POINTS", 2)
    look = Look("downloads", Interval.PT1H, "UTC", None, ("version",))
    asked = question(replace(RULE, look=look), DOWNLOADS, START, START + 3 * HOUR)

    with pytest.raises(TooManyGroups, match="1 groups in 3 buckets"):
        series.ask(asked)
