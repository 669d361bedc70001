"""The first door of the SQL endpoint: what passes, what does not, and where it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import RequestError
from chalicelib.sql.guard import MAX_ROWS, Checked, check
from chalicelib.sql.lexical import MAX_CHARACTERS, without_comments

NAMES = frozenset({"visits", "stars", "v_leads"})


def asked(sql: str) -> Checked:
    return check(sql, database="lake", names=NAMES)


def refusal(sql: str) -> str:
    with pytest.raises(RequestError) as caught:
        asked(sql)
    assert caught.value.status == 400
    (error,) = caught.value.errors
    detail = str(error["detail"])
    assert detail.startswith(f"line {error['line']}:{error['column']}: ")
    return detail.partition(": ")[0].removeprefix("line ") + " " + detail.partition(": ")[2]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT 1", ()),
        ("VALUES (1, 'a'), (2, 'b')", ()),
        ("SELECT * FROM visits", ("visits",)),
        ('SELECT * FROM lake."visits" v JOIN awsdatacatalog.lake.STARS s ON v.id = s.id', ("stars", "visits")),
        ("WITH a AS (SELECT n FROM visits) SELECT sum(n) FROM a", ("visits",)),
        ("SELECT x FROM visits, UNNEST(tags) WITH ORDINALITY AS t(x, n)", ("visits",)),
        ("SELECT transform(tags, t -> upper(t)) FROM visits", ("visits",)),
        ("SELECT 1 FROM visits WHERE EXISTS (SELECT 1 FROM stars WHERE stars.id = visits.id)", ("stars", "visits")),
        ("SELECT ';' AS \"a;b\" -- one; two\n FROM visits ;  ", ("visits",)),
        ("SELECT count(*) FILTER (WHERE n > ?) OVER (PARTITION BY day ORDER BY n) FROM visits", ("visits",)),
    ],
)
def test_a_query_over_what_is_known_passes(sql: str, tables: tuple[str, ...]) -> None:
    assert asked(sql).tables == tables


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", "1:1 Only queries are run"),
        ("/* nothing */", "1:1 Only queries are run"),
        ("DROP TABLE visits", "1:1 Only queries are run"),
        ("EXPLAIN SELECT 1", "1:1 Only queries are run"),
        ("SELECT 1; SELECT 2", "1:9 One statement at a time"),
        ("SELECT 1;;x", "1:9 One statement at a time"),
        ("SELECT\n  foo(1)", "2:3 There is no function 'foo'."),
        ("SELECT lowr('A')", "1:8 There is no function 'lowr'. Did you mean lower?"),
        ("SELECT * FROM visit", "1:15 There is no table or view 'visit': see /v1/catalog. Did you mean visits?"),
        ("SELECT * FROM other.visits", "1:21 Only tables of the database lake"),
        ("SELECT * FROM hive.lake.visits", "1:25 Only tables of the database lake"),
        ("SELECT * FROM visits v, (WITH b AS (SELECT 1) SELECT 1) c, b", "1:60 There is no table or view 'b'"),
        ('SELECT "$path" FROM visits', "1:8 Names that begin with $"),
        ('SELECT * FROM "visits$partitions"', "1:15 There is no table or view"),
        ("SELECT x FROM visits WHERE y = 'a", "1:32 This string is not closed."),
        ("SELECT x /* FROM visits", "1:10 This comment is not closed."),
        ("SELECT x FROM vіsits", "1:16 '\\u0456' can stand in quotes only."),
        ("SELECT x::bigint FROM visits", "1:9 '::' can stand in quotes only."),
        ("SELECT a b c FROM visits", "1:12 'c' cannot be read as SQL here."),
        ("SELECT (1 FROM visits", "1:11 'FROM' cannot be read as SQL here (expecting ))."),
        ("SELECT * FROM visits LIMIT 1000001", "1:28 At most 1,000,000 rows"),
        ("SELECT * FROM visits TABLESAMPLE BERNOULLI (1)", "1:"),
        ("SELECT * FROM visits FETCH FIRST 3 ROWS ONLY", "1:"),
        ("SELECT * FROM TABLE(read_csv('/etc/passwd'))", "1:15 "),
        ("SELECT " + "(" * 65 + "1" + ")" * 65, "1:72 Brackets are nested deeper than 64."),
        ("SELECT " + "NOT " * 5000 + "true", "1:1 The statement is nested too deep."),
        ("SELECT '" + "x" * MAX_CHARACTERS + "'", "1:65537 The statement is longer than 65,536 characters."),
    ],
)
def test_what_is_refused_is_told_with_its_place(sql: str, said: str) -> None:
    assert refusal(sql).startswith(said)


def test_a_comment_ends_where_trino_ends_it() -> None:
    hidden = "SELECT 1 /* /* */ FROM secrets -- */"

    assert refusal(hidden).startswith("1:24 There is no table or view 'secrets'")


def test_a_result_without_a_limit_of_its_own_is_bounded_at_its_outermost_level() -> None:
    assert asked("SELECT * FROM visits ORDER BY n").sql.endswith(f"ORDER BY n\nLIMIT {MAX_ROWS + 1}")
    assert asked("SELECT * FROM visits LIMIT 5").sql.endswith("LIMIT 5")
    assert asked("SELECT * FROM (SELECT * FROM visits LIMIT 5)").capped


def test_every_word_keeps_its_place() -> None:
    sql = "SELECT n -- how many\n, /* a\nb */ day FROM visits"

    sent = asked(sql).sql

    assert sent.index("day") == sql.index("day")
    assert "how many" not in sent


@given(st.text(max_size=200))
def test_whatever_is_sent_is_answered_or_refused_with_a_place(sql: str) -> None:
    try:
        asked(sql)
    except RequestError as error:
        assert error.status == 400
        assert "line" in error.errors[0]


@given(st.lists(st.sampled_from(["'", '"', "--", "/*", "*/", "\n", "a", "''", " ", "é"]), max_size=30).map("".join))
def test_blanking_keeps_length_and_lines_and_is_done_once(sql: str) -> None:
    try:
        blanked = without_comments(sql)
    except RequestError:
        return

    assert len(blanked) == len(sql)
    assert [i for i, c in enumerate(blanked) if c == "\n"] == [i for i, c in enumerate(sql) if c == "\n"]
    assert without_comments(blanked) == blanked
