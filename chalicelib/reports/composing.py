"""A report's document, put together of its parts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.documents.document import Document, Excerpt, Sheet
from chalicelib.documents.formats import Format
from chalicelib.domain.zones import zone
from chalicelib.exports import words
from chalicelib.reports import figures, periods
from chalicelib.reports.parts import Made
from chalicelib.reports.runs import Run

PRINTED: Final = 60
"""Rows of a table that a PDF prints at most, about one page."""
_ALL_PRINTED: Final = 4_000
"""Rows of all tables together: fewer than a PDF takes."""
_NAMED: Final = 12


def compose(run: Run, parts: Sequence[Made], now: datetime) -> Document:
    """Put the document of a run together: what it comes to first, then each part."""
    found = [sheet for part in parts for sheet in part.sheets()]
    told = [replace(figure, period=part.period) for part in parts for figure in part.figures]
    if told:
        found.insert(0, figures.summary(told))
    if run.content.form is Format.PDF:
        most = max(10, min(PRINTED, _ALL_PRINTED // len(found)))
        found = [_excerpted(sheet, most) for sheet in found]
    facts = tuple(_facts(run, parts, now))
    return Document(run.content.title, tuple(found), facts, tuple(notes(parts)), flowing=True)


def _excerpted(sheet: Sheet, most: int) -> Sheet:
    """Of what is told by time the newest rows matter; of all else the first."""
    return replace(sheet, excerpt=Excerpt(most, last=any(column.name == "start" for column in sheet.columns)))


def _facts(run: Run, parts: Sequence[Made], now: datetime) -> Iterator[tuple[str, str]]:
    clocks = zone(run.zone)
    period = periods.first(part.period for part in parts)
    if period:
        others = any(part.period not in ("", period) for part in parts)
        yield "Period", f"{period}; parts that cover another say so" if others else period
    titles = [part.title for part in parts]
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    yield "Contents", "; ".join(titles[:_NAMED]) + more
    for at, (source, until) in enumerate(complete(parts).items()):
        said = "nothing published yet" if until is None else words.spoken(until.isoformat(), clocks)
        yield "" if at else "Complete until", f"{said}: {source.replace('_', ' ')}"
    made_for = "Due" if run.by == "" else f"Asked for by {run.by}"
    yield made_for, f"{run.due_at.astimezone(clocks):%Y-%m-%d %H:%M} ({clocks.key})"
    yield "Computed at", f"{now.astimezone(clocks):%Y-%m-%d %H:%M} ({clocks.key})"


def complete(parts: Sequence[Made]) -> dict[str, datetime | None]:
    """Answer up to when each source is complete in every part; None: in one of them nothing is."""
    found: dict[str, datetime | None] = {}
    for part in parts:
        for source, until in part.complete.items():
            before = found.get(source, until)
            found[source] = None if before is None or until is None else min(before, until)
    return dict(sorted(found.items()))


def notes(parts: Sequence[Made]) -> Iterator[str]:
    """Answer what a reader should know before any number, what is missing first."""
    yield from problems(parts)
    by_note: dict[str, list[str]] = {}
    for part in parts:
        for note in part.notes:
            by_note.setdefault(note, []).append(part.title)
    for note, titles in by_note.items():
        yield f"{', '.join(dict.fromkeys(titles))}: {note}"


def problems(parts: Sequence[Made]) -> Iterator[str]:
    """Answer what is missing and why."""
    return (f"'{part.title}' is missing: {part.problem}" for part in parts if part.problem)
