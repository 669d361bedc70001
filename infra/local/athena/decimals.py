"""The scale of a decimal expression, where the text shows it: Trino divides decimals exactly, DuckDB as doubles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

#: The scale of a column's decimal type by its name in lower case, WHOLE for integers, -1 for any other type.
Scales = Mapping[str, int]
WHOLE = -2  # no digits after the point, but integers among themselves divide to integers
_WHOLE = ("count", "count_if", "approx_distinct", "row_number", "length", "cardinality", "date_diff", "tr_diff")
_KEEPS = ("sum", "min", "max", "abs", "coalesce", "any_value")


def scale(node: exp.Expr, columns: Scales) -> int | None:
    """Digits after the point; 0 for whole literals, ``None`` where it is no decimal or not evident.

    >>> from sqlglot import parse_one
    >>> scale(parse_one("1.25 + 2"), {}), scale(parse_one("price"), {"price": 2}), scale(parse_one("a"), {})
    (2, 2, None)
    """
    for kind, rule in _RULES.items():
        if isinstance(node, kind):
            return rule(node, columns)
    return None


def precision(node: exp.Expr, columns: Scales) -> int | None:
    """All digits of a decimal, or of the decimal that a whole number becomes; ``None`` where that is not evident.

    >>> from sqlglot import parse_one
    >>> [precision(parse_one(sql), {}) for sql in ("10.00", "0.5", "3", "CAST(a AS DECIMAL(12, 2))", "a")]
    [4, 2, 10, 12, None]
    """
    if isinstance(node, (exp.Paren, exp.Neg)):
        return precision(node.this, columns)
    if isinstance(node, exp.Literal) and scale(node, columns) == 0:
        return 10 if int(node.name) < 2**31 else 19
    if isinstance(node, exp.Literal) and scale(node, columns):
        whole, _, part = str(node.this).partition(".")
        return len(whole) + len(part)
    if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DECIMAL:
        return int(node.to.expressions[0].name) if node.to.expressions else 38
    return None


def quotient(left: exp.Expr, right: exp.Expr, columns: Scales) -> tuple[int, int] | None:
    """Precision and scale of a division as Trino has them; 38 digits where not all of it is evident.

    Source: Trino's documentation, "Decimal functions and operators".
    """
    scales = scale(left, columns), scale(right, columns)
    if scales[0] is None or scales[1] is None:
        return None
    digits = precision(left, columns)
    if digits is None or precision(right, columns) is None:
        return 38, max(scales[0], scales[1])
    return min(38, digits + scales[1] + max(0, scales[1] - scales[0])), max(scales[0], scales[1])


def is_decimal(node: exp.Expr, columns: Scales) -> bool:
    """Is it evidently a decimal (and no integer)?

    >>> from sqlglot import parse_one
    >>> [is_decimal(parse_one("a"), {"a": scale}) for scale in (2, 0, WHOLE, -1)]
    [True, True, False, False]
    """
    if isinstance(node, (exp.Paren, exp.Neg)):
        return is_decimal(node.this, columns)
    if isinstance(node, exp.Literal):
        return not node.is_string and "." in node.name and "e" not in node.name.lower()
    if isinstance(node, exp.Cast):
        return bool(node.to.this == exp.DataType.Type.DECIMAL)
    if isinstance(node, exp.Column) and "stands_for" in node.meta:
        return is_decimal(node.meta["stands_for"], columns)
    if isinstance(node, exp.Column):
        return columns.get(node.name.lower(), -1) >= 0
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        return is_decimal(node.this, columns) or is_decimal(node.expression, columns)
    if isinstance(node, exp.Anonymous) and node.name.lower() in _KEEPS and node.expressions:
        return is_decimal(node.expressions[0], columns)
    return False


def _literal(node: exp.Expr, _: Scales) -> int | None:
    if not isinstance(node, exp.Literal) or node.is_string or "e" in str(node.this).lower():
        return None
    return len(str(node.this).partition(".")[2])


def _cast(node: exp.Expr, _: Scales) -> int | None:
    if not isinstance(node, exp.Cast):
        return None
    of = node.to
    if of.this in exp.DataType.INTEGER_TYPES:
        return 0
    if of.this != exp.DataType.Type.DECIMAL:
        return None
    return int(of.expressions[1].name) if len(of.expressions) > 1 else 0


def _column(node: exp.Expr, columns: Scales) -> int | None:
    if "stands_for" in node.meta:
        return scale(node.meta["stands_for"], columns)
    found = columns.get(node.name.lower(), -1)
    return 0 if found == WHOLE else found if found >= 0 else None


def _call(node: exp.Expr, columns: Scales) -> int | None:
    if node.name.lower() in _WHOLE:
        return 0
    if node.name.lower() in _KEEPS and node.expressions:
        return scale(node.expressions[0], columns)
    return None


def _both(combine: Callable[[int, int], int]) -> Callable[[exp.Expr, Scales], int | None]:
    def rule(node: exp.Expr, columns: Scales) -> int | None:
        left, right = scale(node.this, columns), scale(node.expression, columns)
        return None if left is None or right is None else combine(left, right)

    return rule


_RULES: dict[type[exp.Expr], Callable[[exp.Expr, Scales], int | None]] = {
    exp.Literal: _literal,
    exp.Cast: _cast,
    exp.Column: _column,
    exp.Paren: lambda node, columns: scale(node.this, columns),
    exp.Neg: lambda node, columns: scale(node.this, columns),
    exp.Add: _both(max),
    exp.Sub: _both(max),
    exp.Mul: _both(lambda left, right: left + right),
    exp.Anonymous: _call,
}
