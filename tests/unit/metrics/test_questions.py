"""Questions of every kind against a recount in plain Python: groups, filters, top, totals, comparison, streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.periods import Interval
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.metrics import compute, scan
from chalicelib.metrics.answer import Answer
from chalicelib.metrics.comparison import Versus, comparison
from chalicelib.metrics.filter_text import read_filter
from chalicelib.metrics.filters import Filter, holds, without
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question, Top
from chalicelib.metrics.registry import METRICS as DECLARED
from chalicelib.metrics.settle import settle
from chalicelib.metrics.top import order as by_name
from chalicelib.metrics.transforms import parse_transform
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import Rows, publish
from tests.unit.metrics.small_cubes import CUBES, METRICS, SHOP, VISITS, order, ratio, recount

NOW = datetime(2026, 5, 20, 12, 7, tzinfo=UTC)
BASE = datetime(2026, 3, 1, tzinfo=UTC)
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
ZONES = ["UTC", "Asia/Kathmandu", "America/New_York", "Africa/Cairo"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "CUBES", CUBES)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as made:
        yield Path(made)


at = st.integers(0, 96 * 80).map(lambda quarter: BASE + QUARTER * quarter)
names = st.sampled_from(["a", "b", "c", None])
shop = st.fixed_dictionaries(
    {
        "bucket_start": at,
        "size": st.sampled_from(["big", "small"]),
        "brand": names,
        "currency": st.sampled_from(["EUR", "USD"]),
        "orders": st.integers(0, 2**40),
        "spent_ms": st.integers(0, 2**40),
        "amount": st.decimals(-(10**6), 10**6, places=9),
        "stock": st.none() | st.integers(0, 99),
    }
)
visits = st.fixed_dictionaries(
    {"bucket_start": at, "size": st.sampled_from(["big", "small"]), "brand": names, "person": st.sampled_from("xyzw")}
)


def distinct(*keys: str) -> Callable[[Any], tuple[Any, ...]]:
    return lambda row: tuple(row[key] for key in keys)


orders = st.lists(shop, max_size=25, unique_by=distinct("bucket_start", "size", "brand", "currency"))
people = st.lists(visits, max_size=25, unique_by=distinct("bucket_start", "size", "brand", "person"))
filters = st.sampled_from(
    [None, 'brand is "a"', 'brand is_not "a"', 'size is "big" and not brand matches "^[ab]$"', "not brand is null"]
).map(lambda text: text and read_filter(text))
TOGETHER = (
    "orders",
    "orders big_orders seconds each",
    "stock big_stock",
    "visitors orders",
    "share",
    "big_visitors visitors share stock",
    "amount orders",
)
together = st.sampled_from(TOGETHER).map(str.split)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    metrics = tuple(METRICS[name] for name in draw(together))
    start = BASE + QUARTER * draw(st.integers(96 * 30, 96 * 60))
    interval = draw(st.sampled_from(list(Interval)))
    long = 96 if interval is Interval.PT15M else 96 * 20
    at = zone(draw(st.sampled_from(ZONES)))
    if draw(st.booleans()):
        start = datetime.combine(start.astimezone(at), datetime.min.time(), at).astimezone(UTC)
    end = start + QUARTER * draw(st.integers(1, long))
    over = any(metric.over for metric in metrics)
    group_by = draw(st.sampled_from([(), ("brand",)] if over else [(), ("brand",), ("size", "brand")]))
    top = draw(st.none() | st.builds(Top, st.integers(1, 2), st.just(metrics[-1].name), st.booleans()))
    asked = Question(metrics, start, end, interval, at, group_by, draw(filters), top=top if group_by else None)
    return settle(replace(asked, totals=draw(st.booleans())))


class Recount:
    """What a question has to answer, from the rows."""

    def __init__(self, question: Question, orders: Rows, people: Rows) -> None:
        self.question = question
        self.rows = {SHOP.name: orders, VISITS.name: people}
        self.kept: set[tuple[Any, ...]] | None = None
        if question.top is not None:
            self.kept = self._choose(question.top)

    def group(self, row: Any) -> tuple[Any, ...]:
        """Answer the group that a row is in: with what is kept, whether it is the rest."""
        own = tuple(row[name] for name in self.question.group_by)
        if self.kept is None:
            return own
        rest = tuple(v if n == "currency" else None for n, v in zip(self.question.group_by, own, strict=True))
        return (*own, False) if own in self.kept else (*rest, True)

    def value(self, metric: Metric, low: datetime, high: datetime, group: tuple[Any, ...]) -> Fraction | None:
        rows = self.rows[metric.cube]
        if metric.kind is not Kind.RATIO:
            return recount(metric, rows, low, high, lambda row: self.group(row) == group and passes(self.where, row))
        inside = [row for row in rows if low <= row["bucket_start"] < high]
        over = [row for row in inside if self.group(row) == group and passes(self.where, row)]
        wide = without(self.where, metric.over)
        named = [name for name in self.question.group_by if name not in metric.over]
        same = dict(zip(self.question.group_by, group, strict=False))
        under = [
            row for row in inside if passes(wide, row) and all(row[n] == same[n] for n in named)
        ] if metric.over else over  # fmt: skip
        return ratio(metric, over, under)

    def counted_since(self, metric: Metric) -> datetime:
        """Answer the day of the first row of a metric's cube; a gauge of before has no value anyway."""
        rows = [] if metric.kind is Kind.GAUGE else self.rows[metric.cube]
        first = min((row["bucket_start"] for row in rows), default=BASE - 999 * DAY).astimezone(self.question.zone)
        return datetime(first.year, first.month, first.day, tzinfo=self.question.zone).astimezone(UTC)

    @property
    def where(self) -> Filter | None:
        return self.question.where

    def groups(self, low: datetime, high: datetime) -> set[tuple[Any, ...]]:
        if not self.question.group_by:
            return {()}
        found = {
            self.group(row)
            for metric in self.question.metrics
            for row in self.rows[metric.cube]
            if low <= row["bucket_start"] < high and passes(self.where, row)
            if all(row[name] == value for name, value in metric.only)
            if metric.kind is not Kind.GAUGE or row["stock"] is not None
        }
        top = self.question.top
        return {group for group in found if top is None or top.other or not group[-1]}

    def _choose(self, top: Top) -> set[tuple[Any, ...]]:
        metric, plain = METRICS[top.by], Recount(replace(self.question, top=None), *self.rows.values())
        alone = Recount(replace(self.question, top=None, metrics=(metric,)), *self.rows.values())
        totals = {
            group: plain.value(metric, self.question.start, self.question.end, group)
            for group in alone.groups(self.question.start, self.question.end)
        }
        places = count()
        apart = [i for i, name in zip(places, self.question.group_by, strict=False) if name == "currency"]
        apart = [i for i in apart if any(metric.apart for metric in self.question.metrics)]
        ranked = sorted(totals, key=lambda one: (totals[one] is None, -(totals[one] or 0), by_name(one)))
        found: set[tuple[Any, ...]] = set()
        for group in ranked:
            beside = sum(all(group[i] == other[i] for i in apart) for other in found)
            if beside < top.count:
                found.add(group)
        return found


def passes(where: Filter | None, row: Any) -> bool:
    import re

    return where is None or holds(where, row, lambda pattern, text: re.search(pattern, text) is not None)


def published(orders: Rows, people: Rows = (), reporting: str = "UTC", watermark: datetime = NOW) -> MemoryStore:  # type: ignore[assignment]
    store = MemoryStore()
    publish(store, SHOP, orders, {"s3_access_logs": watermark}, reporting=reporting)
    publish(store, VISITS, list(people), {"s3_access_logs": watermark}, reporting=reporting)
    return store


def near(told: Any, expected: Fraction | None) -> bool:
    if told is None or expected is None:
        return told is None and expected is None
    return told == float(expected) if isinstance(told, float) else Fraction(told) == expected


@given(questions(), orders, people, st.sampled_from(["UTC", "Asia/Kathmandu"]))
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
def test_every_value_equals_its_recount(
    folder: Path, question: Question, orders: Rows, people: Rows, reporting: str
) -> None:
    store, expected = published(orders, people, reporting), Recount(question, orders, people)
    with TemporaryDirectory(dir=folder) as own:
        query = SeriesQuery(lambda: store, lambda: NOW, Path(own))
        answer = query.answer(query.prepare(question))

        groups = expected.groups(question.start, question.end)
        width = len(question.group_by) + bool(question.top and question.top.other)
        seen = set()
        for row in answer.rows():
            group = tuple(row[2 : 2 + width])
            key = group if question.top is None or question.top.other else (*group, False)
            seen.add(key)
            for metric, told in zip(question.metrics, row[2 + width : -1], strict=True):
                assert near(told, expected.value(metric, row[0], row[1], key)), (metric.name, row)
        assert seen == groups
        assert len(answer.totals) == (len(groups) if question.totals else 0)
        for row in answer.totals:
            key = row[:width] if question.top is None or question.top.other else (*row[:width], False)
            for metric, told in zip(question.metrics, row[width:], strict=True):
                assert near(told, expected.value(metric, question.start, question.end, key)), (metric.name, row)


VERSUS = st.sampled_from([Versus.WEEK, Versus.MONTH, Versus.PREVIOUS_PERIOD, Versus.YEAR])


@given(questions(), VERSUS, orders, people, st.integers(-400, 400))
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_what_stood_before_is_an_ordinary_question_a_step_back(
    folder: Path, question: Question, versus: Versus, orders: Rows, people: Rows, quarters: int
) -> None:
    span = (question.start, question.end)
    try:
        compared = replace(question, comparison=comparison(versus, None, question.interval, span, question.zone))
    except ValueError:
        return
    store = published(orders, people, watermark=question.end + QUARTER * quarters)
    expected = Recount(
        replace(question, end=max(question.start, min(question.end, question.end + QUARTER * quarters))), orders, people
    )
    with TemporaryDirectory(dir=folder) as own:
        query = SeriesQuery(lambda: store, lambda: NOW, Path(own))
        prepared = query.prepare(compared)
        answer, streamed = query.answer(prepared), query.stream(prepared)
        assert list(streamed.rows()) == list(answer.rows())

        pairing = prepared.standings[0].pairing
        assert pairing is not None
        width = len(question.group_by) + bool(question.top and question.top.other)
        places = {bound: i for i, bound in enumerate(question.bounds)}
        for row in answer.rows():
            group = tuple(row[2 : 2 + width])
            key = group if question.top is None or question.top.other else (*group, False)
            index = places[row[0].astimezone(UTC)]
            there = index < len(pairing.counterpart)
            other = pairing.counterpart[index] if there else None
            for i, metric in enumerate(question.metrics):
                value, before, change, ratio_ = row[2 + width + 4 * i : 6 + width + 4 * i]
                high = pairing.bounds[index + 1] if there else row[1]
                assert near(value, expected.value(metric, row[0], high, key) if there else None)
                if other is None:
                    assert before is change is ratio_ is None
                    continue
                begins, ends = pairing.before[other], pairing.before[other + 1]
                is_known = begins >= expected.counted_since(metric)
                assert near(before, expected.value(metric, begins, ends, key) if is_known else None)
                assert (change is None) == (value is None or before is None)
                assert (ratio_ is None) == (change is None or before == 0)


def ask(folder: Path, store: MemoryStore, *metrics: str, now: datetime = NOW, **options: Any) -> Answer:
    """Ask for days of UTC, unless told otherwise."""
    start, end = (datetime.fromisoformat(options.pop(name)) for name in ("start", "end"))
    at = zone(options.pop("tz", "UTC"))
    versus, step = options.pop("versus", None), options.pop("step", None)
    interval = Interval(options.pop("interval", "P1D"))
    bounds = tuple(edge.replace(tzinfo=at).astimezone(UTC) for edge in (start, end))
    question = Question(tuple(METRICS[name] for name in metrics), *bounds, interval, at, **options)
    if versus is not None:
        match = options.get("match")
        made = comparison(Versus(versus), match, interval, bounds, at, step)  # type: ignore[arg-type]
        question = replace(question, comparison=made)
    query = SeriesQuery(lambda: store, lambda: now, folder)
    return query.answer(query.prepare(settle(question)))


def values(answer: Answer, *columns: str) -> list[tuple[Any, ...]]:
    places = [[column.name for column in answer.columns].index(name) for name in columns]
    return [tuple(row[place] for place in places) for row in answer.rows()]


def day(text: str, hour: float = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(hours=hour)


CHANGES = ("orders", "orders_before", "orders_change", "orders_change_ratio")


def test_three_days_of_january_stand_beside_three_days_of_december(tmp_path: Path) -> None:
    rows = [order(day("2025-12-01"), count=5), order(day("2025-12-03"), count=4), order(day("2026-01-01"), count=10)]
    rows += [order(day("2026-01-03"), count=3), order(day("2025-12-20"), count=1000)]
    store = published(rows, watermark=day("2026-01-04"))

    answer = ask(
        tmp_path,
        store,
        "orders",
        start="2026-01-01",
        end="2026-02-01",
        versus="month",
        now=day("2026-01-04", 0.1),
        totals=True,
    )

    found = values(answer, *CHANGES)
    assert found[:3] == [(10, 5, 5, 1.0), (0, 0, 0, None), (3, 4, -1, -0.25)]
    assert set(found[3:]) == {(None, None, None, None)}
    assert answer.totals == [(13, 9, 4, pytest.approx(4 / 9))]
    (told,) = answer.meta["metrics"]
    assert told["comparison"] == {
        "with": "month",
        "match": "date",
        "current": {"from": "2026-01-01T00:00:00+00:00", "to": "2026-01-04T00:00:00+00:00", "elapsed_s": 259_200},
        "before": {"from": "2025-12-01T00:00:00+00:00", "to": "2025-12-04T00:00:00+00:00", "elapsed_s": 259_200},
        "counted_since": None,
    }
    assert (answer.meta["late"], answer.meta["warnings"]) == (False, [])


def test_half_a_day_is_compared_with_the_same_half(tmp_path: Path) -> None:
    rows = [order(day("2026-04-30", hour), count=1) for hour in range(24)]
    rows += [order(day("2026-05-07", hour), count=2) for hour in range(12)]
    store = published(rows, watermark=day("2026-05-07", 10))

    answer = ask(
        tmp_path, store, "orders", start="2026-05-07", end="2026-05-08", versus="week", now=day("2026-05-07", 10.2)
    )

    assert values(answer, *CHANGES) == [(20, 10, 10, 1.0)]
    assert values(answer, "partial") == [(True,)]


def test_the_week_of_a_change_of_clocks_says_that_it_is_shorter(tmp_path: Path) -> None:
    at = ZoneInfo("America/New_York")
    rows = [
        order(datetime(2026, 3, 1 + d, h, tzinfo=at), count=1) for d in range(14) for h in range(24) if (d, h) != (7, 2)
    ]
    store = published(rows, watermark=NOW)

    options = {"start": "2026-03-08", "end": "2026-03-15", "tz": "America/New_York", "versus": "week"}
    days = ask(tmp_path, store, "orders", **options)
    hours = ask(tmp_path, store, "orders", **{**options, "end": "2026-03-09"}, interval="PT1H")

    assert values(days, *CHANGES) == [(23, 24, -1, pytest.approx(-1 / 24)), *[(24, 24, 0, 0)] * 6]
    assert days.meta["warnings"] == [
        "The two ranges differ in length: 6 days 23 hours and 7 days. Clocks changed, or months are of unequal length."
    ]
    assert values(hours, *CHANGES) == [(1, 1, 0, 0)] * 23


def test_a_leap_day_has_no_counterpart_the_year_before(tmp_path: Path) -> None:
    rows = [order(day(text), count=n) for text, n in (("2027-02-28", 1), ("2027-03-01", 2), ("2028-02-28", 3))]
    rows += [order(day("2028-02-29"), count=4), order(day("2028-03-01"), count=5)]
    store = published(rows, watermark=day("2028-04-01"))

    answer = ask(tmp_path, store, "orders", start="2028-02-28", end="2028-03-02", versus="year", now=day("2028-04-01"))

    assert values(answer, *CHANGES) == [(3, 1, 2, 2.0), (4, None, None, None), (5, 2, 3, 1.5)]
    assert "3 days and 2 days" in answer.meta["warnings"][0]


def test_a_late_source_says_so_and_shows_no_fall(tmp_path: Path) -> None:
    rows = [order(day("2026-05-01") + DAY * d, count=10) for d in range(17)]
    store = published(rows, watermark=day("2026-05-18"))

    answer = ask(tmp_path, store, "orders", start="2026-05-15", end="2026-05-21", versus="week")

    assert values(answer, *CHANGES) == [*[(10, 10, 0, 0)] * 3, *[(None,) * 4] * 3]
    assert answer.meta["late"] is True
    assert (
        "s3_access_logs is late: it is complete up to 2026-05-18T00:00:00Z only, 2 d 12 h behind"
        in answer.meta["warnings"][0]
    )


def test_what_lies_before_the_first_count_is_not_known_and_no_zero(tmp_path: Path) -> None:
    rows = [order(day("2026-05-03", 9) + DAY * d, count=d + 1) for d in range(12)]
    store = published(rows)
    options = {"start": "2026-05-08", "end": "2026-05-12", "versus": "week", "totals": True}

    days = ask(tmp_path, store, "orders", **options)

    assert values(days, *CHANGES) == [(6, None, None, None), (7, None, None, None), (8, 1, 7, 7.0), (9, 2, 7, 3.5)]
    assert list(days.totals) == [(30, None, None, None)]
    (told,) = days.meta["metrics"]
    assert told["comparison"]["counted_since"] == "2026-05-03T00:00:00+00:00"
    assert "Nothing of 'orders' was counted before 2026-05-03" in days.meta["warnings"][0]


def test_of_what_is_summed_over_a_range_all_has_to_be_counted(tmp_path: Path) -> None:
    store = published([order(day("2026-05-03", 9) + DAY * d, count=1, stock=d) for d in range(12)])
    options = {"start": "2026-05-08", "end": "2026-05-12", "versus": "week", "totals": True}

    sums = ask(tmp_path, store, "orders", **options, transform=parse_transform("cumulative"))
    means = ask(tmp_path, store, "orders", **options, transform=parse_transform("moving_average:2"))
    hours = ask(tmp_path, store, "orders", **{**options, "start": "2026-05-10", "end": "2026-05-11"}, interval="PT1H")
    stock = ask(tmp_path, store, "stock", **options)

    assert values(sums, "orders_before") == [(None,)] * 4
    assert values(means, "orders_before") == [(None,), (None,), (None,), (1,)]
    assert values(hours, "orders_before") == [(0,)] * 9 + [(1,)] + [(0,)] * 14  # of its first day, all is
    assert values(stock, "stock_before") == [(None,), (None,), (0,), (1,)]
    assert stock.totals[0][:2] == (8, 1)  # the last of the range, which was looked at


def test_of_several_sources_in_a_cube_each_begins_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = replace(SHOP, inputs={**SHOP.inputs, "other": ()})
    rows = [order(day("2026-02-01") + DAY * d, brand="b", count=1) for d in range(110)]
    rows += [order(day("2026-04-30") + DAY * d, count=2) for d in range(20)]
    store = published(rows)
    monkeypatch.setattr(scan, "CUBES", {**CUBES, SHOP.name: two})

    answer = ask(tmp_path, store, "orders", "big_orders", start="2026-05-06", end="2026-05-08", versus="week")

    assert values(answer, "orders_before", "big_orders_before") == [(1, None), (3, 2)]


def test_when_it_began_is_read_in_its_first_month_however_long_ago_that_is(tmp_path: Path) -> None:
    rows = [order(day("2023-01-05") + timedelta(days=30) * month) for month in range(40)]
    store, options = published(rows), {"start": "2024-01-01", "end": "2024-01-04", "versus": "year"}
    none_read, one_read = tmp_path / "none", tmp_path / "one"

    later = ask(none_read, store, "orders", **{**options, "start": "2025-01-01", "end": "2025-01-04"})
    first = ask(one_read, store, "orders", **options)

    assert later.meta["metrics"][0]["comparison"]["counted_since"] is None
    assert first.meta["metrics"][0]["comparison"]["counted_since"] == "2023-01-05T00:00:00+00:00"
    years = 2  # the day level's, of both ranges
    assert len(list(none_read.glob("*.parquet"))) == years
    assert len(list(one_read.glob("*.parquet"))) == years + 1


def test_a_source_that_has_not_begun_the_range_has_nothing_to_compare(tmp_path: Path) -> None:
    store = published([order(day("2026-05-01"))], watermark=day("2026-05-02"))

    answer = ask(tmp_path, store, "orders", start="2026-05-10", end="2026-05-12", versus="week", totals=True)

    assert values(answer, *CHANGES) == [(None,) * 4] * 2
    assert list(answer.totals) == [(None,) * 4]


def test_groups_that_are_gone_are_told(tmp_path: Path) -> None:
    store = published([order(day("2026-05-01"), "gone", 4), order(day("2026-05-08"), "new", 6)])

    answer = ask(tmp_path, store, "orders", start="2026-05-08", end="2026-05-09", versus="week", group_by=("brand",))

    assert values(answer, "brand", *CHANGES) == [("gone", 0, 4, -4, -1.0), ("new", 6, 0, 6, None)]


def test_the_rest_of_the_groups_is_no_member_called_other(tmp_path: Path) -> None:
    counts = {"other": 5, "a": 9, "b": 2, None: 1, "c": 1}
    store = published([order(day("2026-05-01"), brand, count) for brand, count in counts.items()])

    days = {"start": "2026-05-01", "end": "2026-05-02"}

    with_rest = ask(tmp_path, store, "orders", **days, group_by=("brand",), top=Top(2, "orders"))
    top, transform = Top(2, "orders", other=False), parse_transform("share_of_total")
    without_rest = ask(tmp_path, store, "orders", **days, group_by=("brand",), top=top, transform=transform)

    assert values(with_rest, "brand", "other", "orders") == [("a", False, 9), ("other", False, 5), (None, True, 4)]
    assert values(without_rest, "brand", "orders") == [("a", 0.5), ("other", 5 / 18)]


def test_transforms_run_on_both_sides(tmp_path: Path) -> None:
    rows = [order(day("2026-05-01") + DAY * d, count=d) for d in range(10)]
    store = published(rows)
    options = {"start": "2026-05-08", "end": "2026-05-11", "versus": "week"}

    sums = ask(tmp_path, store, "orders", **options, transform=parse_transform("cumulative"))
    rates = ask(tmp_path, store, "orders", **options, transform=parse_transform("rate:hour"))

    assert values(sums, *CHANGES) == [(7, 0, 7, None), (15, 1, 14, 14.0), (24, 3, 21, 7.0)]
    assert values(rates, "orders") == [(7 / 24,), (8 / 24,), (9 / 24,)]
    assert rates.columns[2].unit == "orders per hour"


def test_money_is_told_apart_by_currency(tmp_path: Path) -> None:
    rows = [order(day("2026-05-01"), currency=c, amount=Decimal(n)) for c, n in (("EUR", "0.1"), ("USD", "0.2"))]
    rows.append(order(day("2026-05-01", 1), amount=Decimal("0.2")))
    store = published(rows)
    options = {"start": "2026-05-01", "end": "2026-05-02"}

    apart = ask(tmp_path, store, "amount", **options)
    euro = ask(tmp_path, store, "amount", **options, where=read_filter('currency is "EUR"'))

    assert values(apart, "currency", "amount") == [("EUR", Decimal("0.3")), ("USD", Decimal("0.2"))]
    assert "never added up over currency" in apart.meta["warnings"][0]
    assert values(euro, "amount") == [(Decimal("0.3"),)]
    with pytest.raises(RequestError, match="a question of its own"):
        ask(tmp_path, store, "amount", "visitors", **options)


def test_what_a_source_tells_by_day_is_refused_by_the_hour(tmp_path: Path) -> None:
    daily = replace(METRICS["orders"], days_of="America/Los_Angeles")
    asked = Question((daily,), BASE, BASE + DAY, Interval.PT1H, zone("UTC"))

    with pytest.raises(RequestError, match="whole days of America/Los_Angeles only") as refused:
        settle(asked)

    assert refused.value.status == 422
    assert "on the day beside" in settle(replace(asked, interval=Interval.P1D)).notes[0]
    assert settle(replace(asked, interval=Interval.P1D, zone=zone("America/Los_Angeles"))).notes == ()


OF_TWO = replace(METRICS["stock"], also=("other",), told_apart="brand")


def test_a_sum_of_looks_at_different_hours_is_refused_by_the_hour() -> None:
    asked = Question((OF_TWO,), BASE, BASE + DAY, Interval.PT1H, zone("UTC"))

    with pytest.raises(RequestError, match=r"the sum of some.* for each brand by itself") as refused:
        settle(asked)

    assert refused.value.errors[0]["parameter"] == "interval"
    assert settle(replace(asked, interval=Interval.P1D)).notes == ()
    assert settle(replace(asked, metrics=(METRICS["stock"],))).notes == ()


APART: list[dict[str, Any]] = [
    {"group_by": ("size", "brand")},
    {"where": read_filter('size is "big" and brand is "a"')},
    {"where": read_filter('brand is "a"'), "group_by": ("size",), "top": Top(1, "stock")},
    {"group_by": ("brand",), "top": Top(1, "stock", other=False)},
    {"group_by": ("size",), "where": read_filter('brand is "a"'), "transform": parse_transform("share_of_total")},
]
SUMMED: list[dict[str, Any]] = [
    {"group_by": ("size",)},
    {"where": read_filter('brand is "a" or brand is "b"')},
    {"where": read_filter('brand is_not "a"')},
    {"group_by": ("brand",), "top": Top(1, "stock")},
    {"group_by": ("brand",), "transform": parse_transform("share_of_total")},
]


@pytest.mark.parametrize("options", APART)
def test_each_of_several_sources_by_itself_is_answered_by_the_hour(options: dict[str, Any]) -> None:
    asked = Question((OF_TWO,), BASE, BASE + DAY, Interval.PT1H, zone("UTC"), **options)

    assert settle(asked) == asked


@pytest.mark.parametrize("options", SUMMED)
def test_hours_in_which_several_sources_would_be_summed_are_refused(options: dict[str, Any]) -> None:
    asked = Question((OF_TWO,), BASE, BASE + DAY, Interval.PT15M, zone("UTC"), **options)

    with pytest.raises(RequestError, match="the sum of some"):
        settle(asked)


def test_every_gauge_of_several_sources_says_what_tells_them_apart() -> None:
    of_several = [metric for metric in DECLARED.values() if metric.kind is Kind.GAUGE and metric.also]

    assert of_several
    assert all(metric.told_apart in metric.dimensions for metric in of_several)


REFUSED = [
    (("orders",), {"group_by": ("bran",)}, "group_by"),
    (("orders", "visitors"), {"group_by": ("currency",)}, "group_by"),
    (("orders",), {"where": read_filter('colour is "red"')}, "filter"),
    (("share",), {"where": read_filter('brand is "a" or size is "big"')}, "filter"),
    (("stock",), {"transform": parse_transform("cumulative")}, "transform"),
    (("orders",), {"top": Top(2, "orders")}, "top"),
    (("orders",), {"top": Top(2, "stock"), "group_by": ("brand",)}, "top_by"),
    (("amount",), {"top": Top(2, "amount"), "group_by": ("currency",)}, "top"),
    (("share",), {"top": Top(2, "share"), "group_by": ("brand", "size")}, "top"),
]


@pytest.mark.parametrize(("names", "options", "parameter"), REFUSED)
def test_what_means_nothing_is_refused_by_name(names: tuple[str, ...], options: dict[str, Any], parameter: str) -> None:
    asked = Question(tuple(METRICS[name] for name in names), BASE, BASE + DAY, Interval.P1D, zone("UTC"))

    with pytest.raises(RequestError) as refused:
        settle(replace(asked, **options))

    assert [error["parameter"] for error in refused.value.errors] == [parameter]


def test_columns_of_one_name_are_refused() -> None:
    asked = Question((METRICS["orders"],), BASE, BASE + DAY, Interval.P1D, zone("UTC"))
    week = comparison(Versus.WEEK, None, asked.interval, (asked.start, asked.end), asked.zone)
    beside = replace(asked, metrics=(METRICS["orders"], replace(METRICS["stock"], name="orders_before")))

    for one in (replace(asked, metrics=(replace(METRICS["orders"], name="end"),)), replace(beside, comparison=week)):
        with pytest.raises(RequestError, match="Two columns of the answer would be named"):
            settle(one)
    assert settle(beside).metrics == beside.metrics


def test_a_dimension_may_be_called_what_sql_calls_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dimensions = tuple(replace(SHOP.dimensions[0], name=name) for name in ("order", "select"))
    words = replace(SHOP, name="words_cube", dimensions=dimensions)
    monkeypatch.setattr(scan, "CUBES", {words.name: words})
    store = MemoryStore()
    row = {"bucket_start": BASE, "order": "by", "select": "all", "orders": 2, "stock": 3}
    publish(store, words, [row, {**row, "order": "up", "orders": 1}], {"s3_access_logs": NOW})
    query = SeriesQuery(lambda: store, lambda: NOW, tmp_path)
    of = [replace(METRICS[n], cube=words.name, dimensions=("order", "select")) for n in ("orders", "stock")]
    where = read_filter('select is "all"')

    asked = Question(tuple(of), BASE, BASE + DAY, Interval.P1D, zone("UTC"), ("order",), where, top=Top(1, "orders"))

    found = query.answer(query.prepare(settle(asked)))
    assert values(found, "order", "other", "orders", "stock") == [("by", False, 2, 3), (None, True, 1, 3)]


def test_nothing_known_to_be_complete_says_why_there_is_no_comparison(tmp_path: Path) -> None:
    store = MemoryStore()
    publish(store, SHOP, [order(day("2026-05-01"))])

    answer = ask(tmp_path, store, "orders", start="2026-05-01", end="2026-05-02", versus="week")

    assert values(answer, *CHANGES) == [(None,) * 4]
    assert answer.meta["warnings"] == ["Nothing of 'orders' is known to be complete yet: there is no comparison."]


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "(?=a)", "[z-a]", "(a{1000}){1000}"])
def test_an_expression_that_re2_does_not_take_is_named(tmp_path: Path, pattern: str) -> None:
    from chalicelib.metrics.filters import Condition, Operator

    with pytest.raises(RequestError, match="parameters are wrong") as refused:
        ask(
            tmp_path, published([order(BASE)]), "orders", start="2026-03-01", end="2026-03-02",
            where=Condition("brand", Operator.MATCHES, pattern),
        )  # fmt: skip

    (error,) = refused.value.errors
    assert error["parameter"] == "filter"
    assert repr(pattern) in str(error["detail"])


def test_a_stream_in_pieces_is_the_answer_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [order(BASE + QUARTER * 7 * i, "abc"[i % 3], i) for i in range(400)]
    store = published(rows, watermark=BASE + DAY * 25)
    made = [parse_transform(text) for text in ("cumulative", "moving_average:5", "share_of_total", "rate:day")]

    for transform in [None, *made]:
        start, end = BASE + DAY * 9, BASE + DAY * 29
        asked = Question((METRICS["orders"],), start, end, Interval.PT1H, zone("UTC"), ("brand",), transform=transform)
        step = comparison(Versus.WEEK, None, asked.interval, (start, end), asked.zone)
        query = SeriesQuery(lambda: store, lambda: NOW, tmp_path)
        prepared = query.prepare(replace(asked, comparison=step, totals=True))
        whole = list(query.answer(prepared).rows())
        monkeypatch.setattr(compute, "STREAMED", 100)

        assert list(query.stream(prepared).rows()) == whole
