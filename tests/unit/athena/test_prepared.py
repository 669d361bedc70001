"""PREPARE, EXECUTE and DEALLOCATE PREPARE as texts."""

from __future__ import annotations

import pytest

from infra.local.athena import statement as st
from infra.local.athena.errors import ApiError
from infra.local.athena.prepared import marks, read_preparing


@pytest.mark.parametrize(
    ("sql", "parameters", "read"),
    [
        ("PREPARE most FROM SELECT a FROM t WHERE b = ?", [], st.Prepare("most", "SELECT a FROM t WHERE b = ?")),
        ("prepare Most from INSERT INTO t SELECT ?;", [], st.Prepare("most", "INSERT INTO t SELECT ?")),
        ("EXECUTE most", [], st.Execute("most", ())),
        ('EXECUTE "most" USING 1, \'a, b\', -2.5, null', [], st.Execute("most", ("1", "'a, b'", "-2.5", "null"))),
        ("EXECUTE most USING DATE '2026-11-22'", [], st.Execute("most", ("DATE '2026-11-22'",))),
        ("EXECUTE most", ["1", "'x'"], st.Execute("most", ("1", "'x'"))),
        ("EXECUTE most USING ?, 2", ["1"], st.Execute("most", ("1", "2"))),
        ("DEALLOCATE PREPARE most;", [], st.Deallocate("most")),
        ("SELECT 1", [], None),
        ("SHOW TABLES", [], None),
    ],
)  # fmt: skip
def test_the_texts_are_read(sql: str, parameters: list[str], read: object) -> None:
    assert read_preparing(sql, parameters) == read


@pytest.mark.parametrize(
    ("sql", "parameters", "told"),
    [
        ("PREPARE most FROM SHOW TABLES", [], "Only SELECT, INSERT INTO, CREATE TABLE AS and UNLOAD"),
        ("PREPARE most FROM DROP TABLE t", [], "Only SELECT"),
        ("PREPARE most FROM SELEC 1", [], "mismatched input 'SELEC'"),
        ("PREPARE most FROM PREPARE other FROM SELECT 1", [], "not supported"),
        ("PREPARE most SELECT 1", [], "Expecting: FROM"),
        ("EXECUTE", [], "Expecting: a name"),
        ("EXECUTE most USING", [], "Expecting: a literal"),
        ("EXECUTE most USING 1,", [], "Expecting: a literal"),
        ("EXECUTE most USING ,1", [], "Expecting: a literal"),
        ("EXECUTE most 1", [], "Expecting: <EOF>"),
        ("EXECUTE most USING 1", ["2"], "Incorrect number of parameters"),
        ("EXECUTE most USING ?", ["1); SELECT (2"], "is no literal"),
        ("DEALLOCATE most", [], "Expecting: PREPARE"),
        ("DEALLOCATE PREPARE most, other", [], "Expecting: <EOF>"),
    ],
)
def test_what_is_none_of_them_is_malformed(sql: str, parameters: list[str], told: str) -> None:
    with pytest.raises(ApiError, match=told) as refused:
        read_preparing(sql, parameters)

    assert refused.value.code == "MALFORMED_QUERY"


def test_question_marks_in_texts_names_and_comments_are_none() -> None:
    assert marks("""SELECT '?', "?" -- ?\n, ? /* ? */ FROM t WHERE a = ?""") == [23, 50]
