"""The company's web sites, from web beacons: what is done on their pages."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

_S = ColumnType.STRING
INPUTS = MappingProxyType({"web_beacons": ("web_events",)})

SITE = Column("site", _S, "The configured site")
SECTION = Column("section", _S, "Website, blog or another configured part of the site; null where no rule holds")
DEVICE = Column("device", _S, "desktop, mobile, tablet or other")
CAME_FROM = (
    Column("referrer_host", _S, "Host of the page before, one of the site's own where somebody went on; may be null"),
    Column("utm_source", _S, "Campaign parameter utm_source of the page's address; may be null"),
    Column("utm_medium", _S, "Campaign parameter utm_medium; may be null"),
    Column("utm_campaign", _S, "Campaign parameter utm_campaign; may be null"),
)

PAGES = Cube(
    name="web_cube",
    description="What visitors did on the company's web sites",
    dimensions=(
        SITE,
        SECTION,
        Column("path", _S, "Path of the page, without query and fragment"),
        *CAME_FROM,
        DEVICE,
        Column("browser", _S, "Family of the browser; may be null"),
        Column("event", _S, "Name of an event of the page's own; null of all others"),
        Column("target", _S, "Host and path of the link followed or the file downloaded; null of all others"),
        Column("is_bot", ColumnType.BOOL, "The user agent is that of a known bot"),
    ),
    measures=(
        Measure("page_views", Adds.SUM, "Page views"),
        Measure(
            "engaged_ms", Adds.SUM, "Milliseconds for which pages were looked at, in the bucket in which they tell"
        ),
        Measure("outbound_clicks", Adds.SUM, "Links to other hosts that were followed"),
        Measure("file_downloads", Adds.SUM, "Links to files that were followed"),
        Measure("site_events", Adds.SUM, "Events of the pages' own"),
    ),
    inputs=INPUTS,
)

CUBES: Final = (PAGES,)

CAMPAIGN: Final = tuple(column.name for column in CAME_FROM)
_PAGE = ("site", "section", "path", *CAMPAIGN, "device", "browser")
_PEOPLE, _BOTS = (("is_bot", "false"),), (("is_bot", "true"),)


def _page(
    name: str,
    title: str,
    unit: str,
    description: str,
    dimensions: tuple[str, ...] = _PAGE,
    only: tuple[tuple[str, str], ...] = _PEOPLE,
    measure: str = "",
) -> Metric:
    found = measure or name
    return Metric(name, title, unit, Kind.COUNTER, PAGES.name, found, "web_beacons", dimensions, description, only)


METRICS: Final = (
    _page(
        "page_views",
        "Page views",
        "views",
        "Pages of the company's web sites that people opened, each counted once however often the browser sent it. "
        "Known bots are left out; `page_views_bots` counts them.",
    ),
    _page(
        "page_views_bots",
        "Page views by bots",
        "views",
        "Page views whose user agent is that of a known bot.",
        only=_BOTS,
        measure="page_views",
    ),
    Metric(
        "engaged_seconds",
        "Engagement time",
        "seconds",
        Kind.COUNTER,
        PAGES.name,
        "engaged_ms",
        "web_beacons",
        _PAGE,
        "Time for which people looked at pages, as the pages measured it: of a page in the foreground only.",
        _PEOPLE,
        divisor=1000,
    ),
    Metric(
        "engaged_seconds_per_view",
        "Engagement time per page view",
        "seconds",
        Kind.RATIO,
        PAGES.name,
        "engaged_ms",
        "web_beacons",
        _PAGE,
        "Engagement time divided by page views, of the same period. A page tells its time when it is left, which can "
        "be in the next period.",
        _PEOPLE,
        denominator="page_views",
        divisor=1000,
    ),
    _page(
        "outbound_clicks",
        "Outbound clicks",
        "clicks",
        "Links to other hosts that people followed.",
        (*_PAGE, "target"),
    ),
    _page(
        "file_downloads",
        "File downloads",
        "clicks",
        "Links to files that people followed on the web sites; `downloads` counts what the file server sent.",
        (*_PAGE, "target"),
    ),
    _page(
        "site_events",
        "Site events",
        "events",
        "Events of the pages' own that people caused, such as a sign-up: group or filter by `event`, their name.",
        (*_PAGE, "event"),
    ),
)
