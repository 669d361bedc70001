"""What people are told of a run that has ended: the report to those who get it, a failure to the operators. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.domain.records import WorkState
from chalicelib.domain.zones import zone
from chalicelib.outbox import sharing
from chalicelib.outbox.message import OPERATORS, SITE, File, Kind, Message, Severity
from chalicelib.reports.periods import days
from chalicelib.reports.runs import Run

LINKED: Final = timedelta(days=14)
"""How long the link in a message is good."""
MOST_LINES: Final = 30
_MOST_SAID: Final = 5


def message_of(run: Run, key: bytes) -> Message:
    """Make the message of a run that has ended; the same run is always the same message.

    Parameters
    ----------
    key
        Signs the link to the file.
    """
    return _failed(run) if run.state is WorkState.FAILED else _done(run, key)


def _done(run: Run, key: bytes) -> Message:
    assert run.finished_at is not None
    until = run.finished_at + LINKED
    link = sharing.address(key, run.key, run.filename, until)
    title = run.content.title
    subject = f"{title}: {run.period}" if run.period else title
    form = run.content.form.value.upper()
    local = until.astimezone(zone(run.zone)).date()
    parts = [
        title,
        run.period,
        "",
        *run.lines[:MOST_LINES],
        *_more(len(run.lines) - MOST_LINES, "more lines are in the report"),
        "",
        *_listed("Missing in this report", run.problems),
        *_listed("Good to know", run.notes),
        f"The report ({form}, {_size(run.size_bytes)}; this link is good until {days(local, local)}):",
        link,
        "",
        f"Later and for earlier ones, with a token: {SITE}/api/v1/reports/{run.report}/runs",
    ]
    return Message(
        id=f"report/{run.report}/{run.id}",
        at=run.due_at,
        kind=Kind.REPORT,
        topic=run.report,
        severity=Severity.WARNING if run.problems else Severity.INFO,
        subject=subject,
        text="\n".join(_single(parts)),
        to=run.content.to,
        short=". ".join([subject, *(line.removeprefix("- ") for line in run.lines if not line.endswith(":"))][:2]),
        link=link,
        files=(File(run.key, run.filename, subject),),
    )


def _failed(run: Run) -> Message:
    at = run.due_at.astimezone(zone(run.zone))
    subject = f"The report '{run.content.title}' could not be made"
    parts = [
        f"{subject}, which was due on {at:%Y-%m-%d at %H:%M} ({run.zone}).",
        "",
        *_listed("Why", run.problems or (run.error,)),
        "What to do: change its parts (PATCH /v1/reports/" + run.report + ") or mend what they read, then run it again "
        f"(POST /v1/reports/{run.report}/runs). Nobody else was told.",
        f"Runbook: {SITE}/runbooks/report-failed.html",
    ]
    return Message(
        id=f"report/{run.report}/{run.id}/failed",
        at=run.due_at,
        kind=Kind.REPORT,
        topic=run.report,
        severity=Severity.WARNING,
        subject=subject,
        text="\n".join(_single(parts)),
        to=(OPERATORS,),
        link=f"{SITE}/api/v1/reports/{run.report}/runs/{run.id}",
    )


def _listed(heading: str, said: tuple[str, ...]) -> list[str]:
    if not said:
        return []
    return [f"{heading}:", *(f"- {one}" for one in said[:_MOST_SAID]), *_more(len(said) - _MOST_SAID, "more"), ""]


def _more(count: int, what: str) -> list[str]:
    return [f"… {count} {what}"] if count > 0 else []


def _single(lines: list[str]) -> list[str]:
    """Answer lines with no two empty ones in a row."""
    return [line for at, line in enumerate(lines) if line or (at > 0 and lines[at - 1])]


def _size(size_bytes: int) -> str:
    """Say a size.

    >>> _size(900), _size(213_400), _size(3_400_000)
    ('1 kB', '213 kB', '3.4 MB')
    """
    return f"{max(1, round(size_bytes / 1000))} kB" if size_bytes < 1_000_000 else f"{size_bytes / 1_000_000:.1f} MB"
