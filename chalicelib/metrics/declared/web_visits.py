"""The company's web sites, from web beacons: sessions and visitors."""

from __future__ import annotations

from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.declared.web import CAME_FROM, CAMPAIGN, DEVICE, INPUTS, SECTION, SITE
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

_S = ColumnType.STRING

SESSIONS = Cube(
    name="web_sessions_cube",
    description="Sessions of people on the company's web sites, in the bucket of their first event",
    dimensions=(
        SITE,
        DEVICE,
        *CAME_FROM,
        Column("entry_section", _S, "Section of the session's first page view; null where it has none"),
        Column("entry_path", _S, "Path of the session's first page view; null where it has none"),
    ),
    measures=(
        Measure("sessions", Adds.SUM, "Sessions that began in the bucket"),
        Measure("one_page_sessions", Adds.SUM, "Those of exactly one page view"),
        Measure("session_ms", Adds.SUM, "Milliseconds from their first event to their last"),
        Measure("session_page_views", Adds.SUM, "Their page views"),
    ),
    inputs=INPUTS,
    reads_before=1,
    reads_after=1,
)

VISITORS = Cube(
    name="web_visitors_cube",
    description="Who was on the company's web sites",
    dimensions=(
        SITE,
        SECTION,
        Column("visitor_type", _S, "new or returning on that UTC day; null where the site has no id of its own"),
        DEVICE,
    ),
    measures=(),
    inputs=INPUTS,
    member=Column("member", _S, "Visitor: the site's own id of the browser, else a name that lasts a UTC day"),
)

CUBES: Final = (SESSIONS, VISITORS)

_ENTRY = ("site", "device", *CAMPAIGN, "entry_section", "entry_path")
_KNOWN_FOR = (
    "A browser is known by the site's own id where the site opted in to one; without it for a UTC day only, and "
    "whoever comes on three days is three visitors."
)
_BOTH = "Who was new and came again another day of the period is in both counts."


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
