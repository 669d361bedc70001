"""``/v1/reports``: documents that are made again and again; their definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from chalicelib.api import owned
from chalicelib.api import report_schemas as schemas
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.owned_routes import OfOne
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.report_body import read_given
from chalicelib.api.routes import Access, Body, Call, Reply, Route, in_path
from chalicelib.domain.due import following
from chalicelib.errors import RequestError
from chalicelib.reports import kept
from chalicelib.reports.kept import MOST
from chalicelib.reports.reading import MAX_NAME, Given
from chalicelib.reports.report import Report, write_content, write_schedule

LISTED: Final = 100


def make_report(call: Call, context: Context) -> Reply:
    """Make a report; the same ``Idempotency-Key`` makes it once."""
    given = read_json_object(call)
    read, now, by = read_given(given, call, context), context.clock(), call.by.name

    def wrote(namesake: Report | None, key: str, digest: str) -> Report | None:
        owned.require_room(sum(1 for _ in kept.every(context.state)), MOST, "reports")
        made = Report(
            **_fields(read),
            since=now,
            created_at=now,
            created_by=by,
            updated_at=now,
            updated_by=by,
            request=digest,
            key=key,
            version=namesake.version if namesake else 0,
        )
        return kept.write(context.state, made)

    made = owned.named_once(call, given, "report", read.name, lambda: kept.read(context.state, read.name), wrote)
    return owned.created(_reply(made, context), f"reports/{made.name}")


def _fields(read: Given) -> dict[str, Any]:
    return {"name": read.name, "content": read.content, "schedule": read.schedule, "enabled": read.enabled}


def list_reports(call: Call, context: Context) -> Reply:
    """Answer a page of the reports, by name."""
    page = page_of(call, "reports", kept.every(context.state), lambda one: (one.name,), LISTED)
    return listed(call, page, lambda one: describe(one, context), NO_STORE)


def get_report(call: Call, context: Context) -> Reply:
    """Answer a report; its ``ETag`` is what a change of it has to name."""
    return _reply(there(call, context), context)


def change_report(call: Call, context: Context) -> Reply:
    """Change some fields of a report (RFC 7396), if it is still as the caller has seen it.

    One that is given another time, or switched on, is made from now on: not for what was due before.
    """
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
        updated_by=call.by.name,
    )
    return _reply(_written(context, changed), context)


def delete_report(call: Call, context: Context) -> Reply:
    """Delete a report, if it is still as the caller has seen it; what was made of it stays until it expires."""
    gone = replace(_seen(call, context), deleted=True, updated_at=context.clock(), updated_by=call.by.name)
    _written(context, gone)
    return owned.gone()


def there(call: Call, context: Context) -> Report:
    """Answer the report that the path names. Raises ``RequestError`` 404."""
    known = (one.name for one in kept.every(context.state))
    return owned.there(kept.read(context.state, call.values["name"]), call, "report", "/v1/reports", known, at="name")


def _seen(call: Call, context: Context) -> Report:
    standing = there(call, context)
    owned.require_seen(call, standing)
    return standing


def _written(context: Context, report: Report) -> Report:
    return owned.won(kept.write(context.state, report), lambda: kept.read(context.state, report.name))


def _reply(report: Report, context: Context) -> Reply:
    return owned.reply(describe(report, context), report.version)


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


NAME: Final = in_path("name", "The report's name.", "weekly-downloads", MAX_NAME)
_HOW: Final = (
    "A part is a question as `POST /v1/query` takes it (`query`), a saved query (`saved_query`) or a statement as "
    "`POST /v1/sql` takes it (`sql`, checked in the same way). Give questions a `range` in words, such as `last_week`: "
    "it is read at the instant at which the report is due, so one that is late is about the same period; so are "
    '`{"first_day_of": "last_week"}` and `{"last_day_of": "last_week"}` among the `parameters` of SQL. '
    "`pdf` is for "
    "reading: charts, and of long tables some rows; `xlsx` has all. `to` names who is told: `subscribers` (those who "
    "chose this report), `operators`, `channel:name`, `subscription:id`."
)
_ONE = OfOne("/v1/reports", NAME, (schemas.REPORT, schemas.REPORT_EXAMPLE))

ROUTES = (
    _ONE.make(
        "make_report",
        Access.ADMIN,
        "Make a report",
        f"{_HOW} Without a `schedule` it is made when somebody asks for it.",
        make_report,
        body=Body("The report.", schemas.GIVEN, schemas.GIVEN_EXAMPLE),
        problems=(412,),
    ),
    Route(
        method="GET",
        path="/v1/reports",
        name="list_reports",
        access=Access.READ,
        summary="Every report",
        description="Reports by name, and when each is made next.",
        answers=(a_page("Them.", schemas.REPORT, schemas.REPORT_EXAMPLE, LISTED),),
        handler=list_reports,
        parameters=(limit(LISTED, 200), CURSOR),
    ),
    _ONE.get("get_report", Access.READ, "One report", "What it is made of, for whom, and when.", get_report),
    _ONE.change(
        "change_report",
        Access.ADMIN,
        "Change a report",
        "Fields that are given take the place of those that are there, `parts` and `schedule` as a whole; null is as "
        "if one had never been given. What was due before a schedule was changed or switched on is not made.",
        change_report,
        body=Body("What is changed.", schemas.CHANGED, schemas.CHANGED_EXAMPLE),
        problems=(422,),
        method="PATCH",
    ),
    _ONE.delete(
        "delete_report",
        Access.ADMIN,
        "Delete a report",
        "It is made no more. What was made of it stays where its links lead, until it expires.",
        delete_report,
    ),
)
