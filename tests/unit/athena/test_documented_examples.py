"""The statements of Trino's documentation with the results that it states, counted: right, refused by name, wrong."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from infra.local.athena.errors import ApiError, QueryFailure
from infra.local.athena.parse import parse
from infra.local.athena.statement import Query
from tests.oracle.ours import run
from tests.real_data import FOLDER

EXAMPLES = FOLDER / "trino" / "trino_documented_examples.json"

#: A ratchet: more may become right, none may become wrong.
LEAST_RIGHT = 258
MOST_WRONG = 0

Rows = list[list[str | None]]


def answer(sql: str) -> Rows:
    statement = parse(sql)
    assert isinstance(statement, Query)
    rows: Rows = run(statement)["rows"]
    return rows


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
