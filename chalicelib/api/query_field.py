"""The field ``query`` of a body: a question as ``POST /v1/query`` takes it, asked for a file or a feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api.asking import make_question
from chalicelib.api.context import Context
from chalicelib.api.question_body import read_body
from chalicelib.api.routes import Call
from chalicelib.domain.faults import Fault
from chalicelib.errors import RequestError
from chalicelib.metrics.question import Question

FIELD: Final = "query"
_OF_JSON: Final = ("order", "limit", "cursor", "format")


def read_query(given: Mapping[str, Any], call: Call, context: Context) -> Question:
    """Read the question of a body.

    Raises
    ------
    RequestError
        400 or 422 naming each wrong field from ``query`` on.
    """
    asked = given.get(FIELD)
    if not isinstance(asked, Mapping):
        raise _wrong([{"parameter": FIELD, "detail": "A question is needed, as `POST /v1/query` takes it."}])
    detail = "All rows are had here, by time, then group: leave it out."
    errors: list[Fault] = [{"parameter": f"{FIELD}.{name}", "detail": detail} for name in _OF_JSON if name in asked]
    if errors:
        raise _wrong(errors)
    try:
        metrics, values = read_body(asked, call.metrics())
        return make_question(metrics, values, context)
    except RequestError as error:
        named = [{**one, "parameter": f"{FIELD}.{one['parameter']}"} for one in error.errors]
        raise RequestError(error.detail, status=error.status, errors=tuple(named)) from error


def _wrong(errors: list[Fault]) -> RequestError:
    return RequestError("One or more fields are wrong.", errors=tuple(errors))
