"""``GET /v1/sources``: how every source stands."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from chalicelib.api import schemas
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.routes import Access, Answer, Call, Reply, Route
from chalicelib.domain.freshness import Quiet, Run, RunOutcome, assess
from chalicelib.errors import ConfigError, IntegrityError, ObjectNotFound
from chalicelib.ingest.backfilling import is_restated
from chalicelib.ingest.runs import read_run
from chalicelib.lake import layout
from chalicelib.lake.status import StreamStatus, stream_status
from chalicelib.lake.steps import Counts
from chalicelib.sources.base import PullMode, PullSource, Source
from chalicelib.sources.cadence import cadence, silent_after
from chalicelib.sources.config import parse_sources

BROKEN_LOG = "The log of this source is inconsistent: nothing more is published until a person has looked at it."

Silences = Mapping[str, timedelta | None]
"""How long each configured source may be quiet; None: for ever."""

UNJUDGED = "No source is called silent meanwhile, and watching and ingestion stand still."


def list_sources(_call: Call, context: Context) -> Reply:
    """Answer the state of every registered source, read in parallel.

    Without a good sources file the endpoint still answers, says so in ``meta.warnings``, and calls no source silent.
    """
    now = context.clock()
    sources = context.sources
    allowed, warnings = allowed_silences(context)
    with ThreadPoolExecutor(max(1, min(8, len(sources)))) as pool:
        results = list(pool.map(lambda source: _describe(source, context, allowed, now), sources.values()))
    meta: dict[str, Any] = {"computed_at": instant(now), "truncated": False, "warnings": warnings}
    return Reply({"results": results, "meta": meta, "query": {}}, headers={"Cache-Control": "no-store"})


def allowed_silences(context: Context) -> tuple[Silences, list[str]]:
    """Answer how long each configured source may be quiet, and what is wrong with the sources file."""
    try:
        config = parse_sources(context.store.get(layout.SOURCES).body.decode(), context.sources)
    except ObjectNotFound:
        return {}, [f"{layout.SOURCES} is not in the lake bucket: deploy puts it there. {UNJUDGED}"]
    except (ConfigError, UnicodeDecodeError) as error:
        return {}, [f"{layout.SOURCES} is wrong; mend it and deploy. {UNJUDGED} {error}"]
    return {name: silent_after(section) for name, section in config.sections.items()}, []


def _describe(source: Source, context: Context, silences: Silences, now: datetime) -> dict[str, Any]:
    run = read_run(context.state, source.name)
    allowed, configured = silences.get(source.name), source.name in silences
    try:
        status = stream_status(context.store, source.name)
    except IntegrityError:
        broken = Run(now, RunOutcome.FATAL, BROKEN_LOG, failures=max(1, run.failures if run else 1))
        status = StreamStatus(source.name, 0, 0, None, None, None, Counts(), Counts())
        return describe(source, status, broken, allowed, now, configured=configured)
    return describe(source, status, run, allowed, now, configured=configured)


def describe(
    source: Source,
    status: StreamStatus,
    run: Run | None,
    allowed: timedelta | None,
    now: datetime,
    *,
    configured: bool = True,
) -> dict[str, Any]:
    """Describe one source from its log, its last run, and how long it may be quiet (None: for ever)."""
    quiet = Quiet(status.quiet_since, allowed)
    fresh = assess(now, cadence(source), status.committed_at, status.watermark, run, quiet)
    totals = status.totals
    return {
        "name": source.name,
        "title": source.title,
        "kind": kind(source),
        "state": fresh.state.value,
        "overdue": fresh.overdue,
        "last_commit": {"seq": status.seq, "at": instant(status.committed_at)} if status.committed_at else None,
        "last_record_at": instant(status.last_record_at),
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
        "configured": configured,
        "schedule": schedule(source, allowed),
        "can": can(source) if configured else dict.fromkeys(("backfill", "again", "replay"), False),
    }


def schedule(source: Source, allowed: timedelta | None) -> dict[str, Any]:
    """Say when a source commits, in seconds."""
    rhythm = cadence(source)
    return {
        "every_s": int(rhythm.every.total_seconds()),
        "delay_s": int(rhythm.delay.total_seconds()),
        "silent_after_s": None if allowed is None else int(allowed.total_seconds()),
    }


def can(source: Source) -> dict[str, bool]:
    """Say what may be asked of a source that is configured, beside its live stream."""
    pulled = isinstance(source, PullSource) and source.mode is not PullMode.SNAPSHOT
    restated = is_restated(source)
    return {"backfill": pulled, "again": pulled and restated, "replay": not restated}


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
            "`ok`: the last run went well and the next commit is not overdue. `late`: it is overdue. `silent`: "
            "we listen, but nothing has come for longer than `silent_after_hours` of `config/sources.toml`, counted "
            "from `last_record_at` or else from the first commit. `failing`: the last run failed. `rate_limited`: the "
            "source asked us to wait until `retry_at`. `never_run`: nothing has happened yet. `schedule` says how "
            "often it commits (`every_s`), how long after a window's end (`delay_s`), and after how long without a "
            "record it is silent. `can` says what may be asked of it: `POST …/backfill`, the same with `again`, "
            "`POST …/replay`."
        ),
        answers=(Answer(200, "The sources.", schemas.SOURCES, schemas.SOURCES_EXAMPLE),),
        handler=list_sources,
    ),
)
