"""Events of the company's own product, as its programs send them to ``POST /v1/events``.

One item is one request. The endpoint reads it with this same parser, so what it answers for each event is what becomes
of it. An event's identity is its ``source`` and its ``id``; a request with an ``Idempotency-Key`` may leave ids out.

A sender's clock can be wrong: where the request says when it was sent (``sent_at``, by the same clock as ``time``), the
difference to our clock at its receipt is added to every ``time``. Nothing can have happened after it was received.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from chalicelib.domain.clock import to_millisecond
from chalicelib.errors import SkippableRecordError
from chalicelib.sources import keys
from chalicelib.sources.base import Accepted, Column, ColumnType, Item, Record, Rejected, Table
from chalicelib.sources.json_fields import at, instant, text
from chalicelib.sources.product_event_forms import read

_S, _T = ColumnType.STRING, ColumnType.TIMESTAMP

EVENTS = Table(
    "product_events",
    "What people did in the product, as the product said",
    (
        Column("event_id", _S, "The sender's id of the event, unique in its source"),
        Column("source", _S, "Which program sent it; empty where it does not say"),
        Column("event", _S, "What happened: the event's name (the type of a CloudEvent)"),
        Column("occurred_at", _T, "When it happened, the sender's clock put right; never after received_at"),
        Column("received_at", _T, "When it reached us"),
        Column("sent_time", _T, "The time of the event as the sender's clock had it; null where it did not say"),
        Column("user_id", _S, "Who did it, by the product's own id; null for somebody not signed in"),
        Column("anonymous_id", _S, "Who did it, before or without signing in"),
        Column("account_id", _S, "The customer that the person belongs to"),
        Column("session_id", _S, "The sender's own session"),
        Column("properties", _S, "Everything said of the event, a JSON object"),
        Column("other_fields", _S, "Fields beside those above, a JSON object; null where there are none"),
        Column("sent_by", _S, "Name of the API token that it came with"),
    ),
    time_column="occurred_at",
    sort_by=("event", "user_id", "occurred_at"),
)

MAX_ID, MAX_NAME = 200, 200
SENT_BY = "sent_by"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_IDS = ("user_id", "anonymous_id", "account_id", "session_id")
_KNOWN = frozenset({"id", "source", "event", "time", "sent_at", "properties", "specversion", *_IDS})
_VERSION = re.compile(r"1\.\d+")


class ProductEvents:
    """An arriving source; one item is one request, of up to a thousand events."""

    name: ClassVar[str] = "product_events"
    title: ClassVar[str] = "Product events"
    tables: ClassVar[tuple[Table, ...]] = (EVENTS,)
    lateness: ClassVar[timedelta] = timedelta(minutes=5)
    heartbeat: ClassVar[timedelta] = timedelta(minutes=15)
    keys: ClassVar[tuple[keys.Key, ...]] = (keys.silent_after(24),)

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Record]:  # noqa: ARG002 - the protocol
        """Read one request: one outcome an event, in their order."""
        try:
            sent = read(item.body, item.attributes)
        except SkippableRecordError as error:
            yield Rejected.of_body(str(error), "body", item.body)
            return
        for index, one in enumerate(sent):
            try:
                yield _accept(one.event, item)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"event {index}", one.alone)


def _accept(event: Any, item: Item) -> Accepted:
    """Make the row of one event in our own form."""
    if not isinstance(event, Mapping):
        raise SkippableRecordError("an event is a JSON object")
    if not _VERSION.fullmatch(text(event, "specversion") or "1.0"):
        raise SkippableRecordError("specversion: CloudEvents 1.x are understood")
    event_id, source = _short(event, "id", MAX_ID), _short(event, "source", MAX_ID) or ""
    if not event_id:
        raise SkippableRecordError("id: give every event an id, or the request an Idempotency-Key")
    name = _short(event, "event", MAX_NAME)
    if not name:
        raise SkippableRecordError("event: the event's name (the type of a CloudEvent) is missing")
    sent_time = instant(event, "time")
    row = {
        "event_id": event_id,
        "source": source,
        "event": name,
        "occurred_at": to_millisecond(_occurred(sent_time, instant(event, "sent_at"), item.received_at)),
        "received_at": item.received_at,
        "sent_time": sent_time,
        **{field: _short(event, field, MAX_ID) for field in _IDS},
        "properties": _json(_object(event, "properties")),
        "other_fields": _json({n: v for n, v in event.items() if n not in _KNOWN}) if event.keys() - _KNOWN else None,
        "sent_by": item.attributes.get(SENT_BY),
    }
    content = {n: v for n, v in event.items() if n != "sent_at"}
    digest = hashlib.sha256(_json(content, sort=True).encode()).hexdigest()
    return Accepted(json.dumps([source, event_id]), digest, ((EVENTS.name, row),))


def _occurred(time: datetime | None, sent_at: datetime | None, received_at: datetime) -> datetime:
    """Put a sender's time right by when it says that it sent it.

    >>> at = lambda minute: datetime(2026, 11, 22, 10, minute, tzinfo=UTC)
    >>> _occurred(at(50), at(51), at(2)).minute  # its clock is 49 minutes ahead
    1
    >>> _occurred(at(50), None, at(2)).minute
    2
    """
    if time is None:
        return received_at
    if time < EARLIEST:
        raise SkippableRecordError(f"time: {time.isoformat()} is before the year {EARLIEST.year}")
    try:
        moment = time if sent_at is None else time + (received_at - sent_at)
    except OverflowError as error:
        raise SkippableRecordError("sent_at: no such time") from error
    return max(EARLIEST, min(moment, received_at))


def _short(event: Mapping[str, Any], field: str, at_most: int) -> str | None:
    """Take a text of printable characters; a whole number is taken as its digits, for many ids are numbers."""
    value = at(event, field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**at_most else None
    found = text({field: value}, field)
    if found is not None and (len(found) > at_most or not found.isprintable()):
        raise SkippableRecordError(f"{field}: at most {at_most} printable characters are taken")
    return found


def _object(event: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = event.get(field)
    if value is not None and not isinstance(value, dict):
        raise SkippableRecordError(f"{field}: an object was expected")
    return value or {}


def _json(value: Mapping[str, Any], *, sort: bool = False) -> str:
    """Write JSON that UTF-8 can hold. Raises for a number that only Infinity could stand for (``1e999``)."""
    try:
        plain = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=sort)
    except ValueError as error:
        raise SkippableRecordError("a number is too large") from error
    except RecursionError as error:
        raise SkippableRecordError("nested too deeply to be kept") from error
    try:
        plain.encode()
    except UnicodeEncodeError:  # half a surrogate pair: as an escape it is ASCII, and JSON again
        return json.dumps(value, separators=(",", ":"), sort_keys=sort)
    return plain
