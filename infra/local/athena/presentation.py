"""How a result's column is shown: the type that Trino would give it and its values as that type prints them.

DuckDB computes some numbers in another type than Trino (a ``tinyint`` plus 1, the scale of a rounded decimal).
Where the check of types knows Trino's, a result says that.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from infra.local.athena.errors import not_supported
from infra.local.athena.typecheck.scope import Fields
from infra.local.athena.typecheck.types import ANY, Type
from infra.local.athena.types import shown_type
from infra.local.athena.values import Printer, double_text, float_text, printer

_WHOLE = ("tinyint", "smallint", "integer", "bigint")


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
    want = have if of is None or of == ANY else _shown(of)
    if want == have:
        return have, print_
    if "unknown" in (want, have):  # null is all that it can be
        return want, print_
    if not (_is_number(have) and _is_number(want)):
        return have, print_
    if want in _WHOLE:
        return want, _whole
    if want == "double":
        return want, _double
    if want == "float":
        return want, _float
    return want, _decimal_printer(int(of.numbers[1]) if of else 0)


def _shown(of: Type) -> str:
    """Trino's type as Athena names it.

    >>> _shown(Type("varchar", numbers=(3,))), _shown(Type("real")), _shown(Type("array", (Type("bigint"),)))
    ('varchar', 'float', 'array')
    """
    return str(of) if of.base == "decimal" else {"real": "float"}.get(of.base, of.base)


def _whole(value: object) -> str:
    exact = Decimal(str(value))
    if exact != exact.to_integral_value():
        raise not_supported("a whole number that was computed as a fraction: cast it")
    return str(int(exact))


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
