"""``/v1/sql`` over an engine in memory: who may, what is answered, and how errors point at their place."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import sql
from chalicelib.domain.queries import ExecutionState, ResultColumn
from chalicelib.sql.places import AT_ONCE
from tests.unit.api.world import ADMIN, READ, SQL, World
from tests.unit.sql.memory_engine import MemoryEngine, refusing

STARS = "SELECT repository, count(*) AS n FROM github_stars WHERE dt >= ? GROUP BY 1"
FOREVER = 10**6


def ask(world: World, token: str = SQL, headers: dict[str, str] | None = None, **body: Any) -> Any:
    sent = {"Content-Type": "application/json", **(headers or {})}
    return world.call("POST", "/v1/sql", token=token, headers=sent, body=json.dumps(body).encode())


def schema_of(name: str, status: int) -> Any:
    return next(a.schema for r in sql.ROUTES if r.name == name for a in r.answers if a.status == status)


def test_a_short_query_is_answered_with_typed_rows(world: World) -> None:
    world.engine.columns = (ResultColumn("repository", "varchar"), ResultColumn("n", "bigint"))
    world.engine.rows = [("acme/cask", "412"), (None, "1")]

    answer = ask(world, sql=STARS, parameters=["2026-11-01"])

    assert answer.status_code == 200
    assert answer.json_body["results"] == [{"repository": "acme/cask", "n": 412}, {"repository": None, "n": 1}]
    assert answer.json_body["meta"]["scanned_bytes"] == 200
    assert answer.json_body["meta"]["cost_usd"] == "0.000050"
    assert world.engine.started["q1"][1] == ("'2026-11-01'",)
    Draft202012Validator(schema_of("run_sql", 200)).validate(answer.json_body)


@pytest.mark.parametrize(("token", "status"), [(READ, 403), (SQL, 200), (ADMIN, 200), ("hw_" + "x" * 43, 401)])
def test_sql_needs_a_scope_of_its_own(world: World, token: str, status: int) -> None:
    assert ask(world, token, sql="SELECT 1").status_code == status


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"sql"}),
        (
            {"sql": 7, "format": "pdf", "max_rows": 0, "wait_s": 21, "x": 1},
            {"sql", "format", "max_rows", "wait_s", "x"},
        ),
        ({"sql": "SELECT 1", "max_rows": 5, "format": "csv"}, {"max_rows"}),
        ({"sql": "SELECT 1", "max_rows": True}, {"max_rows"}),
        ({"sql": "SELECT ?", "parameters": []}, {"parameters"}),
        ({"sql": "SELECT ?, ?", "parameters": [[1], {"date": "x"}]}, {"parameters[0]", "parameters[1]"}),
    ],
)
def test_every_wrong_field_is_named(world: World, body: dict[str, Any], wrong: set[str]) -> None:
    answer = ask(world, **body)

    assert answer.status_code == 400
    assert {error["parameter"] for error in answer.json_body["errors"]} == wrong
    assert world.engine.started == {}


def test_what_the_guard_refuses_is_told_with_line_and_column(world: World) -> None:
    answer = ask(world, sql="SELECT *\nFROM secrets")

    (error,) = answer.json_body["errors"]
    assert (answer.status_code, error["line"], error["column"]) == (400, 2, 6)


@pytest.mark.parametrize(
    ("reason", "status", "where"),
    [
        ("COLUMN_NOT_FOUND: line 2:3: Column 'x' cannot be resolved", 400, (2, 3)),
        ("DIVISION_BY_ZERO: Division by zero", 422, None),
        ("Bytes scanned limit was exceeded", 422, None),
        ("HIVE_CURSOR_ERROR: s3://bucket/lake/x.parquet is gone", 422, None),
    ],
)
def test_what_athena_refuses_is_told_as_the_callers_problem(
    world: World, reason: str, status: int, where: tuple[int, int] | None
) -> None:
    world.engine.ending, world.engine.reason = ExecutionState.FAILED, reason

    answer = ask(world, sql="SELECT 1")

    assert answer.status_code == status
    assert "s3://" not in answer.body.decode()
    if where:
        (error,) = answer.json_body["errors"]
        assert (error["line"], error["column"]) == where


def test_what_athena_refuses_at_the_start_is_no_incident(world: World) -> None:
    world.engine.on_start = refusing(
        "Athena refused the statement: InvalidRequestException: line 1:9: mismatched input"
    )

    answer = ask(world, sql="SELECT 1")

    assert answer.status_code == 400
    assert answer.json_body["errors"][0]["column"] == 9


def test_a_long_query_is_a_run_that_can_be_looked_at_paged_and_fetched(world: World) -> None:
    world.engine.looks = 60
    world.engine.rows = [(str(i),) for i in range(2_500)]

    started = ask(world, sql="SELECT n FROM web_events", wait_s=1)
    place = f"/v1/{started.headers['Location']}"
    early = world.get(f"{place}/rows", token=SQL)
    while world.get(place, token=SQL).json_body["state"] != "done":
        world.sleep(1)
    rows, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = world.get(f"{place}/rows", token=SQL, limit="1200", **({"cursor": cursor} if cursor else {})).json_body
        rows += [row["n"] for row in page["results"]]
        cursor, pages = page["meta"]["next_cursor"], pages + 1

    assert started.status_code == 202
    assert started.headers["Retry-After"] == "2"
    Draft202012Validator(schema_of("run_sql", 202)).validate(started.json_body)
    assert early.status_code == 409
    assert (rows, pages) == (list(range(2_500)), 3)


def test_a_run_belongs_to_its_token(world: World) -> None:
    place = f"/v1/sql/{ask(world, sql='SELECT 1').json_body['meta']['run']}"

    assert world.get(place, token=SQL).status_code == 200
    assert world.get(place, token=ADMIN).status_code == 404
    assert world.get("/v1/sql", token=SQL).json_body["meta"]["count"] == 1
    assert world.get("/v1/sql", token=ADMIN).json_body["meta"]["count"] == 0
    Draft202012Validator(schema_of("list_sql_runs", 200)).validate(world.get("/v1/sql", token=SQL).json_body)


def test_cancelling(world: World) -> None:
    world.engine.looks = FOREVER
    place = f"/v1/{ask(world, sql='SELECT 1', wait_s=0).headers['Location']}"

    cancelled = world.call("DELETE", place, token=SQL)

    assert cancelled.json_body["state"] == "cancelled"
    assert world.engine.stopped == ["q1"]
    assert world.get(f"{place}/rows", token=SQL).status_code == 409


def test_a_caller_with_too_many_queries_is_told_to_wait(world: World) -> None:
    world.engine.looks = FOREVER
    for _ in range(AT_ONCE):
        ask(world, sql="SELECT 1", wait_s=0)

    refused = ask(world, sql="SELECT 1", wait_s=0)

    assert refused.status_code == 429
    assert "Retry-After" in refused.headers


def test_the_same_key_is_the_same_run_and_another_question_needs_another_key(world: World) -> None:
    key = {"Idempotency-Key": "k-1"}

    first, again = (ask(world, headers=key, sql="SELECT 1").json_body["meta"]["run"] for _ in range(2))
    other = ask(world, headers=key, sql="SELECT 2")

    assert first == again
    assert len(world.engine.started) == 1
    assert other.status_code == 422


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_a_result_as_a_file(world: World, form: str) -> None:
    (world.results.folder / "sql").mkdir(parents=True)
    (world.results.folder / "sql" / "q1.csv").write_text('"n"\n"1"\n')

    answer = ask(world, sql="SELECT 1 AS n", format=form)
    run = world.get("/v1/sql", token=SQL).json_body["results"][0]["id"]
    later = world.get(f"/v1/sql/{run}/file", token=SQL, format=form)

    if form == "csv":
        assert (answer.status_code, answer.body.decode()) == (200, "n\n1\n")
        assert answer.headers["Content-Type"].startswith("text/csv")
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"] == answer.json_body["link"]
    assert later.status_code == 303
    assert f"headwater-{run}.{form}" in later.headers["Location"]
    Draft202012Validator(schema_of("get_sql_file", 303)).validate(later.json_body)
    told = world.get(f"/v1/sql/{run}/file", token=SQL, format=form, redirect="false")
    assert (told.status_code, told.json_body["run"]) == (200, run)
    assert "Location" not in told.headers


def test_two_columns_of_one_name_are_both_there_and_told(world: World) -> None:
    world.engine.columns = (ResultColumn("n", "bigint"), ResultColumn("n", "bigint"))
    world.engine.rows = [("1", "2")]

    body = ask(world, sql="SELECT 1 AS n, 2 AS n LIMIT 5").json_body

    assert body["results"] == [{"n": 1, "n_2": 2}]
    assert body["meta"]["warnings"] == ["Two columns of one name: n as n_2."]


def test_every_query_is_logged_with_who_and_what_it_cost_without_its_values(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[dict[str, Any]] = []

    class Spy:
        def info(self, message: str, extra: dict[str, Any]) -> None:
            if message == "sql":
                logged.append(extra)

    monkeypatch.setattr("chalicelib.api.context.logger", Spy)
    caplog.set_level(logging.INFO)

    ask(world, sql=STARS, parameters=["person@example.com"])

    (line,) = logged
    assert (line["by"], line["state"], line["scanned_bytes"], line["cost_usd"]) == ("sql", "done", 200, "0.000050")
    assert line["tables"] == ["github_stars"]
    assert "person@example.com" not in json.dumps(line)


PLAN = {
    "inputTableColumnInfos": [
        {
            "table": {"catalog": "awsdatacatalog", "schemaTable": {"schema": "lake", "table": "github_stars"}},
            "constraint": {
                "none": False,
                "columnConstraints": [
                    {
                        "columnName": "dt",
                        "type": "varchar",
                        "domain": {
                            "nullsAllowed": False,
                            "ranges": [
                                {"low": {"value": "2026-11-02", "bound": "ABOVE"}, "high": {"bound": "BELOW"}},
                                {
                                    "low": {"value": "2026-11-01", "bound": "EXACTLY"},
                                    "high": {"value": "2026-11-01", "bound": "EXACTLY"},
                                },
                            ],
                        },
                    }
                ],
            },
        }
    ]
}


def test_an_explanation_says_what_would_be_read_and_reads_nothing(world: World) -> None:
    world.engine.said = {"EXPLAIN (TYPE IO": json.dumps(PLAN), "EXPLAIN\n": "Fragment 0"}
    world.sizes["github_stars"] = {"dt=2026-11-01": 5, "dt=2026-11-02": 7, "dt=2026-11-03": 11}

    answer = world.post_json("/v1/sql/explain", {"sql": STARS, "parameters": ["2026-11-01"]}, token=SQL)

    assert answer.status_code == 200
    assert answer.json_body["tables"] == [
        {"table": "github_stars", "partitions": 2, "of_partitions": 3, "max_bytes": 16}
    ]
    assert (answer.json_body["max_scanned_bytes"], answer.json_body["max_cost_usd"]) == (16, "0.000050")
    assert answer.json_body["plan"] == "Fragment 0"
    Draft202012Validator(schema_of("explain_sql", 200)).validate(answer.json_body)


def test_an_explanation_of_what_is_wrong_points_at_it(world: World) -> None:
    world.engine = MemoryEngine(ending=ExecutionState.FAILED, reason="COLUMN_NOT_FOUND: line 1:8: Column 'x'")

    answer = world.post_json("/v1/sql/explain", {"sql": "SELECT x FROM github_stars"}, token=SQL)

    assert (answer.status_code, answer.json_body["errors"][0]["column"]) == (400, 8)
