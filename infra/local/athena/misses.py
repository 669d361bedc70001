"""Names that are not there, told as Athena tells them: with their place in the text."""

from __future__ import annotations

import re

from sqlglot import exp

from infra.local.athena.errors import QueryFailure
from infra.local.athena.positions import position

_COLUMN = re.compile(r'Referenced column "(?P<name>[^"]+)" (?:not found|was not found)')
_QUALIFIED = re.compile(r'"(?P<table>[^"]+)" does not have a column named "(?P<name>[^"]+)"')
_TABLE = re.compile(r'Referenced table "(?P<table>[^"]+)" not found')


def placed(failure: QueryFailure, tree: exp.Expr) -> QueryFailure:
    """A failure of DuckDB's about a column as Athena would tell it; any other as it is.

    The place is that of the first mention of the name.

    >>> from infra.local.athena.dialect import parse_query
    >>> lost = QueryFailure("COLUMN_NOT_FOUND", 'Binder Error: Referenced column "x" not found in FROM clause!')
    >>> placed(lost, parse_query("SELECT 1, x FROM t")).message
    "line 1:11: Column 'x' cannot be resolved or requester is not authorized to access requested resources"
    """
    for pattern in (_COLUMN, _QUALIFIED, _TABLE):
        if found := pattern.search(failure.message):
            wanted = {part: text.lower() for part, text in found.groupdict().items()}
            for column in tree.find_all(exp.Column):
                have = {"name": column.name.lower(), "table": column.table.lower()}
                if wanted.items() <= have.items():
                    return QueryFailure("COLUMN_NOT_FOUND", f"{position(column)}{_lost(column)}")
    return failure


def _lost(column: exp.Column) -> str:
    name = ".".join(part.name for part in column.parts)
    return f"Column '{name}' cannot be resolved or requester is not authorized to access requested resources"
