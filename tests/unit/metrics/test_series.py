"""Series against a recomputation from the rows by plain Python, over zones and intervals; and their edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.periods import Interval
from chalicelib.domain.zones import zone
from chalicelib.errors import IntegrityError, QueryFailed, RequestError
from chalicelib.lake.published import DataFile
from chalicelib.metrics import compute, declared
from chalicelib.metrics.answer import Answer, Role
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.github import GITHUB
from chalicelib.metrics.engine import Engine
from chalicelib.metrics.files import FileCache
from chalicelib.metrics.manifests import Manifests
from chalicelib.metrics.metric import Kind
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import Rows, publish

ZONES = [
    "Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia",
    "Africa/Cairo", "America/Santiago", "Asia/Beirut", "America/New_York", "Pacific/Kiritimati", "UTC",
]  # fmt: skip
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = datetime(2026, 3, 1, tzinfo=UTC)


def ask(store: MemoryStore, folder: Path) -> SeriesQuery:
    return SeriesQuery(lambda: store, lambda: NOW, folder)


def rows_of(answer: Answer) -> Rows:
    """Answer an answer's rows by the names of its columns, a single metric's as ``value``; times in UTC.

    An instant whose clock time comes twice is equal to none of another zone (PEP 495).
    """
    names = ["value" if column.role is Role.VALUE else column.name for column in answer.columns]
    times = ((start.astimezone(UTC), end.astimezone(UTC), rest) for start, end, *rest in answer.rows())
    return [dict(zip(names, (start, end, *rest), strict=True)) for start, end, rest in times]


def answered(query: SeriesQuery, question: Question) -> Rows:
    return rows_of(query.answer(query.prepare(question)))


def label(instant: datetime, interval: Interval, name: str) -> tuple[Any, ...]:
    """Name the period of an instant by its local calendar: what boundaries must agree with, found another way."""
    local = instant.astimezone(zone(name))
    hour = (local.date(), local.hour, local.utcoffset() if name != "Australia/Lord_Howe" else None)
    week = local.isocalendar()
    return {
        Interval.PT15M: (instant,),
        Interval.PT1H: hour,
        Interval.P1D: (local.date(),),
        Interval.P1W: (week.year, week.week),
        Interval.P1M: (local.year, local.month),
        Interval.P3M: (local.year, (local.month - 1) // 3),
        Interval.P1Y: (local.year,),
    }[interval]


SPANS = {Interval.PT15M: 3, Interval.PT1H: 30, Interval.P1D: 120}
quarters = st.integers(0, 4 * 24 * 300)
questions = st.tuples(st.sampled_from(ZONES), st.sampled_from(list(Interval)), quarters, quarters).map(
    lambda q: (q[0], q[1], BASE + QUARTER * q[2], BASE + QUARTER * (q[2] + q[3] % (96 * SPANS.get(q[1], 700)) + 1))
)
downloads = st.lists(
    st.fixed_dictionaries(
        {
            "bucket_start": quarters.map(lambda q: BASE + QUARTER * q),
            "version": st.sampled_from(["1.0.0", "1.1.0", None]),
            "product": st.just("headwater"),
            "is_bot": st.booleans(),
            "downloads": st.integers(0, 2**40),
            "download_bytes": st.integers(0, 2**50),
        }
    ),
    max_size=60,
    unique_by=lambda r: (r["bucket_start"], r["version"], r["is_bot"]),
)
stars = st.lists(
    st.fixed_dictionaries(
        {
            "bucket_start": quarters.map(lambda q: BASE + QUARTER * q),
            "repository": st.sampled_from(["a/a", "b/b", None]),
            "stars": st.one_of(st.none(), st.integers(0, 2**40)),
        }
    ),
    max_size=60,
    unique_by=lambda r: (r["bucket_start"], r["repository"]),
)


@pytest.fixture(scope="module")
def engine_folder() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


@given(questions, downloads, st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]))
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_a_counter_equals_its_recomputation(
    engine_folder: Path, asked: tuple[str, Interval, datetime, datetime], rows: Rows, reporting: str
) -> None:
    name, interval, start, end = asked
    store = MemoryStore()
    publish(store, DOWNLOADS, rows, reporting=reporting)
    expected: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        if start <= row["bucket_start"] < end and not row["is_bot"]:
            expected[(*label(row["bucket_start"], interval, name), row["version"])] += row["downloads"]

    with TemporaryDirectory(dir=engine_folder) as folder:
        question = Question((METRICS["downloads"],), start, end, interval, zone(name), ("version",))
        rows_found = answered(ask(store, Path(folder)), question)

    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows_found:
        found[(*label(row["start"], interval, name), row["version"])] += row["value"]
    assert {k: v for k, v in found.items() if v} == {k: v for k, v in expected.items() if v}
    assert tiles(rows_found, start, end, {row["version"] for row in rows_found})


@given(questions, stars, st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]))
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_a_gauge_equals_the_sum_of_each_members_last_value(
    engine_folder: Path, asked: tuple[str, Interval, datetime, datetime], rows: Rows, reporting: str
) -> None:
    name, interval, start, end = asked
    store = MemoryStore()
    publish(store, GITHUB, rows, reporting=reporting)

    with TemporaryDirectory(dir=engine_folder) as folder:
        question = Question((METRICS["stars"],), start, end, interval, zone(name))
        rows_found = answered(ask(store, Path(folder)), question)

    for row in rows_found:
        low, high = row["start"], row["end"]
        last: dict[str | None, int] = {}
        for seen in sorted(rows, key=lambda r: r["bucket_start"]):
            if low <= seen["bucket_start"] < high and seen["stars"] is not None:
                last[seen["repository"]] = seen["stars"]
        assert row["value"] == (sum(last.values()) if last else None)
    assert tiles(rows_found, start, end, {()})


def tiles(rows: Rows, start: datetime, end: datetime, groups: set[Any]) -> bool:
    """Tell whether the rows of every group tile the range."""
    if not rows:
        return not groups
    edges = [(r["start"], r["end"]) for r in rows[:: len(groups)]]
    joined = all(a[1] == b[0] for a, b in pairwise(edges))
    return joined and edges[0][0] == start and edges[-1][1] == end and len(rows) % len(groups) == 0


def row(at: datetime, version: str = "1.0.0", count: int = 1, *, is_bot: bool = False) -> dict[str, Any]:
    return {
        "bucket_start": at,
        "version": version,
        "product": "p",
        "is_bot": is_bot,
        "downloads": count,
        "download_bytes": 10 * count,
    }


def days(count: int, metric: str = "downloads", **kwargs: Any) -> Question:
    return Question((METRICS[metric],), BASE, BASE + timedelta(days=count), Interval.P1D, zone("UTC"), **kwargs)


def test_bots_are_told_apart(tmp_path: Path) -> None:
    store = MemoryStore()
    publish(store, DOWNLOADS, [row(BASE, count=3), row(BASE, count=5, is_bot=True)])
    query = ask(store, tmp_path)

    alone = [answered(query, days(1, name))[0]["value"] for name in ("downloads", "downloads_bots")]
    both = Question((METRICS["downloads"], METRICS["downloads_bots"]), BASE, BASE + DAY, Interval.P1D, zone("UTC"))
    together = next(iter(query.answer(query.prepare(both)).rows()))

    assert alone == [3, 5]
    assert together[2:] == (3, 5, True)


def test_buckets_that_end_after_the_watermark_are_partial(tmp_path: Path) -> None:
    store = MemoryStore()
    publish(store, DOWNLOADS, [row(BASE)], {"s3_access_logs": BASE + timedelta(days=1, hours=6)})
    query = ask(store, tmp_path)

    answer = query.answer(query.prepare(days(3)))

    assert [r["partial"] for r in rows_of(answer)] == [False, True, True]
    assert answer.meta["partial"]


def test_an_answer_is_computed_once_a_version(tmp_path: Path) -> None:
    store = MemoryStore()
    query = SeriesQuery(lambda: store, lambda: NOW, tmp_path)
    publish(store, DOWNLOADS, [row(BASE)])
    before = query.prepare(days(2))

    served = [query.answer(before).served_from, query.answer(query.prepare(days(2))).served_from]
    publish(store, DOWNLOADS, [row(BASE, count=9)], seq=2)
    query.manifests = Manifests(lambda: store, lambda: NOW)
    anew = query.answer(query.prepare(days(2)))

    assert served == ["cube", "cache"]
    assert (anew.served_from, rows_of(anew)[0]["value"]) == ("cube", 9)


def test_nothing_published_is_empty_buckets_and_says_so(tmp_path: Path) -> None:
    query = ask(MemoryStore(), tmp_path)
    answer = query.answer(query.prepare(days(2)))

    assert [r["value"] for r in rows_of(answer)] == [0, 0]
    assert answer.meta["watermark"] is None
    assert answer.meta["warnings"] == ["No data has been published for 'downloads' yet."]


def test_a_gauge_of_which_a_member_was_not_observed_warns(tmp_path: Path) -> None:
    rows = [
        {"bucket_start": BASE + timedelta(days=d), "repository": r, "stars": 5}
        for d, r in [(0, "a"), (0, "b"), (1, "a")]
    ]
    store = MemoryStore()
    publish(store, GITHUB, rows)
    query = ask(store, tmp_path)

    answer = query.answer(query.prepare(days(3, "stars")))

    assert [r["value"] for r in rows_of(answer)] == [10, 5, None]
    assert "In 1 buckets fewer than 2 members of 'stars' were observed" in answer.meta["warnings"][0]


def test_too_many_points_are_refused_not_cut(tmp_path: Path) -> None:
    store = MemoryStore()
    at = [BASE + QUARTER * i for i in range(3)]
    publish(store, DOWNLOADS, [row(a, f"{i}.{j}") for i, a in enumerate(at) for j in range(40)])
    fine = replace(days(400), interval=Interval.PT15M)
    grouped = days(200, group_by=("version",))

    for question in (fine, grouped):
        with pytest.raises(RequestError, match="at most 20,000") as refused:
            answered(ask(store, tmp_path), question)
        assert refused.value.status == 422


def test_a_stream_has_no_bound_and_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore()
    publish(store, DOWNLOADS, [row(BASE + QUARTER * i, f"{i % 7}") for i in range(500)])
    query = ask(store, tmp_path)
    asked = replace(days(5, group_by=("version",)), interval=Interval.PT15M, totals=True)
    monkeypatch.setattr(compute, "STREAMED", 100)

    whole, streamed = query.answer(query.prepare(asked)), query.stream(query.prepare(asked))

    assert list(streamed.rows()) == list(whole.rows())
    assert (streamed.totals, streamed.columns) == (whole.totals, whole.columns)
    large = replace(days(365, group_by=("version",)), interval=Interval.PT15M)
    assert sum(1 for _ in query.stream(query.prepare(large)).rows()) == 365 * 96 * 7


def test_files_are_fetched_once_and_the_oldest_go_first(tmp_path: Path) -> None:
    store = MemoryStore()
    files = [DataFile(f"lake/x/{i}", 400) for i in range(3)]
    for file in files:
        store.put(file.key, b"x" * 400)
    cache = FileCache(tmp_path, lambda: store, max_bytes=1_000)

    kept = [cache.fetch([file])[0] for file in files]
    store.delete("lake/x/2")

    assert [p.exists() for p in kept] == [False, True, True]
    assert cache.fetch([files[2]]) == [kept[2]]


def test_a_file_that_is_not_the_published_one_is_refused(tmp_path: Path) -> None:
    store = MemoryStore()
    store.put("lake/x", b"short")

    with pytest.raises(IntegrityError, match="5 bytes"):
        FileCache(tmp_path, lambda: store).fetch([DataFile("lake/x", 400)])
    assert list(tmp_path.iterdir()) == []


def test_more_bytes_than_the_cache_holds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="shorter range"):
        FileCache(tmp_path, MemoryStore, max_bytes=10).fetch([DataFile("lake/x", 11)])


def test_a_file_that_another_process_removed_is_fetched_again(tmp_path: Path) -> None:
    store = MemoryStore()
    publish(store, DOWNLOADS, [row(BASE)])
    query = ask(store, tmp_path)
    fetch = query.reader.files.fetch
    calls = []

    def fetch_and_lose(files: list[DataFile]) -> list[Path]:
        calls.append(len(files))
        paths = fetch(files)
        if len(calls) == 1:
            paths[0].unlink()
        return paths

    query.reader.files.fetch = fetch_and_lose  # type: ignore[method-assign, assignment]

    assert answered(query, days(1))[0]["value"] == 1
    assert calls == [1, 1]


FORBIDDEN = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "COPY (SELECT 1) TO '/tmp/headwater-escape.csv'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SELECT * FROM read_parquet('https://example.com/x.parquet')",
    "ATTACH '/tmp/headwater-escape.db'",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_no_other_file_and_no_network_is_reachable(sql: str, tmp_path: Path) -> None:
    with pytest.raises((QueryFailed, FileNotFoundError)):
        Engine(tmp_path / "cache").rows(sql, {})


def test_every_metric_is_a_measure_of_its_cube_with_the_same_way_of_adding_up() -> None:
    ways = {Kind.COUNTER: {"sum"}, Kind.GAUGE: {"last"}, Kind.RATIO: {"sum"}, Kind.UNIQUE: {"member"}}

    for metric in METRICS.values():
        cube = CUBES[metric.cube]
        adds = {m.name: m.adds.value for m in cube.measures}
        if cube.member is not None:
            adds[cube.member.name] = "member"
        dimensions = {d.name for d in cube.dimensions}

        assert {adds[name] for name in (metric.measure, metric.denominator) if name} == ways[metric.kind], metric.name
        assert bool(metric.denominator) == (metric.kind is Kind.RATIO), metric.name
        assert {*metric.dimensions, *(name for name, _ in metric.only)} <= dimensions, metric.name
        assert {*metric.over, *metric.apart} <= set(metric.dimensions), metric.name
        assert {metric.source, *metric.also} <= set(cube.inputs), metric.name
        assert metric.description.endswith("."), metric.name


def test_every_subjects_declarations_are_there_and_no_name_is_given_twice() -> None:
    modules = [import_module(f"{declared.__name__}.{found.name}") for found in iter_modules(declared.__path__)]

    assert sorted(METRICS) == sorted(metric.name for module in modules for metric in module.METRICS)
    assert sorted(CUBES) == sorted(cube.name for module in modules for cube in module.CUBES)
