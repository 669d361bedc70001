"""The operations on executions: limits, repeated requests, pages, lists, statistics, result files."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


def refusal(call: Callable[..., Any], **body: Any) -> tuple[str, str]:
    """Code and message of a request that must be refused."""
    with pytest.raises(ClientError) as refused:
        call(**body)
    answer = refused.value.response
    return answer.get("AthenaErrorCode", answer["Error"]["Code"]), answer["Error"]["Message"]


def numbers(lake: Lake, rows: int = 10) -> None:
    """A table ``numbers`` with one column."""
    lake.table("numbers", {"n": "bigint"})
    lake.put("lake/numbers/a.parquet", pa.table({"n": list(range(rows))}))


def test_a_repeated_request_is_the_same_execution(lake: Lake) -> None:
    token = uuid.uuid4().hex
    request = {"ClientRequestToken": token, "WorkGroup": lake.workgroup, "QueryString": "SELECT 1 AS one"}
    start = lake.athena.start_query_execution

    first = start(**request)["QueryExecutionId"]
    lake.wait(first)

    assert start(**request)["QueryExecutionId"] == first
    mismatch = ("IDEMPOTENT_PARAMETER_MISMATCH", "Idempotent parameters do not match")
    assert refusal(start, **(request | {"QueryString": "SELECT 2 AS two"})) == mismatch
    assert refusal(start, **request, QueryExecutionContext={"Database": "default"}) == mismatch
    assert refusal(start, **(request | {"QueryString": "SELEC 2"}))[0] == "MALFORMED_QUERY"
    assert lake.athena.list_query_executions(WorkGroup=lake.workgroup)["QueryExecutionIds"] == [first]


def test_a_token_is_not_used_up_by_a_request_that_is_refused(lake: Lake) -> None:
    request = {"ClientRequestToken": uuid.uuid4().hex, "WorkGroup": lake.workgroup}

    with pytest.raises(ClientError, match="InvalidRequest"):
        lake.athena.start_query_execution(**request, QueryString="SELEC 1")

    started = lake.athena.start_query_execution(**request, QueryString="SELECT 1 AS one")
    assert lake.wait(started["QueryExecutionId"])["Status"]["State"] == "SUCCEEDED"


def test_a_query_text_has_a_limit_in_bytes(lake: Lake) -> None:
    start = lake.athena.start_query_execution
    letters = 262_144 - len("SELECT '' AS a")

    longest = start(QueryString=f"SELECT '{'x' * letters}' AS a", WorkGroup=lake.workgroup)

    assert lake.wait(longest["QueryExecutionId"])["Status"]["State"] == "SUCCEEDED"
    code, message = refusal(start, QueryString=f"SELECT '{'é' * 200_000}' AS a", WorkGroup=lake.workgroup)
    assert (code, message) == ("INVALID_INPUT", "queryString exceeds maximum allowed length 262144")


def test_a_result_is_paged_to_its_end(lake: Lake) -> None:
    numbers(lake, rows=2500)
    query_id = lake.start("SELECT n FROM numbers ORDER BY n")
    lake.wait(query_id)
    get = lake.athena.get_query_results

    pages, token = [], {}
    while token is not None:
        answer = get(QueryExecutionId=query_id, MaxResults=500, **token)
        pages.append([row["Data"][0]["VarCharValue"] for row in answer["ResultSet"]["Rows"]])
        token = {"NextToken": answer["NextToken"]} if "NextToken" in answer else None

    assert [len(page) for page in pages] == [500, 500, 500, 500, 500, 1]
    assert [value for page in pages for value in page] == ["n", *map(str, range(2500))]
    assert len(get(QueryExecutionId=query_id)["ResultSet"]["Rows"]) == 1000
    assert refusal(get, QueryExecutionId=query_id, NextToken="x") == ("INVALID_INPUT", "Malformed nextPageToken x")


def test_a_full_last_page_has_a_token_and_an_empty_page_after_it(lake: Lake) -> None:
    numbers(lake, rows=9)
    query_id = lake.start("SELECT n FROM numbers")
    lake.wait(query_id)

    full = lake.athena.get_query_results(QueryExecutionId=query_id, MaxResults=10)
    empty = lake.athena.get_query_results(QueryExecutionId=query_id, MaxResults=10, NextToken=full["NextToken"])

    assert len(full["ResultSet"]["Rows"]) == 10
    assert empty["ResultSet"]["Rows"] == []
    assert "NextToken" not in empty


def test_what_has_no_result_says_why(lake: Lake) -> None:
    get = lake.athena.get_query_results
    failed = lake.run("SELECT * FROM nowhere")["QueryExecutionId"]
    unknown = str(uuid.uuid4())

    assert refusal(get, QueryExecutionId=unknown)[0] == "QUERY_EXECUTION_NOT_FOUND"
    assert refusal(get, QueryExecutionId=failed) == (
        "INVALID_QUERY_EXECUTION_STATE",
        "Query did not finish successfully. Final query state: FAILED",
    )
    assert lake.wait(failed)["Status"]["AthenaError"]["ErrorType"] == 1301


def test_a_result_whose_file_is_gone_is_not_found_by_a_server_that_has_no_copy(
    lake: Lake, another_athena: Callable[..., Any]
) -> None:
    with another_athena("--result-cache-bytes", "0") as other:
        one, two = (other.run(f"SELECT '{name}' AS x")["QueryExecutionId"] for name in "ab")

        other.aws.client("s3").delete_object(Bucket=lake.bucket, Key=f"results/{one}.csv")

        assert refusal(other.athena.get_query_results, QueryExecutionId=one) == (
            "RESULT_NOT_FOUND",
            "Could not find results",
        )
        assert len(other.athena.get_query_results(QueryExecutionId=two)["ResultSet"]["Rows"]) == 2


def test_results_that_are_not_kept_beside_s3_are_read_from_it(lake: Lake, another_athena: Callable[..., Any]) -> None:
    with another_athena("--result-cache-bytes", "0") as other:
        queries = {other.start(f"SELECT '{name}\nof \"two\" lines' AS x, '' AS e, NULL AS n"): name for name in "abc"}
        for query_id in queries:
            other.wait(query_id)

        for query_id, name in queries.items():
            rows = other.athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
            assert rows[1] == {"Data": [{"VarCharValue": f'{name}\nof "two" lines'}, {"VarCharValue": ""}, {}]}


def test_lists_are_paged_newest_first(lake: Lake) -> None:
    ids = [lake.start(f"SELECT {n} AS n") for n in range(5)]
    for query_id in ids:
        lake.wait(query_id)

    first = lake.athena.list_query_executions(WorkGroup=lake.workgroup, MaxResults=3)
    rest = lake.athena.list_query_executions(WorkGroup=lake.workgroup, MaxResults=3, NextToken=first["NextToken"])

    assert first["QueryExecutionIds"] + rest["QueryExecutionIds"] == ids[::-1]
    assert "NextToken" not in rest
    assert refusal(lake.athena.list_query_executions, WorkGroup="nobody")[0] == "INVALID_INPUT"


def test_a_batch_names_what_it_has_not(lake: Lake) -> None:
    query_id = lake.run("SELECT 1 AS one")["QueryExecutionId"]

    answer = lake.athena.batch_get_query_execution(QueryExecutionIds=[query_id, "none"])

    assert [one["QueryExecutionId"] for one in answer["QueryExecutions"]] == [query_id]
    (missing,) = answer["UnprocessedQueryExecutionIds"]
    assert (missing["QueryExecutionId"], missing["ErrorCode"]) == ("none", "QUERY_EXECUTION_NOT_FOUND")


def test_stopping_what_has_ended_changes_nothing(lake: Lake) -> None:
    ended = lake.run("SELECT 1 AS one")

    lake.athena.stop_query_execution(QueryExecutionId=ended["QueryExecutionId"])

    assert lake.wait(ended["QueryExecutionId"]) == ended
    assert refusal(lake.athena.stop_query_execution, QueryExecutionId="none")[0] == "QUERY_EXECUTION_NOT_FOUND"


def test_a_statement_that_writes_has_a_manifest_instead_of_rows(lake: Lake) -> None:
    numbers(lake)
    done = lake.run("CREATE TABLE copied WITH (format = 'PARQUET') AS SELECT n FROM numbers")
    query_id = done["QueryExecutionId"]
    get = lake.athena.get_query_results

    rows = get(QueryExecutionId=query_id)
    manifest = get(QueryExecutionId=query_id, QueryResultType="DATA_MANIFEST")

    assert (done["StatementType"], done["SubstatementType"]) == ("DDL", "CREATE_TABLE_AS_SELECT")
    assert done["ResultConfiguration"]["OutputLocation"] == f"s3://{lake.bucket}/results/tables/{query_id}"
    assert (rows["UpdateCount"], rows["ResultSet"]["Rows"]) == (10, [])
    written = [row["Data"][0]["VarCharValue"] for row in manifest["ResultSet"]["Rows"]]
    assert len(written) == 1
    assert written[0].startswith(f"s3://{lake.bucket}/results/tables/{query_id}/")
    query = lake.run("SELECT 1 AS one")["QueryExecutionId"]
    assert refusal(get, QueryExecutionId=query, QueryResultType="DATA_MANIFEST")[0] == "INVALID_INPUT"


def test_every_kind_of_statement_leaves_the_files_that_athena_leaves(lake: Lake) -> None:
    numbers(lake)
    target = f"s3://{lake.bucket}/unloaded/"
    statements = {
        "SELECT n FROM numbers": ("{}.csv", "{}.csv.metadata"),
        "SELECT n FROM numbers WHERE n < 0": ("{}.csv", "{}.csv.metadata"),
        "SHOW TABLES": ("{}.txt", "{}.txt.metadata"),
        "DESCRIBE numbers": ("{}.txt", "{}.txt.metadata"),
        "CREATE TABLE copied WITH (format = 'PARQUET') AS SELECT n FROM numbers": (
            "tables/{}-manifest.csv",
            "tables/{}.metadata",
        ),
        "INSERT INTO copied SELECT 1": ("{}-manifest.csv", "{}.metadata"),
        f"UNLOAD (SELECT n FROM numbers) TO '{target}' WITH (format = 'PARQUET')": ("{}-manifest.csv", "{}.metadata"),
        "DROP TABLE copied": ("{}.txt",),
        "PREPARE none FROM SELECT 1": ("{}.txt",),
    }
    s3 = lake.aws.client("s3")

    for sql, files in statements.items():
        done = lake.run(sql)
        query_id = done["QueryExecutionId"]
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
        listed = s3.list_objects_v2(Bucket=lake.bucket, Prefix="results/")["Contents"]
        keys = {key for key in (one["Key"] for one in listed) if f"{query_id}/" not in key and query_id in key}
        assert keys == {f"results/{name.format(query_id)}" for name in files}, sql


def test_what_a_query_did_is_told(lake: Lake) -> None:
    numbers(lake, rows=100)
    query_id = lake.run("SELECT n FROM numbers WHERE n < 10")["QueryExecutionId"]

    told = lake.athena.get_query_runtime_statistics(QueryExecutionId=query_id)["QueryRuntimeStatistics"]

    size = lake.aws.client("s3").head_object(Bucket=lake.bucket, Key=f"results/{query_id}.csv")["ContentLength"]
    assert told["Rows"]["OutputRows"] == 10
    assert told["Rows"]["OutputBytes"] == size
    assert told["Rows"]["InputBytes"] > 0
    assert told["Timeline"]["TotalExecutionTimeInMillis"] >= told["Timeline"]["EngineExecutionTimeInMillis"]


def test_engine_versions(lake: Lake) -> None:
    versions = lake.athena.list_engine_versions()["EngineVersions"]

    assert versions[0] == {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
