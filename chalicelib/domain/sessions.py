"""Sessions of web visitors: what one visitor did without a silence of thirty minutes. Pure.

A visitor's name is only good for a UTC day: it is made with a salt that is thrown away at the day's end. Whoever is
there around midnight would become two visitors and their session two. So events of a day's first minutes also carry the
name that the same visitor had the day before (``visitor_before``), and sessions follow that link.

``chalicelib/metrics/queries/web_sessions.sql`` computes the same from the table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SILENCE = timedelta(minutes=30)
"""A pause this long, or longer, ends a session."""
LINKS = 32
"""How many midnights in a row a session may cross; it is cut at the next one."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One event as far as sessions care: its name, who it was, when (UTC), and who that was the day before."""

    event_id: str
    visitor: str
    at: datetime
    visitor_before: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Events of one visitor in ``[start, end]``, without a pause of :data:`SILENCE` between them.

    ``name`` is that of its first event, by time and then by name.
    """

    name: str
    start: datetime
    end: datetime
    events: tuple[str, ...]


def sessions(visits: Iterable[Visit]) -> tuple[Session, ...]:
    """Part events into sessions, in whatever order they come; the same event twice counts once.

    Examples
    --------
    >>> at = lambda day, hour, minute: datetime(2026, 11, day, hour, minute)
    >>> found = sessions([
    ...     Visit("a", "monday's ada", at(23, 23, 50)),
    ...     Visit("b", "tuesday's ada", at(24, 0, 10), visitor_before="monday's ada"),
    ...     Visit("c", "tuesday's ada", at(24, 0, 40)),
    ... ])
    >>> [session.events for session in found]
    [('a', 'b'), ('c',)]
    """
    every = set(visits)
    first = _first_names(every)
    of_visitor: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in every:
        of_visitor[first[visit.visitor]].append(visit)
    found = [session for of_one in of_visitor.values() for session in _parted(of_one)]
    return tuple(sorted(found, key=lambda session: (session.start, session.name)))


def _parted(visits: list[Visit]) -> Iterable[Session]:
    """Cut one visitor's events where they are silent."""
    ordered = sorted(visits, key=lambda visit: (visit.at, visit.event_id))
    begin = 0
    for index in range(1, len(ordered) + 1):
        if index == len(ordered) or ordered[index].at - ordered[index - 1].at >= SILENCE:
            some = ordered[begin:index]
            names = dict.fromkeys(visit.event_id for visit in some)
            yield Session(some[0].event_id, some[0].at, some[-1].at, tuple(names))
            begin = index


def _first_names(visits: Iterable[Visit]) -> Mapping[str, str]:
    """Answer the name under which each visitor was first known, following the links of up to ``LINKS`` midnights."""
    before: dict[str, str] = {}
    for visit in visits:
        known = before.setdefault(visit.visitor, visit.visitor_before or visit.visitor)
        if visit.visitor_before and (known == visit.visitor or visit.visitor_before < known):
            before[visit.visitor] = visit.visitor_before
    names = dict(before)
    for _ in range(LINKS.bit_length() - 1):  # each round follows twice as many links as the one before
        names = {visitor: names.get(name, name) for visitor, name in names.items()}
    return names
