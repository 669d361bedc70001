"""What the local Athena makes of a statement without tables, in the words of its results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local.athena.engine import Engine
from infra.local.athena.errors import ApiError, QueryFailure
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.presentation import presented
from infra.local.athena.statement import Query
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.typecheck import check_types

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def answer(sql: str) -> Mapping[str, Any]:
    """Run a statement: ``types`` and ``rows`` as a result shows them, or ``error`` with its name."""
    try:
        statement = parse(sql)
        if not isinstance(statement, Query):
            return {"error": {"name": "NO_QUERY", "message": sql}}
        return run(statement)
    except QueryFailure as failure:
        return {"error": {"name": failure.name, "message": str(failure)}}
    except ApiError as refusal:
        return {"error": {"name": refusal.code or refusal.kind, "message": refusal.message}}


def run(statement: Query) -> Mapping[str, Any]:
    """Run a query: its ``types`` and ``rows``. Raises ``QueryFailure`` and ``ApiError``."""
    check(statement.tree)
    tree = statement.tree.copy()
    fields = check_types(tree)
    text = to_duckdb(tree, Context(NOW))
    engine = Engine(Path("unused"), 1, "500MB")
    try:
        engine.prepare(text)
        result = engine.run(text)
        kinds = [str(column[1]) for column in result.description]
        columns = presented(kinds, fields)
        rows = [
            [None if v is None else show(v) for v, (_, show) in zip(row, columns, strict=True)]
            for row in result.fetchall()
        ]
        return {"types": [shown for shown, _ in columns], "rows": rows}
    finally:
        engine.close()
