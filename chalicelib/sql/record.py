"""What is logged of every run, once, when it has ended: who asked what, what it scanned, what it cost."""

from __future__ import annotations

from typing import Any

from chalicelib.sql.cost import usd
from chalicelib.sql.runs import Run

_LOGGED_CHARACTERS = 2_000


def record(run: Run) -> dict[str, Any]:
    """Answer the fields of the log line. Values of parameters are left out: they may be personal."""
    took = None if run.finished_at is None else round((run.finished_at - run.submitted_at).total_seconds() * 1000)
    return {
        "run": run.id,
        "token": run.owner,
        "by": run.by,
        "state": run.state.value,
        "sql": run.sql[:_LOGGED_CHARACTERS],
        "sql_characters": len(run.sql),
        "tables": list(run.tables),
        "execution": run.execution_id,
        "reason": run.reason,
        "scanned_bytes": run.scanned_bytes,
        "cost_usd": f"{usd(run.scanned_bytes):f}",
        "queued_ms": run.queued_ms,
        "engine_ms": run.engine_ms,
        "took_ms": took,
    }
