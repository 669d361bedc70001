"""``/v1/metrics``: which metrics there are, and their time series."""

from __future__ import annotations

from typing import Any

from chalicelib.api import question_examples as examples
from chalicelib.api import question_schemas as schemas
from chalicelib.api.answering import Wish, flat, meta_of, named, reply
from chalicelib.api.asking import PARAMETERS, make_question
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import tagged
from chalicelib.api.export_schemas import LINK, LINK_EXAMPLE
from chalicelib.api.files import file_reply
from chalicelib.api.formats import FORMAT, varied, wanted
from chalicelib.api.paging import Page
from chalicelib.api.question_body import read_body
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route, in_path
from chalicelib.domain.faults import not_found
from chalicelib.metrics.answer import Answer as Series
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.news import better
from chalicelib.metrics.question import MAX_METRICS
from chalicelib.metrics.registry import METRICS


def describe(metric: Metric) -> dict[str, Any]:
    """Describe one metric of the registry."""
    return {
        "name": metric.name,
        "title": metric.title,
        "unit": metric.unit,
        "kind": metric.kind.value,
        "better": better(metric).value,
        "dimensions": list(metric.dimensions),
        "source": metric.source,
        "description": metric.description,
        "own": metric.name not in METRICS,
    }


def list_metrics(call: Call, _context: Context) -> Reply:
    """Answer the registry."""
    known = call.metrics()
    body = {
        "results": [describe(metric) for metric in known.values()],
        "meta": {"count": len(known), "truncated": False, "warnings": []},
        "query": {},
    }
    return tagged(call.headers, body)


def get_series(call: Call, context: Context) -> Reply:
    """Answer one metric's time series."""
    name, metrics = call.values["name"], call.metrics()
    if name not in metrics:
        raise not_found("name", "metric", name, metrics, "/v1/metrics")
    form = wanted(call, call.values)
    question = make_question([metrics[name]], call.values, context)
    if form is not None:
        return varied(file_reply(call, context, question, form))
    return varied(reply(call, context, question, Wish.of(call.values), flat, _envelope))


def _envelope(answer: Series, page: Page) -> dict[str, Any]:
    """Tell the one metric's own standing beside what is told of all."""
    meta, query = meta_of(answer, page), dict(answer.query)
    (own,) = meta.pop("metrics")
    (name,) = query.pop("metrics")
    query.pop("top_by")
    return {"meta": {"metric": own.pop("name"), **own, **meta}, "query": {"metric": name, **query}}


def post_query(call: Call, context: Context) -> Reply:
    """Answer several metrics side by side."""
    metrics, values = read_body(read_json_object(call), call.metrics())
    form = wanted(call, values)
    question = make_question(metrics, values, context)
    if form is not None:
        return varied(file_reply(call, context, question, form))
    return varied(reply(call, context, question, Wish.of(values), named, _side_by_side))


def _side_by_side(answer: Series, page: Page) -> dict[str, Any]:
    return {"meta": meta_of(answer, page), "query": dict(answer.query)}


NAME = in_path("name", "The metric's name, as `/v1/metrics` lists it.", "downloads")
_FILES = (
    Answer(200, "Or, as CSV, a line for each.", {"type": "string"}, "start,end,downloads,partial\n", "text/csv"),
    Answer(303, "Where the file is.", LINK, LINK_EXAMPLE),
    Answer(304, "Unchanged."),
)
_HOW = (
    "Empty buckets are present: 0 for counters and uniques, null for gauges and for ratios over nothing. Buckets that "
    "end after `meta.watermark` are `partial`: their numbers can still change. Money is a number where a double holds "
    "it to its last digit, else a text. At most 20,000 points are answered at once; a larger question is refused, "
    "never cut: `POST /v1/exports` has no such bound."
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/metrics",
        name="list_metrics",
        access=Access.READ,
        summary="Every metric",
        description="Name, title, unit, kind, dimensions, source and description of every metric.",
        answers=(Answer(200, "The metrics.", schemas.METRICS, examples.METRICS_EXAMPLE), Answer(304, "Unchanged.")),
        handler=list_metrics,
    ),
    Route(
        method="GET",
        path="/v1/metrics/{name}",
        name="get_series",
        access=Access.READ,
        summary="A metric over time",
        description=(
            f"One row per bucket and group. {_HOW} Without `to`, up to the end of the present bucket; without `from`, "
            "a usual length back; or `range`."
        ),
        answers=(Answer(200, "The series.", schemas.SERIES, examples.SERIES_EXAMPLE), *_FILES),
        handler=get_series,
        parameters=(NAME, *PARAMETERS, FORMAT),
        problems=(404, 409, 422),
    ),
    Route(
        method="POST",
        path="/v1/query",
        name="query",
        access=Access.READ,
        summary="Several metrics side by side",
        description=(
            f"Up to {MAX_METRICS} metrics over the same buckets and groups: one flat row per bucket and group, with "
            "`{metric}`, and `{metric}_before`, `{metric}_change`, `{metric}_change_ratio` where ranges are compared. "
            f"Dimensions are those that all the metrics have. {_HOW} Nothing is stored: it is a question that is too "
            "long for an address."
        ),
        answers=(Answer(200, "The rows.", schemas.QUERIED, examples.QUERIED_EXAMPLE), *_FILES),
        handler=post_query,
        body=Body("The question.", schemas.QUERY, examples.QUERY_EXAMPLE),
        problems=(409, 413, 415, 422),
    ),
)
