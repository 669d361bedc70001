"""``/v1/jobs``: what was asked for beside the live streams, how far it is, and an end to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.api import idempotency, schemas
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.paging import CURSOR, limit, listed, page_of
from chalicelib.api.routes import Access, Answer, Call, Parameter, Reply, Route, in_path
from chalicelib.domain.faults import not_found
from chalicelib.errors import ConfigError, ObjectNotFound, RequestError
from chalicelib.ingest import jobs
from chalicelib.ingest.job_runs import cancelled
from chalicelib.ingest.jobs import Job
from chalicelib.lake import layout
from chalicelib.sources.base import Source
from chalicelib.sources.config import parse_sources

MAX_ACTIVE: Final = 20
LISTED: Final = 100
LOOK_AGAIN_S: Final = 5

SOURCE = Parameter(
    "name",
    "The source's name, as `/v1/sources` tells it.",
    {"type": "string"},
    "mixpanel_events",
    "path",
    required=True,
)


def find_source(call: Call, context: Context) -> Source:
    """Answer the source of the path. Raises ``RequestError`` 404, or 409 when it is not configured."""
    name = call.values["name"]
    source = context.sources.get(name)
    if source is None:
        raise not_found("name", "source", name, context.sources, "/v1/sources")
    try:
        enabled = parse_sources(context.store.get(layout.SOURCES).body.decode(), context.sources).enabled
    except (ObjectNotFound, ConfigError, UnicodeDecodeError) as error:
        raise RequestError(f"{layout.SOURCES} is missing or wrong; mend it and deploy: {error}", status=409) from error
    if name not in enabled:
        raise RequestError(f"{name} has no section in {layout.SOURCES}: add it and deploy.", status=409)
    return source


def submit(call: Call, context: Context, job: Job, question: Mapping[str, Any]) -> Reply:
    """Write a job down and answer 202; the same ``Idempotency-Key`` answers the same job.

    ``job`` comes without an id. Raises ``RequestError`` 422 for a key of another question, 429 for too many jobs.
    """
    key, by = idempotency.read_key(call), call.caller.name if call.caller else ""
    digest = idempotency.digest_of([job.kind, job.stream, question])
    named = replace(job, id=idempotency.new_id(by, key), by=by, request=digest)
    standing = None if key is None else jobs.read(context.state, named.id)
    if standing is None:
        if sum(other.is_active for other in jobs.every(context.state)) >= MAX_ACTIVE:
            raise RequestError(f"{MAX_ACTIVE} jobs are at work or wait: let one end, or cancel one.", status=429)
        standing = jobs.create(context.state, named)
    if standing.request != digest:
        raise idempotency.used_for_another()
    # Relative to `/v1/sources/{name}/…`: where the API's root is, only its clients know.
    return Reply(describe(standing), 202, {**_headers(standing), "Location": f"../../jobs/{standing.id}"})


def describe(job: Job) -> dict[str, Any]:
    """Describe a job, as people see it."""
    return {
        "id": job.id,
        "kind": job.kind.value,
        "source": job.stream,
        "state": job.state.value,
        "ranges": [{"from": instant(one.start), "to": instant(one.end)} for one in job.pieces],
        "again": job.again,
        "done": job.done,
        "total": job.total,
        "rows": job.rows,
        "error": job.error,
        "retry_at": instant(job.retry_at),
        "created_at": instant(job.created_at),
        "created_by": job.by,
        "started_at": instant(job.started_at),
        "finished_at": instant(job.finished_at),
        "notes": list(job.notes),
    }


def list_jobs(call: Call, context: Context) -> Reply:
    """Answer a page of the jobs, newest first."""
    found = jobs.every(context.state)
    page = page_of(call, "jobs", found, lambda job: (job.created_at.isoformat(), job.id), LISTED, newest=True)
    return listed(call, page, describe, NO_STORE)


def get_job(call: Call, context: Context) -> Reply:
    """Answer one job."""
    job = jobs.read(context.state, call.values["id"])
    if job is None:
        raise _absent()
    return Reply(describe(job), headers=_headers(job))


def cancel_job(call: Call, context: Context) -> Reply:
    """Cancel a job; one that has ended stays as it is."""
    job = jobs.change(context.state, call.values["id"], lambda standing: cancelled(standing, context.clock()))
    if job is None:
        raise _absent()
    return Reply(describe(job), headers=NO_STORE)


def _absent() -> RequestError:
    return RequestError(f"There is no job with this id; jobs are kept for {jobs.KEPT.days} days.", status=404)


def _headers(job: Job) -> dict[str, str]:
    return {**NO_STORE, "Retry-After": str(LOOK_AGAIN_S)} if job.is_active else dict(NO_STORE)


ID = in_path("id", "The job's id.", "5f1c0d9a7be34c0f8f7a2b11")

ROUTES = (
    Route(
        method="GET",
        path="/v1/jobs",
        name="list_jobs",
        access=Access.ADMIN,
        summary="Backfills and replays",
        description="Newest first. The jobs of a source are done one after another.",
        answers=(Answer(200, "The jobs.", schemas.JOBS, schemas.JOBS_EXAMPLE),),
        handler=list_jobs,
        parameters=(limit(LISTED, 500), CURSOR),
    ),
    Route(
        method="GET",
        path="/v1/jobs/{id}",
        name="get_job",
        access=Access.ADMIN,
        summary="One backfill or replay",
        description=(
            "`queued`: it has not begun. `running`: at work, or giving way to the live stream. `waiting`: tried again "
            "at `retry_at`, for the reason in `error`. `done`, `cancelled`, `failed`: ended; what was committed stays. "
            "Look again after `Retry-After` seconds."
        ),
        answers=(Answer(200, "The job.", schemas.JOB, schemas.JOB_EXAMPLE),),
        handler=get_job,
        parameters=(ID,),
        problems=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/jobs/{id}",
        name="cancel_job",
        access=Access.ADMIN,
        summary="Cancel a backfill or replay",
        description="It stops before its next commit; what is committed stays. A job that has ended stays as it is.",
        answers=(Answer(200, "The job.", schemas.JOB, schemas.JOB_EXAMPLE),),
        handler=cancel_job,
        parameters=(ID,),
        problems=(404,),
    ),
)
