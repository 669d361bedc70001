"""The port to a query engine that works on its own: start a statement, look at it, page through its rows, stop it.

``chalicelib.aws.athena`` implements it; its words for states and types are Athena's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ExecutionState(StrEnum):
    """How an execution stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more."""
        return self in (ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution, as it is now. ``reason`` is the engine's; ``output`` the key of the result, where it has one.

    ``is_retryable`` is true of a failure that was the engine's own: the same statement can succeed later.
    """

    id: str
    state: ExecutionState
    reason: str = ""
    scanned_bytes: int = 0
    engine_ms: int = 0
    queued_ms: int = 0
    output: str = ""
    is_retryable: bool = False


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result: its name and its type in the engine's words, ``decimal(38,9)``."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Some rows, each value as text or None, and where to go on."""

    columns: tuple[ResultColumn, ...]
    rows: Sequence[Sequence[str | None]]
    next_cursor: str | None


class QueryEngine(Protocol):
    """Runs statements in one database and one workgroup.

    Every method raises ``QueryThrottled`` when the engine is busy, ``QueryFailed`` when it refuses.
    """

    def start(self, sql: str, literals: Sequence[str], *, token: str = "") -> str:
        """Start a statement and answer its execution's id; the same ``token`` is the same execution.

        ``literals`` are SQL for the question marks, in their order.
        """
        ...

    def look(self, execution_id: str) -> Execution:
        """Answer how an execution stands."""
        ...

    def page(self, execution_id: str, cursor: str | None = None, size: int = 1_000) -> ResultPage:
        """Answer up to ``size`` rows (at most 1,000) of an execution that has succeeded."""
        ...

    def text(self, execution_id: str) -> str:
        """Answer what a statement that answers in lines, as EXPLAIN, has said."""
        ...

    def stop(self, execution_id: str) -> None:
        """Stop an execution; one that has ended stays as it is."""
        ...
