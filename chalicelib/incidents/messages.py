"""What people read when something breaks and when it has recovered: plain text that says what to do next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from chalicelib.incidents.incidents import Incident, Kind, Sight, Subject, Telling
from chalicelib.incidents.phrases import duration, instant
from chalicelib.incidents.words import WORDS
from chalicelib.outbox import message
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Message

_ERROR_LENGTH = 1_000
_LABEL_WIDTH = 13


def message_of(subject: Subject, incident: Incident, sight: Sight) -> Message:
    """Write the message that an incident has to say.

    Its id, instant, topic and severity are those of the incident and not of this look, so that whoever writes it again
    writes the same message; and the end is of the same severity as the beginning, so that it reaches the same people.
    """
    assert incident.opened_at is not None
    assert incident.opened_as is not None
    headline, text = _WRITERS[incident.telling](subject, incident, sight)
    at = incident.opened_at if incident.telling is Telling.OPENED else incident.closed_at
    return Message(
        id=message_id(subject.name, incident.opened_at, incident.telling),
        at=at or sight.at,
        kind=message.Kind.INCIDENT,
        topic=subject.topic,
        severity=WORDS[incident.opened_as].severity,
        subject=f"[Headwater] {subject.title} {headline}",
        text="\n".join(text),
        to=(OPERATORS, SUBSCRIBERS),
        link=WORDS[_kind(incident)].address,
    )


def message_id(name: str, opened_at: datetime, telling: Telling) -> str:
    """Answer what an incident's message is known by.

    >>> message_id("logs", datetime(2026, 11, 22, 12, tzinfo=UTC), Telling.CLOSED)
    'incident/logs/2026-11-22T12:00:00Z/closed'
    """
    written = opened_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"incident/{name}/{written}/{'opened' if telling is Telling.OPENED else 'closed'}"


def _opened(subject: Subject, incident: Incident, sight: Sight) -> tuple[str, list[str]]:
    trouble = incident.trouble
    assert trouble is not None
    words = WORDS[trouble.kind]
    lines = [
        f"{subject.title} ({subject.name}): {words.what}",
        "",
        *_facts([("Since", instant(trouble.since)), *sight.facts]),
    ]
    if trouble.error:
        label = "Reason" if trouble.kind is Kind.EXPIRING else "Error"
        lines += ["", f"{label}: {_shortened(trouble.error)}"]
    lines += [
        "",
        f"What to do: {words.do}",
        f"Runbook: {words.address}",
        "",
        "You get one message more, when it has recovered.",
    ]
    return words.headline, lines


def _closed(subject: Subject, incident: Incident, sight: Sight) -> tuple[str, list[str]]:
    words = WORDS[_kind(incident)]
    return "has recovered", [
        f"{subject.title} ({subject.name}) has recovered. It was: {words.what}",
        "",
        *_facts([*_span(incident, sight), *sight.facts_after]),
        "",
        words.over,
        "What to do: nothing.",
    ]


def _dropped(subject: Subject, incident: Incident, sight: Sight) -> tuple[str, list[str]]:
    words = WORDS[_kind(incident)]
    return "is no longer watched", [
        f"{subject.title} ({subject.name}) is no longer watched: it is not configured any more. It was: {words.what}",
        "",
        *_facts(_span(incident, sight)),
        "",
        "What to do: nothing, if it was taken away on purpose. Else put it back into the configuration, and deploy.",
    ]


_WRITERS: Final[Mapping[Telling, Callable[[Subject, Incident, Sight], tuple[str, list[str]]]]] = MappingProxyType(
    {Telling.OPENED: _opened, Telling.CLOSED: _closed, Telling.DROPPED: _dropped}
)


def _kind(incident: Incident) -> Kind:
    assert incident.trouble is not None
    return incident.trouble.kind


def _span(incident: Incident, sight: Sight) -> list[tuple[str, str]]:
    assert incident.trouble is not None
    since, over = incident.trouble.since, incident.closed_at or sight.at
    return [("From", instant(since)), ("To", f"{instant(over)} ({duration(over - since)})")]


def _facts(facts: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{label + ':':<{_LABEL_WIDTH}}{value}" for label, value in facts]


def _shortened(error: str) -> str:
    return error if len(error) <= _ERROR_LENGTH else f"{error[:_ERROR_LENGTH]} … ({len(error)} characters; see the log)"
