"""How runs end is remembered, counted, and decides when a stream may be tried again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.freshness import Run, RunOutcome
from chalicelib.errors import (
    ConfigError,
    FatalSourceError,
    IntegrityError,
    PreconditionFailed,
    RetriableSourceError,
    StoreUnavailable,
    Unanswered,
)
from chalicelib.ingest.dispatch import Dispatch, Queues, is_due, may_run
from chalicelib.ingest.inbox import accept
from chalicelib.ingest.runs import perform, read_run, record
from chalicelib.lake.status import StreamStatus
from chalicelib.lake.steps import Counts
from tests.simulation.outside import GRID, SETTLE, History, Pushes
from tests.simulation.scheduler import START
from tests.simulation.store import FakeS3


class Memory:
    """A state store in memory; ``faster`` other writers come in between."""

    def __init__(self, faster: int = 0) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.faster = faster

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        return self.items.get((pk, sk))

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        if self.faster:
            self.faster -= 1
            raise PreconditionFailed(pk)
        assert expected_version == self.items.get((pk, sk), {}).get("version")
        self.items[pk, sk] = {**item, "version": (expected_version or 0) + 1}

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        return iter(())


def clock() -> Any:
    return START


def failing(error: Exception) -> Any:
    def work() -> None:
        raise error

    return work


LATER = START + timedelta(hours=3)


@pytest.mark.parametrize(
    ("error", "outcome", "retry_at"),
    [
        (FatalSourceError("revoked"), RunOutcome.FATAL, None),
        (ConfigError("no key"), RunOutcome.FATAL, None),
        (IntegrityError("broken"), RunOutcome.FATAL, None),
        (RetriableSourceError("quota", LATER), RunOutcome.RETRY, LATER),
        (StoreUnavailable("503"), RunOutcome.RETRY, None),
    ],
)
def test_our_errors_end_a_run_and_are_remembered(error: Exception, outcome: RunOutcome, retry_at: Any) -> None:
    state = Memory()

    run = perform(state, "stars", clock, failing(error))

    assert run == read_run(state, "stars") == Run(START, outcome, str(error), retry_at, 1, START)


def test_a_wait_of_our_own_is_remembered_as_such() -> None:
    state = Memory()

    run = perform(state, "stars", clock, failing(Unanswered("no answer", LATER)))

    assert run == read_run(state, "stars")
    assert (run.retry_at, run.own_wait) == (LATER, True)
    assert not perform(state, "stars", clock, failing(RetriableSourceError("429", LATER))).own_wait


def test_a_mistake_in_the_code_is_remembered_and_raised_on() -> None:
    state = Memory()

    with pytest.raises(KeyError):
        perform(state, "stars", clock, failing(KeyError("typo")))

    run = read_run(state, "stars")
    assert run is not None
    assert run.outcome is RunOutcome.FATAL


def test_failures_in_a_row_are_counted_since_the_first_and_end_with_a_success() -> None:
    state = Memory(faster=2)
    hours = [START + timedelta(hours=n) for n in range(5)]
    outcomes = [RunOutcome.OK, RunOutcome.RETRY, RunOutcome.FATAL, RunOutcome.OK, RunOutcome.OK]

    runs = [record(state, "stars", at, outcome) for at, outcome in zip(hours, outcomes, strict=True)]

    assert [run.failures for run in runs] == [0, 1, 2, 0, 0]
    assert [run.since for run in runs] == [hours[0], hours[1], hours[1], hours[3], hours[3]]


def test_a_state_that_never_lets_us_write_is_said() -> None:
    with pytest.raises(StoreUnavailable):
        record(Memory(faster=99), "stars", START, RunOutcome.OK)


@pytest.mark.parametrize(
    ("run", "minutes"),
    [
        (None, 0),
        (Run(START, RunOutcome.OK), 0),
        (Run(START, RunOutcome.RETRY, failures=1), 1),
        (Run(START, RunOutcome.RETRY, failures=4), 8),
        (Run(START, RunOutcome.RETRY, failures=99), 60),
        (Run(START, RunOutcome.RETRY, retry_at=LATER, failures=1), 180),
        (Run(START, RunOutcome.FATAL, failures=1), 60),
    ],
)
def test_a_failed_stream_waits_as_told_or_longer_each_time(run: Run | None, minutes: int) -> None:
    first = START + timedelta(minutes=minutes)

    assert may_run(run, first)
    assert minutes == 0 or not may_run(run, first - timedelta(seconds=1))


def status(seq: int, published: int, minutes: float = 0) -> StreamStatus:
    end = START + timedelta(minutes=minutes)
    return StreamStatus("s", seq, published, START, end, end, Counts(), Counts())


def test_a_pull_is_due_when_a_window_has_settled_or_something_is_unpublished() -> None:
    settled = START + GRID + SETTLE

    assert is_due(History(), status(0, 0), waiting=False, now=START)
    assert is_due(History(), status(2, 1), waiting=False, now=START)
    assert not is_due(History(), status(2, 2), waiting=False, now=settled - timedelta(seconds=1))
    assert is_due(History(), status(2, 2), waiting=False, now=settled)


def test_a_seal_is_due_when_something_waits_or_a_heartbeat_has_passed() -> None:
    assert not is_due(Pushes(), status(2, 2), waiting=False, now=START)
    assert is_due(Pushes(), status(2, 2), waiting=True, now=START)
    assert is_due(Pushes(), status(2, 2), waiting=False, now=START + Pushes.heartbeat)


class Sent:
    """A queue that keeps."""

    def __init__(self) -> None:
        self.messages: list[Mapping[str, Any]] = []

    def send(self, message: Mapping[str, Any]) -> None:
        self.messages.append(message)


def test_each_due_stream_gets_one_message_and_a_waiting_one_none(store: FakeS3) -> None:
    pull, seal, rollup, state = Sent(), Sent(), Sent(), Memory()
    record(state, "history", START, RunOutcome.RETRY, "quota", LATER)
    accept(store, "pushes", b"x", {}, START)
    dispatch = Dispatch(store, state, Queues(pull, seal, rollup), (History(), Pushes()), {"cube": ("pushes",)}, clock)

    assert dispatch.run() == ["pushes"]

    assert (pull.messages, seal.messages, rollup.messages) == ([], [{"stream": "pushes"}], [])
