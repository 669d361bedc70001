"""``GET /awareness/webtraffic/{period}``: the original contract's sessions and visitors of a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from chalicelib.api import contract_schemas
from chalicelib.api.context import Context
from chalicelib.api.contract import DATES, PERIOD, meta, prepare, read_span, total
from chalicelib.api.envelope import CACHE_CONTROL, etag, matches, not_modified
from chalicelib.api.ranges import FROM, TO, TZ
from chalicelib.api.routes import Access, Answer, Call, Reply, Route
from chalicelib.metrics.contract_questions import TRAFFIC
from chalicelib.sources.beacon_sites import Site

_TOLD_BY_ID: Final = ("newVisitors", "returningVisitors")


def get_web_traffic(call: Call, context: Context) -> Reply:
    """Answer sessions and visitors of a period."""
    asked = read_span(call.values, context.clock())
    prepared = prepare(context, TRAFFIC, asked)
    without, known = _without_id(context.sites or {})
    tag = etag("webtraffic", *prepared.tag, without, known)
    if matches(call.headers, tag):
        return not_modified(tag)
    answer = context.series.answer(prepared)
    sessions, new, returning, blog = total(answer)
    visitors = {"newVisitors": new, "returningVisitors": returning} if known else dict.fromkeys(_TOLD_BY_ID)
    warnings = list(_warnings(without, known=known))
    body = {
        **asked.dates,
        "sessions": sessions,
        **visitors,
        "blogViewers": blog,
        "meta": meta(answer, asked, warnings),
    }
    return Reply(body, headers={"ETag": tag, "Cache-Control": CACHE_CONTROL})


def _without_id(sites: Mapping[str, Site]) -> tuple[list[str], bool]:
    """Name the sites whose visitors have no id of the site's own, and answer whether those of others have."""
    each = {site.id: site.first_party_id for site in sites.values()}
    return sorted(name for name, has in each.items() if not has), any(each.values())


def _warnings(without: Iterable[str], *, known: bool) -> Iterator[str]:
    if not known:
        yield (
            "No site keeps an id of its own (`first_party_id`), so nobody can tell new visitors from returning ones: "
            "both are null."
        )
    elif names := ", ".join(without):
        yield f"Visitors of {names} are neither new nor returning: the site keeps no id of its own (`first_party_id`)."


ROUTES = (
    Route(
        method="GET",
        path="/awareness/webtraffic/{period}",
        name="get_web_traffic",
        access=Access.READ,
        summary="Visits of a period",
        description=(
            "Sessions, and the people who came: new ones, returning ones, and those who looked at the blog. Each "
            "counts once in each number; who first came in the period and came again is in both. Bots are left out. "
            "`newVisitors` and `returningVisitors` are null, never 0, where no site keeps an id of its own, which its "
            f"visitors allow. {DATES}"
        ),
        answers=(
            Answer(200, "The period.", contract_schemas.TRAFFIC, contract_schemas.TRAFFIC_EXAMPLE),
            Answer(304, "Unchanged."),
        ),
        handler=get_web_traffic,
        parameters=(PERIOD, FROM, TO, TZ),
        problems=(404, 422),
    ),
)
