"""The views as a stack deploys them: in the catalog with their words, and read there as plain Python reads the rows."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.sql.parameters import literals
from chalicelib.sql.saved import shipped
from chalicelib.sql.views import views
from infra.catalog import glue_tables, named_queries
from infra.local.athena.values import double_text, timestamp_text
from infra.local.post_deploy import give_named_queries
from tests.unit.sql.recount import RECOUNTS
from tests.unit.sql.rows_lake import arrow, partition
from tests.unit.sql.story import Story

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

ROWS = Story(0).rows
DAY = date(2026, 11, 20)
each_view = pytest.mark.parametrize("name", sorted(views()))
each_query = pytest.mark.parametrize("name", sorted(shipped()))
by_day = pytest.mark.parametrize("name", [n for n, v in views().items() if v.filtering.startswith("by day, for")])


@pytest.fixture(scope="module")
def deployed(make_lake: Callable[[], Lake]) -> Lake:
    """A stack of the template's tables and views alone, in a database of its own."""
    lake = make_lake()
    database = f"headwater_{lake.database}"
    resources = {
        "Database": {
            "Type": "AWS::Glue::Database",
            "Properties": {"CatalogId": {"Ref": "AWS::AccountId"}, "DatabaseInput": {"Name": database}},
        },
        **glue_tables(),
        **named_queries(),
    }
    template = {
        "Parameters": {"LakeBucket": {"Type": "String"}, "SqlWorkgroup": {"Type": "String"}},
        "Conditions": {"IsAws": {"Fn::Equals": ["local", "aws"]}},
        "Resources": resources,
    }
    lake.aws.client("s3").put_object(Bucket=lake.bucket, Key="template.json", Body=json.dumps(template).encode())
    cloudformation = lake.aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=lake.database,
        TemplateURL=f"https://s3.amazonaws.com/{lake.bucket}/template.json",
        Parameters=[
            {"ParameterKey": "LakeBucket", "ParameterValue": lake.bucket},
            {"ParameterKey": "SqlWorkgroup", "ParameterValue": lake.workgroup},
        ],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=lake.database, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    told = replace(lake, database=database)
    for table, rows in ROWS.items():
        fill(told, table, rows)
    return told


def fill(lake: Lake, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as the lake has them: a file and a partition a day (of cubes, a month or a year)."""
    by_partition = sorted(rows, key=lambda row: partition(table, row))
    for (key, value), of in groupby(by_partition, key=lambda row: partition(table, row)):
        location = f"lake/{table}/{key}={value}/v00000000/"
        body = arrow(table, list(of))
        lake.put(f"{location}stream-00000001.parquet", body.select(body.column_names[:-1]))
        lake.partition(table, [value], f"s3://{lake.bucket}/{location}")


def text(value: Any) -> str | None:
    """A value as Athena writes it."""
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case float():
            return double_text(value)
        case datetime():
            return timestamp_text(value.astimezone(UTC).replace(tzinfo=None))
        case Decimal():
            return f"{value:.9f}"
    return str(value)


def expected(name: str, day: date | None = None) -> list[list[str | None]]:
    """What plain Python counts, as text, sorted."""
    columns = [column.name for column in views()[name].columns]
    rows = [row for row in RECOUNTS[name](ROWS) if day in (None, row.get("day"))]
    return in_order([[text(row[column]) for column in columns] for row in rows])


def in_order(rows: list[list[str | None]]) -> list[list[str | None]]:
    return sorted(rows, key=lambda row: [value or "" for value in row])


def test_every_view_is_in_the_catalog_with_its_words(deployed: Lake) -> None:
    glue = deployed.aws.client("glue")
    pages = glue.get_paginator("get_tables").paginate(DatabaseName=deployed.database)
    found: dict[str, Any] = {table["Name"]: table for page in pages for table in page["TableList"]}

    for name, view in views().items():
        text = found[name]["ViewOriginalText"]
        definition = json.loads(b64decode(text.removeprefix("/* Presto View: ").removesuffix(" */"), validate=True))
        assert found[name]["TableType"] == "VIRTUAL_VIEW"
        assert (definition["originalSql"], definition["schema"]) == (view.sql, deployed.database)
        assert [c["Name"] for c in found[name]["StorageDescriptor"]["Columns"]] == [c.name for c in view.columns]
        assert all(column["Comment"] for column in found[name]["StorageDescriptor"]["Columns"])


@each_view
def test_athena_reads_the_view_as_plain_python_counts_it(deployed: Lake, name: str) -> None:
    assert in_order(deployed.rows(f"SELECT * FROM {name}")) == expected(name)


@by_day
def test_a_filter_by_day_reads_that_day_alone(deployed: Lake, name: str) -> None:
    one, whole = f"SELECT * FROM {name} WHERE day = DATE '{DAY}'", f"SELECT * FROM {name}"
    since = f"SELECT count(*) FROM {name} WHERE day >= DATE '{DAY}'"

    assert in_order(deployed.rows(one)) == expected(name, DAY)
    assert 0 < deployed.scanned(one) < 0.6 * deployed.scanned(whole)
    assert deployed.scanned(since) < deployed.scanned(f"SELECT count(*) FROM {name}")


@each_view
def test_the_example_of_the_view_runs(deployed: Lake, name: str) -> None:
    deployed.rows(views()[name].example)


def test_the_shipped_queries_are_named_queries_however_often_the_stack_is_deployed(deployed: Lake) -> None:
    outputs = {"DatabaseName": deployed.database, "SqlWorkgroupName": deployed.workgroup}
    before = ids(deployed)

    give_named_queries(deployed.athena, {"Resources": named_queries()}, outputs)
    once = ids(deployed)
    give_named_queries(deployed.athena, {"Resources": named_queries()}, outputs)

    assert (before, ids(deployed)) == ([], once)
    found = [deployed.athena.get_named_query(NamedQueryId=one)["NamedQuery"] for one in once]
    assert {one["QueryString"] for one in found} == {query.sql for query in shipped().values()}
    assert {(one["Database"], one["WorkGroup"]) for one in found} == {(deployed.database, deployed.workgroup)}


def ids(lake: Lake) -> list[str]:
    """The workgroup's named queries."""
    pages = lake.athena.get_paginator("list_named_queries").paginate(WorkGroup=lake.workgroup)
    return sorted(one for page in pages for one in page["NamedQueryIds"])


@each_query
def test_a_shipped_query_runs_with_its_examples(deployed: Lake, name: str) -> None:
    query = shipped()[name]

    deployed.rows(query.sql, *literals(query.examples, len(query.marks)))
