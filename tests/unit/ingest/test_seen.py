"""The identity index remembers every record of 30 days, however its segments were merged, and reads few of them."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import IntegrityError
from chalicelib.ingest import seen
from chalicelib.ingest.identity import identity_of
from chalicelib.ingest.seen import KEEP, SeenIndex, SegmentCache
from chalicelib.lake.steps import Segment
from chalicelib.sources.base import Accepted
from tests.simulation.scheduler import NO_FAULTS, Scheduler
from tests.simulation.store import FakeS3

DAY = date(2026, 11, 22)


def who(event_id: object, content: object = "") -> bytes:
    return identity_of(Accepted(str(event_id), str(content), ()))


def commit(store: FakeS3, segments: tuple[Segment, ...], ids: list[int], today: date, seq: int) -> tuple[Segment, ...]:
    bodies = SegmentCache().load(store, segments)
    index = SeenIndex(bodies.values())
    for number in ids:
        index.add(who(number))
    return seen.keep(store, "pushes", segments, bodies, index.added(), today, seq, "a")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.lists(st.integers(0, 60), min_size=1, max_size=4), st.integers(0, 6)), max_size=40))
def test_all_of_thirty_days_is_known_and_nothing_else(history: list[tuple[list[int], int]]) -> None:
    store = FakeS3(Scheduler(random.Random(0), NO_FAULTS))
    segments: tuple[Segment, ...] = ()
    last: dict[int, date] = {}
    today = DAY
    for seq, (ids, days) in enumerate(history, start=1):
        today += timedelta(days=days)
        segments = commit(store, segments, ids, today, seq)
        last.update(dict.fromkeys(ids, today))

    index = SeenIndex(SegmentCache().load(store, segments).values())

    for number in range(61):
        known = number in last and last[number] >= today - KEEP
        assert index.seen(who(number)) == index.seen_id(who(number)) == known


def test_reads_stay_few_over_a_month_of_many_commits(store: FakeS3) -> None:
    segments: tuple[Segment, ...] = ()
    most = 0
    for seq in range(60 * 20):
        segments = commit(store, segments, [seq], DAY + timedelta(days=seq // 20), seq)
        most = max(most, len(segments))

    assert most <= KEEP.days + 1 + seen.FAN_IN
    assert sum(segment.entries for segment in segments) <= 20 * (KEEP.days + 1)


def test_the_same_id_with_another_content_is_a_conflict_not_a_duplicate() -> None:
    index = SeenIndex([who("a", 1)])

    assert index.seen(who("a", 1))
    assert index.seen_id(who("a", 2))
    assert not index.seen(who("a", 2))
    assert not index.seen_id(who("b", 1))


def test_a_warm_process_reads_a_segment_once(store: FakeS3) -> None:
    segments = commit(store, (), [1, 2], DAY, 1)
    cache = SegmentCache()
    cache.load(store, segments)
    before = store.scheduler.calls

    cache.load(store, segments)

    assert store.scheduler.calls == before


def test_a_segment_that_was_cut_is_noticed(store: FakeS3) -> None:
    (segment,) = commit(store, (), [1, 2], DAY, 1)
    store.write(segment.key, store.objects[segment.key].body[:-1])

    with pytest.raises(IntegrityError):
        SegmentCache().load(store, (segment,))
