"""Prepared statements: as operations, and as SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

SQL = "SELECT n FROM numbers WHERE n BETWEEN ? AND ? ORDER BY n"


@pytest.fixture
def numbers(lake: Lake) -> Lake:
    """A lake with a table ``numbers``."""
    lake.table("numbers", {"n": "bigint"})
    lake.put("lake/numbers/a.parquet", pa.table({"n": list(range(10))}))
    return lake


def test_a_statement_is_created_changed_and_deleted(lake: Lake) -> None:
    athena, name = lake.athena, {"StatementName": "between", "WorkGroup": lake.workgroup}

    athena.create_prepared_statement(**name, QueryStatement=SQL, Description="some numbers")
    created = athena.get_prepared_statement(**name)["PreparedStatement"]
    athena.update_prepared_statement(**name, QueryStatement="SELECT 1 AS one")
    updated = athena.get_prepared_statement(**name)["PreparedStatement"]
    athena.delete_prepared_statement(**name)

    assert (created["QueryStatement"], created["Description"]) == (SQL, "some numbers")
    assert created["WorkGroupName"] == lake.workgroup
    assert updated["QueryStatement"] == "SELECT 1 AS one"
    assert updated["LastModifiedTime"] >= created["LastModifiedTime"]
    for operation in (athena.get_prepared_statement, athena.delete_prepared_statement):
        with pytest.raises(athena.exceptions.ResourceNotFoundException) as missing:
            operation(**name)
        assert missing.value.response["ResourceName"] == "between"
    with pytest.raises(athena.exceptions.ResourceNotFoundException):
        athena.update_prepared_statement(**name, QueryStatement="SELECT 1 AS one")


def test_a_name_is_unique_in_its_workgroup_only(make_lake: Callable[..., Lake]) -> None:
    one, other = make_lake(), make_lake()
    for lake in (one, other):
        lake.athena.create_prepared_statement(
            StatementName="mine", WorkGroup=lake.workgroup, QueryStatement=f"SELECT '{lake.workgroup}' AS w"
        )

    assert one.rows("EXECUTE mine") == [[one.workgroup]]
    assert other.rows("EXECUTE mine") == [[other.workgroup]]
    with pytest.raises(ClientError, match="already exists"):
        one.athena.create_prepared_statement(StatementName="mine", WorkGroup=one.workgroup, QueryStatement="SELECT 2")
    with pytest.raises(ClientError, match="WorkGroup nobody is not found"):
        one.athena.create_prepared_statement(StatementName="mine", WorkGroup="nobody", QueryStatement="SELECT 2")


def test_statements_are_listed_page_by_page_and_fetched_together(lake: Lake) -> None:
    names = [f"statement_{n}" for n in range(5)]
    for name in reversed(names):
        lake.athena.create_prepared_statement(StatementName=name, WorkGroup=lake.workgroup, QueryStatement="SELECT 1")

    first = lake.athena.list_prepared_statements(WorkGroup=lake.workgroup, MaxResults=3)
    rest = lake.athena.list_prepared_statements(WorkGroup=lake.workgroup, NextToken=first["NextToken"])
    batch = lake.athena.batch_get_prepared_statement(
        WorkGroup=lake.workgroup, PreparedStatementNames=[*names[:2], "absent"]
    )

    listed = [one["StatementName"] for one in first["PreparedStatements"] + rest["PreparedStatements"]]
    assert listed == names
    assert [one["StatementName"] for one in batch["PreparedStatements"]] == names[:2]
    assert [one["StatementName"] for one in batch["UnprocessedPreparedStatementNames"]] == ["absent"]


def test_sql_prepares_executes_and_forgets(numbers: Lake) -> None:
    assert numbers.run(f"PREPARE between FROM {SQL}")["Status"]["State"] == "SUCCEEDED"
    kept = numbers.athena.get_prepared_statement(StatementName="between", WorkGroup=numbers.workgroup)

    execution = numbers.run("EXECUTE between USING 2, 4")

    assert kept["PreparedStatement"]["QueryStatement"] == SQL
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DML", "SELECT")
    assert execution["Query"] == "EXECUTE between USING 2, 4"
    assert numbers.rows("EXECUTE between USING 2, 4") == [["2"], ["3"], ["4"]]
    assert numbers.rows("EXECUTE between", "8", "20") == [["8"], ["9"]]
    assert numbers.rows("EXECUTE between USING ?, 1", "0") == [["0"], ["1"]]
    assert numbers.run("DEALLOCATE PREPARE between")["Status"]["State"] == "SUCCEEDED"
    told = f"PreparedStatement between was not found in workGroup {numbers.workgroup}"
    assert numbers.error("EXECUTE between USING 2, 4") == told
    assert numbers.error("DEALLOCATE PREPARE between") == told


def test_what_writes_can_be_prepared_too(numbers: Lake) -> None:
    numbers.rows("PREPARE fill FROM INSERT INTO numbers SELECT ? + 0")

    done = numbers.run("EXECUTE fill USING 77")

    assert (done["Status"]["State"], done["SubstatementType"]) == ("SUCCEEDED", "INSERT")
    assert numbers.rows("SELECT max(n) FROM numbers") == [["77"]]


def test_too_few_or_too_many_parameters_fail(numbers: Lake) -> None:
    numbers.run(f"PREPARE between FROM {SQL}")

    assert numbers.error("EXECUTE between USING 1") == "Incorrect number of parameters: expected 2 but found 1"
    assert numbers.error("EXECUTE between", "1", "2", "3") == "Incorrect number of parameters: expected 2 but found 3"
    with pytest.raises(ClientError, match="is no literal"):
        numbers.start("EXECUTE between USING 1, (SELECT 2)")


def test_a_second_prepare_of_a_name_fails(lake: Lake) -> None:
    lake.run("PREPARE once FROM SELECT 1 AS one")

    assert "already exists" in lake.error("PREPARE once FROM SELECT 2 AS two")
    assert lake.rows("EXECUTE once") == [["1"]]


def test_what_an_enforced_workgroup_forbids_is_forbidden_to_execute(make_lake: Callable[..., Lake]) -> None:
    lake = make_lake(EnforceWorkGroupConfiguration=True)
    lake.run(f"PREPARE sly FROM CREATE TABLE t WITH (external_location = 's3://{lake.bucket}/x/') AS SELECT 1 AS x")

    with pytest.raises(ClientError, match="external_location"):
        lake.start("EXECUTE sly")
