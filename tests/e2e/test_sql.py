"""SQL over the deployed system: the endpoint, and what an analyst's own key may do and may not."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import duckdb
import openpyxl
import pytest
import requests
from botocore.exceptions import ClientError

from tests.e2e.conftest import REGION, run_sql

pytestmark = pytest.mark.deployed

STARS = "SELECT repository, count(*) AS stars FROM github_stars WHERE dt >= ? GROUP BY repository ORDER BY repository"
LONG = """
SELECT count(*) AS n
FROM web_events a CROSS JOIN web_events b CROSS JOIN web_events c
WHERE length(a.event_id) + length(b.event_id) + length(c.event_id) > 3
"""


@pytest.fixture(scope="session")
def ask(endpoints: dict[str, str]) -> Iterator[Callable[..., requests.Response]]:
    """Ask the SQL endpoint: ``ask("POST", "", json=…)``, ``ask("GET", "/{id}")``."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {endpoints['sql_token']}"
        yield lambda method, path="", **sent: session.request(method, f"{endpoints['api']}/v1/sql{path}", **sent)


@pytest.fixture(scope="session")
def answered(endpoints: dict[str, str]) -> Callable[..., requests.Response]:
    """Ask and wait for the answer, however long it takes."""
    return lambda **question: run_sql(endpoints["api"], endpoints["sql_token"], question)


@pytest.fixture(scope="session")
def analyst(endpoints: dict[str, str]) -> Callable[[str], Any]:
    """Clients of the local AWS with the analyst's key."""

    def client(service: str) -> Any:
        address = endpoints["athena"] if service == "athena" else endpoints["aws"]
        key = {"aws_access_key_id": endpoints["analyst_key_id"], "aws_secret_access_key": endpoints["analyst_secret"]}
        return boto3.client(service, endpoint_url=address, region_name=REGION, **key)

    return client


def ended(ask: Callable[..., requests.Response], run: str) -> dict[str, Any]:
    for _ in range(300):
        found: dict[str, Any] = ask("GET", f"/{run}").json()
        if found["state"] not in ("queued", "running"):
            return found
        time.sleep(0.2)
    raise AssertionError(f"{run} did not end")


def test_the_endpoint_gives_what_athena_gives(
    answered: Callable[..., requests.Response], sql: Callable[[str], list[list[str | None]]]
) -> None:
    answer = answered(sql=STARS, parameters=["2026-11-01"])

    expected = sql(STARS.replace("?", "'2026-11-01'"))
    assert [[row["repository"], str(row["stars"])] for row in answer.json()["results"]] == expected
    assert len(expected) >= 3
    assert answer.json()["meta"]["scanned_bytes"] > 0


def test_files_have_every_row_of_the_answer(answered: Callable[..., requests.Response]) -> None:
    question = {"sql": STARS, "parameters": ["2026-11-01"]}
    rows = [tuple(row.values()) for row in answered(**question).json()["results"]]

    text, parquet, book = (answered(**question, format=form) for form in ("csv", "parquet", "xlsx"))

    assert text.text == "repository,stars\n" + "".join(f"{name},{stars}\n" for name, stars in rows)
    assert [one.status_code for one in (*parquet.history, *book.history)] == [303, 303]
    assert "Authorization" not in parquet.request.headers
    assert duckdb.from_arrow(_parquet(parquet.content)).fetchall() == rows
    sheet = openpyxl.load_workbook(io.BytesIO(book.content))["Result"]
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)] == rows


def _parquet(body: bytes) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(body))


def test_a_large_answer_is_paged_to_its_end(
    ask: Callable[..., requests.Response], answered: Callable[..., requests.Response]
) -> None:
    page = answered(sql="SELECT n FROM UNNEST(sequence(1, 2500)) AS t(n) ORDER BY n", max_rows=1200).json()
    rows, run = [row["n"] for row in page["results"]], page["meta"]["run"]
    while cursor := page["meta"]["next_cursor"]:
        page = ask("GET", f"/{run}/rows", params={"cursor": cursor, "limit": 700}).json()
        rows += [row["n"] for row in page["results"]]

    assert rows == list(range(1, 2501))


def test_a_long_query_is_a_run_that_can_be_cancelled(ask: Callable[..., requests.Response]) -> None:
    started = ask("POST", json={"sql": LONG, "wait_s": 0})
    run = started.json()["id"]
    place = requests.compat.urljoin(started.url, started.headers["Location"])

    early = ask("GET", f"/{run}/rows")
    cancelled = ask("DELETE", f"/{run}")

    assert started.status_code == 202
    assert place == f"{started.url}/{run}"
    assert early.status_code == 409
    assert cancelled.json()["state"] == "cancelled"
    assert ended(ask, run)["state"] == "cancelled"


def test_more_queries_than_there_are_places_are_told_to_wait(
    ask: Callable[..., requests.Response], answered: Callable[..., requests.Response]
) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: ask("POST", json={"sql": LONG, "wait_s": 0}), range(8)))

    runs = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    for run in runs:
        ask("DELETE", f"/{run}")
    assert len(runs) == 3
    assert {answer.status_code for answer in answers} == {202, 429}
    assert answered(sql="SELECT 1 AS n").json()["results"] == [{"n": 1}]


@pytest.mark.parametrize(
    ("statement", "line", "column"),
    [
        ("SELECT *\nFROM passwords", 2, 6),
        ("SELECT getenv('HOME')", 1, 8),
        ("SELECT 1; DROP TABLE github_stars", 1, 9),
        ("SELECT 1 /* /* */ FROM information_schema.tables -- */", 1, 43),
    ],
)
def test_what_is_refused_is_told_with_its_place(
    ask: Callable[..., requests.Response], statement: str, line: int, column: int
) -> None:
    answer = ask("POST", json={"sql": statement})

    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert (error["line"], error["column"]) == (line, column)


def test_an_explanation_says_which_partitions_are_left(
    ask: Callable[..., requests.Response], answered: Callable[..., requests.Response]
) -> None:
    whole = ask("POST", "/explain", json={"sql": "SELECT count(*) FROM github_stars"}).json()
    part = ask("POST", "/explain", json={"sql": STARS, "parameters": ["2026-11-01"]}).json()

    (all_days,), (some_days,) = whole["tables"], part["tables"]
    assert all_days["partitions"] == all_days["of_partitions"] == some_days["of_partitions"]
    assert 0 < some_days["partitions"] < all_days["partitions"]
    assert 0 < part["max_scanned_bytes"] < whole["max_scanned_bytes"]
    scanned = answered(sql=STARS, parameters=["2026-11-01"]).json()["meta"]["scanned_bytes"]
    assert scanned <= part["max_scanned_bytes"]
    assert part["plan"]


def test_a_token_that_reads_numbers_runs_no_sql(endpoints: dict[str, str], api: requests.Session) -> None:
    assert api.post(f"{endpoints['api']}/v1/sql", json={"sql": "SELECT 1"}).status_code == 403


def test_an_analysts_key_reads_what_is_published_and_nothing_else(
    analyst: Callable[[str], Any], aws: Callable[[str], Any], endpoints: dict[str, str]
) -> None:
    lake, results, root, own = endpoints["lake_bucket"], endpoints["results_bucket"], aws("s3"), analyst("s3")
    keys = {
        prefix: root.list_objects_v2(Bucket=lake, Prefix=prefix, MaxKeys=1)["Contents"][0]["Key"]
        for prefix in ("lake/", "ctl/", "config/", "raw/")
    }

    assert own.get_object(Bucket=lake, Key=keys["lake/"])["ContentLength"] > 0
    assert own.list_objects_v2(Bucket=lake, Prefix="lake/github_stars/", MaxKeys=1)["KeyCount"] == 1
    own.put_object(Bucket=results, Key="sql/test", Body=b"x")
    refused = [
        *((own.get_object, {"Bucket": lake, "Key": keys[prefix]}) for prefix in ("ctl/", "config/", "raw/")),
        (own.put_object, {"Bucket": lake, "Key": "lake/github_stars/x", "Body": b"x"}),
        (own.delete_object, {"Bucket": lake, "Key": keys["lake/"]}),
        (own.put_object, {"Bucket": results, "Key": "athena/x", "Body": b"x"}),
        (analyst("glue").delete_table, {"DatabaseName": endpoints["database"], "Name": "github_stars"}),
        (
            analyst("dynamodb").get_item,
            {"TableName": endpoints["state_table"], "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}},
        ),
        (analyst("secretsmanager").list_secrets, {}),
    ]
    for call, arguments in refused:
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        assert caught.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"), call
