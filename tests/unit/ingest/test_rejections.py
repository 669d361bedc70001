"""What was set aside, for people: the newest first, every record once over all pages, and at a bounded cost."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.objects import ObjectInfo
from chalicelib.ingest import rejections
from chalicelib.ingest.rejections import EXCERPT, HIGHEST, Found, Position, Rejection, newest
from chalicelib.lake import layout
from chalicelib.sources.base import Item, Outcome
from tests.simulation.outside import History, Pushes
from tests.unit.ingest.test_pull import FOREVER, World
from tests.unit.ingest.test_replay import MendedHistory, MendedPushes, go_on, history, pushes, replay
from tests.unit.metrics.memory_lake import MemoryStore

__all__ = ["history", "pushes"]  # fixtures


def written(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line).encode() + b"\n"


def put(store: Any, seq: int, lines: list[Mapping[str, Any]], replay_seq: int | None = None) -> str:
    key = layout.rejected("s", seq) if replay_seq is None else layout.replayed("s", seq, replay_seq)
    store.put(key, gzip.compress(b"".join(map(written, lines))))
    return key


def line(ordinal: int, **changed: Any) -> Mapping[str, Any]:
    return {"reason": "bad", "where": "", "origin": "o", "raw": "{}", "encoding": "utf-8", "ordinal": ordinal} | changed


def pages(store: Any, stream: str, most: int, head: int = HIGHEST) -> Iterator[Found]:
    after: Position | None = None
    while True:
        page = newest(store, stream, head, after, most)
        yield page
        if page.more is None:
            return
        assert after is None or page.more[0] < after[0] or page.more > after, "no page may lead back"
        after = page.more


def every(store: Any, stream: str, most: int = 7) -> list[Rejection]:
    return [one for page in pages(store, stream, most) for one in page.items]


commits_with_bad = st.dictionaries(st.integers(1, 5_000), st.integers(1, 6), max_size=30)


@given(commits_with_bad, st.integers(1, 9))
def test_over_all_pages_every_record_comes_once_the_newest_commit_first(bad: Mapping[int, int], most: int) -> None:
    store = MemoryStore()
    for seq, count in bad.items():
        put(store, seq, [line(place) for place in range(count)])

    found = list(pages(store, "s", most))

    positions = [one.position for page in found for one in page.items]
    assert positions == [(seq, place, 0) for seq in sorted(bad, reverse=True) for place in range(bad[seq])]
    assert all(len(page.items) <= most for page in found)
    assert all(page.notes == () for page in found)


def test_what_a_replay_has_made_good_says_when(history: World) -> None:
    before = every(history.store, "history")
    replay(history, MendedHistory()).run(FOREVER, go_on)

    after = every(history.store, "history")

    assert [one.position for one in after] == [one.position for one in before]
    assert all(one.replayed_at is None and one.obstacle is None for one in before)
    assert all(one.replayed_at is not None and one.replayed_at >= one.at for one in after)
    assert {one.at for one in before} <= set(commit_times(history))


def commit_times(world: World) -> Iterator[datetime]:
    for key in world.store.keys("ctl/commits/"):
        yield datetime.fromisoformat(json.loads(world.store.objects[key].body)["committed_at"])


def test_what_is_still_bad_after_a_replay_stands_beside_what_is_good(pushes: World) -> None:
    class Half(Pushes):
        def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
            yield from (Pushes if b"poison" in item.body else MendedPushes).parse(self, item, config)

    replay(pushes, Half()).run(FOREVER, go_on)

    by_good = {one.replayed_at is not None: one for one in every(pushes.store, "pushes")}

    assert by_good[True].where == "b"
    assert "poison" in by_good[False].text
    assert by_good[True].window is not None


def test_replays_of_before_the_last_are_looked_at_too() -> None:
    store = MemoryStore()
    put(store, 3, [line(0), line(1), line(2)])
    put(store, 3, [line(1), line(2)], replay_seq=8)
    put(store, 3, [line(2), line(2, reason="and another")], replay_seq=9)

    found = every(store, "s")

    assert [(one.position, one.replayed_at is None) for one in found] == [
        ((3, 0, 0), False),
        ((3, 1, 0), False),
        ((3, 2, 0), True),
        ((3, 2, 1), True),
    ]


def test_a_record_is_an_excerpt_that_can_be_sent_on() -> None:
    store = MemoryStore()
    put(store, 1, [line(0, raw="x" * 5_000, where="w" * 900), line(1, raw="<b>\ud800‮", reason="<script>")])

    long, odd = every(store, "s")

    assert (long.text, long.is_cut, len(long.where)) == ("x" * EXCERPT, True, 300)
    assert (odd.text, odd.is_cut, odd.reason) == ("<b>?‮", False, "<script>")


def test_what_cannot_be_read_is_told_and_hides_nothing_else() -> None:
    store = MemoryStore()
    put(store, 1, [line(0)])
    store.put(layout.rejected("s", 2), b"no gzip")
    put(store, 3, [line(0, raw=None, encoding=None, reason=None)])

    found = newest(store, "s", HIGHEST, None, 10)

    assert [one.position[0] for one in found.items] == [3, 1]
    assert "commit 2" in found.notes[0]
    assert layout.rejected("s", 2) in found.notes[0]


def test_a_commit_that_set_very_much_aside_says_where_the_rest_is(monkeypatch: Any) -> None:
    store = MemoryStore()
    monkeypatch.setattr(rejections, "_MOST_BYTES", 500)
    key = put(store, 1, [line(place) for place in range(100)])

    found = newest(store, "s", HIGHEST, None, 200)

    assert 0 < len(found.items) < 100
    assert key in found.notes[0]


class Counting(MemoryStore):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.gets = self.listed = 0

    def get(self, key: str) -> Any:
        self.gets += 1
        return super().get(key)

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        for one in super().list(prefix, start_after=start_after):
            self.listed += 1
            yield one


def test_a_page_costs_the_same_however_much_was_set_aside() -> None:
    store = Counting()
    body = gzip.compress(written(line(0)))
    for seq in range(1, 6_001):
        store.put(layout.rejected("s", seq), body)

    found = newest(store, "s", 1_000_000, None, 20)

    assert [one.position[0] for one in found.items] == list(range(6_000, 5_980, -1))
    assert store.listed < 40_000
    assert store.gets <= 2 * 64


def test_nothing_was_set_aside() -> None:
    assert newest(MemoryStore(), "s", 0, None, 5) == Found((), None)
    assert newest(MemoryStore(), "s", HIGHEST, None, 5) == Found((), None)


def test_a_source_of_another_name_is_no_part_of_it() -> None:
    store = MemoryStore()
    store.put(layout.rejected("s2", 1), gzip.compress(written(line(0))))

    assert every(store, "s") == []


def test_histories_are_told_with_the_window_of_their_commit(history: World) -> None:
    assert all(one.window is not None for one in every(history.store, History.name))
