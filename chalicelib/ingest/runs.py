"""How the last run of each stream ended: remembered for the dispatcher, ``/v1/sources`` and the alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.freshness import Run, RunOutcome
from chalicelib.domain.state import StateStore
from chalicelib.errors import (
    ConfigError,
    FatalSourceError,
    HeadwaterError,
    IntegrityError,
    PreconditionFailed,
    RetriableSourceError,
    StoreUnavailable,
    Unanswered,
)

SORT_KEY = "run"
_TRIES = 5
_FATAL = (FatalSourceError, ConfigError, IntegrityError)


def read_run(state: StateStore, stream: str) -> Run | None:
    """Answer a stream's last run, or None when there was none."""
    item = state.get(_key(stream), SORT_KEY)
    return None if item is None else _from_item(item)


def perform(state: StateStore, stream: str, clock: Clock, work: Callable[[], object]) -> Run:
    """Do the work of one run and remember how it ended; our own errors end a run, they do not leave it.

    What is no error of ours is a mistake in the code: it is remembered as fatal and raised on, to be logged whole.
    """
    try:
        work()
    except _FATAL as error:
        return record(state, stream, clock(), RunOutcome.FATAL, str(error))
    except HeadwaterError as error:
        retry_at = error.retry_at if isinstance(error, RetriableSourceError) else None
        own_wait = isinstance(error, Unanswered)
        return record(state, stream, clock(), RunOutcome.RETRY, str(error), retry_at, own_wait=own_wait)
    except Exception as error:
        record(state, stream, clock(), RunOutcome.FATAL, f"a mistake in the code: {type(error).__name__}: {error}")
        raise
    return record(state, stream, clock(), RunOutcome.OK)


def record(
    state: StateStore,
    stream: str,
    at: datetime,
    outcome: RunOutcome,
    error: str | None = None,
    retry_at: datetime | None = None,
    *,
    own_wait: bool = False,
) -> Run:
    """Remember how a run ended, counting failures in a row. Raises ``StoreUnavailable``."""
    for _ in range(_TRIES):
        before = state.get(_key(stream), SORT_KEY)
        run = following(_from_item(before) if before else None, at, outcome, error, retry_at)
        run = replace(run, own_wait=own_wait)
        try:
            state.put(_key(stream), SORT_KEY, _to_item(run), expected_version=before["version"] if before else None)
        except PreconditionFailed:
            continue
        return run
    raise StoreUnavailable(f"the last run of {stream} could not be remembered: other runs were always faster")


def following(
    before: Run | None, at: datetime, outcome: RunOutcome, error: str | None, retry_at: datetime | None
) -> Run:
    """Answer the run to remember after ``before``: failures in a row, and since when it is as it is."""
    failed = outcome is not RunOutcome.OK
    failures = (before.failures if before else 0) + 1 if failed else 0
    same = before is not None and (before.outcome is not RunOutcome.OK) == failed
    since = before.since if before is not None and same and before.since else at
    return Run(at, outcome, error, retry_at, failures, since)


def _key(stream: str) -> str:
    return f"stream#{stream}"


def _to_item(run: Run) -> dict[str, Any]:
    return {
        "at": run.at.isoformat(),
        "outcome": run.outcome.value,
        "error": run.error,
        "retry_at": run.retry_at.isoformat() if run.retry_at else None,
        "failures": run.failures,
        "since": run.since.isoformat() if run.since else None,
        "own_wait": run.own_wait,
    }


def _from_item(item: Mapping[str, Any]) -> Run:
    return Run(
        datetime.fromisoformat(item["at"]),
        RunOutcome(item["outcome"]),
        item["error"],
        datetime.fromisoformat(item["retry_at"]) if item["retry_at"] else None,
        int(item["failures"]),
        datetime.fromisoformat(item["since"]) if item["since"] else None,
        item.get("own_wait", False),
    )
