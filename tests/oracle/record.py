"""Trino's answers to our own statements, kept for machines without Java: ``make test`` compares with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.oracle.compare import is_ordered

RECORDED = Path(__file__).parent / "recorded.json"


@cache
def recorded() -> Mapping[str, Mapping[str, Any]]:
    """Every statement and its answer; nothing before the first recording."""
    return json.loads(RECORDED.read_text()) if RECORDED.exists() else {}


def write(told: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep answers, a statement a line."""
    kept = ((sql, plainly(sql, answer)) for sql, answer in told.items())
    lines = (f"{json.dumps(sql)}: {json.dumps(answer, ensure_ascii=False)}" for sql, answer in kept)
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    recorded.cache_clear()


TYPES = ("TYPE_MISMATCH", "FUNCTION_NOT_FOUND", "INVALID_COLUMN_REFERENCE")
"""The errors whose text is kept too: what does not fit, and where."""


def plainly(sql: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what belongs to the asking, and of an error all but its name (and its text where types do not fit).

    Rows without an order of their own are sorted: Trino gives them as its threads end.
    """
    if "error" in answer:
        kept = ("name", "message") if answer["error"]["name"] in TYPES else ("name",)
        return {"error": {part: answer["error"][part] for part in kept}}
    rows = answer["rows"] if is_ordered(sql) else sorted(answer["rows"], key=repr)
    return {"types": answer["types"], "rows": rows}
