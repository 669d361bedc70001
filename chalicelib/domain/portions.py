"""Shares written with few digits that still add up to the whole, by the method of the largest remainder. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

HUNDRED = 100


def portions(parts: Mapping[str, Decimal], decimals: int = 0, whole: int = HUNDRED) -> dict[str, Decimal] | None:
    """Share a whole out in proportion to parts, none below zero, so that the shares add up to it exactly.

    Each gets its share rounded down to so many decimals; what is left goes, one unit of the last decimal at a time, to
    those that lost most by rounding, of equal ones to the larger part, then to the name that sorts first. So each share
    is less than one such unit away from the exact one. None where the parts add up to nothing.

    >>> portions({"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)})
    {'a': Decimal('34'), 'b': Decimal('33'), 'c': Decimal('33')}
    """
    total = sum(map(Fraction, parts.values()), Fraction(0))
    if not total:
        return None
    units = whole * 10**decimals
    exact = {name: Fraction(part) * units / total for name, part in parts.items()}
    given = {name: int(share) for name, share in exact.items()}
    left = units - sum(given.values())
    order = sorted(parts, key=lambda name: (given[name] - exact[name], -parts[name], name))
    for name in order[:left]:
        given[name] += 1
    return {name: Decimal(count).scaleb(-decimals) for name, count in given.items()}
