"""Athena as the :class:`~chalicelib.domain.queries.QueryEngine`; and waiting for what it does."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.queries import Execution, ExecutionState, ResultColumn, ResultPage
from chalicelib.errors import QueryFailed, QueryThrottled

Value = str | int
Sleep = Callable[[float], None]

_PAGE_ROWS = 1_000  # GetQueryResults answers no more
_FIRST_WAIT_S, _LONGEST_WAIT_S, _GROWTH = 0.1, 2.0, 1.5
_BUSY = frozenset({"TooManyRequestsException", "ThrottlingException", "InternalServerException", "ServiceUnavailable"})


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

    def unload(self, sql: str, parameters: Sequence[Value], prefix: str) -> Execution:
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
        pages = self._pages(self._run(sql, parameters).id)
        rows: list[dict[str, str | None]] = []
        for names, row in chain.from_iterable(((page.columns, row) for row in page.rows) for page in pages):
            if len(rows) == max_rows:
                raise QueryFailed(f"more than {max_rows} rows: aggregate further, or UNLOAD them")
            rows.append(dict(zip((column.name for column in names), row, strict=True)))
        return rows

    def start(self, sql: str, literals: Sequence[str] = (), *, token: str = "") -> str:
        """Start a statement and answer its execution's id.

        The same request with the same ``token``, sent again by the SDK or by us, is the same execution, not another.
        """
        request: dict[str, Any] = {
            "QueryString": sql,
            "QueryExecutionContext": {"Database": self._database},
            "WorkGroup": self._workgroup,
        }
        if literals:
            request["ExecutionParameters"] = list(literals)
        if token:
            request["ClientRequestToken"] = hashlib.sha256(token.encode()).hexdigest()
        return str(self._call(self._client.start_query_execution, **request)["QueryExecutionId"])

    def look(self, execution_id: str) -> Execution:
        """Answer how an execution stands."""
        found = self._call(self._client.get_query_execution, QueryExecutionId=execution_id)["QueryExecution"]
        status, statistics = found["Status"], found.get("Statistics", {})
        return Execution(
            id=execution_id,
            state=ExecutionState(status["State"]),
            reason=status.get("StateChangeReason", ""),
            scanned_bytes=statistics.get("DataScannedInBytes", 0),
            engine_ms=statistics.get("EngineExecutionTimeInMillis", 0),
            queued_ms=statistics.get("QueryQueueTimeInMillis", 0),
            output=found.get("ResultConfiguration", {}).get("OutputLocation", "").partition("://")[2].partition("/")[2],
            is_retryable=bool(status.get("AthenaError", {}).get("Retryable")),
        )

    def page(self, execution_id: str, cursor: str | None = None, size: int = _PAGE_ROWS) -> ResultPage:
        """Answer up to ``size`` rows of an execution that has succeeded."""
        # Athena's first row of a SELECT repeats the column names; of a page there may be no more than a thousand.
        page = self._page(execution_id, cursor, min(size + 1, _PAGE_ROWS) if cursor is None else size)
        return page if cursor is not None else ResultPage(page.columns, page.rows[1:], page.next_cursor)

    def text(self, execution_id: str) -> str:
        """Answer what a statement that answers in lines has said, its name for them left out."""
        lines, cursor = [], None
        while True:
            page = self._page(execution_id, cursor, _PAGE_ROWS)
            lines += ["\t".join(value or "" for value in row) for row in page.rows]
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
        return "\n".join(lines[1:] if lines[:1] == ["Query Plan"] else lines)

    def _page(self, execution_id: str, cursor: str | None, size: int) -> ResultPage:
        request: dict[str, Any] = {"QueryExecutionId": execution_id, "MaxResults": size}
        if cursor is not None:
            request["NextToken"] = cursor
        answer = self._call(self._client.get_query_results, **request)
        result = answer["ResultSet"]
        columns = tuple(map(_column, result["ResultSetMetadata"]["ColumnInfo"]))
        rows = [tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in result["Rows"]]
        return ResultPage(columns, rows, answer.get("NextToken"))

    def stop(self, execution_id: str) -> None:
        """Stop an execution; one that has ended stays as it is."""
        self._call(self._client.stop_query_execution, QueryExecutionId=execution_id)

    def _run(self, statement: str, parameters: Sequence[Value], *, token: str = "") -> Execution:
        return self._wait(self.start(statement, [literal(value) for value in parameters], token=token))

    def _wait(self, execution_id: str) -> Execution:
        waited, pause = 0.0, _FIRST_WAIT_S
        while True:
            execution = self.look(execution_id)
            if execution.state is ExecutionState.SUCCEEDED:
                return execution
            if execution.state.is_final:
                kind = QueryThrottled if execution.is_retryable else QueryFailed
                raise kind(f"Athena {execution_id}: {execution.reason or execution.state.lower()}")
            if waited >= self._timeout_s:
                self.stop(execution_id)
                raise QueryFailed(f"Athena {execution_id}: stopped after {waited:.0f} s; read fewer days at a time")
            self._sleep(pause)
            waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST_WAIT_S)

    def _pages(self, execution_id: str) -> Iterator[ResultPage]:
        page = self.page(execution_id)
        yield page
        while page.next_cursor is not None:
            page = self.page(execution_id, page.next_cursor)
            yield page

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


def _column(info: Mapping[str, Any]) -> ResultColumn:
    kind = str(info.get("Type", "varchar"))
    return ResultColumn(info["Name"], f"decimal({info['Precision']},{info['Scale']})" if kind == "decimal" else kind)
