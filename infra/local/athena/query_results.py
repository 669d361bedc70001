"""``GetQueryResults``: a page of a result, or of the list of files that a statement has written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infra.local.athena import kinds
from infra.local.athena.errors import invalid_request
from infra.local.athena.executions import Execution
from infra.local.athena.kept_results import KeptResults
from infra.local.athena.results import ResultColumn, Row, api_row
from infra.local.athena.statement import Ddl, Describe, Preparing

Body = dict[str, Any]
MOST = 1000
MANIFEST = (ResultColumn("manifest", "varchar"),)


def query_results(execution: Execution, body: Body, kept: KeptResults) -> Body:
    """The answer.

    Limits, their order, the token after a full page and the texts of the errors are those that the project
    aoyagikouhei/athena-local measured on Athena 3 (``docs/dev/measurements/query-results.md``).

    Raises
    ------
    ApiError
        For a page that is too large, a query that has no result, or a token that this server has not given.
    """
    size = body.get("MaxResults", MOST)
    if size > MOST:
        raise invalid_request(f"MaxResults is more than maximum allowed length {MOST}")
    _require_result(execution)
    rows, columns, total = _page(execution, body, kept, size)
    out: Body = {
        "ResultSet": {
            "Rows": [api_row(row) for row in rows],
            "ResultSetMetadata": {"ColumnInfo": [column.described() for column in columns]},
        }
    }
    if not isinstance(execution.statement, (Preparing, Describe)) and (execution.columns or not _is_ddl(execution)):
        out["UpdateCount"] = execution.update_count
    if total and len(rows) == size:
        out["NextToken"] = str(_start(body, total) + size)
    return out


def _is_ddl(execution: Execution) -> bool:
    return isinstance(execution.statement, Ddl)


def _page(
    execution: Execution, body: Body, kept: KeptResults, size: int
) -> tuple[Sequence[Row], Sequence[ResultColumn], int]:
    """Rows, their columns, and how many rows there are."""
    bucket, key, is_text = execution.output.bucket, execution.result_key, execution.is_text
    columns: Sequence[ResultColumn] = execution.columns
    if body.get("QueryResultType") == "DATA_MANIFEST":
        if not execution.statistics.manifest:
            raise invalid_request("Only CREATE TABLE AS SELECT, UNLOAD and INSERT queries have a data manifest")
        key, is_text, columns = execution.manifest_key, True, MANIFEST
    elif kinds.writes_rows(execution.statement) or (is_text and not columns):
        return [], columns, 0
    _, total = kept.page(bucket, key, 0, 0, is_text)
    rows, _ = kept.page(bucket, key, _start(body, total), size, is_text)
    return rows, columns, total


def _start(body: Body, total: int) -> int:
    """Where the page begins; a result without rows does not look at the token."""
    token = body.get("NextToken", "0")
    if not total:
        return 0
    if not token.isdecimal() or int(token) > total:
        raise invalid_request(f"Malformed nextPageToken {token}")
    return int(token)


def _require_result(execution: Execution) -> None:
    state = execution.state
    if state == "CANCELLED":
        raise invalid_request("Could not find results", "RESULT_NOT_FOUND")
    if state != "SUCCEEDED":
        ended, going = "Query did not finish successfully. Final query", "Query has not yet finished. Current"
        told = f"{ended if state == 'FAILED' else going} state"
        raise invalid_request(f"{told}: {state}", "INVALID_QUERY_EXECUTION_STATE")
