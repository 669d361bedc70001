"""The statements of Trino's documentation with the results that it states, counted: right, refused by name, wrong."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from infra.local.athena.engine import Engine
from infra.local.athena.errors import ApiError, QueryFailure
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.statement import Query
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.values import printer

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("HEADWATER_SHARED_DATA", ROOT / ".." / "shared" / "data"))
EXAMPLES = SHARED / "trino" / "trino_documented_examples.json"

#: A ratchet: more may become right, none may become wrong.
LEAST_RIGHT = 258
MOST_WRONG = 0

Rows = list[list[str | None]]


def answer(sql: str) -> Rows:
    statement = parse(sql)
    assert isinstance(statement, Query)
    check(statement.tree)
    text = to_duckdb(statement.tree, Context(dt.datetime(2026, 11, 22, tzinfo=dt.UTC)))
    engine = Engine(Path("unused"), 1, "500MB")
    try:
        engine.prepare(text)
        engine.lock()
        result = engine.run(text)
        printers = [printer(str(column[1])) for column in result.description]
        return [
            [None if value is None else show(value) for value, show in zip(row, printers, strict=True)]
            for row in result.fetchall()
        ]
    finally:
        engine.close()


def plain(value: str | None) -> str | None:
    """The documentation's spellings and ours as one: quotes, spaces, case of booleans, zeros at the end."""
    if value is None:
        return None
    text = re.sub(r"\b(?:JSON|DATE|TIME) '([^']*)'", r"\1", value.strip())
    text = re.sub(r"'((?:[^']|'')*)'", r"\1", text)
    text = re.sub(r"ROW\(([^()]*)\)", r"{\1}", re.sub(r"\bfield\d+=", "", text))
    text = text.replace(" -> ", "=")
    text = re.sub(r"(\.\d*?[1-9])0+(?!\d)", r"\1", text)
    text = re.sub(r"\.0+(?!\d)", "", text)
    text = re.sub(r"\s*([,:=])\s*", r"\1", text)
    return re.sub(r"\b(TRUE|FALSE|NULL)\b", lambda found: found[0].lower(), text)


def same(example: dict[str, Any], got: Rows) -> bool:
    expected = [[plain(value) for value in row] for row in example["rows"]]
    ours = [[plain(value) for value in row] for row in got]
    if "ORDER BY" not in example["sql"]:
        return sorted(map(repr, expected)) == sorted(map(repr, ours))
    return expected == ours


def verdict(example: dict[str, Any]) -> tuple[str, str]:
    """``right``, ``refused``, ``wrong`` or ``suspect`` (where the documentation looks wrong), and what was answered."""
    try:
        got = answer(example["sql"])
    except (QueryFailure, ApiError) as refusal:
        return ("right" if example["kind"] == "error" else "refused"), str(refusal)
    if example["kind"] == "error":
        return "wrong", str(got)
    unlike = "suspect" if "doc-suspect" in (example.get("note") or "") else "wrong"
    return ("right" if same(example, got) else unlike), str(got)


@pytest.mark.shared_data
@pytest.mark.slow
def test_documented_examples_do_not_get_worse() -> None:
    if not EXAMPLES.exists():
        pytest.skip(f"{EXAMPLES} is absent: set HEADWATER_SHARED_DATA")
    examples = json.loads(EXAMPLES.read_text())

    verdicts = [(verdict(example), example) for example in examples]

    counts = Counter(kind for (kind, _), _ in verdicts)
    wrong = "\n".join(f"{e['sql']}\n  {e['rows']}\n  {got}" for (kind, got), e in verdicts if kind == "wrong")
    print(f"right {counts['right']}, refused {counts['refused']}, wrong {counts['wrong']}\n{wrong}")
    assert counts["right"] >= LEAST_RIGHT
    assert counts["wrong"] <= MOST_WRONG, wrong
