"""Athena: start a statement, wait for it, say what it cost or why it failed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import QueryError, QueryFailed, QueryThrottled

Value = str | int
Sleep = Callable[[float], None]

_FIRST_WAIT_S, _LONGEST_WAIT_S, _GROWTH = 0.1, 2.0, 1.5
_BUSY = frozenset({"TooManyRequestsException", "ThrottlingException", "InternalServerException", "ServiceUnavailable"})


@dataclass(frozen=True, slots=True)
class QueryStats:
    """What one statement cost."""

    execution_id: str
    scanned_bytes: int
    engine_ms: int


class Athena:
    """One workgroup of Athena and the database that its statements read.

    Parameters
    ----------
    client
        A boto3 ``athena`` client.
    database, workgroup
        Names. The workgroup enforces where results go and how much a statement may scan.
    bucket
        The bucket that :meth:`unload` writes to.
    sleep
        Waits for a number of seconds.
    timeout_s
        A statement that has waited longer (in sleeps) is stopped, and fails.
    """

    def __init__(
        self,
        client: Any,
        *,
        database: str,
        workgroup: str,
        bucket: str,
        sleep: Sleep = time.sleep,
        timeout_s: float = 600.0,
    ) -> None:
        self._client = client
        self._database = database
        self._workgroup = workgroup
        self._bucket = bucket
        self._sleep = sleep
        self._timeout_s = timeout_s

    def unload(self, sql: str, parameters: Sequence[Value], prefix: str) -> QueryStats:
        """Write the rows of a SELECT as Parquet (ZSTD) under ``prefix``, which has to be empty.

        ``parameters`` are the values of the statement's question marks, in their order. No rows: no file.

        Raises
        ------
        QueryFailed
            The statement is wrong, too large, or took too long; the engine's reason is in the message.
        QueryThrottled
            Athena is busy: the same statement can succeed later, under another prefix.
        """
        target = f"s3://{self._bucket}/{prefix}".replace("'", "''")
        statement = f"UNLOAD (\n{sql}\n) TO '{target}' WITH (format = 'PARQUET', compression = 'ZSTD')"
        return self._run(statement, parameters, token=f"{prefix}\n{statement}")

    def select(
        self, sql: str, parameters: Sequence[Value] = (), *, max_rows: int = 10_000
    ) -> list[dict[str, str | None]]:
        """Answer the rows of a SELECT that gives few of them, each as column name to text (or None).

        Raises as :meth:`unload`, and ``QueryFailed`` when there are more than ``max_rows``: nothing is cut off.
        """
        stats = self._run(sql, parameters)
        rows: list[dict[str, str | None]] = []
        for row in self._results(stats.execution_id):
            if len(rows) == max_rows:
                raise QueryFailed(f"more than {max_rows} rows: aggregate further, or UNLOAD them")
            rows.append(row)
        return rows

    def _run(self, statement: str, parameters: Sequence[Value], *, token: str = "") -> QueryStats:
        request: dict[str, Any] = {
            "QueryString": statement,
            "QueryExecutionContext": {"Database": self._database},
            "WorkGroup": self._workgroup,
        }
        if parameters:
            request["ExecutionParameters"] = [literal(value) for value in parameters]
        if token:  # the same request sent again by the SDK is the same execution, not a second one
            request["ClientRequestToken"] = hashlib.sha256(token.encode()).hexdigest()
        execution_id = self._call(self._client.start_query_execution, **request)["QueryExecutionId"]
        return self._wait(execution_id)

    def _wait(self, execution_id: str) -> QueryStats:
        waited, pause = 0.0, _FIRST_WAIT_S
        while True:
            execution = self._call(self._client.get_query_execution, QueryExecutionId=execution_id)["QueryExecution"]
            status = execution["Status"]
            if status["State"] == "SUCCEEDED":
                statistics = execution.get("Statistics", {})
                return QueryStats(
                    execution_id,
                    statistics.get("DataScannedInBytes", 0),
                    statistics.get("EngineExecutionTimeInMillis", 0),
                )
            if status["State"] in ("FAILED", "CANCELLED"):
                raise _failure(execution_id, status)
            if waited >= self._timeout_s:
                self._call(self._client.stop_query_execution, QueryExecutionId=execution_id)
                raise QueryFailed(f"Athena {execution_id}: stopped after {waited:.0f} s; read fewer days at a time")
            self._sleep(pause)
            waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST_WAIT_S)

    def _results(self, execution_id: str) -> Iterator[dict[str, str | None]]:
        request: dict[str, Any] = {"QueryExecutionId": execution_id}
        header = True  # Athena's first row of a SELECT repeats the column names
        while True:
            answer = self._call(self._client.get_query_results, **request)
            result = answer["ResultSet"]
            names = [column["Name"] for column in result["ResultSetMetadata"]["ColumnInfo"]]
            for row in result["Rows"][1 if header else 0 :]:
                yield dict(zip(names, (cell.get("VarCharValue") for cell in row["Data"]), strict=True))
            if not answer.get("NextToken"):
                return
            header = False
            request["NextToken"] = answer["NextToken"]

    def _call(self, operation: Callable[..., Any], **request: Any) -> Any:
        try:
            return operation(**request)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if code in _BUSY or status >= 500:
                raise QueryThrottled(f"Athena is busy: {code}") from error
            raise QueryFailed(f"Athena refused the statement: {code}: {message}") from error
        except BotoCoreError as error:
            raise QueryThrottled(f"Athena did not answer: {type(error).__name__}") from error


def literal(value: Value) -> str:
    """Write a value as Athena wants execution parameters: as an SQL literal.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    >>> literal(7)
    '7'
    """
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _failure(execution_id: str, status: Any) -> QueryError:
    reason = status.get("StateChangeReason") or status["State"].lower()
    kind = QueryThrottled if status.get("AthenaError", {}).get("Retryable") else QueryFailed
    return kind(f"Athena {execution_id}: {reason}")
