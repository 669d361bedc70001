"""``?`` parameters put into a statement as literals, and the literals that sqlglot would misread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from sqlglot.tokenizer_core import Token, TokenType

from infra.local.athena.errors import QueryFailure, malformed_query, not_supported
from infra.local.athena.tokens import tokenize

_TYPED_LITERALS = ("DATE", "TIMESTAMP", "TIME", "DECIMAL", "INTERVAL")


def bind(sql: str, parameters: Sequence[str]) -> str:
    """The text with every ``?`` replaced by its literal."""
    tokens = tokenize(sql)
    for one, after in pairwise(tokens):
        if one.token_type == TokenType.NUMBER and after.start == one.end + 1 and after.text[:1].isalpha():
            raise not_supported(f"the literal {one.text}{after.text}")  # 0b11 would be read as 0 AS b11
        if one.token_type == TokenType.COMMA and _ends_a_list(after):  # sqlglot would overlook the comma
            raise malformed_query(f"line {after.line}:{_column(after)}: mismatched input '{after.text}'")
    sql = _typed_literals(sql, tokens)
    tokens = tokenize(sql)
    marks = [token for token in tokens if token.token_type == TokenType.PLACEHOLDER]
    if len(marks) != len(parameters):
        raise malformed_query(
            f"line 1:1: Incorrect number of parameters: expected {len(marks)} but found {len(parameters)}"
        )
    for mark, parameter in reversed(list(zip(marks, parameters, strict=True))):
        sql = sql[: mark.start] + _literal(parameter) + sql[mark.end + 1 :]
    return sql


def _ends_a_list(token: Token) -> bool:
    plain = token.token_type not in (TokenType.STRING, TokenType.IDENTIFIER)
    return plain and token.text.upper() in (",", ")", "]", "FROM")


def _column(token: Token) -> int:
    return int(token.col) - (token.end - token.start)


def _typed_literals(sql: str, tokens: Sequence[Token]) -> str:
    """Look at ``DATE '…'``, and write ``DECIMAL '…'`` with its digits: sqlglot takes both for casts.

    >>> _typed_literals("SELECT DECIMAL '1.10'", tokenize("SELECT DECIMAL '1.10'"))
    'SELECT CAST(1.10 AS DECIMAL(3, 2))'
    """
    for kind, value in reversed(list(pairwise(tokens))):
        if value.token_type != TokenType.STRING or kind.text.upper() not in ("DECIMAL", "DATE"):
            continue
        if kind.text.upper() == "DATE":
            _check_date(value.text)
            continue
        number = re.fullmatch(r"([+-]?)(\d*)(?:\.(\d*))?", value.text.strip())
        if not number or not (number[2] or number[3]):
            raise QueryFailure("INVALID_LITERAL", f"'{value.text}' is not a valid DECIMAL literal")
        whole, part = number[2].lstrip("0"), number[3] or ""
        written = f"{number[1]}{number[2] or '0'}{'.' + part if part else ''}"
        made = f"CAST({written} AS DECIMAL({max(1, len(whole) + len(part))}, {len(part)}))"
        sql = sql[: kind.start] + made + sql[value.end + 1 :]
    return sql


def _check_date(written: str) -> None:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        try:
            date.fromisoformat(written)
        except ValueError as error:
            raise QueryFailure("INVALID_LITERAL", f"'{written}' is not a valid DATE literal") from error


def _literal(parameter: str) -> str:
    """A parameter is one literal and nothing else: no expression can be smuggled in."""
    tokens = tokenize(parameter)
    kinds = [token.token_type for token in tokens]
    if kinds in ([TokenType.STRING], [TokenType.NUMBER]) or parameter.strip().upper() in ("TRUE", "FALSE", "NULL"):
        return parameter.strip()
    if kinds == [TokenType.DASH, TokenType.NUMBER]:
        return f"({parameter.strip()})"
    if len(tokens) == 2 and tokens[0].text.upper() in _TYPED_LITERALS and kinds[1] == TokenType.STRING:
        return parameter.strip()
    raise malformed_query(f"The execution parameter {parameter} is no literal: put strings in single quotes")
