"""``POST /v1/sources/{name}/backfill``: have a range of the past pulled, each part of it once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from chalicelib.api import idempotency, schemas
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.jobs import SOURCE, find_source, submit
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route
from chalicelib.domain.faults import fault, unknown_names
from chalicelib.domain.periods import parse_instant
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.ingest import backfilling
from chalicelib.ingest.jobs import Job, JobKind, JobState
from chalicelib.lake.covered import covered_by
from chalicelib.lake.ranges import Ranges
from chalicelib.lake.status import head_of
from chalicelib.lake.steps import Step
from chalicelib.sources.base import PullMode, PullSource, Source, Window
from chalicelib.sources.s3_access_logs import S3AccessLogs

MAX_WINDOWS: Final = 20_000

NOTHING_LEFT = "All of this range is pulled already: there is nothing to ask."
PARTLY_LEFT = "Parts of this range are pulled already and are not asked for again."


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for."""

    range: Window
    again: bool


def backfill(call: Call, context: Context) -> Reply:
    """Plan a backfill and write it down."""
    asked = read_question(read_json_object(call))
    source = find_source(call, context)
    now = context.clock()
    job = plan(pulled(source), asked, context, now)
    question = {"from": asked.range.start.isoformat(), "to": asked.range.end.isoformat(), "again": asked.again}
    return submit(call, context, job, question)


def pulled(source: Source) -> PullSource:
    """Answer a source whose past can be asked for. Raises ``RequestError`` 400 with what to do instead."""
    if not isinstance(source, PullSource):
        if source.name == S3AccessLogs.name:
            instead = (
                "the log bucket is looked through every hour, three days back, for objects that no event announced"
            )
        else:
            instead = "have the sender send it again; what is here already is not stored twice"
        raise RequestError(f"{source.title} comes to us and cannot be asked for: {instead}.")
    if source.mode is PullMode.SNAPSHOT:
        raise RequestError(f"{source.title}: only now can be asked. What was missed is recorded as missed.")
    return source


def plan(source: PullSource, asked: Question, context: Context, now: datetime) -> Job:
    """Plan a job without an id. Raises ``RequestError`` 400 for a range that is too long, 409 for doubled rows."""
    if asked.again and not backfilling.is_restated(source):
        kept = ", ".join(table.name for table in source.tables if not table.restated)
        raise RequestError(f"Asking again would double the rows of {kept}, which only grow.", status=409)
    head = head_of(context.store, source.name)
    cursor = Step.from_body(head.body).cursor if head else None
    wanted = backfilling.cut(source, asked.range, now, cursor)
    covered = covered_by(context.store, head)
    pieces = backfilling.pieces(source, wanted.range, covered, again=asked.again)
    total = count(source, pieces, wanted.range.end)
    notes = [*wanted.notes]
    if wanted.range.start < wanted.range.end and pieces != (wanted.range,):
        notes.append(PARTLY_LEFT if pieces else NOTHING_LEFT)
    job = Job("", JobKind.BACKFILL, source.name, pieces, now, again=asked.again, total=total, notes=tuple(notes))
    return job if pieces else replace(job, state=JobState.DONE, started_at=now, finished_at=now)


def count(source: PullSource, pieces: Ranges, until: datetime) -> int:
    """Count the windows of a job. Raises ``RequestError`` 400 when there are more than :data:`MAX_WINDOWS`."""
    last = max((until, *(piece.end for piece in pieces)))
    found = sum(1 for _ in islice(backfilling.windows(source, pieces, (), last, None), MAX_WINDOWS + 1))
    if found > MAX_WINDOWS:
        detail = f"This is more than {MAX_WINDOWS:,} windows of {backfilling.step(source)}: ask for a shorter range."
        raise RequestError("The range is too long.", errors=({"parameter": "from", "detail": detail},))
    return found


def read_question(given: dict[str, Any]) -> Question:
    """Read the body. Raises ``RequestError`` 400 naming every field that is wrong."""
    known = ("from", "to", "again")
    errors = unknown_names(given, known)
    found: dict[str, datetime] = {}
    for name in ("from", "to"):
        try:
            found[name] = read_instant(given.get(name))
        except ValueError as error:
            errors.append(fault(name, error))
    if len(found) == 2 and found["to"] <= found["from"]:
        errors.append({"parameter": "to", "detail": "The range must end after it starts."})
    if not isinstance(again := given.get("again", False), bool):
        errors.append({"parameter": "again", "detail": "true or false."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return Question(Window(found["from"], found["to"]), again)


def read_instant(value: Any) -> datetime:
    """Read an ISO 8601 date (its midnight in UTC) or instant. Raises ``ValueError``."""
    if not isinstance(value, str):
        raise ValueError("An ISO 8601 date or time is needed, such as 2026-11-01 or 2026-11-01T09:15:00Z.")
    return parse_instant(value, zone("UTC"))


ROUTES = (
    Route(
        method="POST",
        path="/v1/sources/{name}/backfill",
        name="backfill",
        access=Access.ADMIN,
        summary="Have the past of a source pulled",
        description=(
            "Half-open `[from, to)`, widened to the source's grid and cut to what has settled and lies behind the live "
            "stream, which it does not move; `notes` says so. Only what is not pulled yet is asked for; where that is "
            "nothing, the job is `done` at once. `again: true` asks for all of it, for sources whose every table is "
            "restated; others would hold rows twice (409). A fifth of every budget is left to the live stream. "
            "Snapshots and what comes to us have no past to ask for (400)."
        ),
        answers=(Answer(202, "The job; its address is in `Location`.", schemas.JOB, schemas.JOB_EXAMPLE),),
        handler=backfill,
        parameters=(SOURCE,),
        headers=(idempotency.KEY,),
        body=Body(
            "The range.",
            {
                "type": "object",
                "required": ["from", "to"],
                "properties": {
                    "from": {"type": "string", "description": "ISO 8601, inclusive; a date is midnight in UTC."},
                    "to": {"type": "string", "description": "ISO 8601, exclusive."},
                    "again": {"type": "boolean", "default": False},
                },
                "additionalProperties": False,
            },
            {"from": "2026-08-01", "to": "2026-11-01"},
        ),
        problems=(404, 409, 413, 415, 422, 429),
    ),
)
