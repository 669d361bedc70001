"""Executions: what ``GetQueryExecution`` tells of them, and their life from QUEUED to its end."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.athena import kinds
from infra.local.athena.errors import invalid_request
from infra.local.athena.failures import athena_error
from infra.local.athena.locations import Location
from infra.local.athena.results import ResultColumn
from infra.local.athena.statement import Statement, statement_type

FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")
KEPT = 10_000  # executions that are remembered


@dataclass(slots=True)
class Statistics:
    """``Statistics``: milliseconds, bytes and rows."""

    scanned_bytes: int = 0
    engine_ms: int = 0
    queue_ms: int = 0
    planning_ms: int = 0
    total_ms: int = 0
    output_rows: int = 0
    output_bytes: int = 0
    manifest: str = ""


@dataclass(slots=True)
class Execution:
    """One query execution. The runner changes it, the operations read it.

    ``asked`` is the request; ``is_deterministic`` is known once the query has been bound; ``reused`` is the execution
    whose result this one shows.
    """

    sql: str
    statement: Statement
    workgroup: str
    database: str
    catalog: str
    output: Location
    submitted: dt.datetime
    parameters: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    query_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "QUEUED"
    reason: str = ""
    completed: dt.datetime | None = None
    statistics: Statistics = field(default_factory=Statistics)
    columns: tuple[ResultColumn, ...] = ()
    update_count: int = 0
    bytes_limit: int | None = None
    stop_requested: threading.Event = field(default_factory=threading.Event)
    interrupt: Callable[[], None] | None = None
    is_deterministic: bool = False
    reused: Execution | None = None

    @property
    def is_text(self) -> bool:
        """Does the result go to a ``.txt`` file?"""
        return kinds.is_text(self.statement)

    @property
    def result_key(self) -> str:
        """The key of the result file."""
        shown = self.reused or self
        return f"{shown.output.prefix}{kinds.result_name(shown.statement, shown.query_id)}"

    @property
    def manifest_key(self) -> str:
        """The key of the list of files that a statement has written."""
        return f"{self.result_key.removesuffix('.csv')}-manifest.csv"

    @property
    def token_key(self) -> tuple[object, ...]:
        """What a second request with the same ``ClientRequestToken`` may not change.

        Parameters and workgroup are not looked at, and a database that is left out is not ``default``: measured on
        Athena by the project aoyagikouhei/athena-local (``docs/dev/measurements/client-request-token.md``).
        """
        context = self.asked.get("QueryExecutionContext") or {}
        output = (self.asked.get("ResultConfiguration") or {}).get("OutputLocation")
        return self.sql, context.get("Database"), context.get("Catalog"), output

    @property
    def reuse_key(self) -> tuple[object, ...]:
        """What an earlier execution must have in common with this one for its result to be reused."""
        return self.workgroup, self.sql, self.parameters, self.database, self.catalog.lower(), self.output

    def end(self, state: str, reason: str, at: dt.datetime) -> None:
        """Tell the end; whoever sees the state sees all of it."""
        self.interrupt = None
        self.completed = at
        self.reason = reason
        self.statement = kinds.without_tree(self.statement)
        self.state = state

    def described(self) -> dict[str, Any]:
        """``QueryExecution``."""
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted.timestamp()}
        if self.reason:
            status["StateChangeReason"] = self.reason
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed.timestamp()
        if self.state == "FAILED":
            status["AthenaError"] = athena_error(self.reason)
        context = dict(self.asked.get("QueryExecutionContext") or {})
        if "Catalog" in context:
            context["Catalog"] = context["Catalog"].lower()
        out: dict[str, Any] = {
            "QueryExecutionId": self.query_id,
            "Query": self.sql,
            "StatementType": statement_type(self.statement),
            "ResultConfiguration": {"OutputLocation": f"s3://{self.output.bucket}/{self.result_key}"},
            "ResultReuseConfiguration": self.asked.get("ResultReuseConfiguration")
            or {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "QueryExecutionContext": context,
            "Status": status,
            "Statistics": self._statistics(),
            "WorkGroup": self.workgroup,
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
            "SubstatementType": kinds.substatement_type(self.statement),
        }
        if self.parameters:
            out["ExecutionParameters"] = list(self.parameters)
        return out

    def _statistics(self) -> dict[str, Any]:
        figures = self.statistics
        out: dict[str, Any] = {
            "EngineExecutionTimeInMillis": figures.engine_ms,
            "DataScannedInBytes": figures.scanned_bytes,
            "TotalExecutionTimeInMillis": figures.total_ms,
            "QueryQueueTimeInMillis": figures.queue_ms,
            "QueryPlanningTimeInMillis": figures.planning_ms,
            "ServiceProcessingTimeInMillis": max(0, figures.total_ms - figures.engine_ms - figures.queue_ms),
            "ResultReuseInformation": {"ReusedPreviousResult": self.reused is not None},
        }
        if figures.manifest:
            out["DataManifestLocation"] = figures.manifest
        return out


class Executions:
    """All executions that this server remembers, newest last."""

    def __init__(self) -> None:
        self._by_id: dict[str, Execution] = {}
        self._by_token: dict[str, Execution] = {}
        self._lock = threading.Lock()

    def add(self, execution: Execution, token: str | None) -> tuple[Execution, bool]:
        """Remember one; with a ``ClientRequestToken`` seen before it is the first one's twin. And: is it new?"""
        with self._lock:
            if token and (twin := self._by_token.get(token)) is not None:
                if twin.token_key != execution.token_key:
                    raise invalid_request("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
                return twin, False
            self._by_id[execution.query_id] = execution
            if token:
                self._by_token[token] = execution
            self._forget()
        return execution, True

    def get(self, query_id: str) -> Execution:
        """One by its id.

        Raises
        ------
        ApiError
            When there is none.
        """
        found = self._by_id.get(query_id)
        if found is None:
            raise invalid_request(f"QueryExecution {query_id} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return found

    def newest_first(self, workgroup: str) -> list[Execution]:
        """Those of a workgroup."""
        with self._lock:
            return [e for e in reversed(self._by_id.values()) if e.workgroup == workgroup]

    def _forget(self) -> None:
        ids = list(self._by_id)
        for query_id in ids[: max(0, len(ids) - KEPT)]:
            del self._by_id[query_id]
        if len(self._by_token) > KEPT:
            self._by_token.pop(next(iter(self._by_token)))
