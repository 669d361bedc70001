"""``/v1/reports/{name}/runs``: what was made of a report, its files, and 'make it now'."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api import idempotency, works
from chalicelib.api import report_schemas as schemas
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.export_schemas import LINK_EXAMPLE
from chalicelib.api.files import linked
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.report_body import read_wish
from chalicelib.api.reports import NAME, there
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route, in_path
from chalicelib.domain.records import WorkState
from chalicelib.errors import RequestError
from chalicelib.reports import runs
from chalicelib.reports.runs import Run

MAX_AT_WORK: Final = 5
LISTED: Final = 50


def run_report(call: Call, context: Context) -> Reply:
    """Have a report made now; the same ``Idempotency-Key`` answers the same run."""
    given = read_json_object(call)
    send, report = read_wish(given), there(call, context)
    key, now, by = idempotency.read_key(call), context.clock(), call.by.name
    digest = idempotency.digest_of([report.name, send])
    name = f"now-{idempotency.new_id(call.by.id, key)}"
    made = Run(report.name, name, report.content, now, now, by, report.zone.key, send, digest)
    refusal = f"{MAX_AT_WORK} runs of this report are at work: let one end."
    standing = works.written_once(runs.RECORDS, made, context, MAX_AT_WORK, refusal)
    if standing.state is WorkState.QUEUED:  # told twice is made once
        context.tell_of_report(report.name, standing.id)
    location = f"runs/{standing.id}"
    return Reply(describe(standing, context), 202, {**works.headers(standing), "Location": location})


def describe(run: Run, context: Context, *, linked: bool = False) -> dict[str, Any]:
    """Describe a run; a link is made only where it is ``linked``."""
    return {
        "id": run.id,
        "report": run.report,
        "format": run.content.form.value,
        "due_at": instant(run.due_at),
        "period": run.period,
        "figures": list(run.lines),
        "notes": list(run.notes),
        "problems": list(run.problems),
        "send": run.send,
        "asked_by": run.by or None,
        **works.how_it_stands(run, runs.KEPT, context, linked=linked),
    }


def list_runs(call: Call, context: Context) -> Reply:
    """Answer a page of a report's runs, the newest first; of a deleted one too, whose name is known."""
    now, name = context.clock(), call.values["name"]
    found = [run.as_of(now) for run in runs.every(context.state, name)]
    if not found:
        there(call, context)
    scope = f"runs {name}"
    page = page_of(call, scope, found, lambda run: (run.due_at.isoformat(), run.id), LISTED, newest=True)
    return listed(call, page, lambda run: describe(run, context), NO_STORE)


def get_run(call: Call, context: Context) -> Reply:
    """Answer how a run stands, with a link to its file once it is there."""
    run = _found(call, context)
    now = context.clock()
    if run.is_left(now):  # whoever wrote it down, or made it, died before the queue or people were told
        context.tell_of_report(run.report, run.id)
    return Reply(describe(run.as_of(now), context, linked=True), headers=works.headers(run.as_of(now)))


def get_file(call: Call, context: Context) -> Reply:
    """Answer where a run's file is."""
    run = _found(call, context).as_of(context.clock())
    if run.state is not WorkState.DONE:
        detail = f"It failed: {run.error}" if run.state is WorkState.FAILED else "It is not made yet: look at the run."
        raise RequestError(detail, status=409)
    return linked(context.exports, run.key, run.filename)


def _found(call: Call, context: Context) -> Run:
    run = runs.read(context.state, call.values["name"], call.values["id"])
    if run is None:
        raise RequestError(f"There is no such run; they are kept for {runs.KEPT.days} days.", status=404)
    return run


ID: Final = in_path(
    "id", "The run's id: the local date on which it was due, or as `POST` has told it.", "2026-11-23", 64
)
_RUN: Final = (schemas.RUN, schemas.RUN_EXAMPLE)

ROUTES = (
    Route(
        method="POST",
        path="/v1/reports/{name}/runs",
        name="run_report",
        access=Access.ADMIN,
        summary="Make a report now",
        description=(
            "Of the data as they are now. With `send`, those who get the report are told of it as if it had been due. "
            f"Look at `Location` until it is `done`. {MAX_AT_WORK} runs of a report may be at work at once."
        ),
        answers=(Answer(202, "The run.", *_RUN, headers=("Location", "Retry-After")),),
        handler=run_report,
        parameters=(NAME,),
        headers=(idempotency.KEY,),
        body=Body("Whether people are told.", schemas.WISH, schemas.WISH_EXAMPLE),
        problems=(404, 413, 415, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/reports/{name}/runs",
        name="list_report_runs",
        access=Access.READ,
        summary="What was made of a report",
        description=f"Runs, the newest first, without links. They are kept for {runs.KEPT.days} days.",
        answers=(a_page("The runs.", schemas.RUN, schemas.RUN_EXAMPLE, LISTED),),
        handler=list_runs,
        parameters=(NAME, limit(LISTED, 200), CURSOR),
        problems=(404,),
    ),
    Route(
        method="GET",
        path="/v1/reports/{name}/runs/{id}",
        name="get_report_run",
        access=Access.READ,
        summary="How a run of a report stands",
        description=(
            "`queued`, `running`, and then `done` with a `link`, or `failed` with an `error`. Where a part could not "
            "be had, `problems` says so, and so does the file; the other parts are there."
        ),
        answers=(Answer(200, "The run.", *_RUN, headers=("Retry-After",)),),
        handler=get_run,
        parameters=(NAME, ID),
        problems=(404,),
    ),
    Route(
        method="GET",
        path="/v1/reports/{name}/runs/{id}/file",
        name="get_report_file",
        access=Access.READ,
        summary="A report's file",
        description="303 to a link that is good for 15 minutes, for whoever has it.",
        answers=(Answer(303, "Where the file is.", schemas.LINK, LINK_EXAMPLE, headers=("Location",)),),
        handler=get_file,
        parameters=(NAME, ID),
        problems=(404, 409),
    ),
)
