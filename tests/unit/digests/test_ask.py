"""What a digest tells of metrics, held against the API's own answers and against made-up cubes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.digests.ask import Asker
from chalicelib.digests.periods import Period, period
from chalicelib.digests.told import Against, Known, Told
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import StoreUnavailable
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.values import number
from chalicelib.sources.base import ColumnType
from chalicelib.subscriptions.subscription import Cadence
from tests.unit.api.world import World
from tests.unit.metrics.every_cube import publish_all
from tests.unit.metrics.every_cube import rows as every_row
from tests.unit.metrics.published_cubes import publish

NOW = datetime(2026, 11, 22, 12, 7, 30, tzinfo=UTC)


def quarter(at: str, downloads: int) -> dict[str, Any]:
    start = datetime.fromisoformat(at).replace(tzinfo=UTC)
    one = {"bucket_start": start, "version": "1", "product": None, "is_bot": False}
    return {**one, "downloads": downloads, "download_bytes": 0}


def told_of(tmp_path: Path, rows: list[dict[str, Any]], until: datetime, of: Period, name: str = "downloads") -> Told:
    world = World(tmp_path)
    publish(world.store, DOWNLOADS, rows, {"s3_access_logs": until})
    return Asker(world.context.series, METRICS).tell(name, of)


def paris(day: date, cadence: Cadence = Cadence.DAILY) -> Period:
    return period(cadence, day, ZoneInfo("Europe/Paris"))


def test_a_day_is_told_beside_the_day_before_and_the_weekday_a_year_before(tmp_path: Path) -> None:
    rows = [
        quarter("2025-11-01T00:00", 7),
        quarter("2025-11-22T10:00", 40),  # Saturday, 364 days before
        quarter("2026-11-20T10:00", 80),
        quarter("2026-11-20T22:45", 9),  # 23:45 in Paris
        quarter("2026-11-20T23:00", 100),  # midnight in Paris
        quarter("2026-11-21T22:45", 20),
        quarter("2026-11-21T23:00", 1_000),
    ]

    told = told_of(tmp_path, rows, NOW.replace(minute=0, second=0), paris(date(2026, 11, 22)))

    (numbers,) = told.numbers
    assert (told.known, told.said, told.late) == (Known.VALUE, "", "")
    assert numbers.value == 120
    assert numbers.before == Against(89, 31, 31 / 89, counted=True)
    assert numbers.year == Against(40, 80, 2, counted=True)
    assert numbers.spark == (*[0] * 12, 89, 120)


def test_what_is_not_complete_is_not_told_but_the_last_day_that_is(tmp_path: Path) -> None:
    rows = [quarter("2026-11-19T10:00", 5), quarter("2026-11-20T10:00", 8), quarter("2026-11-21T10:00", 2)]

    told = told_of(tmp_path, rows, datetime(2026, 11, 21, 12, tzinfo=UTC), paris(date(2026, 11, 22)))

    assert told.known is Known.EARLIER
    assert told.start == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert told.numbers[0].value == 8
    assert told.numbers[0].spark[-3:] == (5, 8, None)
    assert told.said == "s3_access_logs is complete up to Sat 21 Nov 13:00."
    assert "s3_access_logs is late" in told.late


def test_a_source_without_a_whole_day_is_not_known_yet(tmp_path: Path) -> None:
    until = datetime(2026, 11, 1, tzinfo=UTC)

    told = told_of(tmp_path, [quarter("2026-10-30T10:00", 5)], until, paris(date(2026, 11, 22)))

    assert (told.known, told.numbers) == (Known.NOT_YET, ())
    assert told.said == "s3_access_logs is complete up to Sun 1 Nov 01:00."


def test_nothing_published_is_said(tmp_path: Path) -> None:
    told = Asker(World(tmp_path).context.series, METRICS).tell("stars", paris(date(2026, 11, 22)))

    assert (told.known, told.numbers, told.said) == (
        Known.NOT_YET, (), "Nothing of github_repository_stats is known yet.",
    )  # fmt: skip


def test_nothing_is_told_of_the_time_before_counting_began_and_zero_of_the_time_since(tmp_path: Path) -> None:
    rows = [quarter("2026-11-18T10:00", 5), quarter("2026-11-21T10:00", 2)]

    told = told_of(tmp_path, rows, NOW.replace(minute=0, second=0), paris(date(2026, 11, 22)))

    (numbers,) = told.numbers
    assert numbers.spark == (*[None] * 10, 5, 0, 0, 2)
    assert numbers.year == Against()
    assert numbers.before == Against(0, 2, None, counted=True)


def test_a_metric_that_is_gone_says_so(tmp_path: Path) -> None:
    told = Asker(World(tmp_path).context.series, METRICS).tell("no_such", paris(date(2026, 11, 22)))

    assert (told.known, told.title) == (Known.GONE, "no_such")


def test_what_cannot_be_read_is_asked_again_or_said(tmp_path: Path) -> None:
    def broken() -> ObjectStore:
        raise StoreUnavailable("down")

    asker = Asker(SeriesQuery(broken, lambda: NOW, tmp_path), METRICS)

    with pytest.raises(StoreUnavailable):
        asker.tell("downloads", paris(date(2026, 11, 22)))
    told = asker.tell("downloads", paris(date(2026, 11, 22)), at_any_rate=True)
    assert told.known is Known.FAILED


DAYS = {
    "Europe/Paris": (date(2026, 10, 25), 25, 24),
    "America/New_York": (date(2026, 11, 1), 25, 24),
    "Pacific/Kiritimati": (date(2026, 11, 1), 24, 24),
    "Asia/Kolkata": (date(2026, 11, 1), 24, 24),
}


@pytest.mark.parametrize("zone", DAYS)
def test_days_are_as_long_as_their_clocks_say(tmp_path: Path, zone: str) -> None:
    """One download in every quarter hour: a day counts its quarter hours, by a calendar of its own."""
    day, hours, before = DAYS[zone]
    first = datetime(2025, 10, 20, tzinfo=UTC)
    spans = ((first, 20), (datetime(2026, 10, 10, tzinfo=UTC), 30))
    starts = [at + timedelta(minutes=15 * n) for at, days in spans for n in range(days * 96)]
    rows = [quarter(at.replace(tzinfo=None).isoformat(), 1) for at in starts]

    of = period(Cadence.DAILY, day + timedelta(days=1), ZoneInfo(zone))
    told = told_of(tmp_path, rows, NOW.replace(minute=0, second=0), of)

    def counted(day: date) -> int:
        return sum(at.astimezone(ZoneInfo(zone)).date() == day for at in starts)

    (numbers,) = told.numbers
    assert numbers.value == counted(day) == hours * 4
    assert numbers.before.value == counted(day - timedelta(days=1)) == before * 4
    assert numbers.year.value == counted(day - timedelta(days=364))
    assert list(numbers.spark) == [counted(day - timedelta(days=n)) for n in reversed(range(14))]
    assert any(f"has {hours} hours, the day before {before} hours" in note for note in told.notes) == (hours != before)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("full"))
    publish_all(world.store, NOW.replace(minute=0, second=0), 400)
    yield world


@pytest.mark.parametrize("cadence", Cadence)
def test_every_number_is_the_apis(full: World, cadence: Cadence) -> None:
    """Asked plainly, range by range, as somebody would who checks a digest by hand."""
    of = period(cadence, date(2026, 11, 22), ZoneInfo("Asia/Kathmandu"))
    asker = Asker(full.context.series, METRICS)
    interval, back = (("P1D", 1), ("P1W", 7))[cadence is Cadence.WEEKLY]

    def answered(name: str, start: date, end: date) -> dict[str, list[Any]]:
        asked = {"from": str(start), "to": str(end), "interval": interval, "tz": "Asia/Kathmandu"}
        answer = full.call("GET", f"/v1/metrics/{name}", query=asked)
        assert answer.status_code == 200, answer.body
        found: dict[str, list[Any]] = {}
        for row in answer.json_body["results"]:
            found.setdefault(row.get("currency") or "", []).append(row["value"])
        return found

    checked = 0
    for name in METRICS:
        told = asker.tell(name, of)
        if told.known in (Known.NOT_YET, Known.NO_VALUE):
            continue
        assert told.start is not None and told.end is not None
        start, end = (at.astimezone(of.zone).date() for at in (told.start, told.end))
        first = of.bounds[0].astimezone(of.zone).date()
        days = {
            "value": (start, end),
            "before": (start - timedelta(days=back), start),
            "year": (start - timedelta(days=364), end - timedelta(days=364)),
            "spark": (first, of.end.astimezone(of.zone).date()),
        }
        api = {what: answered(name, *asked) for what, asked in days.items()}
        for one in told.numbers:
            told_values = {"value": [one.value], "before": [one.before.value], "year": [one.year.value]}
            for what, values in {**told_values, "spark": list(one.spark)}.items():
                there = api[what].get(one.currency, [])
                for ours, theirs in zip(reversed(values), reversed(there), strict=False):
                    assert ours is None or number(ours) == theirs, (name, what)
                    checked += ours is not None
    assert checked > len(METRICS) * 5


def won(tmp_path: Path, rows: list[tuple[int, str | None, str]]) -> Told:
    """Publish amounts won so many days before, each of a currency, and tell of them."""
    world, cube = World(tmp_path), CUBES[METRICS["won_amount"].cube]
    until = NOW.replace(minute=0, second=0)
    one = every_row(cube, until, 1)[0]
    zero = {measure.name: Decimal(0) if measure.type is ColumnType.DECIMAL else 0 for measure in cube.measures}
    made = [
        {
            **one,
            **zero,
            "bucket_start": until - timedelta(days=back),
            "currency": currency,
            "won_amount": Decimal(amount),
        }
        for back, currency, amount in rows
    ]
    publish(world.store, cube, made, dict.fromkeys(cube.inputs, until))
    return Asker(world.context.series, METRICS).tell("won_amount", paris(date(2026, 11, 22)))


def test_money_is_told_by_currency_without_those_in_which_nothing_happens(tmp_path: Path) -> None:
    told = won(tmp_path, [(100, "OLD", "5"), (1, "EUR", "12.50"), (2, "EUR", "10"), (9, "USD", "7"), (365, "GBP", "3")])

    assert [one.currency for one in told.numbers] == ["EUR", "GBP", "USD"]
    euros, pounds, dollars = told.numbers
    assert (euros.value, euros.before.value, euros.before.change) == (Decimal("12.5"), Decimal(10), Decimal("2.5"))
    assert (pounds.value, pounds.year.value, pounds.year.change) == (0, Decimal(3), Decimal(-3))
    assert (dollars.value, dollars.spark[-9:]) == (0, (Decimal(7), *[0] * 8))


def test_where_nothing_happens_in_any_currency_there_is_one_line_of_it(tmp_path: Path) -> None:
    told = won(tmp_path, [(1, "EUR", "0"), (1, None, "0")])

    assert [(one.currency, one.value) for one in told.numbers] == [("EUR", 0)]


def test_many_currencies_are_bounded_and_said(tmp_path: Path) -> None:
    told = won(tmp_path, [(1, f"C{n:02}", "1") for n in range(11)])

    assert len(told.numbers) == 8
    assert told.notes == ("Amount won: 3 more currencies are in the dashboard.",)
