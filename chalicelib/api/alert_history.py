"""``/v1/alerts/{id}/history``: what a rule has told, and how far each message came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from chalicelib.alerts.rule import Rule
from chalicelib.api import alert_schemas as schemas
from chalicelib.api.alerts import ID, there
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.paging import CURSOR, Page, a_page, bad_cursor, limit, listed, read_cursor, write_cursor
from chalicelib.api.routes import Access, Call, Reply, Route
from chalicelib.outbox import outbox
from chalicelib.outbox.record import KEPT, Record

LISTED: Final = 50
DAYS: Final = 14
"""Days that one page looks at: each is a read of all that was told on it."""
_DAY: Final = timedelta(days=1)


def list_history(call: Call, context: Context) -> Reply:
    """Answer a page of what a rule has told, newest first.

    A page looks at :data:`DAYS` days at most, so one can be shorter than asked for, and yet lead on.
    """
    rule = there(call, context).rule
    scope = f"history {rule.id}"
    most = call.values.get("limit", LISTED)
    day, after = _begin(call, scope, context.clock())
    oldest = _oldest(rule, context.clock())
    found: list[Record] = []
    for _ in range(DAYS):
        if day < oldest or len(found) > most:
            break
        found += islice((one for one in _of_day(context, rule, day) if after is None or _key(one) < after), most + 1)
        day -= _DAY
    shown = found[:most]
    position: list[str] | None = None
    if len(found) > most:
        position = [shown[-1].day, *_key(shown[-1])]
    elif day >= oldest:
        position = [day.isoformat(), "", ""]
    page = Page(shown, None if position is None else write_cursor(scope, position), most)
    return listed(call, page, describe, NO_STORE)


def _begin(call: Call, scope: str, now: datetime) -> tuple[date, tuple[str, str] | None]:
    """Answer the day to begin with, and the message after which to go on within it."""
    if (cursor := call.values.get("cursor")) is None:
        return (now + _DAY).astimezone(UTC).date(), None  # a week that is looked at may end tomorrow by UTC
    match read_cursor(scope, cursor):
        case [str(day), str(at), str(name)]:
            try:
                return date.fromisoformat(day), (at, name) if at else None
            except ValueError:
                pass
    raise bad_cursor()


def _oldest(rule: Rule, now: datetime) -> date:
    """Answer the first day of which there can be something."""
    earliest = now - KEPT
    return max(earliest, rule.created_at or earliest).astimezone(UTC).date()


def _of_day(context: Context, rule: Rule, day: date) -> Iterator[Record]:
    prefix = f"alert/{rule.id}/"
    found = (one for one in outbox.of_days(context.state, day, day) if one.message.id.startswith(prefix))
    return iter(sorted(found, key=_key, reverse=True))


def _key(one: Record) -> tuple[str, str]:
    return one.message.at.astimezone(UTC).isoformat(), one.message.id


def describe(one: Record) -> dict[str, Any]:
    """Describe what was told, to whom, and how far that came."""
    message = one.message
    return {
        "id": message.id,
        "what": message.id.rpartition("/")[2],
        "at": instant(message.at),
        "put_at": instant(one.put_at),
        "severity": message.severity.value,
        "subject": message.subject,
        "text": message.text,
        "deliveries": [
            {
                "to": delivery.to,
                "step": delivery.step.value,
                "attempts": delivery.attempts,
                "sent_at": instant(delivery.sent_at),
                "reason": delivery.reason or None,
            }
            for delivery in one.deliveries
        ],
    }


ROUTES = (
    Route(
        method="GET",
        path="/v1/alerts/{id}/history",
        name="list_alert_history",
        access=Access.READ,
        summary="What an alert rule has told",
        description=(
            f"Messages, newest first, and how far each came. They are kept for {KEPT.days} days. A page looks at "
            f"{DAYS} days at most: it can have fewer than `limit`, even none, and yet have a `next_cursor`."
        ),
        answers=(a_page("What it has told.", schemas.TOLD, schemas.TOLD_EXAMPLE, LISTED),),
        handler=list_history,
        parameters=(ID, limit(LISTED, 200), CURSOR),
        problems=(404,),
    ),
)
