"""Metrics that people define: an expression over others, or a count of events. Pure.

A definition has versions: each change is the next, and counts of events are computed anew for it, for all history, in
a cube of its own. Nothing that a name meant before is ever mixed with what it means now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.nearest import one_of
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.expressions import Expression, parse
from chalicelib.metrics.filter_json import as_json, parse_filter
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.own_events import EVENTS, KINDS, EventCount

NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")


def cube_name(name: str, version: int) -> str:
    """Name the cube of one version of a count of events.

    >>> cube_name("team_signups", 2)
    'own_team_signups_2_cube'
    """
    return f"own_{name}_{version}_cube"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a person says of a metric. Either ``expression`` or ``count`` is there.

    ``version`` counts the changes of its name, those of a namesake that was deleted too.
    """

    name: str
    title: str
    unit: str
    description: str
    expression: Expression | None
    count: EventCount | None
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str

    @property
    def cube(self) -> Cube | None:
        """Answer the cube of a count of events, one for each version; None of an expression."""
        if self.count is None:
            return None
        return self.count.cube(cube_name(self.name, self.version), self.title)

    def metric(self, known: Mapping[str, Metric]) -> Metric:
        """Answer it as a metric; ``known`` has those that an expression names.

        Raises
        ------
        ValueError
            The expression names what there is not, or puts together what cannot be.
        """
        if self.count is None:
            return self._derived(known)
        kind, cube = KINDS[self.count.of], self.cube
        assert cube is not None
        return Metric(
            self.name,
            self.title,
            self.unit,
            Kind.COUNTER if self.count.counted == EVENTS else Kind.UNIQUE,
            cube.name,
            "events" if self.count.counted == EVENTS else "member",
            kind.source,
            tuple(self.count.by),
            self.description,
            own=cube,
        )

    def _derived(self, known: Mapping[str, Metric]) -> Metric:
        assert self.expression is not None
        terms = tuple(known[one_of(name, known, "metric")] for name in self.expression.names)
        if nested := [term.name for term in terms if term.expression is not None]:
            raise ValueError(f"'{nested[0]}' is an expression itself: write what it stands for.")
        dimensions = tuple(name for name in terms[0].dimensions if all(name in term.dimensions for term in terms))
        return Metric(
            self.name,
            self.title,
            self.unit,
            Kind.DERIVED,
            terms[0].cube,
            "",
            terms[0].source,
            dimensions,
            self.description,
            apart=_apart(terms, dimensions),
            days_of=_days_of(terms),
            expression=self.expression,
            terms=terms,
        )

    def to_json(self) -> dict[str, Any]:
        """Write what was asked for, as :func:`read` takes it."""
        said: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "unit": self.unit,
            "description": self.description,
        }
        if self.count is None:
            assert self.expression is not None
            return {**said, "expression": self.expression.text}
        where = {} if self.count.where is None else {"filter": as_json(self.count.where)}
        return {**said, "count": {"of": self.count.of, "what": self.count.counted, **where, "by": dict(self.count.by)}}


def _apart(terms: Iterable[Metric], dimensions: Iterable[str]) -> tuple[str, ...]:
    """Answer what may not be added up over, which every term then has to tell apart."""
    apart = tuple(dict.fromkeys(name for term in terms for name in term.apart))
    if lost := set(apart) - set(dimensions):
        without = ", ".join(sorted(lost))
        raise ValueError(f"Some of these metrics are told apart by {without}, and others do not have it.")
    return apart


def _days_of(terms: Iterable[Metric]) -> str | None:
    zones = {term.days_of for term in terms if term.days_of is not None}
    if len(zones) > 1:
        raise ValueError(f"These metrics are told by days of different zones: {', '.join(sorted(zones))}.")
    return next(iter(zones), None)


def read_expression(given: Any) -> Expression:
    """Read the field ``expression``. Raises ``ValueError``."""
    if not isinstance(given, str):
        raise ValueError("A text is expected, such as 'won / (won + lost)'.")
    return parse(given)


def read_count(given: Any) -> EventCount:
    """Read the field ``count``: ``of``, ``what``, perhaps ``filter`` and ``by``. Raises ``ValueError`` saying where."""
    if not isinstance(given, Mapping):
        raise ValueError("An object is expected: of, what, and perhaps filter and by.")
    if unknown := given.keys() - {"of", "what", "filter", "by"}:
        raise ValueError(f"There is no field {min(map(str, unknown))[:64]!r}; known are: of, what, filter, by.")
    by = given.get("by", {})
    if not isinstance(by, Mapping) or not all(isinstance(part, str) for pair in by.items() for part in pair):
        raise ValueError('by: names of dimensions with their fields are expected, such as {"plan": "properties.plan"}.')
    try:
        where = None if given.get("filter") is None else parse_filter(given["filter"])
    except ValueError as error:
        raise ValueError(f"filter: {error}") from error
    count = EventCount(str(given.get("of", "")), str(given.get("what", EVENTS)), where, dict(by))
    count.check()
    return count
