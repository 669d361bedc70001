"""A filter as JSON, as it stands in a body. Pure.

::

    {"dimension": "version", "operator": "is", "value": "3.5.0"}
    {"and": [filter, …]}   {"or": [filter, …]}   {"not": filter}
    "version is \"3.5.0\" and not product is null"

``value`` is a text, null, or (with ``is`` and ``is_not``) a list of both: any of them, none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.metrics.filter_text import read_filter
from chalicelib.metrics.filters import MAX_DEPTH, And, Condition, Filter, Not, Operator, Or, bounded

_FIELDS = {"dimension", "operator", "value"}


def parse_filter(given: Any) -> Filter:
    """Read a filter, a tree or the line that people type. Raises ``ValueError`` that says where: ``and[1].value``.

    >>> parse_filter({"not": {"dimension": "version", "operator": "is", "value": None}}).of.value is None
    True
    """
    return read_filter(given) if isinstance(given, str) else bounded(_read(given, "", 0))


def as_json(one: Filter) -> dict[str, Any]:
    """Write a filter so that :func:`parse_filter` reads the same."""
    if isinstance(one, Condition):
        return {"dimension": one.dimension, "operator": one.operator.value, "value": one.value}
    if isinstance(one, Not):
        return {"not": as_json(one.of)}
    return {"and" if isinstance(one, And) else "or": [as_json(part) for part in one.of]}


def _read(given: Any, at: str, deep: int) -> Filter:
    if deep >= 2 * MAX_DEPTH:
        raise ValueError(f"A filter is at most {MAX_DEPTH} levels deep.")
    if not isinstance(given, Mapping):
        raise _wrong(at, "An object is expected: a condition, or 'and', 'or' or 'not' of some.")
    if given.keys() == {"not"}:
        return Not(_read(given["not"], f"{at}not.", deep + 1))
    for name, kind in (("and", And), ("or", Or)):
        if given.keys() == {name}:
            return _joined(kind, given[name], f"{at}{name}", deep)
    return _condition(given, at)


def _joined(kind: type[And] | type[Or], given: Any, at: str, deep: int) -> Filter:
    if not isinstance(given, list) or not given:
        raise _wrong(at, "A list of one filter or more is expected.")
    found = tuple(_read(part, f"{at}[{i}].", deep + 1) for i, part in enumerate(given))
    return found[0] if len(found) == 1 else kind(found)


def _condition(given: Mapping[str, Any], at: str) -> Filter:
    if given.keys() != _FIELDS:
        raise _wrong(at, "A condition has 'dimension', 'operator' and 'value', and nothing else.")
    dimension, operator, value = given["dimension"], given["operator"], given["value"]
    if not isinstance(dimension, str):
        raise _wrong(f"{at}dimension", "The name of a dimension is expected.")
    if not isinstance(operator, str) or operator not in set(Operator):
        raise _wrong(f"{at}operator", f"One of: {', '.join(Operator)}.")
    if not isinstance(value, list):
        return _one(dimension, Operator(operator), value, f"{at}value")
    if operator not in (Operator.IS, Operator.IS_NOT) or not value:
        raise _wrong(f"{at}value", "A list of one value or more goes with 'is' and 'is_not'.")
    found = tuple(_one(dimension, Operator(operator), one, f"{at}value[{i}]") for i, one in enumerate(value))
    if len(found) == 1:
        return found[0]
    return Or(found) if operator == Operator.IS else And(found)


def _one(dimension: str, operator: Operator, value: Any, at: str) -> Condition:
    if value is not None and not isinstance(value, str):
        raise _wrong(at, "A text or null is expected.")
    try:
        return Condition(dimension, operator, value)
    except ValueError as error:
        raise _wrong(at, str(error)) from error


def _wrong(at: str, what: str) -> ValueError:
    return ValueError(f"{at.rstrip('.')}: {what}" if at.rstrip(".") else what)
