"""Where something stands in the text, as Trino says it."""

from __future__ import annotations

from sqlglot import exp


def position(node: exp.Expr) -> str:
    """``line L:C: `` of the first character of a name or call; empty where sqlglot kept no place.

    >>> from infra.local.athena.dialect import parse_query
    >>> position(parse_query("SELECT 1 FROM lake.hits").find(exp.Table)), position(exp.column("made"))
    ('line 1:15: ', '')
    """
    parts = [node] if isinstance(node, (exp.Identifier, exp.Anonymous)) else list(node.find_all(exp.Identifier))
    places = [part.meta for part in parts if "line" in part.meta]
    if not places:
        return ""
    first = min(places, key=lambda place: int(place["start"]))
    column = int(first["col"]) - (int(first["end"]) - int(first["start"]))  # sqlglot's column is that of the last one
    return f"line {first['line']}:{column}: "
