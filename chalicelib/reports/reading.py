"""Reads a report as it is given in JSON: its shape, with every wrong field named. Pure.

Whether what its parts ask can be asked is looked at by whoever knows the metrics and the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.documents.formats import Format
from chalicelib.domain.due import Cadence, Schedule
from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.domain.nearest import one_of
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS
from chalicelib.reports.report import FORMATS, MOST_PARTS, Content, read_part

NAME: Final = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
MAX_NAME: Final = 60
MAX_TITLE: Final = 120
MAX_SQL: Final = 10_000
MAX_PARAMETERS: Final = 100
MOST_TOLD: Final = 20
FIELDS: Final = ("name", "title", "format", "parts", "schedule", "to", "enabled")
TO: Final = r"subscribers|operators|(channel|subscription):[A-Za-z0-9_-]{1,64}"
_KINDS: Final = ("query", "saved_query", "sql")
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Given:
    """A report as it was given."""

    name: str
    content: Content
    schedule: Schedule | None
    enabled: bool


def read_report(given: Mapping[str, Any]) -> Given:
    """Read a report.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or wrong.
    """
    reading = _Reading(given, unknown_names(given, FIELDS))
    name = reading.field("name", _name)
    title = reading.field("title", _title)
    form = reading.field("format", lambda said: Format(one_of(str(said), [one.value for one in FORMATS], "format")))
    schedule = reading.field("schedule", lambda said: None if said is None else said, None)
    to = reading.field("to", _destinations, [SUBSCRIBERS])
    enabled = reading.field("enabled", _flag, True)
    made = None if schedule is None else _schedule(schedule, reading.errors)
    parts = _parts(given.get("parts"), reading.errors)
    if reading.errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(reading.errors))
    return Given(name, Content(title, form, tuple(map(read_part, parts)), to), made, enabled)


@dataclass(slots=True)
class _Reading:
    """Reads fields one by one, and remembers what is wrong with each."""

    given: Mapping[str, Any]
    errors: list[Fault]

    def field(self, name: str, read: Callable[[Any], Any], usual: Any = _MISSING) -> Any:
        said = self.given.get(name, usual)
        if said is None and usual is not _MISSING:
            said = usual  # null is as if left out
        try:
            if said is _MISSING:
                raise ValueError("This field is needed.")
            return read(said)
        except ValueError as error:
            self.errors.append(fault(name, error))
            return None


def _name(said: Any) -> str:
    if not isinstance(said, str) or len(said) > MAX_NAME or not re.fullmatch(NAME, said):
        raise ValueError(f"Up to {MAX_NAME} small letters and digits, parted by single hyphens: weekly-marketing.")
    return said


def _title(said: Any) -> str:
    if not isinstance(said, str) or not 1 <= len(said.strip()) <= MAX_TITLE or not said.isprintable():
        raise ValueError(f"1 to {MAX_TITLE} printable characters are needed.")
    return said.strip()


def _flag(said: Any) -> bool:
    if not isinstance(said, bool):
        raise ValueError("true or false is expected.")
    return said


def _destinations(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not 1 <= len(said) <= MOST_TOLD:
        raise ValueError(f"A list of 1 to {MOST_TOLD} destinations is needed.")
    for one in said:
        if not isinstance(one, str) or not re.fullmatch(TO, one):
            raise ValueError(
                f"{str(one)[:80]!r} is no destination: {SUBSCRIBERS}, {OPERATORS}, channel:NAME, subscription:ID."
            )
    return tuple(dict.fromkeys(said))


def _schedule(said: Any, errors: list[Fault]) -> Schedule | None:
    if not isinstance(said, Mapping):
        errors.append({"parameter": "schedule", "detail": "An object is expected, or null for none."})
        return None
    found: list[Fault] = unknown_names(said, ("cadence", "hour", "zone", "weekday", "day"))
    reading = _Reading(said, found)
    cadence = reading.field("cadence", lambda one: Cadence(one_of(str(one), list(Cadence), "cadence")))
    hour = reading.field("hour", _whole(0, 23))
    at = reading.field("zone", _zone, "UTC")
    weekday = reading.field("weekday", _whole(1, 7), 1)
    day = reading.field("day", _whole(1, 31), 1)
    for name, of in (("weekday", Cadence.WEEKLY), ("day", Cadence.MONTHLY)):
        if said.get(name) is not None and cadence is not None and cadence is not of:
            found.append({"parameter": name, "detail": f"This goes with the cadence '{of.value}'."})
    errors += [{**one, "parameter": f"schedule.{one['parameter']}"} for one in found]
    return None if found else Schedule(cadence, hour, at, weekday, day)


def _zone(said: Any) -> Any:
    if not isinstance(said, str):
        raise ValueError("The IANA name of a time zone is needed, such as Europe/Paris.")
    return zone(said)


def _whole(least: int, most: int) -> Callable[[Any], int]:
    def checked(said: Any) -> int:
        if not isinstance(said, int) or isinstance(said, bool) or not least <= said <= most:
            raise ValueError(f"A whole number from {least} to {most} is needed.")
        return said

    return checked


def _parts(said: Any, errors: list[Fault]) -> list[Mapping[str, Any]]:
    if not isinstance(said, list) or not 1 <= len(said) <= MOST_PARTS:
        errors.append({"parameter": "parts", "detail": f"A list of 1 to {MOST_PARTS} parts is needed."})
        return []
    for at, part in enumerate(said):
        errors += [{**one, "parameter": f"parts[{at}]{one['parameter']}"} for one in _part(part)]
    titles = [part.get("title") for part in said if isinstance(part, Mapping)]
    if len({str(one) for one in titles}) < len(titles):
        errors.append({"parameter": "parts", "detail": "Each part needs a title of its own."})
    return said


def _part(said: Any) -> list[Fault]:
    """Answer what is wrong with the shape of a part; names begin with a dot, or are empty for the part itself."""
    if not isinstance(said, Mapping):
        return [{"parameter": "", "detail": "An object is expected."}]
    kinds = [kind for kind in _KINDS if said.get(kind) is not None]
    if len(kinds) != 1:
        return [{"parameter": "", "detail": f"A part has one of: {', '.join(_KINDS)}."}]
    (kind,) = kinds
    known = ("title", kind) if kind == "query" else ("title", kind, "parameters")
    found: list[Fault] = unknown_names([name for name, value in said.items() if value is not None], known)
    reading = _Reading(said, found)
    reading.field("title", _title)
    reading.field(kind, _READ[kind])
    if kind != "query":
        reading.field("parameters", _values, [])
    return [{**one, "parameter": f".{one['parameter']}"} for one in found]


def _question(said: Any) -> Any:
    if not isinstance(said, Mapping):
        raise ValueError("A question is needed, as `POST /v1/query` takes it.")
    return said


def _sql(said: Any) -> str:
    if not isinstance(said, str) or not 1 <= len(said) <= MAX_SQL:
        raise ValueError(f"One statement is needed, as text of up to {MAX_SQL:,} characters.")
    return said


def _query_id(said: Any) -> str:
    if not isinstance(said, str) or not 1 <= len(said) <= 64:
        raise ValueError("The id of a saved query is needed, as `/v1/sql/saved` tells it.")
    return said


def _values(said: Any) -> Any:
    if not isinstance(said, list) or len(said) > MAX_PARAMETERS:
        raise ValueError(f"A list of up to {MAX_PARAMETERS} values is needed, one for each question mark.")
    if any(isinstance(one, float) for one in said):  # it would not come back as the same number
        raise ValueError("A fraction is given as text, and cast in the SQL.")
    return said


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {"query": _question, "saved_query": _query_id, "sql": _sql}
