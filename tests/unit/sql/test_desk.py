"""The desk: places, runs and the engine together, also when somebody dies in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.queries import ExecutionState
from chalicelib.errors import QueryThrottled, RequestError
from chalicelib.sql import places, runs
from chalicelib.sql.desk import Desk
from chalicelib.sql.runs import TIME_CAP, Run, RunState
from tests.unit.api.world import MemoryState
from tests.unit.sql.memory_engine import MemoryEngine, refusing


class World:
    """A desk over memory, and a clock that is turned by sleeping."""

    def __init__(self, engine: MemoryEngine | None = None) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.engine = engine or MemoryEngine()
        self.state = MemoryState()
        self.told: list[Run] = []
        self.desk = Desk(self.state, self.engine, lambda: self.now, self.sleep, self.told.append)

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def run(self, name: str = "r1", owner: str = "ann") -> Run:
        return Run(name, owner, owner, "SELECT 1", "SELECT 1\nLIMIT 5", ("1",), self.now)


def test_a_query_is_started_once_and_its_end_is_told_once() -> None:
    world = World(MemoryEngine(looks=2))

    first = world.desk.submit(world.run())
    again = world.desk.submit(world.run())
    done = world.desk.wait(first, 10)
    world.desk.look("ann", "r1")

    assert first.execution_id == again.execution_id == "q1"
    assert world.engine.started == {"q1": ("SELECT 1\nLIMIT 5", ("1",))}
    assert (done.state, done.scanned_bytes, done.output) == (RunState.DONE, 300, "sql/q1.csv")
    assert world.told == [done]
    assert places.held(world.state, "ann") == ()


def test_waiting_ends_with_the_time() -> None:
    world = World(MemoryEngine(looks=10**6))

    run = world.desk.wait(world.desk.submit(world.run()), 5)

    assert run.state is RunState.RUNNING
    assert world.now - run.submitted_at == timedelta(seconds=5)


def test_what_slow_looks_take_is_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(MemoryEngine(looks=10**6))
    quick = world.engine.look
    monkeypatch.setattr(world.engine, "look", lambda name: (world.sleep(2), quick(name))[1])

    run = world.desk.wait(world.desk.submit(world.run()), 5)

    assert run.state is RunState.RUNNING
    assert world.now - run.submitted_at < timedelta(seconds=5 + 2)


def test_a_caller_has_three_places_and_others_have_their_own() -> None:
    world = World(MemoryEngine(looks=10**6))
    for name in ("a", "b", "c"):
        world.desk.submit(world.run(name))

    with pytest.raises(RequestError) as refused:
        world.desk.submit(world.run("d"))
    other = world.desk.submit(world.run("e", owner="bob"))

    assert refused.value.status == 429
    assert other.state is RunState.QUEUED
    assert len(world.engine.started) == 4


def test_a_place_is_free_as_soon_as_a_query_has_ended_though_nobody_looked() -> None:
    world = World(MemoryEngine(looks=0))
    for name in ("a", "b", "c"):
        world.desk.submit(world.run(name))

    assert world.desk.submit(world.run("d")).execution_id == "q4"


def test_a_query_that_has_had_its_time_is_stopped_by_the_sweep() -> None:
    world = World(MemoryEngine(looks=10**6))
    world.desk.submit(world.run())

    world.now += TIME_CAP - timedelta(seconds=1)
    assert world.desk.sweep() == 1
    assert world.engine.stopped == []
    world.now += timedelta(seconds=1)
    world.desk.sweep()

    run = runs.read(world.state, "ann", "r1")
    assert run is not None
    assert (run.state, world.engine.stopped) == (RunState.FAILED, ["q1"])
    assert "longer than 10 minutes" in run.reason
    assert [told.id for told in world.told] == ["r1"]
    assert world.desk.sweep() == 0


def test_cancelling_stops_it_and_one_that_has_ended_stays_as_it_is() -> None:
    world = World(MemoryEngine(looks=10**6))
    world.desk.submit(world.run())
    quick = World(MemoryEngine(looks=0))
    quick.desk.submit(quick.run())

    cancelled, done = world.desk.cancel("ann", "r1"), quick.desk.cancel("ann", "r1")

    assert cancelled is not None
    assert (cancelled.state, cancelled.scanned_bytes) == (RunState.CANCELLED, 200)
    assert world.engine.stopped == ["q1"]
    assert done is not None
    assert (done.state, quick.engine.stopped) == (RunState.DONE, [])
    assert world.desk.cancel("ann", "r1") == cancelled
    assert world.desk.cancel("bob", "r1") is None


def test_what_athena_cancels_by_itself_has_failed() -> None:
    world = World(MemoryEngine(looks=0, ending=ExecutionState.CANCELLED, reason="Bytes scanned limit was exceeded"))

    run = world.desk.wait(world.desk.submit(world.run()), 5)

    assert (run.state, run.reason) == (RunState.FAILED, "Bytes scanned limit was exceeded")


def test_while_athena_is_busy_a_query_waits_and_the_next_look_starts_it() -> None:
    def busy() -> None:
        raise QueryThrottled("TooManyRequestsException")

    world = World(MemoryEngine(on_start=busy))

    waiting = world.desk.submit(world.run())
    world.engine.on_start = lambda: None
    done = world.desk.wait(waiting, 5)

    assert (waiting.state, waiting.execution_id) == (RunState.QUEUED, "")
    assert done.state is RunState.DONE


def test_what_athena_refuses_at_once_has_failed_and_gives_its_place_back() -> None:
    world = World(MemoryEngine(on_start=refusing("Athena refused the statement: line 1:8: no")))

    run = world.desk.submit(world.run())

    assert (run.state, run.reason) == (RunState.FAILED, "Athena refused the statement: line 1:8: no")
    assert places.held(world.state, "ann") == ()


class Killed(Exception):  # noqa: N818
    """The process ended here."""


@pytest.mark.parametrize("writes", range(1, 6))
def test_killed_at_any_write_a_query_is_started_at_most_once_and_comes_to_its_end(
    writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(MemoryEngine(looks=1))
    left = [writes]
    put: Callable[..., None] = world.state.put

    def killing(*arguments: object, **options: object) -> None:
        if left[0] == 1:
            left[0] = 0
            raise Killed
        left[0] -= 1
        put(*arguments, **options)

    monkeypatch.setattr(world.state, "put", killing)
    with suppress(Killed):
        world.desk.wait(world.desk.submit(world.run()), 60)
    monkeypatch.undo()
    run = world.desk.wait(world.desk.submit(world.run()), 60)

    assert run.state is RunState.DONE
    assert list(world.engine.started) == ["q1"]
    world.desk.sweep()
    assert places.held(world.state, "ann") == ()
