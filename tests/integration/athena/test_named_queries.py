"""Saved queries, which the local AWS keeps: each operation through the local Athena."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


def saved(lake: Lake, name: str = "daily", **more: str) -> str:
    """Save a query; its id."""
    body = {"Name": name, "Database": lake.database, "QueryString": "SELECT 1 AS one", "WorkGroup": lake.workgroup}
    return str(lake.athena.create_named_query(**(body | more))["NamedQueryId"])


def test_a_query_is_saved_changed_and_deleted(lake: Lake) -> None:
    query_id = saved(lake, Description="every day")
    athena = lake.athena

    before = athena.get_named_query(NamedQueryId=query_id)["NamedQuery"]
    athena.update_named_query(NamedQueryId=query_id, Name="weekly", QueryString="SELECT 7 AS seven")
    after = athena.get_named_query(NamedQueryId=query_id)["NamedQuery"]
    athena.update_named_query(NamedQueryId=query_id, Name="weekly", QueryString="SELECT 8", Description="changed")
    again = athena.batch_get_named_query(NamedQueryIds=[query_id])["NamedQueries"]
    athena.delete_named_query(NamedQueryId=query_id)

    assert (before["Name"], before["Description"], before["Database"]) == ("daily", "every day", lake.database)
    changed = {"Name": "weekly", "QueryString": "SELECT 7 AS seven"}
    assert after == before | changed
    assert again == [after | {"QueryString": "SELECT 8", "Description": "changed"}]
    with pytest.raises(ClientError, match=f"NamedQuery {query_id} does not exist"):
        athena.get_named_query(NamedQueryId=query_id)
    with pytest.raises(ClientError, match="does not exist"):
        athena.update_named_query(NamedQueryId=query_id, Name="weekly", QueryString="SELECT 8")


def test_the_saved_queries_of_a_workgroup_are_listed_page_by_page(lake: Lake) -> None:
    ids = [saved(lake, name=f"q{n}") for n in range(5)]
    lake.athena.update_named_query(NamedQueryId=ids[0], Name="other", QueryString="SELECT 2")

    first = lake.athena.list_named_queries(WorkGroup=lake.workgroup, MaxResults=3)
    rest = lake.athena.list_named_queries(WorkGroup=lake.workgroup, NextToken=first["NextToken"])

    assert first["NamedQueryIds"] + rest["NamedQueryIds"] == ids
    assert not set(ids) & set(lake.athena.list_named_queries()["NamedQueryIds"])  # those of primary


def test_a_batch_names_what_it_has_not(lake: Lake) -> None:
    query_id = saved(lake)

    answer = lake.athena.batch_get_named_query(NamedQueryIds=[query_id, "none"])

    assert [one["NamedQueryId"] for one in answer["NamedQueries"]] == [query_id]
    assert [one["NamedQueryId"] for one in answer["UnprocessedNamedQueryIds"]] == ["none"]


def test_a_repeated_request_saves_once(lake: Lake) -> None:
    token = uuid.uuid4().hex

    first = saved(lake, ClientRequestToken=token)

    assert saved(lake, ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        saved(lake, name="other", ClientRequestToken=token)
    with pytest.raises(ClientError, match="WorkGroup nobody is not found"):
        saved(lake, WorkGroup="nobody")
