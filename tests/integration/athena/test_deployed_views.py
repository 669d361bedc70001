"""The views as a stack deploys them: in the catalog with their words, and read there as plain Python reads the rows."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.sql.views import views
from infra.catalog import glue_tables

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


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
    }
    template = {"Parameters": {"LakeBucket": {"Type": "String"}}, "Resources": resources}
    lake.aws.client("s3").put_object(Bucket=lake.bucket, Key="template.json", Body=json.dumps(template).encode())
    cloudformation = lake.aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=lake.database,
        TemplateURL=f"https://s3.amazonaws.com/{lake.bucket}/template.json",
        Parameters=[{"ParameterKey": "LakeBucket", "ParameterValue": lake.bucket}],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=lake.database, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    return replace(lake, database=database)


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
