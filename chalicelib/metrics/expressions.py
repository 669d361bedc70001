"""Arithmetic over metrics, as people write it: ``won / (won + lost)``. Pure.

Names of metrics, numbers, ``+ - * /`` and parentheses. Values are exact: whole numbers, decimals and fractions, divided
as fractions; what is divided by zero, or made of what has no value, has no value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

MAX_CHARACTERS: Final = 500
MAX_NAMES: Final = 10

_NUMBER = re.compile(r"\d{1,15}(\.\d{1,9})?")
_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction | None]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b if b else None,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read: its text, and the metrics that it names, in the order of their first mention."""

    text: str
    names: tuple[str, ...]

    def value(self, of: Mapping[str, Fraction | int | None]) -> Fraction | None:
        """Answer its value where the metrics have these.

        >>> parse("won / (won + lost)").value({"won": 1, "lost": 2})
        Fraction(1, 3)
        >>> parse("won / (won + lost)").value({"won": 0, "lost": 0}) is None
        True
        """
        return _value(_tree(self.text), self.text, of)


def parse(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ValueError
        Says what is not understood, and at which character (from 1).

    Examples
    --------
    >>> parse("100 * opportunities / leads").names
    ('opportunities', 'leads')
    >>> parse("leads ** 2")
    Traceback (most recent call last):
    ...
    ValueError: Character 1: only names of metrics, numbers, + - * / and parentheses are understood.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"An expression has at most {MAX_CHARACTERS} characters.")
    tree = _tree(text)
    names: dict[str, None] = {}
    _check(tree, text, names)
    if not names:
        raise ValueError("An expression names at least one metric.")
    if len(names) > MAX_NAMES:
        raise ValueError(f"An expression names at most {MAX_NAMES} metrics.")
    return Expression(text, tuple(names))


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, MemoryError, RecursionError, ValueError) as error:
        at = getattr(error, "offset", None) or 1
        raise ValueError(f"Character {at}: this is no expression such as won / (won + lost).") from error


def _check(node: ast.expr, text: str, names: dict[str, None]) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(left, text, names)
            _check(right, text, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, text, names)
        case ast.Name(id=name):
            names[name] = None
        case ast.Constant() if _NUMBER.fullmatch(_source(node, text)):
            pass
        case _:
            said = "only names of metrics, numbers, + - * / and parentheses are understood"
            raise ValueError(f"Character {node.col_offset + 1}: {said}.")


def _value(node: ast.expr, text: str, of: Mapping[str, Fraction | int | None]) -> Fraction | None:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _value(left, text, of), _value(right, text, of)
            return None if one is None or other is None else _OPERATORS[type(op)](one, other)
        case ast.UnaryOp(operand=operand):
            value = _value(operand, text, of)
            return None if value is None else -value
        case ast.Name(id=name):
            known = of[name]
            return None if known is None else Fraction(known)
    return Fraction(_source(node, text))


def _source(node: ast.expr, text: str) -> str:
    return ast.get_source_segment(text.strip(), node) or ""
