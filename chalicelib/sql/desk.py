"""Where queries are handed in, looked after and fetched: the places, the runs and the engine, together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.queries import ExecutionState, QueryEngine
from chalicelib.domain.state import StateStore
from chalicelib.errors import QueryFailed, QueryThrottled
from chalicelib.sql import places, runs
from chalicelib.sql.runs import TIME_CAP, Run, RunState

Told = Callable[[Run], None]
"""Is told of every run once, when it has ended."""

_FIRST_WAIT_S, _LONGEST_WAIT_S, _GROWTH = 0.05, 1.0, 1.5
_TOO_LONG: Final = f"It took longer than {TIME_CAP.seconds // 60} minutes and was stopped: read less at a time."
_CANCELLED: Final = "It was cancelled."


@dataclass(frozen=True)
class Desk:
    """One workgroup's desk. Methods raise ``StoreUnavailable`` and ``QueryThrottled``: try again."""

    state: StateStore
    engine: QueryEngine
    clock: Clock
    sleep: Callable[[float], None]
    told: Told = lambda _: None

    def submit(self, run: Run) -> Run:
        """Take a place, write the run down, start it.

        The same id twice is the same run. Raises ``RequestError`` 429 when the caller has too many at work.
        """
        if standing := runs.read(self.state, run.owner, run.id):
            return standing
        if len(places.held(self.state, run.owner)) >= places.AT_ONCE:
            self._look_at_all(run.owner)
        places.take(self.state, run.owner, run.id, self.clock())
        return self._brought_on(runs.create(self.state, run))

    def look(self, owner: str, run_id: str) -> Run | None:
        """Answer how a run of this owner's stands now; None when there is none."""
        run = runs.read(self.state, owner, run_id)
        return None if run is None else self._brought_on(run)

    def wait(self, run: Run, seconds: float) -> Run:
        """Look until the run has ended or the time is over; what the looks take is part of it."""
        pause, over = _FIRST_WAIT_S, self.clock() + timedelta(seconds=seconds)
        while not run.state.is_final and (left := (over - self.clock()).total_seconds()) > 0:
            self.sleep(min(pause, left))
            pause = min(pause * _GROWTH, _LONGEST_WAIT_S)
            run = self._brought_on(run)
        return run

    def cancel(self, owner: str, run_id: str) -> Run | None:
        """Stop a run; one that has ended stays as it is."""
        run = self.look(owner, run_id)
        return run if run is None or run.state.is_final else self._stopped(run, RunState.CANCELLED, _CANCELLED)

    def sweep(self) -> int:
        """Look after every run that holds a place, so that none outlives its time unseen; how many there were."""
        return sum(self._look_at_all(owner) for owner, _ in list(places.every(self.state)))

    def _look_at_all(self, owner: str) -> int:
        found = [run for run_id in places.held(self.state, owner) if (run := self.look(owner, run_id))]
        for run in found:
            if run.state.is_final:  # its end was written down, and then its writer died
                places.give_back(self.state, owner, run.id)
        return len(found)

    def _brought_on(self, run: Run) -> Run:
        """Start what has not begun, see how far it is, stop what has had its time."""
        if run.state.is_final:
            return run
        if run.is_overdue(self.clock()):
            return self._stopped(run, RunState.FAILED, _TOO_LONG)
        if not run.execution_id:
            return self._begun(run)
        execution = self.engine.look(run.execution_id)
        if execution.state is ExecutionState.CANCELLED:  # not by us: we would have ended the run ourselves
            execution = replace(execution, state=ExecutionState.FAILED)
        return self._written(run, run.seen(execution, self.clock()))

    def _begun(self, run: Run) -> Run:
        try:
            execution_id = self.engine.start(run.checked, run.literals, token=f"{run.owner}/{run.id}")
        except QueryThrottled:
            return run  # it stays queued, and the next look starts it
        except QueryFailed as error:
            refused = replace(run, state=RunState.FAILED, reason=str(error), finished_at=self.clock())
            return self._written(run, refused)
        return self._written(run, replace(run, execution_id=execution_id))

    def _stopped(self, run: Run, state: RunState, reason: str) -> Run:
        after = run
        if run.execution_id:
            self.engine.stop(run.execution_id)
            after = run.seen(self.engine.look(run.execution_id), self.clock())
            if after.state is RunState.DONE:  # it was faster
                return self._written(run, after)
        return self._written(run, replace(after, state=state, reason=reason, finished_at=self.clock()))

    def _written(self, before: Run, after: Run) -> Run:
        """Write what has changed. Who writes the end gives the place back and tells of it: nobody else does."""
        if after == before:
            return before
        written = runs.update(self.state, after)
        if written is None:
            return runs.read(self.state, before.owner, before.id) or before
        if written.state.is_final:
            places.give_back(self.state, written.owner, written.id)
            self.told(written)
        return written
