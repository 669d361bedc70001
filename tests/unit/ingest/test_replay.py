"""Replays: what was set aside and is good today becomes rows once; totals stay true; the rest says why it stays."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import SkippableRecordError
from chalicelib.ingest import set_aside
from chalicelib.ingest.inbox import accept
from chalicelib.ingest.jobs import Job, JobKind, Progress
from chalicelib.ingest.replay import Replay
from chalicelib.ingest.rereading import NOT_KEPT, OTHERS, RESTATED, STILL_BAD
from chalicelib.ingest.seal import Seal
from chalicelib.ingest.seen import SegmentCache
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Counts, Kind, Step
from chalicelib.sources.base import Accepted, Item, Outcome, Window
from tests.simulation.formats import JsonLines
from tests.simulation.outside import ARRIVALS, DAYS, History, Pushes
from tests.simulation.outside import to_outcome as strict
from tests.simulation.scheduler import START
from tests.unit.ingest.test_pull import FOREVER, World

NOW = START + timedelta(days=3, minutes=11)
GONE = -1
"""What a mended parser reads where ``v`` is no number."""


def mended(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Accepted):
        return outcome
    return strict({**json.loads(outcome.raw), "v": GONE}, "events")


class MendedHistory(History):
    """Reads every record."""

    def parse(self, pages: Any, window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        return (mended(outcome) for outcome in super().parse(pages, window, config))


class Shuffled(MendedHistory):
    """Reads every record, in another order."""

    def parse(self, pages: Any, window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        return reversed(list(super().parse(pages, window, config)))  # type: ignore[return-value]


class MendedPushes(Pushes):
    """Reads every record, poisoned ones too."""

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
        for record in json.loads(item.body):
            if "poison" in record:
                record = {"id": f"p{record['poison']}", "at": START.isoformat(), "v": 0}
            yield strict({**record, "v": record["v"] if isinstance(record["v"], int) else GONE}, ARRIVALS.name)


def replay(world: Any, source: Any, name: str = "r1", **changed: Any) -> Replay:
    job = replace(Job(name, JobKind.REPLAY, source.name, (), NOW), **changed)
    log = StreamLog(world.store, world.catalog, source.name, world.scheduler.clock)
    attempts = (f"{name}.{n}" for n in range(100))
    return Replay(log, source, {}, JsonLines(), world.scheduler.clock, SegmentCache(), job, lambda: next(attempts))


def go_on(_progress: Progress) -> bool:
    return True


def last(world: Any) -> tuple[str, Step]:
    commit = json.loads(world.store.objects[world.store.keys("ctl/commits/")[-1]].body)
    return commit["kind"], Step.from_body(commit["body"])


def lines(world: Any, stream: str) -> list[Mapping[str, Any]]:
    keys = set_aside.latest(world.store, stream).values()
    return [record.fields for key in keys for record in set_aside.read(world.store, key)]


@pytest.fixture
def history() -> World:
    """Three days of events, of which some were set aside."""
    world = World(History(), events=70)
    for event in world.server.events[::7]:
        event["v"] = "bad"
    world.scheduler.now = NOW
    world.pull.run(FOREVER)
    assert last(world)[1].totals.rejected >= 10
    return world


def test_what_was_pulled_and_is_good_today_becomes_rows_and_the_totals_stay_true(history: World) -> None:
    _, before = last(history)
    bad = before.totals.rejected

    done = replay(history, MendedHistory()).run(FOREVER, go_on)

    kind, after = last(history)
    assert kind == Kind.REPLAY
    assert (after.cursor, after.watermark, after.covered) == (before.cursor, before.watermark, before.covered)
    assert after.totals == before.totals + Counts(ok=bad, rejected=-bad, rows=bad)
    assert after.totals.received == after.totals.ok + after.totals.rejected + after.totals.duplicate
    assert (done.left, done.rows, done.notes) == (0, bad, ())
    assert sum(history.rows("events").values()) == 70
    assert max(history.rows("events").values()) == 1
    assert lines(history, "history") == []


def test_a_second_replay_finds_nothing(history: World) -> None:
    replay(history, MendedHistory()).run(FOREVER, go_on)
    commits, rows = len(history.store.keys("ctl/commits/")), history.rows("events")

    done = replay(history, MendedHistory(), "r2").run(FOREVER, go_on)

    assert (done.rows, done.left) == (0, 0)
    assert (len(history.store.keys("ctl/commits/")), history.rows("events")) == (commits, rows)


def test_what_is_still_bad_stays_set_aside_and_makes_no_commit(history: World) -> None:
    commits, before = len(history.store.keys("ctl/commits/")), lines(history, "history")

    done = replay(history, History()).run(FOREVER, go_on)

    assert len(history.store.keys("ctl/commits/")) == commits
    assert lines(history, "history") == before
    assert done.left == 0
    assert done.notes == (f"{len(before)} records of commits up to 6 stay set aside: {STILL_BAD}.",)


def test_a_twin_that_comes_second_takes_nothing_twice(history: World) -> None:
    class Slow(Replay):
        """Is overtaken between reading what is set aside and committing it."""

        def _stage(self, *given: Any) -> Step:
            if not overtaken:
                overtaken.append(replay(history, MendedHistory(), "fast").run(FOREVER, go_on))
            return super()._stage(*given)

    bad, overtaken = last(history)[1].totals.rejected, list[Progress]()
    fast = replay(history, MendedHistory(), "slow")
    slow = Slow(**{field.name: getattr(fast, field.name) for field in fields(fast)})

    done = slow.run(FOREVER, go_on)

    assert overtaken[0].rows == bad
    assert (done.rows, done.left) == (0, 0)
    assert max(history.rows("events").values()) == 1
    assert last(history)[1].totals.rejected == 0


def test_a_parser_that_finds_other_records_in_the_raw_pages_takes_nothing(history: World) -> None:
    before = history.rows("events")

    done = replay(history, Shuffled()).run(FOREVER, go_on)

    assert history.rows("events") == before
    assert OTHERS in done.notes[0]


def test_only_commits_of_the_range_are_looked_at(history: World) -> None:
    later = Window(NOW + timedelta(days=1), NOW + timedelta(days=2))

    done = replay(history, MendedHistory(), pieces=(later,)).run(FOREVER, go_on)

    assert (done.done, done.left, done.rows) == (0, 0, 0)


def test_a_record_of_a_restated_table_is_not_put_in_the_place_of_its_day(history: World) -> None:
    class Restating(MendedHistory):
        def parse(self, pages: Any, window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
            for outcome in History.parse(self, pages, window, config):
                if isinstance(outcome, Accepted):
                    yield outcome
                else:
                    row = {"at": window.start, "v": 99}
                    yield Accepted(outcome.where, "x", ((DAYS.name, row),))

    before = history.rows("days")

    done = replay(history, Restating()).run(FOREVER, go_on)

    assert history.rows("days") == before
    assert RESTATED in done.notes[0]


def test_records_of_before_places_were_kept_say_so(history: World) -> None:
    for key in history.store.keys("rejected/"):
        stripped = [
            {name: line[name] for name in ("reason", "where", "origin", "raw")}
            for line in map(json.loads, gzip.decompress(history.store.objects[key].body).splitlines())
        ]
        history.store.put(key, gzip.compress("\n".join(map(json.dumps, stripped)).encode()))

    done = replay(history, MendedHistory()).run(FOREVER, go_on)

    assert NOT_KEPT in done.notes[0]


def test_a_run_that_ends_early_is_gone_on_with(history: World) -> None:
    reports: list[Progress] = []

    def once(progress: Progress) -> bool:
        reports.append(progress)
        return len(reports) < 3

    first = replay(history, MendedHistory()).run(FOREVER, once)
    done = replay(history, MendedHistory(), position=first.position).run(FOREVER, go_on)

    assert first.done == 2
    assert done.left == 0
    assert sum(history.rows("events").values()) == 70


@pytest.fixture
def pushes() -> World:
    """Two items that arrived: one with a bad record among good ones, one that is bad as a whole."""
    world = World(History())
    sealed: Any = Seal(
        StreamLog(world.store, world.catalog, "pushes", world.scheduler.clock),
        Pushes(),
        {},
        world.store,
        JsonLines(),
        world.scheduler.clock,
        SegmentCache(),
    )
    at = START.isoformat()
    mixed = [{"id": "a", "at": at, "v": 1}, {"id": "b", "at": at, "v": "bad"}, {"id": "c", "at": at, "v": 2}]
    accept(world.store, "pushes", json.dumps(mixed).encode(), {"delivery": "d1"}, START)
    accept(world.store, "pushes", json.dumps([{"id": "d", "at": at, "v": 3}, {"poison": 1}]).encode(), {}, START)
    sealed.run(FOREVER)
    return world


def test_what_arrived_is_read_again_from_the_line_alone_with_what_came_beside_it(pushes: World) -> None:
    seen: list[Item] = []

    class Watching(MendedPushes):
        def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
            seen.append(item)
            return super().parse(item, config)

    _, before = last(pushes)
    assert before.totals == Counts(4, 2, 2, 0, 0, 2)

    done = replay(pushes, Watching()).run(FOREVER, go_on)

    _, after = last(pushes)
    assert (done.left, done.rows) == (0, 3)
    assert after.totals == Counts(5, 5, 0, 0, 0, 5)
    assert after.cursor == before.cursor
    assert after.resume_after == before.resume_after
    assert sorted(json.loads(row)["id"] for row in pushes.rows("arrivals")) == ["a", "b", "c", "d", "p1"]
    assert {item.received_at for item in seen} == {START}
    assert {"delivery": "d1"} in [dict(item.attributes) for item in seen]


def test_a_body_in_which_one_record_is_still_bad_gives_its_good_ones_and_keeps_that(pushes: World) -> None:
    class Half(Pushes):
        def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
            for record in json.loads(item.body):
                yield strict({"id": "p", "at": START.isoformat(), "v": "bad"} | record, ARRIVALS.name)

    replay(pushes, Half()).run(FOREVER, go_on)

    assert sorted(json.loads(row)["id"] for row in pushes.rows("arrivals")) == ["a", "c", "d"]
    assert last(pushes)[1].totals == Counts(5, 3, 2, 0, 0, 3)
    assert sorted(line["where"] for line in lines(pushes, "pushes")) == ["b", "p"]


def test_a_body_that_is_no_text_is_kept_byte_for_byte(pushes: World) -> None:
    class Bytes(Pushes):
        def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
            raise SkippableRecordError("poison")
            yield

    accept(pushes.store, "pushes", b"\xff\x00", {}, START)
    log = StreamLog(pushes.store, pushes.catalog, "pushes", pushes.scheduler.clock)
    Seal(log, Bytes(), {}, pushes.store, JsonLines(), pushes.scheduler.clock, SegmentCache()).run(FOREVER)
    keys = set_aside.latest(pushes.store, "pushes")

    (record,) = set_aside.read(pushes.store, keys[max(keys)])

    assert record.fields["encoding"] == "base64"
    assert record.item().body == b"\xff\x00"
