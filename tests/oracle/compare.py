"""When two answers are the same: types as Athena shows them, values as it prints them, errors by their kind. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

KNOWN = json.loads((Path(__file__).parent / "known_differences.json").read_text())
"""By statement: why the two differ, and what would have to be done."""

Answer = Mapping[str, Any]

SYNTAX = frozenset(
    {"SYNTAX_ERROR", "MALFORMED_QUERY", "COLUMN_NOT_FOUND", "FUNCTION_NOT_FOUND", "TYPE_MISMATCH", "TABLE_NOT_FOUND"}
    | {"EXPRESSION_NOT_AGGREGATE", "MISSING_GROUP_BY", "INVALID_INPUT", "AMBIGUOUS_NAME", "INVALID_LITERAL"}
)
"""Names of what is found before a statement runs: that it is found is what matters."""


class Verdict(StrEnum):
    """What a comparison came to."""

    SAME = "same"
    REFUSED = "refused by name"
    KNOWN = "known difference"
    DIFFERENT = "DIFFERENT"


def verdict(sql: str, ours: Answer, trino: Answer) -> Verdict:
    """Compare two answers to a statement."""
    if same(sql, ours, trino):
        return Verdict.SAME
    if "error" in ours and ours["error"]["name"] == "NOT_SUPPORTED":
        return Verdict.REFUSED
    return Verdict.KNOWN if sql in KNOWN else Verdict.DIFFERENT


def same(sql: str, ours: Answer, trino: Answer) -> bool:
    """Tell whether two answers say the same.

    >>> same("SELECT 1", {"types": ["integer"], "rows": [["1"]]}, {"types": ["integer"], "rows": [["1"]]})
    True
    >>> same("SELECT 1/0", {"error": {"name": "DIVISION_BY_ZERO"}}, {"error": {"name": "NUMERIC_VALUE_OUT_OF_RANGE"}})
    False
    """
    if "error" in ours or "error" in trino:
        names = [answer["error"]["name"] if "error" in answer else None for answer in (ours, trino)]
        return None not in names and (names[0] == names[1] or SYNTAX.issuperset(names))
    rows = [[[plain(value) for value in row] for row in answer["rows"]] for answer in (ours, trino)]
    if not is_ordered(sql):
        rows = [sorted(each, key=repr) for each in rows]
    return rows[0] == rows[1] and kinds(ours["types"]) == kinds(trino["types"])


def is_ordered(sql: str) -> bool:
    """Tell whether a statement says in which order its rows come: outside of all brackets.

    >>> is_ordered("SELECT sum(x) OVER (ORDER BY x) FROM t"), is_ordered("SELECT (x) FROM t ORDER BY f(x)")
    (False, True)
    """
    outer, inner = sql, ""
    while outer != inner:
        inner, outer = outer, re.sub(r"\([^()]*\)", "", outer)
    return "ORDER BY" in outer


def kinds(types: Sequence[str]) -> list[str]:
    """Write types as Athena's results name them: no length of a text, no precision of a timestamp, no type within.

    >>> kinds(["varchar(3)", "timestamp(3) with time zone", "array(integer)", "decimal(10,2)", "real"])
    ['varchar', 'timestamp with time zone', 'array', 'decimal(10,2)', 'float']
    """
    found = []
    for kind in types:
        bare = re.sub(r"^(timestamp|time|varchar|char)\(\d+\)", r"\1", kind)
        if not bare.startswith("decimal"):
            bare = bare.split("(")[0] if bare.startswith(("array", "map", "row")) else bare
        found.append({"real": "float"}.get(bare, bare))
    return found


def plain(value: str | None) -> str | None:
    """Write a value without what is a matter of taste: zeros at the end of a fraction of a second.

    >>> plain("2024-05-06 07:08:09"), plain("2024-05-06 07:08:09.000"), plain(None)
    ('2024-05-06 07:08:09', '2024-05-06 07:08:09', None)
    """
    return None if value is None else re.sub(r"(\d\d:\d\d:\d\d)\.0+(?!\d)", r"\1", value)
