"""A filter as a line of text, as it stands in a URL: ``version is "3.5.0" and not product contains "x"``. Pure.

::

    filter    = both { "or" both }
    both      = one { "and" one }
    one       = "not" one | "(" filter ")" | condition
    condition = dimension "is" ( text | "null" )
              | dimension ( "is_not" | "is" "not" ) ( text | "null" )
              | dimension ( "contains" | "matches" ) text
    text      = a JSON string, in double quotes
    dimension = a name, or names with dots between them: a property of an event

Words are in lower case. ``and`` binds closer than ``or``, ``not`` closer than both.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from chalicelib.metrics.filters import MAX_CONDITIONS, MAX_DEPTH, And, Condition, Filter, Not, Operator, Or, bounded

MAX_TEXT: Final = 8_192
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?P<sign>[()]))'
)
_RESERVED: Final = frozenset({"and", "or", "not", "null", "is"} | set(Operator))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def read_filter(text: str) -> Filter:
    """Read a filter.

    Raises
    ------
    ValueError
        It is none; the message says what was expected, and at which column (from 1).

    Examples
    --------
    >>> read_filter('version is "3.5.0"').value
    '3.5.0'
    """
    if len(text) > MAX_TEXT:
        raise ValueError(f"A filter has at most {MAX_TEXT:,} characters.")
    return bounded(_Reader(_tokens(text), len(text)).whole())


def write_filter(one: Filter) -> str:
    """Write a filter so that :func:`read_filter` reads the same.

    >>> write_filter(Not(Or((Condition("a", Operator.IS, None), Condition("b", Operator.CONTAINS, "x")))))
    'not (a is null or b contains "x")'
    """
    if isinstance(one, Condition):
        value = "null" if one.value is None else json.dumps(one.value, ensure_ascii=False)
        return f"{one.dimension} {one.operator} {value}"
    if isinstance(one, Not):
        return f"not {_inside(one.of, And, Or)}"
    if isinstance(one, And):
        return " and ".join(_inside(part, And, Or) for part in one.of)
    return " or ".join(_inside(part, Or) for part in one.of)


def _inside(one: Filter, *kinds: type) -> str:
    return f"({write_filter(one)})" if isinstance(one, kinds) else write_filter(one)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            column = at + len(text[at:]) - len(text[at:].lstrip()) + 1
            said = "a text that does not end" if text[column - 1] == '"' else f"'{text[column - 1]}'"
            raise ValueError(f'At column {column}: {said} is not understood; values are in double quotes: is "3.5.0".')
        kind = match.lastgroup or ""
        found.append(_Token(kind, match[kind], match.start(kind) + 1))
        at = match.end()
    return found


class _Reader:
    """Recursive descent over the tokens; depth and size are bounded while reading."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens = [*tokens, _Token("end", "", length + 1)]
        self._at = 0
        self._deep = 0
        self._conditions = 0

    def whole(self) -> Filter:
        found = self._either()
        if self._now.kind != "end":
            raise self._expected("'and', 'or' or the end")
        return found

    def _either(self) -> Filter:
        found = [self._both()]
        while self._takes("or"):
            found.append(self._both())
        return found[0] if len(found) == 1 else Or(tuple(found))

    def _both(self) -> Filter:
        found = [self._one()]
        while self._takes("and"):
            found.append(self._one())
        return found[0] if len(found) == 1 else And(tuple(found))

    def _one(self) -> Filter:
        self._deep += 1
        if self._deep > 2 * MAX_DEPTH:
            raise ValueError(f"At column {self._now.column}: a filter is at most {MAX_DEPTH} levels deep.")
        found: Filter
        if self._takes("not"):
            found = Not(self._one())
        elif self._takes("("):
            found = self._either()
            if not self._takes(")"):
                raise self._expected("'and', 'or' or ')'")
        else:
            found = self._condition()
        self._deep -= 1
        return found

    def _condition(self) -> Filter:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise ValueError(f"At column {self._now.column}: a filter has at most {MAX_CONDITIONS} conditions.")
        dimension = self._now
        if dimension.kind != "word" or dimension.text in _RESERVED:
            raise self._expected("a dimension, 'not' or '('")
        self._at += 1
        operator, value = self._operator(), self._now
        nothing = value.text == "null" and value.kind == "word" and operator in (Operator.IS, Operator.IS_NOT)
        if value.kind != "text" and not nothing:
            raise self._expected('a text in double quotes, such as "3.5.0"')
        self._at += 1
        try:
            return Condition(dimension.text, operator, None if nothing else json.loads(value.text, strict=False))
        except ValueError as error:
            raise ValueError(f"At column {value.column}: {error}") from error

    def _operator(self) -> Operator:
        if self._takes("is"):
            return Operator.IS_NOT if self._takes("not") else Operator.IS
        if self._now.kind == "word" and self._now.text in set(Operator):
            self._at += 1
            return Operator(self._tokens[self._at - 1].text)
        raise self._expected("'is', 'is_not', 'contains' or 'matches'")

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _takes(self, text: str) -> bool:
        taken = self._now.text == text and self._now.kind in ("word", "sign")
        self._at += taken
        return taken

    def _expected(self, what: str) -> ValueError:
        found = self._now.text[:40] or "the end"
        return ValueError(f"At column {self._now.column}: {what} is expected, not {found}.")
