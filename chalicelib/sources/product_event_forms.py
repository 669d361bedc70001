"""The forms in which product events are sent, read into one: our own, and CloudEvents 1.0 (structured, batch, binary).

Our own form is ``{"events": [{"id", "event", "time", "user_id", …}], "sent_at": …}``. CloudEvents are read as its JSON
event format and its HTTP binding say (https://github.com/cloudevents/spec, v1.0.2): ``type`` is the event, ``source``
and ``id`` together are its identity, ``data`` are its properties; what CloudEvents do not name themselves are the
extension attributes ``userid``, ``anonymousid``, ``accountid`` and ``sessionid`` (lower case, as is specified).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.json_fields import read_value

OWN = "application/json"
CLOUD_EVENT = "application/cloudevents+json"
CLOUD_EVENTS = "application/cloudevents-batch+json"
MEDIA_TYPES = (OWN, CLOUD_EVENT, CLOUD_EVENTS)

MEDIA_TYPE = "content_type"
BINARY = "cloudevent"
"""The attribute that holds the ``ce-*`` headers of a CloudEvent in binary mode, as a JSON object."""
IDEMPOTENCY_KEY = "idempotency_key"
"""The attribute that names the request: events without an id of their own get theirs from it."""

_NAMES = {
    "type": "event",
    "userid": "user_id",
    "anonymousid": "anonymous_id",
    "accountid": "account_id",
    "sessionid": "session_id",
}
"""What an attribute of a CloudEvent is called in our own form, where that differs; all others are kept as they are."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One event: in our own form (or whatever else it is), and the body that alone gives it again."""

    event: Any
    whole: Any

    @property
    def alone(self) -> str:
        """That body as a text."""
        try:
            return self.whole if isinstance(self.whole, str) else json.dumps(self.whole)
        except RecursionError:
            return '"nested too deeply to be written"'


def read(body: bytes, attributes: Mapping[str, str]) -> tuple[Sent, ...]:
    """Read a body into its events.

    Raises
    ------
    SkippableRecordError
        Not JSON, or of another form than its media type says: no event can be told from another. Says what to send.
    """
    if BINARY in attributes:
        return (Sent(_own_form(_binary(body, attributes)), body.decode("utf-8", "backslashreplace")),)
    value = read_value(body)
    media_type = attributes.get(MEDIA_TYPE, OWN)
    if media_type == CLOUD_EVENT:
        return (Sent(_own_form(value), value),)
    if media_type == CLOUD_EVENTS:
        return tuple(Sent(_own_form(event), [event]) for event in _listed(value, "send a list of CloudEvents"))
    return tuple(_own(value, attributes.get(IDEMPOTENCY_KEY)))


def _own(value: Any, key: str | None) -> Iterator[Sent]:
    """Read our own form; what stands beside ``events`` is said of each of them, unless it says otherwise itself."""
    if not isinstance(value, dict) or "events" not in value:
        raise SkippableRecordError('send {"events": [ … ]}')
    said = {name: inner for name, inner in value.items() if name != "events"}
    for index, event in enumerate(_listed(value["events"], "events: a list was expected")):
        if not isinstance(event, dict):
            yield Sent(event, {**said, "events": [event]})
            continue
        named = {"id": f"{key}/{index}", **event} if key else event
        yield Sent({**said, **named}, {**said, "events": [named]})


def _own_form(event: Any) -> Any:
    """Put a CloudEvent into our own form.

    >>> _own_form({"specversion": "1.0", "id": "1", "source": "/app", "type": "opened", "data": {"n": 1}})["properties"]
    {'n': 1}
    """
    if not isinstance(event, Mapping):
        return event
    made = {_NAMES.get(name, name): value for name, value in event.items() if name not in ("data", "data_base64")}
    if "data" in event:
        data = event["data"]
        made["properties"] = data if isinstance(data, dict) or data is None else {"data": data}
    elif "data_base64" in event:
        made["properties"] = {"data_base64": event["data_base64"]}
    return made


def _binary(body: bytes, attributes: Mapping[str, str]) -> Any:
    """Read a CloudEvent whose attributes are headers and whose data are the body."""
    event = read_value(attributes[BINARY].encode("utf-8", "surrogatepass"))
    if isinstance(event, dict) and body:
        event["data"] = read_value(body)
    return event


def _listed(value: Any, otherwise: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise SkippableRecordError(otherwise)
    return value
