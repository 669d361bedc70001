"""Answers that are kept: in memory, computed once whoever asks at the same time; in a bucket, for cold processes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.periods import Interval
from chalicelib.domain.zones import zone
from chalicelib.errors import QueryFailed, StoreUnavailable
from chalicelib.metrics import stored
from chalicelib.metrics.answer import Bucket
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.keeping import Computed, Keeping
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.stored import StoredAnswers, decode, encode
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import publish

DAY = datetime(2026, 11, 10, tzinfo=UTC)
NOTHING = Computed([], [], [], DAY, ())
values = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.booleans()
rows = st.lists(
    st.lists(values | st.decimals(allow_nan=False, allow_infinity=False), max_size=4).map(tuple), max_size=3
)
buckets = st.builds(Bucket, st.just(DAY), st.just(DAY + timedelta(days=1)), st.booleans(), rows)
answers = st.builds(
    Computed,
    st.lists(buckets, max_size=4),
    rows,
    st.lists(st.text(), max_size=2),
    st.just(DAY),
    st.lists(st.none() | st.just(DAY), max_size=2).map(tuple),
)


@given(answers)
def test_a_stored_answer_is_read_as_it_was(one: Computed) -> None:
    found = decode(encode(one))

    assert found == one
    assert repr(found) == repr(one)  # 1 is no True, and money stays money to its digits


def test_who_asks_at_the_same_time_waits_for_one_computation() -> None:
    keeping, begun, go, calls = Keeping(), Event(), Event(), []

    def compute() -> Computed:
        calls.append(1)
        begun.set()
        assert go.wait(5)
        return NOTHING

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(keeping.answer, "key", compute)
        assert begun.wait(5)
        others = [pool.submit(keeping.answer, "key", compute) for _ in range(7)]
        go.set()
        found = [one.result(5) for one in (first, *others)]

    assert len(calls) == 1
    assert [was_there for _, was_there in found] == [False] + [True] * 7


def test_an_error_is_everybodys_and_is_not_kept() -> None:
    keeping = Keeping()

    def fail() -> Computed:
        raise QueryFailed("no")

    for _ in range(2):
        with pytest.raises(QueryFailed):
            keeping.answer("key", fail)
    assert keeping.answer("key", lambda: NOTHING) == (NOTHING, False)


def test_what_was_not_used_for_longest_goes_first() -> None:
    keeping = Keeping(most=2)
    for key in ("a", "b", "a", "c"):
        keeping.answer(key, lambda: NOTHING)

    assert [keeping.answer(key, lambda: NOTHING)[1] for key in ("a", "c", "b")] == [True, True, False]


def test_threads_ask_different_questions_at_once(tmp_path: Path) -> None:
    query = ask(lake(), tmp_path)
    barrier = Barrier(4)

    def one(days: int) -> int:
        barrier.wait(5)
        return sum(row[2] for row in query.answer(query.prepare(question(days))).rows())

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, [1, 2, 3, 4])) == [1, 3, 6, 10]


def lake(seq: int = 1) -> MemoryStore:
    store = MemoryStore()
    names = {"version": "1", "product": "p", "is_bot": False, "download_bytes": 0}
    rows = [{"bucket_start": DAY + timedelta(days=d), "downloads": d + 1, **names} for d in range(4)]
    publish(store, DOWNLOADS, rows, {"s3_access_logs": DAY}, seq=seq)
    return store


def question(days: int = 4) -> Question:
    return Question((METRICS["downloads"],), DAY, DAY + timedelta(days=days), Interval.P1D, zone("UTC"))


def slowly() -> Callable[[], datetime]:
    """Make a clock on which everything takes a second."""
    told = [DAY]

    def clock() -> datetime:
        told[0] += timedelta(seconds=1)
        return told[0]

    return clock


def ask(store: MemoryStore, folder: Path, results: Any = None, warn: Any = None) -> SeriesQuery:
    answers = None if results is None else StoredAnswers(lambda: results, warn or pytest.fail)
    return SeriesQuery(lambda: store, slowly(), folder, answers)


def test_a_cold_process_takes_what_another_has_computed(tmp_path: Path) -> None:
    store, results = lake(), MemoryStore()
    first, second = ask(store, tmp_path / "a", results), ask(store, tmp_path / "b", results)

    computed = first.answer(first.prepare(question()))
    taken = second.answer(second.prepare(question()))

    assert (computed.served_from, taken.served_from) == ("cube", "cache")
    assert list(taken.rows()) == list(computed.rows())
    assert not (tmp_path / "b").exists()  # no file of the cube was fetched
    assert all(found.key.startswith("answers/") for found in results.list(""))


def test_a_warm_process_does_not_look(tmp_path: Path) -> None:
    store, results = lake(), MemoryStore()
    query = ask(store, tmp_path, results)
    query.answer(query.prepare(question()))
    query.kept.clear()

    assert query.answer(query.prepare(question())).served_from == "cube"


def test_new_data_or_new_code_is_another_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = MemoryStore()
    first = ask(lake(), tmp_path / "a", results)
    first.answer(first.prepare(question()))

    newer = ask(lake(seq=2), tmp_path / "b", results)
    assert newer.answer(newer.prepare(question())).served_from == "cube"
    monkeypatch.setattr(stored, "code", lambda: "another release")
    released = ask(lake(), tmp_path / "c", results)
    assert released.answer(released.prepare(question())).served_from == "cube"


class Broken(MemoryStore):
    def get(self, key: str) -> Any:
        raise StoreUnavailable("away")

    def put(self, *_args: Any, **_more: Any) -> str:
        raise StoreUnavailable("away")


def test_a_bucket_that_is_away_or_spoilt_costs_no_answer(tmp_path: Path) -> None:
    told: list[str] = []
    away = ask(lake(), tmp_path / "a", Broken(), told.append)
    assert away.answer(away.prepare(question())).served_from == "cube"
    spoilt = MemoryStore()
    spoilt.put(stored.name(away.prepare(question()).key), b"no gzip")
    other = ask(lake(), tmp_path / "b", spoilt, told.append)

    assert other.answer(other.prepare(question())).served_from == "cube"
    assert [said.split(":")[0] for said in told] == [
        "a kept answer could not be read", "an answer could not be kept", "a kept answer could not be read",
    ]  # fmt: skip
