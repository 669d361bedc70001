"""What a page says in a beacon, reduced to what may be kept: an allow-list, applied before anything is stored. Pure.

Addresses lose their query, their fragment, their user and what follows a ``;`` in a path (session ids of old servers);
of the query only the campaign parameters stay. Fields that are not named here are dropped. Errors name fields, never
what was in them, so that they can be answered and logged.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.json_fields import text, whole

VIEW, ENGAGEMENT, OUTBOUND, DOWNLOAD, EVENT = "view", "engagement", "outbound", "download", "event"
KINDS: Final = (VIEW, ENGAGEMENT, OUTBOUND, DOWNLOAD, EVENT)
CAMPAIGN: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
MAX_BEACON_BYTES: Final = 8 * 1024
MAX_NAME, MAX_PROPERTIES, MAX_TITLE, MAX_CAMPAIGN = 100, 30, 500, 200
LONGEST_MS: Final = 24 * 3_600_000
"""Nobody is engaged with one page for longer without leaving it."""
LATEST_OFFSET_MS: Final = 3_600_000
"""How long a page may hold an event back before its clock is no longer believed."""
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Place:
    """An address reduced: host (with its port), path, and the campaign parameters."""

    host: str
    path: str
    campaign: Mapping[str, str]

    @property
    def plain(self) -> str:
        """Host and path as one text."""
        return f"{self.host}{self.path}"


def place(address: str | None, field: str) -> Place | None:
    """Reduce an address; one of another kind than http (``mailto:``, ``android-app:``) keeps its scheme only.

    Examples
    --------
    >>> place("https://ada:pw@Acme.example/a;jsessionid=7?email=a@b.c&utm_source=x#frag", "url")
    Place(host='acme.example', path='/a', campaign={'utm_source': 'x'})
    >>> place("mailto:ada@acme.example", "target").plain
    'mailto:'

    Raises
    ------
    SkippableRecordError
        It is no address.
    """
    if not address:
        return None
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise SkippableRecordError(f"{field}: this is no address") from error
    if parts.scheme not in ("http", "https"):
        if not re.fullmatch(r"[a-z][a-z0-9+.-]{0,30}", parts.scheme):
            raise SkippableRecordError(f"{field}: an address begins with https://")
        return Place(f"{parts.scheme}:", "", {})
    shown = f"{host}:{port}" if port and port != {"http": 80, "https": 443}[parts.scheme] else host
    if not _HOST.fullmatch(shown):
        raise SkippableRecordError(f"{field}: this address has no host")
    path = "/".join(part.partition(";")[0] for part in (parts.path or "/").split("/"))
    return Place(shown, path, _campaign(parts.query))


def _campaign(query: str) -> dict[str, str]:
    """Take the campaign parameters out of a query; of a repeated one the first, without what looks like an address."""
    try:
        pairs = parse_qsl(query, max_num_fields=200)
    except ValueError:
        return {}
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in CAMPAIGN and "@" not in value and len(value) <= MAX_CAMPAIGN and value.isprintable():
            found.setdefault(name, value)
    return found


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of who sent a beacon, already reduced. ``first_party`` is whether the site opted in to an id."""

    site: str
    visitor: str
    visitor_before: str | None
    browser: str | None
    browser_version: int | None
    system: str | None
    device: str
    bot: bool
    first_party: bool


def reduce(said: Mapping[str, Any], where: Place, sent_ms: int | None, sender: Sender) -> dict[str, Any]:
    """Answer what is kept of one beacon, as JSON can hold it.

    Parameters
    ----------
    said
        The beacon as the page sent it.
    where
        Its page: :func:`place` of its ``url``.
    sent_ms
        When the page sent it, by the same clock as its ``at`` (ms since 1970).

    Raises
    ------
    SkippableRecordError
        A field is wrong, or an event lacks what its kind needs.
    """
    kind = text(said, "kind") or VIEW
    if kind not in KINDS:
        raise SkippableRecordError(f"kind: use one of {', '.join(KINDS)}")
    at = whole(said, "at")
    referrer, target = _referrer(said), place(text(said, "target"), "target")
    if kind in (OUTBOUND, DOWNLOAD) and target is None:
        raise SkippableRecordError(f"target: {kind} needs the address that was followed")
    if kind == EVENT and not said.get("name"):
        raise SkippableRecordError("name: a custom event needs one")
    kept = {
        "id": _name(said, "id"),
        "kind": kind,
        "view": _name(said, "view", optional=True),
        "at": _instant(at),
        "offset_ms": _offset(at, sent_ms),
        "site": sender.site,
        "host": where.host,
        "path": where.path,
        "campaign": dict(where.campaign),
        "title": _short(said, "title", MAX_TITLE),
        "referrer": referrer.plain if referrer else None,
        "target": target.plain if target else None,
        "name": _short(said, "name", MAX_NAME),
        "duration_ms": _duration(said, kind),
        "properties": _properties(said),
        "visitor": sender.visitor,
        "visitor_before": sender.visitor_before,
        "browser": sender.browser,
        "browser_version": sender.browser_version,
        "system": sender.system,
        "device": sender.device,
        "bot": sender.bot,
        **(_first_party(said) if sender.first_party else {}),
    }
    return {name: value for name, value in kept.items() if value not in (None, {})}


def _referrer(said: Mapping[str, Any]) -> Place | None:
    """Reduce the page before; what is no address there is not known, and no reason to lose the view."""
    given = text(said, "referrer")
    try:
        return place(given, "referrer")
    except SkippableRecordError:
        return None


def _name(said: Mapping[str, Any], field: str, *, optional: bool = False) -> str | None:
    value = text(said, field)
    if value is None and optional:
        return None
    if value is None or not _ID.fullmatch(value):
        raise SkippableRecordError(f"{field}: 8 to 64 letters, digits, '-' or '_' are needed")
    return value


def _short(said: Mapping[str, Any], field: str, at_most: int) -> str | None:
    value = text(said, field)
    if value is not None and len(value) > at_most:
        raise SkippableRecordError(f"{field}: at most {at_most} characters are taken")
    return value or None


def _instant(at: int | None) -> int | None:
    if at is not None and not 0 <= at < 253_402_300_800_000:  # the year 10000
        raise SkippableRecordError("at: milliseconds since 1970 are needed")
    return at


def _offset(at: int | None, sent_ms: int | None) -> int:
    """Answer how long before it was sent it happened; 0 where the page's clock says what cannot be."""
    if at is None or sent_ms is None:
        return 0
    return sent_ms - at if 0 <= sent_ms - at <= LATEST_OFFSET_MS else 0


def _duration(said: Mapping[str, Any], kind: str) -> int | None:
    value = whole(said, "duration_ms")
    if kind == ENGAGEMENT and value is None:
        raise SkippableRecordError("duration_ms: engagement needs it")
    if value is not None and not 0 <= value <= LONGEST_MS:
        raise SkippableRecordError(f"duration_ms: 0 to {LONGEST_MS} milliseconds are taken")
    return value


def _properties(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """Take a custom event's properties: texts, numbers, true and false by name."""
    value = said.get("properties")
    if value is None:
        return None
    if not isinstance(value, dict) or len(value) > MAX_PROPERTIES:
        raise SkippableRecordError(f"properties: an object of at most {MAX_PROPERTIES} values was expected")
    for name, one in value.items():
        if len(name) > MAX_NAME or not isinstance(one, str | int | float | bool | None):
            raise SkippableRecordError("properties: each is a text, a number, true or false")
        if isinstance(one, float) and not math.isfinite(one):
            raise SkippableRecordError("properties: a number is too large")
    return value


def _first_party(said: Mapping[str, Any]) -> dict[str, str]:
    """Take the site's own id of the visitor and the day since when it is known."""
    own, since = _name(said, "first_party_id", optional=True), text(said, "first_seen")
    if own is None or since is None:
        return {}
    try:
        return {"first_party_id": own, "first_seen": date.fromisoformat(since).isoformat()}
    except ValueError as error:
        raise SkippableRecordError("first_seen: a date such as 2026-11-22 is needed") from error


def instant_of(ms: int) -> datetime:
    """Turn milliseconds since 1970 into an instant."""
    return datetime.fromtimestamp(ms / 1000, UTC)
