"""``GET /awareness/seo``: the original contract's share of voice of each configured brand, in percent."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.api import contract_schemas
from chalicelib.api.context import Context
from chalicelib.api.contract import Span, bounded, meta, prepare
from chalicelib.api.envelope import CACHE_CONTROL, etag, matches, not_modified
from chalicelib.api.ranges import FROM, TO, TZ
from chalicelib.api.routes import Access, Answer, Call, Parameter, Reply, Route
from chalicelib.domain.periods import Interval, ceil
from chalicelib.domain.portions import portions
from chalicelib.metrics.answer import Answer as Series
from chalicelib.metrics.asked_range import read_range
from chalicelib.metrics.contract_questions import SHARES, last_told
from chalicelib.metrics.declared.seo import SEO, SOURCE
from chalicelib.metrics.values import number

UTC: Final = ZoneInfo("UTC")
META: Final = "Headwater-Meta"


def get_share_of_voice(call: Call, context: Context) -> Reply:
    """Answer each brand's share of the clicks to expect."""
    brands, decimals = context.configuration.brands(), call.values.get("decimals", 0)
    asked, interval = _asked(call.values, context)
    prepared = prepare(context, SHARES, asked, ("brand",), interval)
    tag = etag("seo", *prepared.tag, brands, decimals)
    if matches(call.headers, tag):
        return not_modified(tag)
    answer = context.series.answer(prepared)
    clicks, told = _last_day(answer, brands, asked) if interval is Interval.P1D else (dict(answer.totals), asked)
    shares = portions({brand: Decimal(clicks.get(brand) or 0) for brand in brands}, decimals)
    body = {brand: None if shares is None else number(shares[brand]) for brand in brands}
    said = json.dumps(meta(answer, told, list(_warnings(body))), separators=(",", ":"))
    return Reply(body, headers={"ETag": tag, "Cache-Control": CACHE_CONTROL, META: said})


def _asked(values: Mapping[str, Any], context: Context) -> tuple[Span, Interval]:
    """Answer the range, and how it is cut: by day where the last day with shares is looked for in it."""
    given = read_range(values)
    if given.start is not None:
        end = given.end or ceil(context.clock(), Interval.P1D, given.zone)
        return bounded(given.start, end, given.zone), Interval.P1Y
    return bounded(*last_told(given.end or _told_until(context) or context.clock()), UTC), Interval.P1D


def _told_until(context: Context) -> datetime | None:
    manifest = context.series.manifests.get(SEO.name)
    return None if manifest is None else manifest.watermarks.get(SOURCE)


def _last_day(answer: Series, brands: Collection[str], asked: Span) -> tuple[dict[str | None, Any], Span]:
    """Answer the clicks of the last day on which one of the brands can expect any, and that day."""
    for bucket in reversed(list(answer.buckets)):
        clicks = {row[0]: row[1] for row in bucket.rows}
        if any(clicks.get(brand) for brand in brands):
            return clicks, Span(bucket.start, bucket.end, asked.zone)
    return {}, asked


def _warnings(body: Mapping[str, Any]) -> Iterator[str]:
    if not body:
        yield "No brands are configured: [rank_tracker_positions] of the sources file names them."
    elif None in body.values():
        yield "None of the brands can expect a click from search in this range, so there are no shares."


def parse_decimals(text: str) -> int:
    """Read how many decimals shares have. Raises ``ValueError``."""
    if text not in {"0", "1", "2", "3", "4"}:
        raise ValueError("Give a whole number from 0 to 4.")
    return int(text)


DECIMALS = Parameter(
    "decimals",
    "How many decimals the shares have; they add up to exactly 100 with any.",
    {"type": "integer", "minimum": 0, "maximum": 4, "default": 0},
    "1",
    parse=parse_decimals,
)

ROUTES = (
    Route(
        method="GET",
        path="/awareness/seo",
        name="get_share_of_voice",
        access=Access.READ,
        summary="Share of voice of each brand",
        description=(
            "Of the clicks that the configured brands can expect from search, the part of each, in percent: an entry "
            "for every brand, and nothing else. The shares are rounded to `decimals` places so that they add up to "
            "exactly 100 (the largest remainders are rounded up). With `from` they are of the whole range; without, of "
            "the last UTC day that has any (before `to`, where it is given), at most 31 days back. null: no brand can "
            f"expect a click. What other answers tell in `meta` is in the header `{META}`, as JSON."
        ),
        answers=(
            Answer(200, "The shares.", contract_schemas.SHARES, contract_schemas.SHARES_EXAMPLE, headers=(META,)),
            Answer(304, "Unchanged."),
        ),
        handler=get_share_of_voice,
        parameters=(FROM, TO, TZ, DECIMALS),
        problems=(422,),
    ),
)
