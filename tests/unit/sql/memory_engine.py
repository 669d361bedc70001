"""A query engine in memory: each execution goes through scripted states, and answers scripted rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain.queries import Execution, ExecutionState, ResultColumn, ResultPage
from chalicelib.errors import QueryFailed

RUNNING = (ExecutionState.QUEUED, ExecutionState.RUNNING)


@dataclass
class MemoryEngine:
    """Executions end after ``looks`` looks at them, as ``ending`` says; ``on_start`` may refuse them."""

    looks: int = 1
    ending: ExecutionState = ExecutionState.SUCCEEDED
    reason: str = ""
    columns: Sequence[ResultColumn] = (ResultColumn("n", "bigint"),)
    rows: Sequence[Sequence[str | None]] = (("1",),)
    said: dict[str, str] = field(default_factory=dict)
    on_start: Callable[[], None] = lambda: None
    started: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    looked: dict[str, int] = field(default_factory=dict)

    def start(self, sql: str, literals: Sequence[str], *, token: str = "") -> str:
        self.on_start()
        if token and token in self.tokens:
            return self.tokens[token]
        execution_id = f"q{len(self.started) + 1}"
        self.started[execution_id] = (sql, tuple(literals))
        self.tokens[token] = execution_id
        return execution_id

    def look(self, execution_id: str) -> Execution:
        seen = self.looked[execution_id] = self.looked.get(execution_id, 0) + 1
        running = Execution(execution_id, RUNNING[min(seen - 1, 1)], scanned_bytes=seen * 100)
        if execution_id in self.stopped:
            return replace(running, state=ExecutionState.CANCELLED, reason="Query cancelled by user")
        if seen <= self.looks:
            return running
        return replace(running, state=self.ending, reason=self.reason, engine_ms=7, output=f"sql/{execution_id}.csv")

    def page(self, execution_id: str, cursor: str | None = None, size: int = 1_000) -> ResultPage:
        begin = int(cursor or 0)
        end = begin + size
        return ResultPage(tuple(self.columns), self.rows[begin:end], str(end) if end <= len(self.rows) else None)

    def text(self, execution_id: str) -> str:
        sql = self.started[execution_id][0]
        return next(text for prefix, text in self.said.items() if sql.startswith(prefix))

    def stop(self, execution_id: str) -> None:
        self.stopped.append(execution_id)


def refusing(message: str) -> Callable[[], None]:
    def refuse() -> None:
        raise QueryFailed(message)

    return refuse
