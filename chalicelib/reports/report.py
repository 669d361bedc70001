"""A report, as data: a document of several parts, made again and again, and who gets it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.documents.formats import Format
from chalicelib.domain.due import Cadence, Due, Schedule, latest
from chalicelib.domain.zones import zone
from chalicelib.outbox.message import SUBSCRIBERS

FORMATS: Final = (Format.PDF, Format.XLSX)
"""What a report can be."""
MOST_PARTS: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A part that asks for metrics: ``query`` is a question as ``POST /v1/query`` takes it."""

    title: str
    query: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Selected:
    """A part that selects: a statement with the values of its question marks."""

    title: str
    sql: str
    parameters: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A part that runs a saved query, as it is saved when the report is made."""

    title: str
    saved_query: str
    parameters: tuple[Any, ...] = ()


Part = Asked | Selected | Saved


@dataclass(frozen=True, slots=True)
class Content:
    """What a report is made of; a run keeps its own, so that a change meanwhile does not reach into it."""

    title: str
    form: Format
    parts: tuple[Part, ...]
    to: tuple[str, ...] = (SUBSCRIBERS,)


@dataclass(frozen=True, slots=True)
class Report:
    """One report.

    Parameters
    ----------
    name
        What it is known by, and what people subscribe to.
    schedule
        When it is made; None: when somebody asks for it.
    since
        What was due before is not made: the schedule was given, or switched on, then.
    request, key
        Digests of what it was first made of and of whose ``Idempotency-Key``.
    version
        Counts its writes, its deletion too; 0 before the first.
    """

    name: str
    content: Content
    schedule: Schedule | None
    enabled: bool
    since: datetime
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    request: str = ""
    key: str = ""
    deleted: bool = False
    version: int = 0

    def due(self, now: datetime) -> Due | None:
        """Answer for when it is to be made now: the latest time that was due, None where there is none.

        After an outage only the latest one: those before it would tell what is told already.
        """
        if self.schedule is None or not self.enabled or self.deleted:
            return None
        found = latest(self.schedule, now)
        return found if found is not None and found.at > self.since else None

    @property
    def zone(self) -> ZoneInfo:
        """Answer the zone by whose clocks it is due; UTC without a schedule."""
        return zone("UTC") if self.schedule is None else self.schedule.zone


def write_part(part: Part) -> dict[str, Any]:
    """Write a part as JSON, so that :func:`read_part` reads the same."""
    match part:
        case Asked():
            return {"title": part.title, "query": dict(part.query)}
        case Selected():
            return {"title": part.title, "sql": part.sql, "parameters": list(part.parameters)}
        case Saved():
            return {"title": part.title, "saved_query": part.saved_query, "parameters": list(part.parameters)}


def read_part(said: Mapping[str, Any]) -> Part:
    """Read a part that was written before, or whose fields were looked at."""
    if "query" in said:
        return Asked(said["title"], said["query"])
    parameters: Sequence[Any] = said.get("parameters") or ()
    if "sql" in said:
        return Selected(said["title"], said["sql"], tuple(parameters))
    return Saved(said["title"], said["saved_query"], tuple(parameters))


def write_content(content: Content) -> dict[str, Any]:
    """Write what a report is made of as JSON."""
    parts = [write_part(part) for part in content.parts]
    return {"title": content.title, "format": content.form.value, "parts": parts, "to": list(content.to)}


def read_content(said: Mapping[str, Any]) -> Content:
    """Read what a report is made of back."""
    return Content(said["title"], Format(said["format"]), tuple(map(read_part, said["parts"])), tuple(said["to"]))


def write_schedule(schedule: Schedule | None) -> dict[str, Any] | None:
    """Write a schedule as JSON: the weekday or the day only where it counts."""
    if schedule is None:
        return None
    own = {Cadence.WEEKLY: {"weekday": schedule.weekday}, Cadence.MONTHLY: {"day": schedule.day}}
    said = {"cadence": schedule.cadence.value, "hour": schedule.hour, "zone": schedule.zone.key}
    return said | own.get(schedule.cadence, {})


def read_schedule(said: Mapping[str, Any] | None) -> Schedule | None:
    """Read a schedule back."""
    if said is None:
        return None
    rest = {name: int(said[name]) for name in ("weekday", "day") if name in said}
    return Schedule(Cadence(said["cadence"]), int(said["hour"]), zone(str(said["zone"])), **rest)
