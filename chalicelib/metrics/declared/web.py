"""The company's web sites, from web beacons: pages, sessions, visitors."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

_S = ColumnType.STRING
_INPUTS = MappingProxyType({"web_beacons": ("web_events",)})

_SITE = Column("site", _S, "The configured site")
_SECTION = Column("section", _S, "Website, blog or another configured part of the site; null where no rule holds")
_DEVICE = Column("device", _S, "desktop, mobile, tablet or other")
_FROM = (
    Column("referrer_host", _S, "Host of the page before, one of the site's own where somebody went on; may be null"),
    Column("utm_source", _S, "Campaign parameter utm_source of the page's address; may be null"),
    Column("utm_medium", _S, "Campaign parameter utm_medium; may be null"),
    Column("utm_campaign", _S, "Campaign parameter utm_campaign; may be null"),
)

PAGES = Cube(
    name="web_cube",
    description="What visitors did on the company's web sites",
    dimensions=(
        _SITE,
        _SECTION,
        Column("path", _S, "Path of the page, without query and fragment"),
        *_FROM,
        _DEVICE,
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
    inputs=_INPUTS,
)

SESSIONS = Cube(
    name="web_sessions_cube",
    description="Sessions of people on the company's web sites, in the bucket of their first event",
    dimensions=(
        _SITE,
        _DEVICE,
        *_FROM,
        Column("entry_section", _S, "Section of the session's first page view; null where it has none"),
        Column("entry_path", _S, "Path of the session's first page view; null where it has none"),
    ),
    measures=(
        Measure("sessions", Adds.SUM, "Sessions that began in the bucket"),
        Measure("one_page_sessions", Adds.SUM, "Those of exactly one page view"),
        Measure("session_ms", Adds.SUM, "Milliseconds from their first event to their last"),
        Measure("session_page_views", Adds.SUM, "Their page views"),
    ),
    inputs=_INPUTS,
    reads_before=1,
    reads_after=1,
)

VISITORS = Cube(
    name="web_visitors_cube",
    description="Who was on the company's web sites",
    dimensions=(
        _SITE,
        _SECTION,
        Column("visitor_type", _S, "new or returning on that UTC day; null where the site has no id of its own"),
        _DEVICE,
    ),
    measures=(),
    inputs=_INPUTS,
    member=Column("member", _S, "Visitor: the site's own id of the browser, else a name that lasts a UTC day"),
)

CUBES: Final = (PAGES, SESSIONS, VISITORS)

_CAMPAIGN = tuple(column.name for column in _FROM)
_PAGE = ("site", "section", "path", *_CAMPAIGN, "device", "browser")
_PEOPLE, _BOTS = (("is_bot", "false"),), (("is_bot", "true"),)
_ENTRY = ("site", "device", *_CAMPAIGN, "entry_section", "entry_path")
_KNOWN_FOR = (
    "A browser is known by the site's own id where the site opted in to one; without it for a UTC day only, and "
    "whoever comes on three days is three visitors."
)
_BOTH = "Who was new and came again another day of the period is in both counts."


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


def _of_sessions(name: str, title: str, unit: str, measure: str, description: str, divisor: int = 1) -> Metric:
    return Metric(
        name,
        title,
        unit,
        Kind.RATIO,
        SESSIONS.name,
        measure,
        "web_beacons",
        _ENTRY,
        description,
        denominator="sessions",
        divisor=divisor,
    )


def _visitors(
    name: str, title: str, description: str, dimensions: tuple[str, ...], only: tuple[tuple[str, str], ...] = ()
) -> Metric:
    return Metric(
        name, title, "visitors", Kind.UNIQUE, VISITORS.name, "member", "web_beacons", dimensions, description, only
    )


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
    Metric(
        "sessions",
        "Sessions",
        "sessions",
        Kind.COUNTER,
        SESSIONS.name,
        "sessions",
        "web_beacons",
        _ENTRY,
        "Sessions of people, counted where they began: what one visitor did on one site without 30 minutes of "
        "silence, over midnight too. Campaign and referrer are those of the first event.",
    ),
    _of_sessions(
        "bounce_rate",
        "Bounce rate",
        "share",
        "one_page_sessions",
        "Share of the sessions that have exactly one page view.",
    ),
    _of_sessions(
        "session_duration",
        "Session duration",
        "seconds",
        "session_ms",
        "Mean time from a session's first event to its last: 0 where there is one event; measured up to the end of the "
        "UTC day after the one in which the session began.",
        divisor=1000,
    ),
    _of_sessions(
        "pages_per_session",
        "Pages per session",
        "views",
        "session_page_views",
        "Mean number of page views of a session.",
    ),
    _visitors(
        "visitors",
        "Visitors",
        f"Different visitors who did anything on the web sites in the period. {_KNOWN_FOR}",
        ("site", "section", "visitor_type", "device"),
    ),
    _visitors(
        "new_visitors",
        "New visitors",
        f"Visitors on the UTC day of their first visit; only of sites that opted in to an id of their own. {_BOTH}",
        ("site", "section", "device"),
        (("visitor_type", "new"),),
    ),
    _visitors(
        "returning_visitors",
        "Returning visitors",
        "Visitors whose browser was there before that UTC day; only of sites that opted in to an id of their own. "
        f"{_BOTH}",
        ("site", "section", "device"),
        (("visitor_type", "returning"),),
    ),
    _visitors(
        "blog_viewers",
        "Blog viewers",
        f"Different visitors of pages of the section that the configuration calls `blog`. {_KNOWN_FOR}",
        ("site", "visitor_type", "device"),
        (("section", "blog"),),
    ),
)
