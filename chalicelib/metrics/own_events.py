"""Counts of events that people define: which events, under which conditions, by what; as a cube and its SQL. Pure.

The statement reads the views of events (each once, contradictions left out) by name, so that it counts what analysts
see there. Everything that a person wrote comes into it as a quoted literal or a name of a fixed list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from chalicelib.domain.nearest import NotKnown, one_of
from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.filters import And, Condition, Filter, Not, Operator, conditions
from chalicelib.metrics.statements import Statement
from chalicelib.sources.base import Column, ColumnType

EVENTS: Final = "events"
PEOPLE: Final = "people"
COUNTED: Final = (EVENTS, PEOPLE)
MAX_DIMENSIONS: Final = 5

_PROPERTY = re.compile(r"properties(\.[A-Za-z_][A-Za-z0-9_]{0,63}){1,4}")
_ALIAS = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Events:
    """A kind of events: the view that shows each once, its columns for conditions, who did it, and where it is from."""

    view: str
    columns: tuple[str, ...]
    person: str
    source: str
    table: str
    only: str = "true"


_SAID = ("source", "event", "user_id", "account_id")
KINDS: Final[Mapping[str, Events]] = MappingProxyType(
    {
        "product_events": Events(
            "v_product_events", _SAID, "person_id", "product_events", "product_events", "origin = 'product'"
        ),
        "mixpanel_events": Events(
            "v_product_events", _SAID[:-1], "person_id", "mixpanel_events", "mixpanel_events", "origin = 'mixpanel'"
        ),
        "web_events": Events(
            "v_web_events",
            ("kind", "site", "host", "path", "section", "referrer", "target", "name", "browser", "os", "device"),
            "coalesce(first_party_id, visitor)",
            "web_beacons",
            "web_events",
        ),
    }
)
"""The kinds of events by their names."""


@dataclass(frozen=True, slots=True)
class EventCount:
    """What is counted: events of a kind, or the people who did them, under a condition, by some dimensions.

    ``by`` are names of dimensions and the fields that they show: columns, or ``properties.plan``.
    """

    of: str
    counted: str
    where: Filter | None
    by: Mapping[str, str]

    def check(self) -> None:
        """Raise ``ValueError`` (:class:`NotKnown`) for what there is not."""
        one_of(self.of, KINDS, "kind of events")
        one_of(self.counted, COUNTED, "thing to count")
        if len(self.by) > MAX_DIMENSIONS:
            raise ValueError(f"At most {MAX_DIMENSIONS} dimensions.")
        for alias in self.by:
            if not _ALIAS.fullmatch(alias) or alias in ("bucket_start", "member", "events"):
                raise ValueError(f"{alias[:64]!r} is no name of a dimension: small letters, digits and _ are.")
        for field in (*self.by.values(), *(condition.dimension for condition in conditions(self.where))):
            self._column(field)

    def cube(self, name: str, title: str) -> Cube:
        """Answer the cube that holds the counts."""
        kind = KINDS[self.of]
        dimensions = (Column(name, ColumnType.STRING, f"{field} of the event") for name, field in self.by.items())
        people = Column("member", ColumnType.STRING, "Who did it")
        return Cube(
            name=name,
            description=title,
            dimensions=tuple(dimensions),
            measures=(Measure("events", Adds.SUM, "Events"),) if self.counted == EVENTS else (),
            inputs=MappingProxyType({kind.source: (kind.table,)}),
            member=people if self.counted == PEOPLE else None,
            statement=self.statement(),
        )

    def statement(self) -> Statement:
        """Write the statement that computes the cube's 15-minute level."""
        kind = KINDS[self.of]
        dimensions = [f"{self._column(field)} AS {alias}" for alias, field in self.by.items()]
        who = [f"{kind.person} AS member"] if self.counted == PEOPLE else []
        bucket = "date_add('minute', 0 - minute(happened_at) % 15, date_trunc('minute', happened_at)) AS bucket_start"
        keys = [bucket, *dimensions, *who]
        counts = ["count(*) AS events"] if self.counted == EVENTS else []
        asked = [f"({self._where(self.where)})"] if self.where is not None else []
        known = [f"{kind.person} IS NOT NULL"] if self.counted == PEOPLE else []
        where = ["day BETWEEN CAST(? AS date) AND CAST(? AS date)", kind.only, *known, *asked]
        sql = (
            f"SELECT {', '.join([*keys, *counts])} FROM {kind.view} WHERE {' AND '.join(where)} "  # noqa: S608 - quoted
            f"GROUP BY {', '.join(map(str, range(1, len(keys) + 1)))}"
        )
        return Statement(sql, ("first_day", "last_day"))

    def _column(self, field: str) -> str:
        columns = KINDS[self.of].columns
        if field in columns:
            return field
        if not _PROPERTY.fullmatch(field):
            known = ", ".join((*columns, "properties.…"))
            raise NotKnown(f"{self.of} have no field {field[:64]!r}; they have: {known}.")
        return f"json_extract_scalar(properties, {_text('$' + field.removeprefix('properties'))})"

    def _where(self, one: Filter) -> str:
        """Write a filter in Trino's words; always true or false, as :mod:`chalicelib.metrics.filters` says."""
        if isinstance(one, Condition):
            column, value = self._column(one.dimension), _text(one.value or "")
            if one.value is None:
                return f"{column} IS {'NOT ' if one.operator is Operator.IS_NOT else ''}NULL"
            return {
                Operator.IS: f"coalesce({column} = {value}, false)",
                Operator.IS_NOT: f"coalesce({column} <> {value}, true)",
                Operator.CONTAINS: f"coalesce(strpos({column}, {value}) > 0, false)",
                Operator.MATCHES: f"coalesce(regexp_like({column}, {value}), false)",
            }[one.operator]
        if isinstance(one, Not):
            return f"NOT ({self._where(one.of)})"
        word = " AND " if isinstance(one, And) else " OR "
        return f"({word.join(self._where(part) for part in one.of)})"


def _text(value: str) -> str:
    """Write a literal of Trino: quotes are doubled, nothing else means anything in it."""
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
