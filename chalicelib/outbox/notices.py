"""What people are told of the sending itself: a destination that takes nothing, a budget that is spent. Pure.

There is one message per destination and day, over another way than the one that fails; never a notice about a notice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from chalicelib.outbox.message import OPERATORS, SITE, SUBSCRIBERS, Kind, Message, Severity, to_channel
from chalicelib.outbox.record import day_of

RUNBOOK: Final = f"{SITE}/runbooks/delivery-failed.html"
_NOT_IN_IDS: Final = re.compile(r"[^A-Za-z0-9:._-]")


def not_delivered(message: Message, to: str, reason: str, now: datetime, channels: Sequence[str]) -> Message:
    """Tell that a destination does not take messages.

    ``channels`` are those that are set up: the operators are told over them where mail to them is what fails.
    """
    day, name = _midnight(now), name_of(to)
    lines = [
        f"{name} did not take a message, and it is not certain that it ever will.",
        "",
        f"Message: {message.subject}",
        f"Id:      {message.id}",
        f"Day:     {day_of(message)}",
        f"Reason:  {reason}",
        "",
        "What to do: mend what the reason names; what is still pending then goes out by itself, within half an hour.",
        f"GET {SITE}/api/v1/messages?state=dead lists what was given up (after 24 hours); POST to a message's redrive",
        "sends it again. Both ask for an admin's token.",
        f"Runbook: {RUNBOOK}",
        "",
        f"You get one such message a day for {name}, whatever fails there.",
    ]
    return _notice(
        f"not-delivered/{_NOT_IN_IDS.sub('-', to)}/{day:%Y-%m-%d}",
        day,
        Severity.CRITICAL,
        f"{name} does not take messages",
        lines,
        _others(to, channels),
    )


def unreadable(message_id: str, day: str, now: datetime) -> Message:
    """Tell that a message in the outbox cannot be read."""
    at = _midnight(now)
    lines = [
        "A message in the outbox cannot be read, so nobody gets it. The others are sent.",
        "",
        f"Id:  {message_id}",
        f"Day: {day}",
        "",
        "What to do: look at the log of the sender; mend or delete the item of the state table whose partition is",
        f"message#{day} and whose sort key is the id. It is looked at again every half hour.",
        f"Runbook: {RUNBOOK}",
        "",
        "You get one such message a day, however many there are.",
    ]
    return _notice(
        f"unreadable/{at:%Y-%m-%d}",
        at,
        Severity.CRITICAL,
        "a message in the outbox cannot be read",
        lines,
        (OPERATORS,),
    )


def _notice(
    notice_id: str, at: datetime, severity: Severity, subject: str, lines: Sequence[str], to: tuple[str, ...]
) -> Message:
    """Make a message of the sending itself; ``notice_id`` tells it from others of its kind."""
    return Message(
        id=f"notice/{notice_id}",
        at=at,
        kind=Kind.NOTICE,
        topic="delivery",
        severity=severity,
        subject=f"[Headwater] {subject}",
        text="\n".join(lines),
        to=to,
        link=RUNBOOK,
    )


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def sms_spent(budget: int, now: datetime) -> Message:
    """Tell that the month's SMS are spent."""
    month = _midnight(now).replace(day=1)
    lines = [
        f"The {budget} SMS of {month:%B %Y} are spent. Until the month ends (UTC), messages go by mail alone.",
        "",
        "What to do: nothing, or deploy with a larger SmsPerMonth. Who has only an SMS subscription hears nothing now.",
        f"Runbook: {RUNBOOK}",
    ]
    return _notice(
        f"sms-budget/{month:%Y-%m}", month, Severity.WARNING, "this month's SMS are spent", lines, (OPERATORS,)
    )


def name_of(to: str) -> str:
    """Name a destination for people.

    >>> name_of("channel:dev"), name_of("operators"), name_of("subscription:5f1c")
    ("Channel 'dev'", 'Mail to the operators', 'Subscription 5f1c')
    """
    kind, _, name = to.partition(":")
    match kind:
        case "channel":
            return f"Channel '{name}'"
        case "subscription":
            return f"Subscription {name}"
    return "Mail to the operators" if to == OPERATORS else "Mail to subscribers" if to == SUBSCRIBERS else to


def _others(to: str, channels: Sequence[str]) -> tuple[str, ...]:
    """Answer over which ways people are told: the operators' mail, and where mail fails, every channel there is."""
    named = tuple(to_channel(name) for name in channels)
    if to == OPERATORS:
        return named
    return (OPERATORS, *named) if to == SUBSCRIBERS else (OPERATORS,)
