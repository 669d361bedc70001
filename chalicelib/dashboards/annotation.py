"""What happened that numbers do not tell: a release, a campaign, an incident, a note. Pure.

::

    {"at": "2026-11-20T09:00:00Z", "until": "2026-11-27", "title": "Black week", "kind": "campaign",
     "metric_sources": ["web_beacons"], "url": "https://wiki.acme.example/black-week", "tz": "Europe/Paris"}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from chalicelib.dashboards.faults import Faults
from chalicelib.dashboards.fields import line_of, zone_of
from chalicelib.dashboards.widgets import MAX_NAME
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import EARLIEST, LATEST
from chalicelib.domain.zones import resolve, zone
from chalicelib.errors import RequestError
from chalicelib.sources.registry import SOURCES

FIELDS: Final = ("at", "until", "title", "kind", "metric_sources", "url", "tz")
MAX_URL: Final = 2_000
MOST_SOURCES: Final = 20
_URL: Final = re.compile(r"https?://[^\s\x00-\x20\x7f]+")
_NOWHEN: Final = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


class Kind(StrEnum):
    """What kind of thing happened."""

    RELEASE = "release"
    CAMPAIGN = "campaign"
    INCIDENT = "incident"
    NOTE = "note"


class Origin(StrEnum):
    """Who says so."""

    GITHUB = "github"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One thing that happened.

    Parameters
    ----------
    at, until
        When, in UTC; ``until`` is None of what took no time.
    metric_sources
        Charts of metrics of these sources show it; none: every chart does.
    created_by
        Who wrote it down, by name.
    """

    id: str
    at: datetime
    until: datetime | None
    title: str
    kind: Kind
    metric_sources: tuple[str, ...]
    url: str | None
    origin: Origin
    created_by: str

    def is_in(self, start: datetime, end: datetime) -> bool:
        """Answer whether any of it is in ``[start, end)``."""
        return self.at < end and (self.at >= start or (self.until is not None and self.until > start))


def read_annotation(given: Mapping[str, Any], annotation_id: str, created_by: str) -> Annotation:
    """Read what people send.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or wrong.
    """
    faults = Faults()
    faults.unknown("", given, FIELDS)
    at_zone = zone("UTC")
    if given.get("tz") is not None:
        at_zone = faults.read("tz", lambda: zone(zone_of(given["tz"])), at_zone)
    found = Annotation(
        annotation_id,
        at=faults.read("at", lambda: _instant(given.get("at"), at_zone), _NOWHEN),
        until=_maybe(given, "until", lambda said: _instant(said, at_zone), faults),
        title=faults.read("title", lambda: line_of(given.get("title"), MAX_NAME, 1), ""),
        kind=faults.read("kind", lambda: Kind(one_of(str(given.get("kind"))[:64], Kind, "kind")), Kind.NOTE),
        metric_sources=faults.read("metric_sources", lambda: _sources(given.get("metric_sources")), ()),
        url=_maybe(given, "url", _url, faults),
        origin=Origin.PEOPLE,
        created_by=created_by,
    )
    if not faults.found and found.until is not None and found.until <= found.at:
        faults.add("until", "It must end after it begins.")
    if faults.found:
        raise RequestError("One or more fields are wrong.", errors=tuple(faults.found))
    return found


def _maybe(given: Mapping[str, Any], name: str, reading: Any, faults: Faults) -> Any:
    return None if given.get(name) is None else faults.read(name, lambda: reading(given[name]), None)


def _instant(given: Any, at: ZoneInfo) -> datetime:
    """Read a date (its local midnight), a local time or an instant, to the second; it need be on no grid."""
    said = "A date or time is needed, such as 2026-11-20, 2026-11-20T09:00 or 2026-11-20T09:00:00Z."
    try:
        found = datetime.fromisoformat(given if isinstance(given, str) else "")
        instant = found.astimezone(UTC) if found.tzinfo else resolve(found, at)
    except (ValueError, OverflowError) as error:
        raise ValueError(said) from error
    if not EARLIEST <= instant <= LATEST:
        raise ValueError(f"Times lie between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}.")
    return instant.replace(microsecond=0)


def _url(given: Any) -> str:
    if not isinstance(given, str) or len(given) > MAX_URL or not given.isprintable() or not _URL.fullmatch(given):
        raise ValueError(f"An address of the web is needed, https://…, of at most {MAX_URL:,} characters.")
    try:
        host = urlsplit(given).hostname
    except ValueError as error:
        raise ValueError("This is no address of the web.") from error
    if not host:
        raise ValueError("The address names no host.")
    return given


def _sources(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > MOST_SOURCES or not all(isinstance(one, str) for one in given):
        raise ValueError(f"A list of at most {MOST_SOURCES} names of sources is needed; of none: every chart shows it.")
    return tuple(dict.fromkeys(one_of(name, SOURCES, "source") for name in given))
