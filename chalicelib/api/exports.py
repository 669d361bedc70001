"""``/v1/exports``: whole answers of any size as files, made as jobs."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api import export_schemas as schemas
from chalicelib.api import idempotency, works
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.query_field import read_query
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route, in_path
from chalicelib.documents.formats import Format
from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.domain.nearest import one_of
from chalicelib.domain.records import WorkState
from chalicelib.errors import RequestError
from chalicelib.exports import jobs, words
from chalicelib.exports.jobs import Export
from chalicelib.metrics.question_json import write_question

MAX_AT_WORK: Final = 20
LISTED: Final = 100


def make_export(call: Call, context: Context) -> Reply:
    """Write an export down and have it made; the same ``Idempotency-Key`` answers the same one."""
    given = read_json_object(call)
    form = _read_format(given)
    question = read_query(given, call, context)
    context.series.prepare(question)  # what cannot be asked is told now, and not by a job that fails
    owner = call.by.id
    made = Export(
        id=idempotency.new_id(owner, idempotency.read_key(call)),
        owner=owner,
        by=call.by.name,
        question=write_question(question),
        form=form,
        filename=words.filename(question, form.value),
        submitted_at=context.clock(),
        request=idempotency.digest_of(given),
    )
    refusal = f"{MAX_AT_WORK} of your exports are at work: let one end."
    standing = works.written_once(jobs.RECORDS, made, context, MAX_AT_WORK, refusal)
    if standing.state is WorkState.QUEUED:  # told twice is made once
        context.tell_of_export(owner, standing.id)
    return Reply(describe(standing, context), 202, {**works.headers(standing), "Location": f"exports/{standing.id}"})


def _read_format(given: dict[str, Any]) -> Format:
    errors: list[Fault] = unknown_names(given, ("query", "format"))
    form = given.get("format")
    try:
        named = one_of(form if isinstance(form, str) else "", schemas.FORMATS, "format")
    except ValueError as error:
        errors.append(fault("format", error))
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return Format(named)


def describe(export: Export, context: Context, *, linked: bool = False) -> dict[str, Any]:
    """Describe an export, as its owner sees it; a link is made only where it is ``linked``."""
    return {
        "id": export.id,
        "format": export.form.value,
        "query": dict(export.question),
        **works.how_it_stands(export, jobs.KEPT, context, linked=linked),
    }


def list_exports(call: Call, context: Context) -> Reply:
    """Answer a page of the caller's exports, newest first; without links."""
    now = context.clock()
    found = [one.as_of(now) for one in jobs.every(context.state, call.by.id)]
    page = page_of(call, "exports", found, lambda one: (one.submitted_at.isoformat(), one.id), LISTED, newest=True)
    return listed(call, page, lambda one: describe(one, context), NO_STORE)


def get_export(call: Call, context: Context) -> Reply:
    """Answer how an export stands, with a link to its file once it is there."""
    found = jobs.read(context.state, call.by.id, call.values["id"])
    if found is None:
        raise RequestError(f"You have no export with this id; they are kept for {jobs.KEPT.days} days.", status=404)
    export = found.as_of(context.clock())
    if export.is_forgotten(context.clock()):  # whoever wrote it down died before the queue was told
        context.tell_of_export(export.owner, export.id)
    return Reply(describe(export, context, linked=True), headers=works.headers(export))


ID: Final = in_path("id", "The export's id.", "5f1c0d9a7be34c0f8f7a2b11", 64)

ROUTES = (
    Route(
        method="POST",
        path="/v1/exports",
        name="make_export",
        access=Access.READ,
        summary="Have a whole answer made into a file",
        description=(
            "For answers of any size: the 20,000 points of `POST /v1/query` are no bound here. The range is settled "
            "now; the data are those of when the file is made. `csv` and `parquet` hold all metrics side by side, "
            "`xlsx` a sheet for each, with charts (and another sheet where one is full), `pdf` up to 5,000 rows. Look "
            "at `Location` (relative to this address) until it is `done`: it has a link that is good for 15 minutes. "
            f"Files are kept for {jobs.KEPT.days} days. {MAX_AT_WORK} of a token may be at work at once."
        ),
        answers=(Answer(202, "The export.", schemas.EXPORT, schemas.EXPORT_EXAMPLE),),
        handler=make_export,
        headers=(idempotency.KEY,),
        body=Body("The question and the format.", schemas.NEW_EXPORT, schemas.NEW_EXPORT_EXAMPLE),
        problems=(413, 415, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/exports",
        name="list_exports",
        access=Access.READ,
        summary="Your exports",
        description="Those of this token, newest first; look at one for its link.",
        answers=(a_page("The exports.", schemas.EXPORT, schemas.EXPORT_EXAMPLE, LISTED),),
        handler=list_exports,
        parameters=(limit(LISTED, 500), CURSOR),
    ),
    Route(
        method="GET",
        path="/v1/exports/{id}",
        name="get_export",
        access=Access.READ,
        summary="How an export stands",
        description=(
            "`queued`, `running`, and then `done` with a `link`, or `failed` with an `error`. Look again after "
            "`Retry-After` seconds."
        ),
        answers=(Answer(200, "The export.", schemas.EXPORT, schemas.EXPORT_EXAMPLE, headers=("Retry-After",)),),
        handler=get_export,
        parameters=(ID,),
        problems=(404,),
    ),
)
