"""The tree of a query. A function keeps its Trino name until :mod:`~infra.local.athena.functions` decides its fate."""

from __future__ import annotations

import re

from sqlglot import exp, parse
from sqlglot.errors import ParseError, TokenError

from chalicelib.sql.trino import BareTrino
from infra.local.athena.errors import malformed_query, not_supported

_INLINE_FUNCTIONS = re.compile(r"\s*WITH\s+FUNCTION\b", re.IGNORECASE)
_UNREAD = re.compile(r"\bjson_(query|value|exists|object|array|table)\s*\(", re.IGNORECASE)
"""What Trino reads and sqlglot does not."""

TEXT = "text"
"""The key of a query's own text in its tree's ``meta``, for the places that errors name."""


def parse_query(sql: str) -> exp.Query:
    """The tree of one query.

    Raises
    ------
    ApiError
        When it is no single query, as ``StartQueryExecution`` refuses it.
    """
    if _INLINE_FUNCTIONS.match(sql):
        raise not_supported("functions that a query brings along")
    try:
        trees = [tree for tree in parse(sql, read=BareTrino) if tree is not None]
    except (ParseError, TokenError) as error:
        if clause := _UNREAD.search(sql):
            raise not_supported(f"the clauses of {clause[0].rstrip('( ').upper()}") from error
        raise malformed_query(_first_problem(error)) from error
    if len(trees) != 1:
        raise malformed_query(f"Only one sql statement is allowed. Got: {sql.strip()}")
    tree = trees[0]
    if isinstance(tree, exp.Values):
        tree = exp.select("*").from_(exp.Subquery(this=tree, alias=None))
    while isinstance(tree, exp.Subquery) and tree.is_wrapper:
        tree = tree.this
    if not isinstance(tree, exp.Query) or isinstance(tree, exp.Table):
        raise malformed_query("Queries of this type are not supported")
    tree.meta[TEXT] = sql
    return tree


def _first_problem(error: ParseError | TokenError) -> str:
    details = getattr(error, "errors", None)
    if not details:
        return f"line 1:1: {error}".split("\n")[0]
    first = details[0]
    line, column, token, said = (first.get(part) or "" for part in ("line", "col", "highlight", "description"))
    if not str(first.get("end_context") or "").strip() and not said.startswith("Invalid expression"):
        return f"line {line}:{int(column) + 1}: mismatched input '<EOF>'"
    wanted = f". {said}" if said.startswith("Expecting") else ""
    return f"line {line}:{int(column) - len(token) + 1}: mismatched input '{token}'{wanted}".split("\n")[0]
