"""``GET /v1/sources``: how every source stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from chalicelib.api import schemas
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.routes import Access, Answer, Call, Reply, Route
from chalicelib.domain.freshness import Run, RunOutcome, assess
from chalicelib.errors import IntegrityError
from chalicelib.ingest.runs import read_run
from chalicelib.lake.status import StreamStatus, stream_status
from chalicelib.lake.steps import Counts
from chalicelib.sources.base import PullMode, PullSource, Source
from chalicelib.sources.cadence import cadence

BROKEN_LOG = "The log of this source is inconsistent: nothing more is published until a person has looked at it."


def list_sources(_call: Call, context: Context) -> Reply:
    """Answer the state of every registered source, read in parallel."""
    now = context.clock()
    sources = context.sources
    with ThreadPoolExecutor(max(1, min(8, len(sources)))) as pool:
        results = list(pool.map(lambda source: _describe(source, context, now), sources.values()))
    meta: dict[str, Any] = {"computed_at": instant(now), "truncated": False, "warnings": []}
    return Reply({"results": results, "meta": meta, "query": {}}, headers={"Cache-Control": "no-store"})


def _describe(source: Source, context: Context, now: datetime) -> dict[str, Any]:
    run = read_run(context.state, source.name)
    try:
        status = stream_status(context.store, source.name)
    except IntegrityError:
        broken = Run(now, RunOutcome.FATAL, BROKEN_LOG, failures=max(1, run.failures if run else 1))
        status = StreamStatus(source.name, 0, 0, None, None, None, Counts(), Counts())
        return describe(source, status, broken, now)
    return describe(source, status, run, now)


def describe(source: Source, status: StreamStatus, run: Run | None, now: datetime) -> dict[str, Any]:
    """Describe one source from its log and its last run."""
    fresh = assess(now, cadence(source), status.committed_at, status.watermark, run)
    totals = status.totals
    return {
        "name": source.name,
        "title": source.title,
        "kind": kind(source),
        "state": fresh.state.value,
        "overdue": fresh.overdue,
        "last_commit": {"seq": status.seq, "at": instant(status.committed_at)} if status.committed_at else None,
        "published_seq": status.published_seq,
        "watermark": instant(status.watermark),
        "lag_s": None if fresh.lag is None else int(fresh.lag.total_seconds()),
        "records": {"ok": totals.ok, "rejected": totals.rejected, "duplicate": totals.duplicate},
        "rejected": totals.rejected,
        "last_run": None if run is None else {"at": instant(run.at), "outcome": run.outcome.value},
        "last_error": None if run is None or run.outcome is RunOutcome.OK else run.error,
        "failures": 0 if run is None else run.failures,
        "retry_at": None if run is None else instant(run.retry_at),
        "next_run": instant(fresh.next_run),
    }


def kind(source: Source) -> str:
    """Answer the shape of a source, as people see it."""
    if isinstance(source, PullSource):
        return "snapshot" if source.mode is PullMode.SNAPSHOT else "pull"
    return "arriving"


ROUTES = (
    Route(
        method="GET",
        path="/v1/sources",
        name="list_sources",
        access=Access.READ,
        summary="The state of every source",
        description=(
            "`ok`: the last run went well and the next commit is not overdue. `late`: it is overdue. `failing`: the "
            "last run failed. `rate_limited`: the source asked us to wait until `retry_at`. `never_run`: nothing has "
            "happened yet."
        ),
        answers=(Answer(200, "The sources.", schemas.SOURCES, schemas.SOURCES_EXAMPLE),),
        handler=list_sources,
    ),
)
