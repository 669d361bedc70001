"""``aws athena``, unmodified."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.athena.conftest import ROWS

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

Aws = Callable[..., Any]


@pytest.fixture
def aws(filled: Lake) -> Aws:
    """Run ``aws athena …``; its answer."""

    def run(*arguments: str) -> Any:
        command = [sys.executable, "-m", "awscli", "athena", *arguments, "--endpoint-url", filled.athena_endpoint]
        done = subprocess.run(command, env=filled.aws.environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    return run


def start(aws: Aws, lake: Lake, sql: str, *more: str) -> str:
    """Start a query and wait for its end; its id."""
    started = aws(
        "start-query-execution", "--query-string", sql, "--work-group", lake.workgroup,
        "--query-execution-context", f"Database={lake.database}", *more,
    )  # fmt: skip
    lake.wait(started["QueryExecutionId"])
    return str(started["QueryExecutionId"])


def values(results: Any) -> list[str]:
    """The first column."""
    return [row["Data"][0]["VarCharValue"] for row in results["ResultSet"]["Rows"]]


def test_a_query_is_started_and_its_result_read_page_by_page(aws: Aws, filled: Lake) -> None:
    query_id = start(aws, filled, "SELECT n FROM facts ORDER BY n")

    told = aws("get-query-execution", "--query-execution-id", query_id)["QueryExecution"]
    everything = aws("get-query-results", "--query-execution-id", query_id)
    one = aws("get-query-results", "--query-execution-id", query_id, "--max-results", "3", "--no-paginate")
    two = aws(
        "get-query-results", "--query-execution-id", query_id, "--max-results", "3", "--no-paginate",
        "--next-token", one["NextToken"],
    )  # fmt: skip

    assert told["Status"]["State"] == "SUCCEEDED"
    assert values(everything) == ["n", *map(str, range(ROWS))]
    assert values(one) + values(two) == ["n", "0", "1", "2", "3", "4"]


def test_a_query_is_stopped(aws: Aws, filled: Lake) -> None:
    query_id = filled.start("SELECT count(*) FROM facts a, facts b, facts c WHERE a.n + b.n < c.n")

    aws("stop-query-execution", "--query-execution-id", query_id)

    assert filled.wait(query_id)["Status"]["State"] == "CANCELLED"
    assert query_id in aws("list-query-executions", "--work-group", filled.workgroup)["QueryExecutionIds"]


def test_prepared_statements(aws: Aws, filled: Lake) -> None:
    names = ["--statement-name", "below", "--work-group", filled.workgroup]
    aws("create-prepared-statement", *names, "--query-statement", "SELECT count(*) AS c FROM facts WHERE n < ?")

    query_id = start(aws, filled, "EXECUTE below", "--execution-parameters", "12")

    assert values(aws("get-query-results", "--query-execution-id", query_id)) == ["c", "12"]
    aws("update-prepared-statement", *names, "--query-statement", "SELECT 1 AS one")
    assert aws("get-prepared-statement", *names)["PreparedStatement"]["QueryStatement"] == "SELECT 1 AS one"
    listed = aws("list-prepared-statements", "--work-group", filled.workgroup)["PreparedStatements"]
    assert [one["StatementName"] for one in listed] == ["below"]
    aws("delete-prepared-statement", *names)


def test_saved_queries(aws: Aws, filled: Lake) -> None:
    saved = aws(
        "create-named-query", "--name", "most", "--database", filled.database, "--query-string", "SELECT 1",
        "--work-group", filled.workgroup,
    )["NamedQueryId"]  # fmt: skip

    aws("update-named-query", "--named-query-id", saved, "--name", "least", "--query-string", "SELECT 2")

    assert aws("get-named-query", "--named-query-id", saved)["NamedQuery"]["QueryString"] == "SELECT 2"
    assert aws("list-named-queries", "--work-group", filled.workgroup)["NamedQueryIds"] == [saved]


def test_the_catalog(aws: Aws, filled: Lake) -> None:
    names = ["--catalog-name", "AwsDataCatalog", "--database-name", filled.database]

    catalogs = aws("list-data-catalogs")["DataCatalogsSummary"]
    tables = aws("list-table-metadata", *names)["TableMetadataList"]
    table = aws("get-table-metadata", *names, "--table-name", "facts")["TableMetadata"]

    assert catalogs == [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]
    assert tables == [table]
    assert [key["Name"] for key in table["PartitionKeys"]] == ["dt"]
    databases = aws("list-databases", "--catalog-name", "AwsDataCatalog")["DatabaseList"]
    assert filled.database in [database["Name"] for database in databases]


def test_workgroups_and_engines(aws: Aws, filled: Lake) -> None:
    group = aws("get-work-group", "--work-group", filled.workgroup)["WorkGroup"]

    assert group["Configuration"]["ResultConfiguration"]["OutputLocation"] == f"s3://{filled.bucket}/results/"
    assert aws("list-engine-versions")["EngineVersions"][0]["SelectedEngineVersion"] == "AUTO"
