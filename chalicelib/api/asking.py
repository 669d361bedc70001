"""The parameters of a question, which ``GET /v1/metrics/{name}`` and ``POST /v1/query`` share, and what they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from chalicelib.api.context import Context
from chalicelib.api.paging import CURSOR
from chalicelib.api.ranges import FROM, RANGE, TO, TZ, complete, read_range
from chalicelib.api.routes import Parameter
from chalicelib.domain.faults import Fault, fault
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import Interval, parse_interval
from chalicelib.domain.shifts import Shift
from chalicelib.errors import RequestError
from chalicelib.metrics.comparison import Comparison, Match, Versus, comparison
from chalicelib.metrics.filter_text import read_filter
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import MAX_POINTS, MAX_TOP, Question, Top
from chalicelib.metrics.settle import settle
from chalicelib.metrics.transforms import FORMS, parse_transform


def make_question(metrics: Sequence[Metric], values: Mapping[str, Any], context: Context) -> Question:
    """Make the question of parsed parameters. Raises ``RequestError`` 400 or 422 naming what is wrong."""
    if errors := list(_alone(values)):
        raise RequestError("One or more parameters are wrong.", errors=tuple(errors))
    given = read_range(values)
    interval: Interval = values.get("interval", Interval.P1D)
    start, end, step = complete(given, interval, context.clock(), lambda: context.series.earliest(metrics))
    question = Question(
        tuple(metrics),
        start,
        end,
        interval,
        given.zone,
        values.get("group_by", ()),
        where=values.get("filter"),
        transform=values.get("transform"),
        top=_top(metrics, values),
        totals=values.get("totals", False),
    )
    return settle(_compared(question, values, step))


def _alone(values: Mapping[str, Any]) -> list[Fault]:
    """Name what says nothing without another parameter."""
    needs = {"match": "compare", "top_by": "top", "other": "top", "cursor": "limit"}
    return [
        {"parameter": name, "detail": f"This goes with '{other}', which is not given."}
        for name, other in needs.items()
        if name in values and other not in values
    ]


def _top(metrics: Sequence[Metric], values: Mapping[str, Any]) -> Top | None:
    if "top" not in values:
        return None
    return Top(values["top"], values.get("top_by", metrics[0].name), values.get("other", True))


def _compared(question: Question, values: Mapping[str, Any], step: Shift | None) -> Question:
    versus: Versus | None = values.get("compare")
    if versus is None:
        return question
    try:
        found: Comparison = comparison(
            versus, values.get("match"), question.interval, (question.start, question.end), question.zone, step
        )
    except ValueError as error:
        raise RequestError("One or more parameters are wrong.", errors=(fault("compare", error),)) from error
    return replace(question, comparison=found)


def parse_names(text: str) -> tuple[str, ...]:
    """Read names, separated by commas, each once."""
    return distinct(tuple(name.strip() for name in text.split(",")))


def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Answer names as they are. Raises ``ValueError`` where one is empty or comes twice."""
    if not all(names) or len(set(names)) < len(names):
        raise ValueError("Give names separated by commas, each once.")
    return names


def parse_flag(text: str) -> bool:
    """Read ``true`` or ``false``."""
    return one_of(text, ("true", "false"), "truth") == "true"


def parse_count(most: int) -> Callable[[str], int]:
    """Make the reader of a whole number from 1 on."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
            raise ValueError(f"A whole number from 1 to {most:,}.")
        return int(text)

    return parse


def parse_versus(text: str) -> Versus:
    """Read ``compare``."""
    return Versus(one_of(text, Versus, "comparison"))


def parse_match(text: str) -> Match:
    """Read ``match``."""
    return Match(one_of(text, Match, "match"))


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
    parse=parse_names,
)
FILTER = Parameter(
    "filter",
    'Which rows count: `dimension is "text"`, `is_not`, `contains`, `matches` (RE2), or `is null`, joined by `and`, '
    "`or`, `not` and brackets. A row without a value is nothing, contains and matches nothing.",
    {"type": "string"},
    'version is "3.5.0" and not product contains "beta"',
    parse=read_filter,
)
COMPARE = Parameter(
    "compare",
    "Puts an earlier range beside: the period before, or the same a week, month or year before. Of a range that has "
    "not passed, or whose source is not complete, equal elapsed local time is compared: see `meta.comparison`; "
    "nothing after that is counted, and values there are null.",
    {"type": "string", "enum": [one.value for one in Versus]},
    "week",
    parse=parse_versus,
)
MATCH = Parameter(
    "match",
    "Whether dates or weekdays are compared; weeks are compared by weekday (a month is 28 days, a year 364) unless "
    "told otherwise.",
    {"type": "string", "enum": [one.value for one in Match]},
    "weekday",
    parse=parse_match,
)
TRANSFORM = Parameter(
    "transform",
    "What is made of the values: the sum so far, the average of so many buckets (null until there are as many), the "
    "share of all groups in the bucket, or the rate per second, minute, hour or day.",
    {"type": "string", "examples": list(FORMS)},
    "moving_average:7",
    parse=parse_transform,
)
TOP = Parameter(
    "top",
    "So many groups, those of which the metric is the most over the whole range.",
    {"type": "integer", "minimum": 1, "maximum": MAX_TOP},
    "5",
    parse=parse_count(MAX_TOP),
)
OTHER = Parameter(
    "other",
    "Whether the rest of the groups is answered too, put together in rows whose `other` is true and whose members "
    "are null.",
    {"type": "boolean", "default": True},
    "true",
    parse=parse_flag,
)
TOTALS = Parameter(
    "totals",
    "Whether `totals` has the value over the whole range too, a row for each group, as the metric adds up.",
    {"type": "boolean", "default": False},
    "true",
    parse=parse_flag,
)
ORDER = Parameter(
    "order",
    "Names of what a row holds, separated by commas, the first being the most important; downwards with `-` before. "
    "Null comes last. Without it, by time, then group.",
    {"type": "string"},
    "-value,start",
    parse=parse_names,
)
LIMIT = Parameter(
    "limit",
    "Rows of a page; without it, all rows. Go on with `cursor`.",
    {"type": "integer", "minimum": 1, "maximum": MAX_POINTS},
    "1000",
    parse=parse_count(MAX_POINTS),
)

PARAMETERS: Final = (
    *(FROM, TO, RANGE, INTERVAL, TZ),
    *(GROUP_BY, FILTER, COMPARE, MATCH, TRANSFORM),
    *(TOP, OTHER, TOTALS, ORDER, LIMIT, CURSOR),
)
