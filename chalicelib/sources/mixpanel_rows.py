"""Mixpanel's events as rows: who, what and when in columns, everything in ``properties``. Pure.

Mixpanel writes ``time`` as seconds that look like Unix time; in projects made before 2023 they are the project's wall
clock. An event is one however often it was sent: the same name, person, time and ``$insert_id``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.zones import resolve, zone
from chalicelib.errors import SkippableRecordError
from chalicelib.sources.base import Accepted, Column, ColumnType, Table, Window
from chalicelib.sources.json_fields import read_object, text, whole
from chalicelib.sources.records import digest

_S, _T = ColumnType.STRING, ColumnType.TIMESTAMP

PROCESSED = "mp_processing_time_ms"

USUAL = {
    "user_id": "$user_id",
    "device_id": "$device_id",
    "os": "$os",
    "browser": "$browser",
    "device": "$device",
    "country_code": "mp_country_code",
    "region": "$region",
    "city": "$city",
    "current_url": "$current_url",
    "referrer": "$referrer",
    "utm_source": "utm_source",
    "utm_medium": "utm_medium",
    "utm_campaign": "utm_campaign",
    "app_version": "$app_version_string",
    "library": "mp_lib",
}
"""Columns that are a property as it is, where it is a text: anybody may send anything under these names."""

_OF_THE_WAY = frozenset({PROCESSED, "$mp_api_timestamp_ms", "$mp_api_endpoint", "$import", "mp_sent_by_lib_version"})
"""Properties of how an event came in, not of what happened: another sending of the same event has others."""

EVENTS = Table(
    "mixpanel_events",
    "Every event, once for each window in which Mixpanel took it in",
    (
        Column("happened_at", _T, "When it happened, by the sender's clock"),
        Column("event", _S, "The event's name"),
        Column("distinct_id", _S, "Whose event it is; null where nobody's"),
        Column("insert_id", _S, "The sender's id of this event"),
        Column("event_key", _S, "Digest of event, distinct_id, time and insert_id: the same event has the same key"),
        Column("processed_at", _T, "When Mixpanel took it in; null where it does not say"),
        *(Column(name, _S, f"The property {key}, where it is a text") for name, key in USUAL.items()),
        Column("properties", _S, "All properties, as JSON"),
    ),
    time_column="happened_at",
    sort_by=("event", "happened_at"),
)


def accept(line: bytes, window: Window, project: str) -> Accepted:
    """Read a line. ``project`` names the zone of the project's times. Raises ``SkippableRecordError``."""
    found = read_object(line)
    event, properties = text(found, "event"), found.get("properties")
    if not event or not isinstance(properties, dict):
        raise SkippableRecordError("event, properties: an event needs both")
    seconds, processed = whole(properties, "time"), _processed(properties)
    if seconds is None:
        raise SkippableRecordError("time: an event needs one")
    if processed is not None and not window.start <= processed < window.end:
        raise SkippableRecordError(f"{PROCESSED}: {processed.isoformat()} was not asked for")
    who, inserted = _identifier(properties, "distinct_id"), _identifier(properties, "$insert_id")
    key = _key(event, who, seconds, inserted)
    row = {
        "happened_at": happened_at(seconds, zone(project), processed),
        "event": event,
        "distinct_id": who,
        "insert_id": inserted,
        "event_key": key,
        "processed_at": processed,
        **{column: _word(properties.get(name)) for column, name in USUAL.items()},
        "properties": json.dumps(properties, sort_keys=True),
    }
    said = {name: value for name, value in properties.items() if name not in _OF_THE_WAY}
    return Accepted(key, digest(said), ((EVENTS.name, row),))


def happened_at(seconds: int, project: ZoneInfo, processed: datetime | None) -> datetime:
    """Answer the instant of an event's ``time``.

    A wall clock shows an hour twice when summer time ends. The later of the two is taken unless Mixpanel had the event
    before it, which is right for all that are sent within the hour; an hour that was skipped is its end.

    Examples
    --------
    >>> at = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    >>> clock = int(datetime(2026, 11, 1, 1, 30, tzinfo=UTC).timestamp())  # 1:30, twice that night in New York
    >>> [happened_at(clock, zone("America/New_York"), at + timedelta(minutes=m)).hour for m in (1, 61)]
    [5, 6]
    """
    try:
        shown = datetime.fromtimestamp(seconds, UTC)
        if project.key == "UTC":
            return shown
        local = shown.replace(tzinfo=None)
        first, second = resolve(local, project), local.replace(tzinfo=project, fold=1).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SkippableRecordError(f"time: {seconds} is no instant") from error
    return second if processed is not None and first < second <= processed else first


def _processed(properties: Mapping[str, Any]) -> datetime | None:
    value = whole(properties, PROCESSED)
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(value // 1000, UTC) + timedelta(milliseconds=value % 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise SkippableRecordError(f"{PROCESSED}: {value} is no instant") from error


def _identifier(properties: Mapping[str, Any], name: str) -> str | None:
    """Take an id, which may be sent as a number."""
    value = properties.get(name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _plain(properties, name)


def _plain(properties: Mapping[str, Any], name: str) -> str | None:
    return text({"value": properties.get(name)}, "value")


def _word(value: Any) -> str | None:
    """Take a text of any sender; what is none, or cannot be written, stays in ``properties`` only."""
    if not isinstance(value, str) or (not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value)):
        return None
    return value


def _key(event: str, who: str | None, seconds: int, inserted: str | None) -> str:
    return hashlib.blake2b(json.dumps([event, who, seconds, inserted]).encode(), digest_size=16).hexdigest()
