"""The range of time of a question, as parameters: :mod:`chalicelib.metrics.asked_range` reads them together."""

from __future__ import annotations

from chalicelib.api.routes import Parameter
from chalicelib.domain.range_words import parse_range
from chalicelib.domain.zones import zone

FROM = Parameter(
    "from",
    "Start of the range, inclusive: an ISO 8601 date (its midnight in `tz`), local time or instant, on a quarter hour.",
    {"type": "string"},
    "2026-11-01",
)
TO = Parameter(
    "to",
    "End of the range, exclusive; read as `from` is.",
    {"type": "string"},
    "2026-11-08",
)
TZ = Parameter(
    "tz",
    "IANA time zone of the buckets, of dates without a zone and of the times in the answer. An ambiguous local time "
    "is its first occurrence; a skipped one is the instant of the jump.",
    {"type": "string", "default": "UTC"},
    "Europe/Paris",
    parse=zone,
)

RANGE = Parameter(
    "range",
    "The range in a word, instead of `from` and `to`. Complete days, ISO weeks, months, quarters, years before the "
    "present one: `7d`, `12w`, `6mo`, `4q`, `2y`, `yesterday`, `last_week`, `last_month`, `last_quarter`, `last_year`. "
    "To now, the present bucket being the last: `24h`, `wtd`, `mtd`, `qtd`, `ytd`, `all`. The whole of the present "
    "one, what is to come too: `today`, `week`, `month`, `quarter`, `year`.",
    {"type": "string"},
    "30d",
    parse=parse_range,
)
