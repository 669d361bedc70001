"""``POST /v1/events``: product events, durable before the 2xx, with an answer for each of them.

The request is read by the very parser that will read it when it is committed: what is answered is what becomes of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.api import idempotency, schemas
from chalicelib.api.bodies import require_size
from chalicelib.api.context import Context
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route
from chalicelib.errors import PreconditionFailed, RequestError
from chalicelib.ingest import inbox
from chalicelib.sources.base import Accepted, Item, Record, Rejected
from chalicelib.sources.product_event_forms import BINARY, IDEMPOTENCY_KEY, MEDIA_TYPE, MEDIA_TYPES, OWN
from chalicelib.sources.product_events import SENT_BY, ProductEvents

MAX_BODY_BYTES: Final = 1024 * 1024
MAX_EVENTS: Final = 1_000
MAX_ATTRIBUTES_BYTES: Final = 1_024
KEY_LIVES: Final = timedelta(days=30)
"""As long as identities are remembered: afterwards a key may stand for another request."""
REQUEST_PK: Final = "event_request"

_CLOUD_EVENT = "ce-"


def receive(call: Call, context: Context) -> Reply:
    """Take a batch of events."""
    require_size(call, MAX_BODY_BYTES)
    attributes = _attributes(call)
    received_at = _remembered(call, context, attributes)
    outcomes = _outcomes(Item("", call.body, attributes, received_at))
    results = list(_results(outcomes))
    if not any(isinstance(outcome, Accepted) for outcome in outcomes):
        errors = tuple({"parameter": f"events[{r['index']}]", "detail": r["detail"]} for r in results)
        raise RequestError("No event could be accepted; nothing was stored.", status=422, errors=errors)
    inbox.accept(context.store, ProductEvents.name, call.body, attributes, received_at, kind=_kind(attributes))
    counts = {name: sum(r["status"] == name for r in results) for name in ("accepted", "duplicate", "rejected")}
    status = 207 if counts["rejected"] else 202
    return Reply({"results": results, "meta": counts, "query": {}}, status, {"Cache-Control": "no-store"})


def _attributes(call: Call) -> dict[str, str]:
    """Answer what is kept beside the body. Raises ``RequestError`` 400 or 415."""
    media_type = call.headers.get("content-type", "").split(";")[0].strip().lower()
    attributes = {SENT_BY: call.caller.name if call.caller else "", MEDIA_TYPE: media_type}
    spec = {name.removeprefix(_CLOUD_EVENT): v for name, v in call.headers.items() if name.startswith(_CLOUD_EVENT)}
    if "specversion" in spec and media_type not in MEDIA_TYPES[1:]:
        attributes[BINARY] = json.dumps(spec)
    elif media_type not in MEDIA_TYPES:
        raise RequestError(f"Send one of {', '.join(MEDIA_TYPES)}, not '{media_type[:80]}'.", status=415)
    if (key := idempotency.read_key(call)) is not None:
        attributes[IDEMPOTENCY_KEY] = key
    if sum(map(len, attributes.values())) > MAX_ATTRIBUTES_BYTES:
        raise RequestError(f"The headers of the event are longer than {MAX_ATTRIBUTES_BYTES} bytes.")
    return attributes


def _remembered(call: Call, context: Context, attributes: Mapping[str, str]) -> datetime:
    """Answer when the request was first received: a repeated one is answered as it was then.

    Raises ``RequestError`` 422 when its key was used for another request. (The header's meaning and this status:
    IETF draft-ietf-httpapi-idempotency-key-header.)
    """
    now, key = context.clock(), attributes.get(IDEMPOTENCY_KEY)
    if key is None:
        return now
    name = hashlib.sha256(f"{attributes[SENT_BY]}\n{key}".encode()).hexdigest()
    request = hashlib.sha256(_kind(attributes).encode() + b"\n" + call.body).hexdigest()
    expires_at = int((now + KEY_LIVES).timestamp())
    item = {"request": request, "received_at": now.isoformat(), "expires_at": expires_at}
    standing = context.state.get(REQUEST_PK, name)
    if standing is None:
        try:
            context.state.put(REQUEST_PK, name, item, expected_version=None)
            return now
        except PreconditionFailed:
            standing = context.state.get(REQUEST_PK, name)
    if standing is None or standing["request"] != request:
        raise idempotency.used_for_another()
    return datetime.fromisoformat(standing["received_at"])


def _kind(attributes: Mapping[str, str]) -> str:
    """Answer what makes the same body another request: its form, and the key that its ids are made from."""
    return json.dumps([attributes.get(name, "") for name in (MEDIA_TYPE, BINARY, IDEMPOTENCY_KEY)])


def _outcomes(item: Item) -> list[Record]:
    """Read a request. Raises ``RequestError`` 400 when it cannot be told what its events are, 413 for too many."""
    outcomes = list(ProductEvents().parse(item, {}))
    if len(outcomes) > MAX_EVENTS:
        raise RequestError(f"{len(outcomes):,} events came; at most {MAX_EVENTS:,} are taken at once.", status=413)
    if not outcomes:
        raise RequestError("There is no event in it.")
    first = outcomes[0]
    if isinstance(first, Rejected) and first.where == "body":
        raise RequestError(f"The body could not be read: {first.reason}.")
    return outcomes


def _results(outcomes: list[Record]) -> Iterator[dict[str, Any]]:
    """Tell what becomes of each event: the same one twice in a request is stored once."""
    seen: set[tuple[str, str]] = set()
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, Rejected):
            yield {"index": index, "id": None, "status": "rejected", "detail": outcome.reason}
            continue
        identity = (outcome.event_id, outcome.fingerprint)
        status = "duplicate" if identity in seen else "accepted"
        seen.add(identity)
        yield {"index": index, "id": outcome.rows[0][1]["event_id"], "status": status, "detail": None}


_EVENT = {"id": "e-7", "event": "report_opened", "time": "2026-11-22T10:15:03Z", "user_id": "u-41", "properties": {}}
_TAKEN: Final = schemas.enveloped(
    schemas.record(
        {
            "index": {**schemas.COUNT, "description": "The event's place in the request, from 0."},
            "id": schemas.MAYBE_STRING,
            "status": {"enum": ["accepted", "duplicate", "rejected"]},
            "detail": {**schemas.MAYBE_STRING, "description": "Why it was rejected, and what to do."},
        }
    ),
    {"accepted": schemas.COUNT, "duplicate": schemas.COUNT, "rejected": schemas.COUNT},
    {},
)
_TAKEN_EXAMPLE: Final = {
    "results": [{"index": 0, "id": "e-7", "status": "accepted", "detail": None}],
    "meta": {"accepted": 1, "duplicate": 0, "rejected": 0},
    "query": {},
}
_MIXED_EXAMPLE: Final = {
    "results": [
        {"index": 0, "id": "e-7", "status": "accepted", "detail": None},
        {"index": 1, "id": None, "status": "rejected", "detail": "event: the event's name is missing"},
    ],
    "meta": {"accepted": 1, "duplicate": 0, "rejected": 1},
    "query": {},
}

ROUTES = (
    Route(
        method="POST",
        path="/v1/events",
        name="receive_events",
        access=Access.EVENTS,
        summary="Send product events",
        description=(
            'Up to 1,000 events or 1 MiB: `{"events": [ … ]}` as `application/json`, or CloudEvents 1.0 as '
            "`application/cloudevents+json`, `application/cloudevents-batch+json` or in binary mode (`ce-*` headers). "
            "What stands beside `events` (`source`, `user_id`, …) holds for each of them; `sent_at`, the sender's time "
            "of sending, lets a wrong clock be put right. A 2xx means that every accepted event is durable. Each event "
            "needs an `id`, unique in its `source`, unless the request has an `Idempotency-Key`: then its place in the "
            "request is its id. Sending the same again stores nothing twice, for 30 days. A 207 names the events that "
            "were rejected: mend and send those again."
        ),
        answers=(
            Answer(202, "Every event is durable.", _TAKEN, _TAKEN_EXAMPLE),
            Answer(207, "Some are durable, some were rejected.", _TAKEN, _MIXED_EXAMPLE),
        ),
        handler=receive,
        headers=(idempotency.KEY,),
        body=Body(
            "Events, at most 1 MiB.", {"type": ["object", "array"]}, {"source": "web-app", "events": [_EVENT]}, OWN
        ),
        problems=(413, 415, 422),
    ),
)
