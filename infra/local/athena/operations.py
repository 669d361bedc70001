"""Athena's operations on queries and workgroups, without HTTP: a body in, a body out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from infra.local.athena.catalog import Catalog
from infra.local.athena.errors import ApiError, invalid_request
from infra.local.athena.executions import Execution, Executions
from infra.local.athena.metadata import metadata_operations
from infra.local.athena.objects import ObjectStore
from infra.local.athena.paging import page, size_of
from infra.local.athena.parse import parse
from infra.local.athena.results import Row, api_row
from infra.local.athena.runner import Clock, Runner
from infra.local.athena.saved import read_csv_rows
from infra.local.athena.statement import CreateTableAs, Query
from infra.local.athena.workgroups import WorkGroup, WorkGroups

Body = dict[str, Any]
Operation = Callable[[Body], Body]

#: Operations on workgroups, saved queries and tags: the local AWS has them, and CloudFormation uses them there.
PASSED_ON = {
    "CreateWorkGroup": "create_work_group",
    "UpdateWorkGroup": "update_work_group",
    "DeleteWorkGroup": "delete_work_group",
    "ListWorkGroups": "list_work_groups",
    "CreateNamedQuery": "create_named_query",
    "GetNamedQuery": "get_named_query",
    "ListNamedQueries": "list_named_queries",
    "DeleteNamedQuery": "delete_named_query",
    "BatchGetNamedQuery": "batch_get_named_query",
    "TagResource": "tag_resource",
    "UntagResource": "untag_resource",
    "ListTagsForResource": "list_tags_for_resource",
}


class Operations:
    """Everything that a client can ask for."""

    def __init__(
        self, executions: Executions, runner: Runner, workgroups: WorkGroups, catalog: Catalog, objects: ObjectStore,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._executions = executions
        self._runner = runner
        self._workgroups = workgroups
        self._objects = objects
        self._clock = clock
        self._operations: dict[str, Operation] = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": lambda body: {"QueryExecution": self._execution(body).described()},
            "BatchGetQueryExecution": self._batch_get,
            "ListQueryExecutions": self._list,
            "StopQueryExecution": self._stop,
            "GetQueryResults": self._results,
            "GetQueryRuntimeStatistics": self._runtime_statistics,
            "GetWorkGroup": lambda body: {"WorkGroup": workgroups.described(body.get("WorkGroup", "primary"))},
            **{name: self._passing_on(method) for name, method in PASSED_ON.items()},
            **metadata_operations(catalog),
        }

    def call(self, name: str, body: Body) -> Body:
        """Do one operation.

        Raises
        ------
        ApiError
            What Athena would answer instead.
        """
        operation = self._operations.get(name)
        if operation is None:
            raise ApiError("UnknownOperationException", f"The local Athena does not have the operation {name}")
        return operation(body)

    def _passing_on(self, method: str) -> Operation:
        return lambda body: self._workgroups.pass_on(method, body)

    def _start(self, body: Body) -> Body:
        sql = body.get("QueryString")
        if not isinstance(sql, str) or not sql.strip():
            raise invalid_request("QueryString is missing")
        workgroup = self._workgroups.get(body.get("WorkGroup") or "primary")
        if not workgroup.enabled:
            raise invalid_request(f"WorkGroup {workgroup.name} is disabled.")
        asked = (body.get("ResultConfiguration") or {}).get("OutputLocation", "")
        output = workgroup.output_for(asked)
        if not self._objects.bucket_exists(output.bucket):
            raise invalid_request(f"Unable to verify/create output bucket {output.bucket}")
        context = body.get("QueryExecutionContext") or {}
        parameters = tuple(body.get("ExecutionParameters") or ())
        statement = parse(sql, parameters)
        _require_allowed(statement, workgroup)
        execution = Execution(
            sql=sql,
            statement=statement,
            workgroup=workgroup.name,
            output=output,
            submitted=self._clock(),
            database=(context.get("Database") or "default").lower(),
            catalog=context.get("Catalog") or "awsdatacatalog",
            parameters=parameters,
            bytes_limit=workgroup.bytes_limit,
        )
        kept, new = self._executions.add(execution, body.get("ClientRequestToken"))
        if new:
            self._runner.submit(kept)
        return {"QueryExecutionId": kept.query_id}

    def _execution(self, body: Body) -> Execution:
        return self._executions.get(str(body.get("QueryExecutionId", "")))

    def _batch_get(self, body: Body) -> Body:
        found, missing = [], []
        for query_id in body.get("QueryExecutionIds") or []:
            try:
                found.append(self._executions.get(query_id).described())
            except ApiError as error:
                missing.append({"QueryExecutionId": query_id, "ErrorCode": error.code, "ErrorMessage": error.message})
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}

    def _list(self, body: Body) -> Body:
        ids = [e.query_id for e in self._executions.newest_first(body.get("WorkGroup") or "primary")]
        items, token = page(ids, body.get("NextToken"), size_of(body.get("MaxResults"), 50, 50))
        return {"QueryExecutionIds": list(items)} | ({"NextToken": token} if token else {})

    def _stop(self, body: Body) -> Body:
        self._runner.stop(self._execution(body))
        return {}

    def _results(self, body: Body) -> Body:
        execution = self._execution(body)
        if execution.state != "SUCCEEDED":
            reason = f": {execution.reason}" if execution.reason else ""
            raise invalid_request(
                f"Query has not yet finished. Current state: {execution.state}"
                if execution.state in ("QUEUED", "RUNNING")
                else f"Query did not finish successfully. Final query state: {execution.state}{reason}",
                "INVALID_QUERY_EXECUTION_STATE",
            )
        rows = self._rows(execution)
        header: list[Row] = (
            [] if execution.is_text or not _is_query(execution) else [[c.name for c in execution.columns]]
        )
        items, token = page([*header, *rows], body.get("NextToken"), size_of(body.get("MaxResults"), 1000, 1000))
        out: Body = {
            "UpdateCount": execution.update_count,
            "ResultSet": {
                "Rows": [api_row(row) for row in items],
                "ResultSetMetadata": {"ColumnInfo": [column.described() for column in execution.columns]},
            },
        }
        return out | ({"NextToken": token} if token else {})

    def _rows(self, execution: Execution) -> list[Row]:
        """The rows: from memory, or for an older execution from the file in S3."""
        if execution.rows is not None:
            return list(execution.rows)
        text = self._objects.read(execution.output.bucket, execution.result_key).decode()
        if execution.is_text:
            return [line.split("\t") for line in text.splitlines()]
        return read_csv_rows(text)[1:]

    def _runtime_statistics(self, body: Body) -> Body:
        figures = self._execution(body).statistics
        timeline = {
            "QueryQueueTimeInMillis": figures.queue_ms,
            "EngineExecutionTimeInMillis": figures.engine_ms,
            "TotalExecutionTimeInMillis": figures.total_ms,
            "QueryPlanningTimeInMillis": figures.planning_ms,
        }
        return {"QueryRuntimeStatistics": {"Timeline": timeline, "Rows": {"InputBytes": figures.scanned_bytes}}}


def _is_query(execution: Execution) -> bool:
    return isinstance(execution.statement, Query)


def _require_allowed(statement: object, workgroup: WorkGroup) -> None:
    """A workgroup that enforces its output location decides where CTAS writes, too."""
    enforced = workgroup.enforced and bool(workgroup.output)
    if enforced and isinstance(statement, CreateTableAs) and "external_location" in statement.options:
        raise invalid_request(
            "The Create Table As Select query failed because it was submitted with an 'external_location' property "
            "to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the "
            "'external_location' property and resubmit the query."
        )


def utc_now() -> dt.datetime:
    """The clock of a real server."""
    return dt.datetime.now(dt.UTC)
