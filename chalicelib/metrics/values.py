"""The value of a metric in a bucket: exact until it is told. Pure.

A *cell* is what was added up: one number, a ratio's numerator and denominator, or the cells of what a derived metric is
made of; None is nothing observed, or not known yet. Numbers stay integers, decimals and fractions; what is divided
becomes a float last of all.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, Final

from chalicelib.metrics.answer import Value
from chalicelib.metrics.metric import Kind, Metric

Exact = int | Decimal | Fraction
Cell = tuple[Any, ...] | None

_EMPTY: Final[dict[Kind, Cell]] = {Kind.COUNTER: (0,), Kind.UNIQUE: (0,), Kind.RATIO: (0, 0), Kind.GAUGE: None}
_SAFE: Final = 2**53
EXACT: Final = Context(prec=80)
"""Money has at most 38 digits: sums and differences of it lose none."""


def empty(metric: Metric) -> Cell:
    """Answer the cell of a bucket in which nothing happened: zero, but a gauge was not observed."""
    return tuple(map(empty, metric.terms)) if metric.terms else _EMPTY[metric.kind]


def exact(metric: Metric, cell: Cell) -> Exact | None:
    """Answer a cell's value, None where there is none: a gauge not observed, a ratio over zero."""
    if cell is None:
        return None
    if metric.expression is not None:
        values = (exact(term, part) for term, part in zip(metric.terms, cell, strict=True))
        found = zip(metric.expression.names, values, strict=True)
        return metric.expression.value({name: None if of is None else Fraction(of) for name, of in found})
    if metric.kind is Kind.RATIO:
        numerator, denominator = cell
        return Fraction(numerator) / (Fraction(denominator) * metric.divisor) if denominator else None
    return cell[0] if metric.divisor == 1 else Fraction(cell[0]) / metric.divisor


def reading(metric: Metric) -> Callable[[Cell], Exact | None]:
    """Answer :func:`exact` of one metric; of most metrics the value is the one number of a cell."""
    if metric.expression is not None or metric.kind is Kind.RATIO or metric.divisor != 1:
        return lambda cell: exact(metric, cell)
    return lambda cell: None if cell is None else cell[0]


def telling(metric: Metric) -> Callable[[Cell], Value]:
    """Answer the way from a cell of one metric to its value as it is told."""
    read = reading(metric)
    if metric.expression is not None or metric.kind is Kind.RATIO or metric.divisor != 1:
        return lambda cell: plain(read(cell))

    def tell(cell: Cell) -> Value:
        value = None if cell is None else cell[0]
        return plain(value) if isinstance(value, Decimal) else value

    return tell


def plain(value: Exact | None) -> Value:
    """Answer a value as it is told: integers and money exactly, what was divided as a float.

    >>> plain(Fraction(1, 4)), plain(Fraction(4, 2)), plain(Decimal("12.50"))
    (0.25, 2, Decimal('12.5'))
    """
    if type(value) is int:
        return value
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return value.quantize(Decimal(1), context=EXACT) if whole else value.normalize(EXACT)
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value


def change(value: Exact | None, before: Exact | None) -> tuple[Exact | None, Fraction | None]:
    """Answer how much a value has changed, and by what share of what it was: none from nothing, none from zero.

    Of what was below zero the share is taken of its size, so that its sign is that of the change.

    >>> change(12, 10), change(3, 0), change(None, 10)
    ((2, Fraction(1, 5)), (3, None), (None, None))
    """
    if value is None or before is None:
        return None, None
    changed = _difference(value, before)
    return changed, Fraction(changed) / abs(Fraction(before)) if before else None


def plus(one: Exact, other: Exact) -> Exact:
    """Add two values of one metric, exactly."""
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    if isinstance(one, Fraction) or isinstance(other, Fraction):
        return Fraction(one) + Fraction(other)
    return EXACT.add(one, other)


def _difference(value: Exact, before: Exact) -> Exact:
    if isinstance(value, Fraction) or isinstance(before, Fraction):
        return Fraction(value) - Fraction(before)
    return value - before if isinstance(value, int) and isinstance(before, int) else EXACT.subtract(value, before)


def number(value: Value) -> int | float | str | None:
    """Answer a value for JSON: a number; money that no double holds to its digits is a text.

    >>> number(Decimal("12.5")), number(Decimal("7")), number(Decimal("123456789012345678.25"))
    (12.5, 7, '123456789012345678.25')
    """
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value() and abs(value) <= _SAFE:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else f"{value:f}"
