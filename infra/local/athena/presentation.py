"""How a result's column is shown: the type that Trino would give it and its values as that type prints them.

DuckDB computes some numbers in another type than Trino (a ``tinyint`` plus 1, the scale of a rounded decimal).
Where the check of types knows Trino's, a result says that.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from infra.local.athena.typecheck.scope import Fields
from infra.local.athena.typecheck.types import Type
from infra.local.athena.types import shown_type
from infra.local.athena.values import Printer, double_text, float_text, printer

_WHOLE = ("tinyint", "smallint", "integer", "bigint")
_SHOWN = {"real": "float"}


def presented(kinds: Sequence[str], fields: Fields) -> list[tuple[str, Printer]]:
    """The shown type and the printer of each column.

    Parameters
    ----------
    kinds
        DuckDB's types.
    fields
        What the check of types knows of the same columns.

    Examples
    --------
    >>> from infra.local.athena.typecheck.scope import Field
    >>> ((shown, print_),) = presented(["DECIMAL(4,2)"], (Field("x", Type("decimal", numbers=(5, 3))),))
    >>> shown, print_(Decimal("2.35"))
    ('decimal(5,3)', '2.350')
    """
    known: Sequence[Type | None] = [each.type for each in fields or ()]
    if len(known) != len(kinds):
        known = [None] * len(kinds)
    return [_one(kind, of) for kind, of in zip(kinds, known, strict=True)]


def _one(kind: str, of: Type | None) -> tuple[str, Printer]:
    have, print_ = shown_type(kind), printer(kind)
    if of is None or not _is_number(have):
        return have, print_
    want = _SHOWN.get(of.base, str(of))
    if want == have or not _is_number(want):
        return have, print_
    if want in _WHOLE:
        return (want, print_) if have in _WHOLE else (have, print_)
    if want == "double":
        return want, _double
    if want == "float":
        return want, _float
    return want, _decimal_printer(int(of.numbers[1]))


def _double(value: object) -> str:
    return double_text(float(str(value)))


def _float(value: object) -> str:
    return float_text(float(str(value)))


def _is_number(shown: str) -> bool:
    return shown in (*_WHOLE, "double", "float") or shown.startswith("decimal(")


def _decimal_printer(scale: int) -> Printer:
    """A decimal with so many digits behind the point; more, where it has more."""

    def print_(value: object) -> str:
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value))
        rounded = round(exact, scale)
        return format(rounded if rounded == exact else exact, "f")

    return print_
