"""What the local cloud is given after its deployment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.local.post_deploy import give_named_queries

OUTPUTS = {"DatabaseName": "headwater_local", "SqlWorkgroupName": "headwater-local-sql"}


class Athena:
    """Named queries in memory."""

    def __init__(self) -> None:
        self.queries: dict[str, dict[str, Any]] = {}
        self.calls = 0

    def get_paginator(self, operation: str) -> Athena:
        assert operation == "list_named_queries"
        return self

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        yield {"NamedQueryIds": list(self.queries)}

    def get_named_query(self, **named: str) -> dict[str, Any]:
        return {"NamedQuery": {**self.queries[named["NamedQueryId"]], **named}}

    def create_named_query(self, **wanted: str) -> None:
        self.calls += 1
        self.queries[f"q{self.calls}"] = wanted

    def delete_named_query(self, **named: str) -> None:
        del self.queries[named["NamedQueryId"]]


def template(sql: str) -> dict[str, Any]:
    said = {"Name": "Top pages", "Description": "d", "QueryString": sql, "Database": {"Ref": "Database"}}
    return {"Resources": {"QueryTopPages": {"Type": "AWS::Athena::NamedQuery", "Properties": said}}}


def test_named_queries_are_made_once_and_anew_when_they_have_changed() -> None:
    athena = Athena()

    for sql in ("SELECT 1", "SELECT 1", "SELECT 2"):
        give_named_queries(athena, template(sql), OUTPUTS)

    [query] = athena.queries.values()
    assert (query["QueryString"], query["Database"]) == ("SELECT 2", "headwater_local")
    assert query["WorkGroup"] == "headwater-local-sql"
    assert athena.calls == 2
