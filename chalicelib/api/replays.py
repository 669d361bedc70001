"""``POST /v1/sources/{name}/replay``: have the records that were set aside read again, by today's parser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.api import idempotency, schemas
from chalicelib.api.backfills import read_instant
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.jobs import SOURCE, find_source, submit
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route
from chalicelib.domain.faults import fault, unknown_names
from chalicelib.domain.periods import EARLIEST
from chalicelib.errors import RequestError
from chalicelib.ingest import backfilling
from chalicelib.ingest.jobs import Job, JobKind
from chalicelib.sources.base import Window


def replay(call: Call, context: Context) -> Reply:
    """Write a replay down."""
    now = context.clock()
    pieces = read_range(read_json_object(call) if call.body else {}, now)
    source = find_source(call, context)
    if backfilling.is_restated(source):
        raise RequestError(
            f"{source.title} is restated: a day is one object, which a single record cannot be put into. Backfill the "
            "range with 'again': true instead.",
            status=409,
        )
    job = Job("", JobKind.REPLAY, source.name, pieces, now)
    question = [[one.start.isoformat(), one.end.isoformat()] for one in pieces]
    return submit(call, context, job, {"range": question})


def read_range(given: dict[str, Any], now: datetime) -> tuple[Window, ...]:
    """Read the body: a range of commit times, or nothing for all. Raises ``RequestError`` 400."""
    known = ("from", "to")
    errors = unknown_names(given, known)
    found: dict[str, datetime] = {}
    for name in known:
        try:
            if name in given:
                found[name] = read_instant(given[name])
        except ValueError as error:
            errors.append(fault(name, error))
    start, end = found.get("from", EARLIEST), found.get("to", now)
    if not errors and found and end <= start:
        errors.append({"parameter": "to", "detail": "The range must end after it starts."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return (Window(start, end),) if found else ()


ROUTES = (
    Route(
        method="POST",
        path="/v1/sources/{name}/replay",
        name="replay",
        access=Access.ADMIN,
        summary="Have records that were set aside read again",
        description=(
            "After a parser was mended. Those that are good now become rows, as if they had been good then; those that "
            "are still bad stay set aside; none becomes rows twice, however often this is asked. `from` and `to`, both "
            "optional, limit it to records that were committed in `[from, to)`. `rejected` of the source goes down by "
            "what was made good, and `notes` of the job says what could not be read again, and why."
        ),
        answers=(Answer(202, "The job; its address is in `Location`.", schemas.JOB, schemas.REPLAY_EXAMPLE),),
        handler=replay,
        parameters=(SOURCE,),
        headers=(idempotency.KEY,),
        body=Body(
            "Which commits; `{}` for all.",
            {
                "type": "object",
                "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
                "additionalProperties": False,
            },
            {"from": "2026-11-01"},
        ),
        problems=(404, 409, 413, 415, 422, 429),
    ),
)
