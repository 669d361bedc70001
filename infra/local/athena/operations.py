"""Athena's operations on queries and workgroups, without HTTP: a body in, a body out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.athena.catalog import Catalog
from infra.local.athena.errors import ApiError, invalid_request
from infra.local.athena.executions import Execution, Executions
from infra.local.athena.metadata import metadata_operations
from infra.local.athena.named_queries import NamedQueries
from infra.local.athena.objects import ObjectStore
from infra.local.athena.paging import page
from infra.local.athena.parse import parse
from infra.local.athena.prepared import PreparedStatements, read_preparing
from infra.local.athena.query_results import query_results
from infra.local.athena.reuse import is_overridden, max_age, reusable
from infra.local.athena.runner import Clock, Runner
from infra.local.athena.statement import CreateTableAs, Execute
from infra.local.athena.validation import validated
from infra.local.athena.workgroups import WorkGroup, WorkGroups

Body = dict[str, Any]
Operation = Callable[[Body], Body]

#: Operations on workgroups and tags: the local AWS has them, and CloudFormation uses them there.
PASSED_ON = {
    "CreateWorkGroup": "create_work_group",
    "UpdateWorkGroup": "update_work_group",
    "DeleteWorkGroup": "delete_work_group",
    "ListWorkGroups": "list_work_groups",
    "TagResource": "tag_resource",
    "UntagResource": "untag_resource",
    "ListTagsForResource": "list_tags_for_resource",
}


ENGINES = ("AUTO", "Athena engine version 3")
MOST_QUERY_BYTES = 262_144


class Operations:
    """Everything that a client can ask for."""

    def __init__(
        self, executions: Executions, runner: Runner, workgroups: WorkGroups, prepared: PreparedStatements,
        catalog: Catalog, objects: ObjectStore, clock: Clock,
    ) -> None:  # fmt: skip
        self._executions = executions
        self._runner = runner
        self._workgroups = workgroups
        self._prepared = prepared
        self._objects = objects
        self._clock = clock
        self._operations: dict[str, Operation] = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": lambda body: {"QueryExecution": self._execution(body).described()},
            "BatchGetQueryExecution": self._batch_get,
            "ListQueryExecutions": self._list,
            "StopQueryExecution": self._stop,
            "GetQueryResults": lambda body: query_results(self._execution(body), body, runner.results),
            "GetQueryRuntimeStatistics": self._runtime_statistics,
            "ListEngineVersions": _engine_versions,
            "GetWorkGroup": lambda body: {"WorkGroup": workgroups.described(body["WorkGroup"])},
            **{name: self._passing_on(method) for name, method in PASSED_ON.items()},
            **prepared.operations,
            **NamedQueries(workgroups).operations,
            **metadata_operations(catalog),
        }

    def call(self, name: str, body: Body) -> Body:
        """Do one operation.

        Raises
        ------
        ApiError
            What Athena would answer instead.
        """
        asked = validated(name, body)
        operation = self._operations.get(name)
        if operation is None:
            raise ApiError("UnknownOperationException", f"The local Athena does not have the operation {name}")
        return operation(asked)

    def _passing_on(self, method: str) -> Operation:
        return lambda body: self._workgroups.pass_on(method, body)

    def _start(self, body: Body) -> Body:
        if not body.get("ClientRequestToken"):
            raise invalid_request("clientRequestToken is null or empty")
        if len(body["QueryString"].encode()) > MOST_QUERY_BYTES:
            raise invalid_request(f"queryString exceeds maximum allowed length {MOST_QUERY_BYTES}")
        workgroup = self._workgroups.get(body.get("WorkGroup", "primary"))
        if not workgroup.enabled:
            raise invalid_request(f"WorkGroup {workgroup.name} is disabled.")
        execution = self._accepted(body, workgroup)
        kept, new = self._executions.add(execution, body["ClientRequestToken"])
        if new and not self._is_answered(kept, workgroup):
            self._runner.submit(kept)
        return {"QueryExecutionId": kept.query_id}

    def _accepted(self, body: Body, workgroup: WorkGroup) -> Execution:
        """The execution that a request asks for."""
        sql, parameters = body["QueryString"], tuple(body.get("ExecutionParameters", ()))
        output = workgroup.output_for(_asked_output(body))
        if not self._objects.bucket_exists(output.bucket):
            raise invalid_request(f"Unable to verify/create output bucket {output.bucket}")
        statement = read_preparing(sql, parameters) or parse(sql, parameters)
        if isinstance(statement, Execute):
            statement = self._prepared.resolved(workgroup.name, statement)
        _require_allowed(statement, workgroup)
        context = body.get("QueryExecutionContext", {})
        return Execution(
            sql=sql,
            statement=statement,
            workgroup=workgroup.name,
            output=output,
            submitted=self._clock(),
            database=context.get("Database", "default").strip("`").lower(),  # awswrangler quotes it
            catalog=context.get("Catalog", "awsdatacatalog").lower(),
            parameters=parameters,
            asked=body,
            bytes_limit=workgroup.bytes_limit,
        )

    def _is_answered(self, execution: Execution, workgroup: WorkGroup) -> bool:
        """Show an earlier result as the new execution's own, where the request allows it and there is one."""
        age = max_age(execution.asked.get("ResultReuseConfiguration", {}))
        if age is None or is_overridden(workgroup, _asked_output(execution.asked)):
            return False
        earlier = self._executions.newest_first(workgroup.name)
        found = reusable(execution, earlier, age, lambda one: self._objects.exists(one.output.bucket, one.result_key))
        if found is None:
            return False
        execution.reused = found
        execution.columns = found.columns
        execution.statistics.output_rows = found.statistics.output_rows
        execution.statistics.output_bytes = found.statistics.output_bytes
        execution.end("SUCCEEDED", "", self._clock())
        return True

    def _execution(self, body: Body) -> Execution:
        return self._executions.get(body["QueryExecutionId"])

    def _batch_get(self, body: Body) -> Body:
        found, missing = [], []
        for query_id in body["QueryExecutionIds"]:
            try:
                found.append(self._executions.get(query_id).described())
            except ApiError as error:
                missing.append({"QueryExecutionId": query_id, "ErrorCode": error.code, "ErrorMessage": error.message})
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}

    def _list(self, body: Body) -> Body:
        workgroup = self._workgroups.get(body.get("WorkGroup", "primary"))
        ids = [e.query_id for e in self._executions.newest_first(workgroup.name)]
        items, token = page(ids, body.get("NextToken"), body.get("MaxResults") or 50)
        return {"QueryExecutionIds": list(items)} | ({"NextToken": token} if token else {})

    def _stop(self, body: Body) -> Body:
        self._runner.stop(self._execution(body))
        return {}

    def _runtime_statistics(self, body: Body) -> Body:
        figures = self._execution(body).statistics
        timeline = {
            "QueryQueueTimeInMillis": figures.queue_ms,
            "EngineExecutionTimeInMillis": figures.engine_ms,
            "TotalExecutionTimeInMillis": figures.total_ms,
            "QueryPlanningTimeInMillis": figures.planning_ms,
        }
        rows = {
            "InputBytes": figures.scanned_bytes,
            "OutputRows": figures.output_rows,
            "OutputBytes": figures.output_bytes,
        }
        return {"QueryRuntimeStatistics": {"Timeline": timeline, "Rows": rows}}


def _engine_versions(body: Body) -> Body:
    versions = [{"SelectedEngineVersion": selected, "EffectiveEngineVersion": ENGINES[-1]} for selected in ENGINES]
    items, token = page(versions, body.get("NextToken"), body.get("MaxResults") or 10)
    return {"EngineVersions": list(items)} | ({"NextToken": token} if token else {})


def _asked_output(body: Mapping[str, Any]) -> str:
    return str(body.get("ResultConfiguration", {}).get("OutputLocation", ""))


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
