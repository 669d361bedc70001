"""The parameters of a question, which ``GET /v1/metrics/{name}`` and ``POST /v1/query`` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chalicelib.api.context import Context
from chalicelib.api.paging import CURSOR
from chalicelib.api.ranges import FROM, RANGE, TO, TZ
from chalicelib.api.routes import Parameter
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import Interval, parse_interval
from chalicelib.metrics import asked
from chalicelib.metrics.asked import distinct, parse_match, parse_versus
from chalicelib.metrics.comparison import Match, Versus
from chalicelib.metrics.filter_text import read_filter
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import MAX_POINTS, MAX_TOP, Question
from chalicelib.metrics.transforms import FORMS, parse_transform


def make_question(metrics: Sequence[Metric], values: Mapping[str, Any], context: Context) -> Question:
    """Make the question of parsed parameters. Raises ``RequestError`` 400 or 422 naming what is wrong."""
    return asked.make_question(metrics, values, context.clock(), lambda: context.series.earliest(metrics))


def parse_names(text: str) -> tuple[str, ...]:
    """Read names, separated by commas, each once."""
    return distinct(tuple(name.strip() for name in text.split(",")))


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
    "nothing after that is counted, and values there are null. Before the first day that was counted nothing is known: "
    "what begins earlier is null too, and no zero (`counted_since`).",
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
