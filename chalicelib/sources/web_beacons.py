"""Web beacons: what visitors of the company's pages do, as ``b.js`` and the pixel tell ``/b`` and ``/b.gif``.

One item is one request, already reduced (``chalicelib/sources/beacon_form.py``) before it came into the inbox: nothing
here has ever seen an address, a user agent or a query. Sections (website, blog) are told here, by the configuration.

The time of receipt rules: a page's clock may be wrong, so an event happened as long before it was received as the page
held it back. The identity is the site, the kind and the page's own id of the event; a retry has the same id and content
and is stored once, while an id that comes again with other content (bots replay pages) is kept and flagged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from chalicelib.domain.clock import to_millisecond
from chalicelib.errors import SkippableRecordError
from chalicelib.sources import keys
from chalicelib.sources.base import Accepted, Column, ColumnType, Item, Record, Rejected, Table
from chalicelib.sources.beacon_form import CAMPAIGN, KINDS, LATEST_OFFSET_MS, instant_of
from chalicelib.sources.beacon_sites import Site, check_sites, read_sites
from chalicelib.sources.json_fields import instant, read_object, text, truth, whole

_S, _T, _B = ColumnType.STRING, ColumnType.TIMESTAMP, ColumnType.BOOL

EVENTS = Table(
    "web_events",
    "What visitors of the company's web pages did",
    (
        Column("event_id", _S, "The page's own id of the event; a retry has the same"),
        Column("kind", _S, f"What it is: {', '.join(KINDS)}"),
        Column("view_id", _S, "The event_id of the page view that it belongs to; for a view its own"),
        Column("occurred_at", _T, "When it happened: received_at less the time for which the page held it back"),
        Column("received_at", _T, "When it reached us"),
        Column("client_time", _T, "When it happened by the visitor's clock, right or wrong"),
        Column("site", _S, "The configured site"),
        Column("host", _S, "Host of the page"),
        Column("path", _S, "Path of the page, without query and fragment"),
        Column("section", _S, "Website, blog or another configured part of the site; null where no rule holds"),
        Column("title", _S, "Title of the page"),
        Column("referrer", _S, "Host and path of the page before, without query and fragment"),
        Column("target", _S, "Host and path of the link that was followed (outbound, download)"),
        Column("name", _S, "Name of a custom event"),
        Column("duration_s", ColumnType.FLOAT64, "Seconds that the page was looked at since the last such event"),
        *(Column(name, _S, f"Campaign parameter {name} of the page's address") for name in CAMPAIGN),
        Column("visitor", _S, "Who it was, for this site and UTC day only: a hash whose salt is thrown away"),
        Column("visitor_before", _S, "The same visitor's name of the day before; in a day's first minutes only"),
        Column("first_party_id", _S, "The site's own id of the browser; null unless the site opted in to one"),
        Column("first_seen_on", ColumnType.DATE, "Since when the browser has that id: before today is a returning one"),
        Column("browser", _S, "Family of the browser"),
        Column("browser_version", ColumnType.INT64, "Its major version"),
        Column("os", _S, "Family of the operating system"),
        Column("device", _S, "desktop, mobile, tablet or other"),
        Column("is_bot", _B, "Whether the user agent is that of a known bot"),
        Column("properties", _S, "Properties of a custom event, a JSON object"),
    ),
    time_column="occurred_at",
    sort_by=("site", "visitor", "occurred_at"),
)

ITEM_KIND = "beacons"
_NOT_CONTENT = frozenset({"visitor", "visitor_before", "offset_ms", "received_at"})
"""What a retry of the same event may have otherwise: at another time, or past midnight."""


class WebBeacons:
    """An arriving source; one item is the reduced beacons of one request, ``{"beacons": [ … ]}``."""

    name: ClassVar[str] = "web_beacons"
    title: ClassVar[str] = "Web beacons"
    tables: ClassVar[tuple[Table, ...]] = (EVENTS,)
    lateness: ClassVar[timedelta] = timedelta(minutes=5)
    heartbeat: ClassVar[timedelta] = timedelta(minutes=15)
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("sites", check_sites, "the web sites that beacons are taken for: hosts, origins, sections"),
        keys.silent_after(24),
    )

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Record]:
        """Read one item: one outcome a beacon, in their order."""
        try:
            beacons = read_object(item.body).get("beacons")
            if not isinstance(beacons, list):
                raise SkippableRecordError("beacons: a list was expected")
        except SkippableRecordError as error:
            yield Rejected(str(error), "body", item.body.decode("utf-8", "backslashreplace"))
            return
        sites = read_sites(config["sites"])
        for index, beacon in enumerate(beacons):
            try:
                yield _accept(beacon, item.received_at, sites)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"beacon {index}", _json(beacon))


def _accept(beacon: Any, received_at: datetime, sites: Mapping[str, Site]) -> Accepted:
    """Make the row of one reduced beacon."""
    if not isinstance(beacon, Mapping):
        raise SkippableRecordError("a beacon is a JSON object")
    needed = {field: text(beacon, field) for field in ("id", "kind", "site", "host", "path", "visitor", "device")}
    if missing := [field for field, value in needed.items() if value is None]:
        raise SkippableRecordError(f"{missing[0]}: it is missing")
    received = instant(beacon, "received_at") or received_at
    held = timedelta(milliseconds=_bounded(beacon, "offset_ms", LATEST_OFFSET_MS) or 0)
    host, path = text(beacon, "host") or "", text(beacon, "path") or ""
    row = {
        "event_id": needed["id"],
        "kind": needed["kind"],
        "view_id": text(beacon, "view") or (needed["id"] if needed["kind"] == "view" else None),
        "occurred_at": to_millisecond(received - held),
        "received_at": received,
        "client_time": _client_time(beacon),
        "site": needed["site"],
        "host": host,
        "path": path,
        "section": sites[host].section(host, path) if host in sites else None,
        **{field: text(beacon, field) for field in ("title", "referrer", "target", "name")},
        "duration_s": _seconds(beacon),
        **{name: text(beacon, f"campaign.{name}") for name in CAMPAIGN},
        "visitor": needed["visitor"],
        "visitor_before": text(beacon, "visitor_before"),
        "first_party_id": text(beacon, "first_party_id"),
        "first_seen_on": _day(beacon),
        "browser": text(beacon, "browser"),
        "browser_version": whole(beacon, "browser_version"),
        "os": text(beacon, "system"),
        "device": needed["device"],
        "is_bot": truth(beacon, "bot") or False,
        "properties": _json(beacon["properties"]) if beacon.get("properties") is not None else None,
    }
    content = {name: value for name, value in beacon.items() if name not in _NOT_CONTENT}
    digest = hashlib.sha256(_json(content).encode()).hexdigest()
    return Accepted(json.dumps([row["site"], row["kind"], row["event_id"]]), digest, ((EVENTS.name, row),))


def _bounded(beacon: Mapping[str, Any], field: str, at_most: int) -> int | None:
    value = whole(beacon, field)
    if value is not None and not 0 <= value <= at_most:
        raise SkippableRecordError(f"{field}: 0 to {at_most} was expected")
    return value


def _client_time(beacon: Mapping[str, Any]) -> datetime | None:
    at = _bounded(beacon, "at", 253_402_300_799_000)
    return None if at is None else instant_of(at)


def _seconds(beacon: Mapping[str, Any]) -> float | None:
    ms = _bounded(beacon, "duration_ms", 2**53)
    return None if ms is None else ms / 1000


def _day(beacon: Mapping[str, Any]) -> date | None:
    day = text(beacon, "first_seen")
    try:
        return None if day is None else date.fromisoformat(day)
    except ValueError as error:
        raise SkippableRecordError("first_seen: a date was expected") from error


def _json(value: Any) -> str:
    """Write JSON that UTF-8 can hold. Raises ``SkippableRecordError`` for what JSON has no words for."""
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True)
    except (ValueError, RecursionError) as error:
        raise SkippableRecordError("a value cannot be kept as JSON") from error
