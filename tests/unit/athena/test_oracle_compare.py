"""The comparison with Trino sees what differs, and the corpus is what it says it is."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.oracle import ours
from tests.oracle.__main__ import corpus, documented
from tests.oracle.compare import KNOWN, Verdict, verdict
from tests.oracle.generated import generated
from tests.oracle.project import project
from tests.oracle.record import TYPES, recorded

ONE = {"types": ["integer"], "rows": [["1"]]}


def error(name: str) -> dict[str, Any]:
    return {"error": {"name": name, "message": "…"}}


@pytest.mark.parametrize(
    ("ours", "trino", "expected"),
    [
        (ONE, ONE, Verdict.SAME),
        (ONE, {**ONE, "rows": [["2"]]}, Verdict.DIFFERENT),
        (ONE, {**ONE, "rows": [["1"], ["1"]]}, Verdict.DIFFERENT),
        (ONE, {**ONE, "types": ["bigint"]}, Verdict.DIFFERENT),
        (ONE, error("DIVISION_BY_ZERO"), Verdict.DIFFERENT),
        (error("DIVISION_BY_ZERO"), ONE, Verdict.DIFFERENT),
        (error("DIVISION_BY_ZERO"), error("DIVISION_BY_ZERO"), Verdict.SAME),
        (error("DIVISION_BY_ZERO"), error("INVALID_CAST_ARGUMENT"), Verdict.DIFFERENT),
        (error("MALFORMED_QUERY"), error("TYPE_MISMATCH"), Verdict.SAME),
        (error("NOT_SUPPORTED"), ONE, Verdict.REFUSED),
        (error("FUNCTION_NOT_FOUND"), ONE, Verdict.DIFFERENT),
    ],
)
def test_only_the_same_is_the_same(ours: dict[str, Any], trino: dict[str, Any], expected: Verdict) -> None:
    assert verdict("SELECT 1", ours, trino) is expected


def test_rows_count_in_their_order_only_where_there_is_one() -> None:
    two = {"types": ["integer"], "rows": [["2"], ["1"]]}
    turned = {"types": ["integer"], "rows": [["1"], ["2"]]}

    assert verdict("SELECT x FROM t", two, turned) is Verdict.SAME
    assert verdict("SELECT x FROM t ORDER BY x", two, turned) is Verdict.DIFFERENT


def test_a_known_difference_has_its_statement_and_a_reason() -> None:
    statements = Counter(sql for _, sql in corpus())
    there = statements.keys() | {sql for _, sql in documented()}

    assert statements.total() >= 300
    assert max(statements.values()) == 1
    assert all(reason.endswith(".") for reason in KNOWN.values())
    if any(documented()):
        assert KNOWN.keys() <= there


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_the_local_athena_answers_as_trino_was_recorded(part: int) -> None:
    statements = [sql for _, sql in [*project(), *corpus()]][part::8]

    found = {sql: (ours.answer(sql), recorded()[sql]) for sql in statements}

    different = {sql: pair for sql, pair in found.items() if verdict(sql, *pair) is Verdict.DIFFERENT}
    assert different == {}
    assert sum(verdict(sql, *pair) is Verdict.SAME for sql, pair in found.items()) > len(found) * 0.8


def test_a_mismatch_of_types_is_told_in_the_words_that_trino_was_recorded_with() -> None:
    wrong = {sql: told["error"] for sql, told in recorded().items() if told.get("error", {}).get("name") in TYPES}
    answers = {sql: ours.answer(sql) for sql in wrong}
    other = {
        sql: answers[sql].get("error", answers[sql])
        for sql, error in wrong.items()
        if answers[sql].get("error", {}).get("message") != f"{error['name']}: {error['message']}"
    }

    assert len(wrong) > 150
    assert all("not registered" in str(told) for told in other.values()), other
    assert len(other) <= 3


def test_statements_made_by_chance_are_the_same_for_the_same_seed() -> None:
    once, again, others = list(generated(50, 1)), list(generated(50, 1)), list(generated(50, 2))

    assert once == again
    assert once != others
    assert len({sql for _, sql in once}) > 40
