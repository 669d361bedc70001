"""Bodies about reports, held against the metrics, tables, saved queries and channels that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.api.context import Context
from chalicelib.api.destinations import unknown
from chalicelib.api.routes import Call
from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.reports.making import question_of, saved_sql
from chalicelib.reports.parameters import resolve
from chalicelib.reports.reading import Given, read_report
from chalicelib.reports.report import Asked, Content, Part, Saved
from chalicelib.sql import own_queries
from chalicelib.sql.catalog import entries
from chalicelib.sql.saved import shipped


def read_given(given: Mapping[str, Any], call: Call, context: Context, standing: Content | None = None) -> Given:
    """Read a report; what its parts ask can be asked now, and whom it names is there.

    Of a report that is changed (``standing``) only what is new is held against what there is: one whose metric is gone
    can still be switched off.

    Raises
    ------
    RequestError
        400, 422 naming every field that is unknown, missing or wrong.
    """
    report = read_report(given)
    told, there = ((), ()) if standing is None else (standing.to, standing.parts)
    errors = [fault("to", error) for error in unknown([to for to in report.content.to if to not in told], context)]
    status = 400
    for at, part in enumerate(report.content.parts):
        if part in there:
            continue
        try:
            _check(part, report, call, context)
        except RequestError as error:
            status = max(status, 422 if error.status == 422 else 400)
            errors += _faults(at, part, error)
    if errors:
        raise RequestError("One or more fields are wrong.", status=status, errors=tuple(errors))
    return report


def _check(part: Part, report: Given, call: Call, context: Context) -> None:
    """Raise ``RequestError`` where a part asks what cannot be asked."""
    if isinstance(part, Asked):
        question = question_of(part, call.metrics(), context.clock(), context.series.earliest)
        question.require_few_buckets()
        if question.where is not None:
            context.series.reader.require_patterns(question.where)
        return
    from chalicelib.sql.guard import check
    from chalicelib.sql.parameters import literals

    sql = _saved(part, context) if isinstance(part, Saved) else part.sql
    checked = check(sql, database=context.database, names=entries().keys())
    at = zone("UTC") if report.schedule is None else report.schedule.zone
    literals(resolve(part.parameters, context.clock(), at).values, checked.parameters)


def _saved(part: Saved, context: Context) -> str:
    try:
        return saved_sql(context.state, part.saved_query)
    except RequestError:
        known = {**{name: name for name in shipped()}, **{q.id: q.id for q in own_queries.every(context.state)}}
        said = NotKnown("There is no saved query of this id: see /v1/sql/saved.", nearest(part.saved_query, known))
        raise RequestError(str(said), errors=(fault("saved_query", said),)) from None


def _faults(at: int, part: Part, error: RequestError) -> Iterator[Fault]:
    """Name what is wrong from the part on."""
    inside = "query." if isinstance(part, Asked) else ""
    whole = "query" if isinstance(part, Asked) else "saved_query" if isinstance(part, Saved) else "sql"
    if not error.errors:
        yield {"parameter": f"parts[{at}].{whole}", "detail": error.detail}
    for one in error.errors:
        yield {**one, "parameter": f"parts[{at}].{inside}{one['parameter']}"}


def read_wish(given: Mapping[str, Any]) -> bool:
    """Read whether people are told of a run that somebody asks for. Raises ``RequestError`` 400."""
    errors: list[Fault] = unknown_names(given, ("send",))
    send = given.get("send")
    if send is not None and not isinstance(send, bool):
        errors.append({"parameter": "send", "detail": "true or false is expected."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return bool(send)
