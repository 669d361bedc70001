"""``/v1/messages``: what people were told, and how each delivery of it stands."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from chalicelib.api import message_schemas as schemas
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.message_keys import read_key, write_key
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.routes import Access, Answer, Call, Parameter, Reply, Route
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError
from chalicelib.outbox.delivery import Delivery, Step
from chalicelib.outbox.message import SITE, Kind
from chalicelib.outbox.outbox import Outbox, day_named, of_days, read, steps
from chalicelib.outbox.record import Record

LISTED: Final = 100
USUAL_DAYS: Final = 7
MOST_DAYS: Final = 31
MOST_READ: Final = 10_000
NOT_SHOWN: Final = "…"
_PERSONAL: Final = re.compile(r"(/v1/subscriptions/(?:confirm|unsubscribe|preferences)/)[^\s\"<>)]+")


def list_messages(call: Call, context: Context) -> Reply:
    """Answer a page of the messages of some days, the newest first."""
    first, last = _days(call, context)
    found = list(islice(of_days(context.state, first, last), MOST_READ + 1))
    if len(found) > MOST_READ:
        raise RequestError(f"These days have more than {MOST_READ:,} messages: ask for fewer days.", status=422)
    kind, state = call.values.get("kind"), call.values.get("state")
    wanted = [
        one for one in found if (kind is None or one.message.kind is kind) and (state is None or state in steps(one))
    ]
    page = page_of(
        call,
        f"messages {first} {last} {kind} {state}",
        wanted,
        lambda one: (instant(one.put_at), one.day, one.message.id),
        LISTED,
        newest=True,
    )
    return listed(call, page, describe, NO_STORE)


def _days(call: Call, context: Context) -> tuple[date, date]:
    last = call.values.get("to") or context.clock().date()
    first = call.values.get("from") or last - timedelta(days=min(USUAL_DAYS - 1, (last - date.min).days))
    if not 0 <= (last - first).days < MOST_DAYS:
        detail = f"1 to {MOST_DAYS} days are needed, 'from' not after 'to'."
        raise RequestError("One or more parameters are wrong.", errors=({"parameter": "from", "detail": detail},))
    return first, last


def get_message(call: Call, context: Context) -> Reply:
    """Answer one message with its text."""
    return Reply(_whole(_there(call, context)), headers=NO_STORE)


def redrive_message(call: Call, context: Context) -> Reply:
    """Send again what was given up of a message."""
    _there(call, context)
    day, message_id = call.values["key"]
    found = Outbox(context.state, context.clock).redrive(message_id, day)
    if found is None:
        raise _unknown()
    return Reply(_whole(found), 202, NO_STORE)


def _there(call: Call, context: Context) -> Record:
    day, message_id = call.values["key"]
    found = read(context.state, message_id, day)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> RequestError:
    return RequestError("There is no such message: see /v1/messages. They are kept for 400 days.", status=404)


def describe(record: Record) -> dict[str, Any]:
    """Describe a message without its text; links begin at the site, and those of one reader's own are left out."""
    message = record.message
    link = _shown(message.link)
    return {
        "key": write_key(record.day, message.id),
        "id": message.id,
        "at": instant(message.at),
        "put_at": instant(record.put_at),
        "kind": message.kind.value,
        "topic": message.topic,
        "severity": message.severity.value,
        "subject": message.subject,
        "short": _shown(message.short or message.subject),
        "link": None if link.endswith(NOT_SHOWN) else link or None,
        "files": [file.filename for file in message.files],
        "deliveries": [_delivery(one) for one in record.deliveries],
    }


def _whole(record: Record) -> dict[str, Any]:
    return {**describe(record), "text": _shown(record.message.text)}


def _shown(text: str) -> str:
    """Make what administrators may see: whoever has a link of a subscription can act in its reader's name."""
    return _PERSONAL.sub(rf"\1{NOT_SHOWN}", text.replace(SITE, ""))


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "to": delivery.to,
        "state": delivery.step.value,
        "attempts": delivery.attempts,
        "next_try": instant(delivery.next_try),
        "sent_at": instant(delivery.sent_at),
        "reason": delivery.reason or None,
        "provider_id": delivery.provider_id or None,
    }


def _day(text: str) -> date:
    return date.fromisoformat(day_named(text))


def _kind(text: str) -> Kind:
    return Kind(one_of(text, Kind, "kind"))


def _state(text: str) -> Step:
    return Step(one_of(text, Step, "state"))


_DATE: Final = {"type": "string", "format": "date"}
FROM: Final = Parameter("from", "The first day (UTC) that messages are about.", _DATE, "2026-11-16", parse=_day)
TO: Final = Parameter("to", "The last day, it included; today without one.", _DATE, "2026-11-22", parse=_day)
KIND: Final = Parameter(
    "kind", "Only these.", {"type": "string", "enum": [kind.value for kind in Kind]}, "alert", parse=_kind
)
STATE: Final = Parameter(
    "state", "Only those with such a delivery.", {"type": "string", "enum": schemas.STATES}, "dead", parse=_state
)
KEY: Final = Parameter(
    "key",
    "The message's key.",
    {"type": "string", "maxLength": 440, "pattern": "^[A-Za-z0-9_-]+$"},
    "MjAyNi0xMS0yMiBhbGVydC81ZjFjL2ZpcmVk",
    where="path",
    required=True,
    parse=read_key,
)
_WHOLE: Final = (schemas.WHOLE, schemas.WHOLE_EXAMPLE)

ROUTES = (
    Route(
        method="GET",
        path="/v1/messages",
        name="list_messages",
        access=Access.ADMIN,
        summary="What people were told",
        description=(
            f"Messages about some days, at most {MOST_DAYS} (without `from` {USUAL_DAYS}), the newest first, and how "
            "each of their deliveries stands. `state=dead` are those that nobody took for a day."
        ),
        answers=(a_page("The messages.", schemas.MESSAGE, schemas.MESSAGE_EXAMPLE, LISTED),),
        handler=list_messages,
        parameters=(FROM, TO, KIND, STATE, limit(LISTED, 500), CURSOR),
        problems=(422,),
    ),
    Route(
        method="GET",
        path="/v1/messages/{key}",
        name="get_message",
        access=Access.ADMIN,
        summary="One message",
        description="What it says, and how its deliveries stand.",
        answers=(Answer(200, "The message.", *_WHOLE),),
        handler=get_message,
        parameters=(KEY,),
        problems=(404,),
    ),
    Route(
        method="POST",
        path="/v1/messages/{key}/redrive",
        name="redrive_message",
        access=Access.ADMIN,
        summary="Send again what was given up",
        description="Deliveries that are `dead` are begun anew, within a minute; what was sent is not sent again.",
        answers=(Answer(202, "It is sent again.", *_WHOLE),),
        handler=redrive_message,
        parameters=(KEY,),
        problems=(404,),
    ),
)
