"""``/v1/metrics``: which metrics there are, and their time series."""

from __future__ import annotations

from typing import Any

from chalicelib.api import schemas
from chalicelib.api.context import Context
from chalicelib.api.envelope import CACHE_CONTROL, etag, instant, matches, not_modified, tagged
from chalicelib.api.ranges import FROM, TO, TZ, Range, complete, read_range
from chalicelib.api.routes import Access, Answer, Call, Parameter, Reply, Route
from chalicelib.domain.faults import fault, not_found
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import Interval, parse_interval
from chalicelib.errors import RequestError
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.query import Answered
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS


def describe(metric: Metric) -> dict[str, Any]:
    """Describe one metric of the registry."""
    return {
        "name": metric.name,
        "title": metric.title,
        "unit": metric.unit,
        "kind": metric.kind.value,
        "dimensions": list(metric.dimensions),
        "source": metric.source,
        "description": metric.description,
    }


def list_metrics(call: Call, _context: Context) -> Reply:
    """Answer the registry."""
    body = {
        "results": [describe(metric) for metric in METRICS.values()],
        "meta": {"count": len(METRICS), "truncated": False, "warnings": []},
        "query": {},
    }
    return tagged(call.headers, body)


def parse_groups(text: str) -> tuple[str, ...]:
    """Read ``group_by``: dimensions, separated by commas, each once."""
    names = tuple(name.strip() for name in text.split(","))
    if not all(names) or len(set(names)) < len(names):
        raise ValueError("Give dimensions separated by commas, each once.")
    return names


def get_series(call: Call, context: Context) -> Reply:
    """Answer one metric's time series."""
    question = ask(call, context)
    manifest = context.series.manifests.get(question.metric.cube)
    version = None if manifest is None else (manifest.seq, manifest.commit_sha256)
    tag = etag(version, question.key())
    if matches(call.headers, tag):
        return not_modified(tag)
    answered = context.series.answer(question, manifest)
    return Reply(envelope(question, answered), headers={"ETag": tag, "Cache-Control": CACHE_CONTROL})


def ask(call: Call, context: Context) -> Question:
    """Make the question of a call. Raises ``RequestError`` 400 or 404."""
    metric = METRICS.get(call.values["name"])
    if metric is None:
        raise not_found("name", "metric", call.values["name"], METRICS, "/v1/metrics")
    given: Range = read_range(call.values)
    groups: tuple[str, ...] = call.values.get("group_by", ())
    require_dimensions(metric, groups)
    interval: Interval = call.values.get("interval", Interval.P1D)
    start, end = complete(given, interval, context.clock())
    return Question(metric, start, end, interval, given.zone, groups)


def require_dimensions(metric: Metric, groups: tuple[str, ...]) -> None:
    """Raise ``RequestError`` 400 for the first of these dimensions that the metric has not."""
    for name in groups:
        try:
            one_of(name, metric.dimensions, f"dimension of '{metric.name}'")
        except ValueError as error:
            raise RequestError("One or more parameters are wrong.", errors=(fault("group_by", error),)) from error


def envelope(question: Question, answered: Answered) -> dict[str, Any]:
    """Wrap a series in the envelope."""
    series, metric = answered.series, question.metric
    return {
        "results": series.rows,
        "meta": {
            "metric": metric.name,
            "title": metric.title,
            "unit": metric.unit,
            "kind": metric.kind.value,
            "watermark": instant(series.watermark),
            "partial": series.partial,
            "computed_at": instant(series.computed_at),
            "served_from": answered.served_from,
            "approximate": False,
            "truncated": False,
            "warnings": list(series.warnings),
        },
        "query": {
            "metric": metric.name,
            "from": question.start.astimezone(question.zone).isoformat(),
            "to": question.end.astimezone(question.zone).isoformat(),
            "interval": question.interval.value,
            "tz": question.zone.key,
            "group_by": list(question.group_by),
        },
    }


NAME = Parameter(
    "name",
    "The metric's name, as `/v1/metrics` lists it.",
    {"type": "string"},
    "downloads",
    where="path",
    required=True,
)
INTERVAL = Parameter(
    "interval",
    "How long a bucket is: quarter hours, clock hours, days, ISO weeks, months, quarters or years in `tz`. The first "
    "and the last bucket are cut off where the range starts or ends within one; their `start` and `end` say so.",
    {"type": "string", "enum": [interval.value for interval in Interval], "default": "P1D"},
    "P1D",
    parse=parse_interval,
)
GROUP_BY = Parameter(
    "group_by",
    "Dimensions of the metric, separated by commas: one row per bucket and group. A member without a name is null.",
    {"type": "string"},
    "version",
    parse=parse_groups,
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/metrics",
        name="list_metrics",
        access=Access.READ,
        summary="Every metric",
        description="Name, title, unit, kind, dimensions, source and description of every metric.",
        answers=(Answer(200, "The metrics.", schemas.METRICS, schemas.METRICS_EXAMPLE), Answer(304, "Unchanged.")),
        handler=list_metrics,
    ),
    Route(
        method="GET",
        path="/v1/metrics/{name}",
        name="get_series",
        access=Access.READ,
        summary="A metric over time",
        description=(
            "One row per bucket and group. Empty buckets are present: 0 for counters, null for gauges. Buckets that "
            "end after `meta.watermark` are `partial`: their numbers can still change. Without `to`, up to the end of "
            "the present bucket; without `from`, a usual length back. At most 20,000 points are answered at once; "
            "a larger question is refused, never cut."
        ),
        answers=(Answer(200, "The series.", schemas.SERIES, schemas.SERIES_EXAMPLE), Answer(304, "Unchanged.")),
        handler=get_series,
        parameters=(NAME, FROM, TO, INTERVAL, TZ, GROUP_BY),
        problems=(404, 422),
    ),
)
