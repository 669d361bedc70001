"""Runs of statements: who asked what, how it stands, what it cost. Kept in the state table for as long as results are.

A run is written down before Athena is asked, and Athena is asked under a token made of the run's id: whoever finds a
run without an execution starts it, and it is started once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.queries import Execution, ExecutionState
from chalicelib.domain.records import Records, expiry, fields_of

KEPT: Final = timedelta(days=7)
"""As long as the results bucket keeps a result."""
TIME_CAP: Final = timedelta(minutes=10)
"""A query that takes longer is stopped."""

_INSTANTS: Final = ("submitted_at", "finished_at")


class RunState(StrEnum):
    """How a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


_STATES: Final = {
    ExecutionState.QUEUED: RunState.QUEUED,
    ExecutionState.RUNNING: RunState.RUNNING,
    ExecutionState.SUCCEEDED: RunState.DONE,
    ExecutionState.FAILED: RunState.FAILED,
    ExecutionState.CANCELLED: RunState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a statement.

    Parameters
    ----------
    owner, by
        The token's identity and its name.
    sql, checked, literals
        The text as it came, as Athena gets it, and the values of its question marks.
    capped
        Whether the bound on rows is ours.
    reason
        Of a run that failed or was cancelled: why.
    output
        The key of Athena's result file.
    request
        A digest of the question: an ``Idempotency-Key`` may not be used for another.
    """

    id: str
    owner: str
    by: str
    sql: str
    checked: str
    literals: tuple[str, ...]
    submitted_at: datetime
    tables: tuple[str, ...] = ()
    capped: bool = False
    request: str = ""
    execution_id: str = ""
    state: RunState = RunState.QUEUED
    reason: str = ""
    scanned_bytes: int = 0
    engine_ms: int = 0
    queued_ms: int = 0
    output: str = ""
    finished_at: datetime | None = None
    version: int = 0

    def is_overdue(self, now: datetime) -> bool:
        """Whether it has had its time."""
        return not self.state.is_final and now - self.submitted_at >= TIME_CAP

    def seen(self, execution: Execution, now: datetime) -> Run:
        """Answer the run as the engine now tells of it."""
        state = _STATES[execution.state]
        return replace(
            self,
            state=state,
            reason=self.reason or execution.reason,
            scanned_bytes=execution.scanned_bytes,
            engine_ms=execution.engine_ms,
            queued_ms=execution.queued_ms,
            output=execution.output,
            finished_at=now if state.is_final else None,
        )


def _to_item(run: Run) -> dict[str, Any]:
    item = {name: value for name, value in asdict(run).items() if name not in ("id", "owner", "version")}
    item |= {name: value.isoformat() for name in _INSTANTS if (value := item[name]) is not None}
    item |= {"literals": list(run.literals), "tables": list(run.tables), "state": run.state.value}
    return item | expiry(run.submitted_at + KEPT)


def _from_item(owner: str, run_id: str, item: Mapping[str, Any]) -> Run:
    fields = fields_of(item, _INSTANTS)
    fields |= {"literals": tuple(item["literals"]), "tables": tuple(item["tables"]), "state": RunState(item["state"])}
    return Run(id=run_id, owner=owner, **fields)


_RECORDS: Final = Records("sql_run", lambda run: run.owner, _to_item, _from_item)
partition, create, read = _RECORDS.partition, _RECORDS.create, _RECORDS.read
every, update = _RECORDS.every, _RECORDS.update
