"""``/v1/reports``: documents that are made again and again; their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.api import idempotency
from chalicelib.api import report_schemas as schemas
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.paging import CURSOR, limit, listed, page_of
from chalicelib.api.preconditions import IF_MATCH, changed_meanwhile, require_match
from chalicelib.api.report_body import read_given
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route
from chalicelib.api.schemas import ONE_OF_A_LIST, paged
from chalicelib.domain.due import following
from chalicelib.domain.faults import not_found
from chalicelib.errors import RequestError
from chalicelib.reports import kept
from chalicelib.reports.kept import MOST
from chalicelib.reports.reading import MAX_NAME, Given
from chalicelib.reports.report import Report, write_content, write_schedule

LISTED: Final = 100
_NO_STORE: Final = {"Cache-Control": "no-store"}


def make_report(call: Call, context: Context) -> Reply:
    """Make a report; the same ``Idempotency-Key`` makes it once."""
    assert call.caller is not None
    given = read_json_object(call)
    read, now, by = read_given(given, call, context), context.clock(), call.caller.name
    key, digest = idempotency.read_key(call), idempotency.digest_of(given)
    named = "" if key is None else idempotency.new_id(call.caller.id, key)
    before = kept.read(context.state, read.name)
    if before is not None and not before.deleted:
        made = _again(before, named, digest)
    else:
        if sum(1 for _ in kept.every(context.state)) >= MOST:
            raise RequestError(f"There are {MOST} reports: delete one first.", status=409)
        made = _written(
            context,
            Report(
                **_fields(read),
                since=now,
                created_at=now,
                created_by=by,
                updated_at=now,
                updated_by=by,
                request=digest,
                key=named,
                version=before.version if before else 0,
            ),
        )
    reply = _reply(made, context)
    return Reply(reply.body, 201, {**reply.headers, "Location": f"reports/{made.name}"})


def _fields(read: Given) -> dict[str, Any]:
    return {"name": read.name, "content": read.content, "schedule": read.schedule, "enabled": read.enabled}


def _again(standing: Report, named: str, digest: str) -> Report:
    """Answer what another try has made already. Raises ``RequestError`` 409, 422."""
    if not named or standing.key != named:
        detail = f"There is a report '{standing.name}' already: change it, or name yours otherwise."
        raise RequestError(detail, status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    return standing


def list_reports(call: Call, context: Context) -> Reply:
    """Answer a page of the reports, by name."""
    page = page_of(call, "reports", kept.every(context.state), lambda one: (one.name,), LISTED)
    return listed(call, page, lambda one: describe(one, context), _NO_STORE)


def get_report(call: Call, context: Context) -> Reply:
    """Answer a report; its ``ETag`` is what a change of it has to name."""
    return _reply(there(call, context), context)


def change_report(call: Call, context: Context) -> Reply:
    """Change some fields of a report (RFC 7396), if it is still as the caller has seen it.

    One that is given another time, or switched on, is made from now on: not for what was due before.
    """
    assert call.caller is not None
    standing = _seen(call, context)
    given = read_json_object(call)
    if "name" in given and given["name"] != standing.name:
        detail = "A report keeps its name, by which people subscribe: make another one."
        raise RequestError("A field is wrong.", errors=({"parameter": "name", "detail": detail},))
    read = read_given({**_written_as(standing), **given}, call, context, standing.content)
    now = context.clock()
    is_new_time = read.schedule != standing.schedule or (read.enabled and not standing.enabled)
    changed = replace(
        standing,
        **_fields(read),
        since=now if is_new_time else standing.since,
        updated_at=now,
        updated_by=call.caller.name,
    )
    return _reply(_written(context, changed), context)


def delete_report(call: Call, context: Context) -> Reply:
    """Delete a report, if it is still as the caller has seen it; what was made of it stays until it expires."""
    assert call.caller is not None
    gone = replace(_seen(call, context), deleted=True, updated_at=context.clock(), updated_by=call.caller.name)
    _written(context, gone)
    return Reply(b"", 204, _NO_STORE)


def there(call: Call, context: Context) -> Report:
    """Answer the report that the path names. Raises ``RequestError`` 404."""
    name = call.values["name"]
    found = kept.read(context.state, name)
    if found is None or found.deleted:
        raise not_found("name", "report", name, (one.name for one in kept.every(context.state)), "/v1/reports")
    return found


def _seen(call: Call, context: Context) -> Report:
    standing = there(call, context)
    require_match(call, f'"{standing.version}"')
    return standing


def _written(context: Context, report: Report) -> Report:
    written = kept.write(context.state, report)
    if written is None:
        raise changed_meanwhile()
    return written


def _reply(report: Report, context: Context) -> Reply:
    headers: Mapping[str, str] = {**_NO_STORE, "ETag": f'"{report.version}"'}
    return Reply(describe(report, context), headers=headers)


def _written_as(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        **write_content(report.content),
        "schedule": write_schedule(report.schedule),
        "enabled": report.enabled,
    }


def describe(report: Report, context: Context) -> dict[str, Any]:
    """Describe a report, and when it is made next."""
    runs = report.schedule is not None and report.enabled
    due = following(report.schedule, context.clock()) if runs and report.schedule is not None else None
    return {
        **_written_as(report),
        "next_at": None if due is None else instant(due.at),
        "created_at": instant(report.created_at),
        "created_by": report.created_by,
        "updated_at": instant(report.updated_at),
        "updated_by": report.updated_by,
    }


NAME: Final = Parameter(
    "name",
    "The report's name.",
    {"type": "string", "maxLength": MAX_NAME},
    "weekly-downloads",
    where="path",
    required=True,
)
_REPORT: Final = (schemas.REPORT, schemas.REPORT_EXAMPLE)
_HOW: Final = (
    "A part is a question as `POST /v1/query` takes it (`query`), a saved query (`saved_query`) or a statement as "
    "`POST /v1/sql` takes it (`sql`, checked in the same way). Give questions a `range` in words, such as `last_week`: "
    "it is read at the instant at which the report is due, so one that is late is about the same period; so are "
    '`{"first_day_of": "last_week"}` and `{"last_day_of": "last_week"}` among the `parameters` of SQL. '
    "`pdf` is for "
    "reading: charts, and of long tables some rows; `xlsx` has all. `to` names who is told: `subscribers` (those who "
    "chose this report), `operators`, `channel:name`, `subscription:id`."
)

ROUTES = (
    Route(
        method="POST",
        path="/v1/reports",
        name="make_report",
        access=Access.ADMIN,
        summary="Make a report",
        description=f"{_HOW} Without a `schedule` it is made when somebody asks for it.",
        answers=(Answer(201, "It is made.", *_REPORT, headers=("ETag", "Location")),),
        handler=make_report,
        headers=(idempotency.KEY,),
        body=Body("The report.", schemas.GIVEN, schemas.GIVEN_EXAMPLE),
        problems=(409, 412, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/reports",
        name="list_reports",
        access=Access.READ,
        summary="Every report",
        description="Reports by name, and when each is made next.",
        answers=(Answer(200, "Them.", paged(schemas.REPORT), {"results": [schemas.REPORT_EXAMPLE], **ONE_OF_A_LIST}),),
        handler=list_reports,
        parameters=(limit(LISTED, 200), CURSOR),
    ),
    Route(
        method="GET",
        path="/v1/reports/{name}",
        name="get_report",
        access=Access.READ,
        summary="One report",
        description="What it is made of, for whom, and when. `ETag` is the version that a change has to name.",
        answers=(Answer(200, "The report.", *_REPORT, headers=("ETag",)),),
        handler=get_report,
        parameters=(NAME,),
        problems=(404,),
    ),
    Route(
        method="PATCH",
        path="/v1/reports/{name}",
        name="change_report",
        access=Access.ADMIN,
        summary="Change a report",
        description=(
            "Fields that are given take the place of those that are there, `parts` and `schedule` as a whole; null is "
            "as if one had never been given. What was due before a schedule was changed or switched on is not made."
        ),
        answers=(Answer(200, "It is changed.", *_REPORT, headers=("ETag",)),),
        handler=change_report,
        parameters=(NAME,),
        headers=(IF_MATCH,),
        body=Body("What is changed.", schemas.CHANGED, schemas.CHANGED_EXAMPLE),
        problems=(404, 412, 413, 415, 422, 428),
    ),
    Route(
        method="DELETE",
        path="/v1/reports/{name}",
        name="delete_report",
        access=Access.ADMIN,
        summary="Delete a report",
        description="It is made no more. What was made of it stays where its links lead, until it expires.",
        answers=(Answer(204, "It is deleted."),),
        handler=delete_report,
        parameters=(NAME,),
        headers=(IF_MATCH,),
        problems=(404, 412, 428),
    ),
)
