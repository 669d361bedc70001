"""What people read when a source breaks and when it has recovered: plain text that says what to do next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from chalicelib.incidents.incidents import Incident, Kind, Seen

_ERROR_LENGTH = 1_000
_WHAT: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.FAILING: "Its runs fail.",
        Kind.CREDENTIALS: "Its credentials are refused or missing.",
        Kind.RATE_LIMITED: "It is rate-limited, and its data is overdue.",
        Kind.LATE: "Its runs end well, but its data does not come on.",
        Kind.SILENT: "We are listening, but nothing has come for longer than is normal.",
        Kind.EXPIRING: "Something that it needs ends, and only a person can renew it.",
        Kind.STALLED: "Nothing of ours has run when it should have.",
        Kind.DIFFERS: "Its numbers are not those of its raw rows.",
    }
)
_NEXT: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.FAILING: "Read the error. What a retry can mend is retried by itself; nothing is lost meanwhile.",
        Kind.CREDENTIALS: "Put valid credentials into the source's secret; they are used within a minute, and the "
        "source is tried again within the hour.",
        Kind.RATE_LIMITED: "It is tried again at the time that the source named. If this comes back, lower its budget "
        "of calls in config/sources.toml or ask the vendor for more.",
        Kind.LATE: "See whether the outside system still delivers.",
        Kind.SILENT: "See whether the outside system still sends: was a webhook deleted, was logging switched off? If "
        "such a silence is normal, raise silent_after_hours in config/sources.toml.",
        Kind.EXPIRING: "What the reason says. Until the end the source works; afterwards it stops.",
        Kind.DIFFERS: "Nothing now: the days are being computed again, and tomorrow's recount says whether they are "
        "right. If this is still open then, read the runbook.",
        Kind.STALLED: "See whether the schedule fires and whether the queues' dead-letter queues are empty.",
    }
)
_HEADLINE: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.FAILING: "is failing",
        Kind.CREDENTIALS: "needs credentials",
        Kind.RATE_LIMITED: "is rate-limited",
        Kind.LATE: "is late",
        Kind.SILENT: "has fallen silent",
        Kind.EXPIRING: "needs something renewed",
        Kind.STALLED: "has stalled",
        Kind.DIFFERS: "differs from its raw rows",
    }
)
RUNBOOKS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.FAILING: "docs/runbooks/source-failing.md",
        Kind.CREDENTIALS: "docs/runbooks/source-credentials.md",
        Kind.RATE_LIMITED: "docs/runbooks/source-rate-limited.md",
        Kind.LATE: "docs/runbooks/source-late.md",
        Kind.SILENT: "docs/runbooks/source-silent.md",
        Kind.EXPIRING: "docs/runbooks/source-expiring.md",
        Kind.STALLED: "docs/runbooks/source-stalled.md",
        Kind.DIFFERS: "docs/runbooks/cube-differs.md",
    }
)
"""Where each kind of incident is explained, in the repository."""


@dataclass(frozen=True, slots=True)
class Message:
    """A subject and a text; what a subject may be made of, the way that it is sent by decides."""

    subject: str
    text: str


def opened(stream: str, title: str, incident: Incident, seen: Seen) -> Message:
    """Write the one message of an incident that has opened."""
    trouble = incident.trouble
    assert trouble is not None
    lines = [
        f"{title} ({stream}): {_WHAT[trouble.kind]}",
        "",
        f"Since:       {_instant(trouble.since)}",
        *_facts(seen),
    ]
    if trouble.error:
        label = "Reason" if trouble.kind is Kind.EXPIRING else "Error"
        lines += ["", f"{label}: {_shortened(trouble.error)}"]
    lines += [
        "",
        f"What to do: {_NEXT[trouble.kind]}",
        f"Runbook: {RUNBOOKS[trouble.kind]}",
        "",
        "You get one message more, when it has recovered.",
    ]
    return Message(f"[Headwater] {title} {_HEADLINE[trouble.kind]}", "\n".join(lines))


def closed(stream: str, title: str, incident: Incident, seen: Seen) -> Message:
    """Write the one message of an incident that is over."""
    trouble = incident.trouble
    assert trouble is not None
    over = incident.closed_at or seen.at
    lines = [
        f"{title} ({stream}) has recovered. It was: {_WHAT[trouble.kind]}",
        "",
        f"From:        {_instant(trouble.since)}",
        f"To:          {_instant(over)} ({_duration(over - trouble.since)})",
        *([] if seen.recount else [f"Data up to:  {_watermark(seen.watermark, seen.at)}"]),
        "",
        "Its numbers are right again." if seen.recount else "What can be fetched late is being caught up by itself.",
        "What to do: nothing.",
    ]
    return Message(f"[Headwater] {title} has recovered", "\n".join(lines))


def _facts(seen: Seen) -> list[str]:
    if seen.recount is not None:
        return [f"Recounted:   {_instant(seen.recount.at)}"]
    return [
        f"Data up to:  {_watermark(seen.watermark, seen.at)}",
        f"Last commit: {_instant(seen.last_commit_at)}",
        f"Last record: {_instant(seen.last_record_at)}",
        f"Next try:    {_next_try(seen)}",
    ]


def _next_try(seen: Seen) -> str:
    planned = seen.freshness.next_run
    return _instant(planned) if planned and planned > seen.at else "by itself, at most an hour from now"


def _shortened(error: str) -> str:
    return error if len(error) <= _ERROR_LENGTH else f"{error[:_ERROR_LENGTH]} … ({len(error)} characters; see the log)"


def _instant(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "never"


def _watermark(watermark: datetime | None, now: datetime) -> str:
    return f"{_instant(watermark)} ({_duration(now - watermark)} ago)" if watermark else "nothing yet"


def _duration(span: timedelta) -> str:
    """Write a span for people.

    >>> _duration(timedelta(days=1, hours=2, minutes=3)), _duration(timedelta(seconds=59))
    ('1 d 2 h 3 min', 'under a minute')
    """
    minutes = max(int(span.total_seconds()), 0) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes % 60, "min")) if n]
    return " ".join(parts) or "under a minute"
