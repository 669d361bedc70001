"""A filter as DuckDB's SQL: every value is a bound parameter, every condition true or false. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalicelib.metrics.filters import And, Condition, Filter, Not, Operator

_FORMS: Mapping[Operator, str] = {
    Operator.IS: "{column} IS NOT DISTINCT FROM {value}",
    Operator.IS_NOT: "{column} IS DISTINCT FROM {value}",
    Operator.CONTAINS: "coalesce(contains({column}, {value}), false)",
    Operator.MATCHES: "coalesce(regexp_matches({column}, {value}), false)",
}


@dataclass
class Parameters:
    """The values that a statement is given by name, each bound under a name of its own."""

    values: dict[str, str] = field(default_factory=dict)

    def bind(self, value: str) -> str:
        """Keep a value and answer how the statement names it; the same value has one name."""
        name = next((name for name, kept in self.values.items() if kept == value), f"v{len(self.values)}")
        self.values[name] = value
        return f"${name}"


def where(one: Filter, parameters: Parameters, column: Callable[[str], str]) -> str:
    """Write a filter; ``column`` answers the text expression of a dimension, whose name was held against the cube's.

    >>> given = Parameters()
    >>> where(Not(Condition("version", Operator.IS, "3.5.0")), given, str), given.values
    ('NOT (version IS NOT DISTINCT FROM $v0)', {'v0': '3.5.0'})
    """
    if isinstance(one, Condition):
        value = "NULL" if one.value is None else parameters.bind(one.value)
        return _FORMS[one.operator].format(column=column(one.dimension), value=value)
    if isinstance(one, Not):
        return f"NOT ({where(one.of, parameters, column)})"
    word = " AND " if isinstance(one, And) else " OR "
    return f"({word.join(where(part, parameters, column) for part in one.of)})"
