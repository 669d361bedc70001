"""Requests that Athena refuses before it looks at them, with its words."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.athena.errors import ApiError
from infra.local.athena.validation import validated

TOO_OLD = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 10_081}}
START = {"QueryString": "SELECT 1", "ClientRequestToken": "t" * 32}


@pytest.mark.parametrize(
    ("operation", "body", "told"),
    [
        ("GetQueryExecution", {}, "null at 'queryExecutionId' failed to satisfy constraint: Member must not be null"),
        (
            "GetQueryResults",
            {"QueryExecutionId": "x", "MaxResults": 0},
            "Value at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
        ("StartQueryExecution", START | {"QueryString": ""}, "greater than or equal to 1"),
        (
            "StartQueryExecution",
            START | {"QueryString": "x" * 262_145},
            "'queryString' failed to satisfy constraint: Member must have length less than or equal to 262144",
        ),
        ("StartQueryExecution", START | {"ClientRequestToken": "t" * 31}, "'clientRequestToken' failed"),
        ("StartQueryExecution", START | {"ClientRequestToken": "t" * 129}, "less than or equal to 128"),
        ("StartQueryExecution", START | {"ExecutionParameters": ["x" * 1025]}, "'executionParameters.1.member'"),
        ("StartQueryExecution", START | {"WorkGroup": "a b"}, "regular expression pattern: [a-zA-Z0-9._-]{1,128}"),
        (
            "StartQueryExecution",
            START | {"ResultReuseConfiguration": TOO_OLD},
            "'resultReuseConfiguration.resultReuseByAgeConfiguration.maxAgeInMinutes' failed",
        ),
        (
            "GetQueryResults",
            {"QueryExecutionId": "x", "QueryResultType": "ROWS"},
            "satisfy enum value set: [DATA_MANIFEST, DATA_ROWS]",
        ),
        ("ListQueryExecutions", {"MaxResults": 51}, "less than or equal to 50"),
        ("BatchGetQueryExecution", {"QueryExecutionIds": ["x"] * 51}, "have length less than or equal to 50"),
        ("CreateNamedQuery", {"Name": "n" * 129, "Database": "d", "QueryString": "q"}, "'name' failed"),
        (
            "CreatePreparedStatement",
            {"StatementName": "1st", "WorkGroup": "primary", "QueryStatement": "SELECT 1"},
            "[a-zA-Z_][a-zA-Z0-9_@:]{1,256}",
        ),
        ("ListPreparedStatements", {"WorkGroup": "primary", "MaxResults": 51}, "less than or equal to 50"),
    ],
)  # fmt: skip
def test_what_breaks_a_limit_is_refused_as_invalid_input(operation: str, body: dict[str, Any], told: str) -> None:
    with pytest.raises(ApiError) as refused:
        validated(operation, body)

    assert (refused.value.kind, refused.value.code) == ("InvalidRequestException", "INVALID_INPUT")
    assert refused.value.message.startswith("1 validation error detected: ")
    assert told in refused.value.message


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ApiError, match=r"^2 validation errors detected: .*'nextToken'.*; .*'maxResults'"):
        validated("GetQueryResults", {"QueryExecutionId": "x", "NextToken": "", "MaxResults": 0})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"MaxResults": "1"}, "STRING_VALUE can not be converted to an Integer"),
        ({"MaxResults": True}, "TRUE_VALUE can not be converted to an Integer"),
        ({"WorkGroup": 7}, "NUMBER_VALUE can not be converted to a String"),
        ({"WorkGroup": ["a"]}, "Start of list found where not expected"),
        ({"WorkGroup": {"a": 1}}, "Start of structure or map found where not expected."),
    ],
)
def test_another_type_cannot_be_read(body: dict[str, Any], told: str) -> None:
    with pytest.raises(ApiError) as refused:
        validated("ListQueryExecutions", body)

    assert (refused.value.kind, refused.value.code) == ("SerializationException", None)
    assert refused.value.message == told


def test_null_is_absent_and_what_is_unknown_is_ignored() -> None:
    body = {"QueryString": "SELECT 1", "WorkGroup": None, "ExecutionParameters": ["1", None], "Other": {"a": 1}}

    assert validated("StartQueryExecution", body) == {"QueryString": "SELECT 1", "ExecutionParameters": ["1"]}


def test_an_operation_that_athena_has_not_is_named() -> None:
    with pytest.raises(ApiError, match="Athena does not have the operation Fly"):
        validated("Fly", {})
