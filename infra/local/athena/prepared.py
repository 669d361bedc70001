"""Prepared statements of a workgroup: as operations, and as SQL (PREPARE, EXECUTE … USING, DEALLOCATE PREPARE).

They are kept by the local AWS, beside the workgroups, and live as long as those do.
https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from sqlglot.tokenizer_core import TokenType

from infra.local.athena import statement as st
from infra.local.athena.errors import ApiError, invalid_request, malformed_query
from infra.local.athena.paging import page
from infra.local.athena.parameters import bind
from infra.local.athena.parse import parse
from infra.local.athena.tokens import Cursor, tokenize
from infra.local.athena.workgroups import WorkGroups

Body = dict[str, Any]
MOST = 1000  # statements of a workgroup
PARAMETRISED = (st.Query, st.InsertInto, st.CreateTableAs, st.Unload)


class PreparedStatements:
    """The operations, over the local AWS, which lacks the update, the batch, pages and limits."""

    def __init__(self, workgroups: WorkGroups) -> None:
        self._workgroups = workgroups
        self._changing = threading.Lock()
        self.operations: dict[str, Callable[[Body], Body]] = {
            "CreatePreparedStatement": self._create,
            "GetPreparedStatement": lambda body: {
                "PreparedStatement": self.get(body["WorkGroup"], body["StatementName"])
            },
            "UpdatePreparedStatement": self._update,
            "DeletePreparedStatement": self._delete,
            "ListPreparedStatements": self._list,
            "BatchGetPreparedStatement": self._batch_get,
        }

    def get(self, workgroup: str, name: str) -> Body:
        """``PreparedStatement``.

        Raises
        ------
        ApiError
            ``ResourceNotFoundException``.
        """
        self._workgroups.get(workgroup)
        found: Body = self._found("get_prepared_statement", workgroup, name)["PreparedStatement"]
        return {key: value for key, value in found.items() if value}

    def prepare(self, workgroup: str, statement: st.Prepare) -> None:
        """Run PREPARE: like CreatePreparedStatement."""
        self._create({"WorkGroup": workgroup, "StatementName": statement.name, "QueryStatement": statement.sql})

    def deallocate(self, workgroup: str, statement: st.Deallocate) -> None:
        """Run DEALLOCATE PREPARE: like DeletePreparedStatement."""
        self._delete({"WorkGroup": workgroup, "StatementName": statement.name})

    def resolved(self, workgroup: str, statement: st.Execute) -> st.Statement:
        """The prepared statement with its parameters put in; the same EXECUTE with the reason when that cannot be.

        Raises
        ------
        ApiError
            ``MALFORMED_QUERY`` when what was prepared is no statement.
        """
        try:
            sql = self.get(workgroup, statement.name)["QueryStatement"]
        except ApiError as error:
            return st.Execute(statement.name, statement.arguments, error.message)
        wanted = len(marks(sql))
        if wanted != len(statement.arguments):
            told = f"Incorrect number of parameters: expected {wanted} but found {len(statement.arguments)}"
            return st.Execute(statement.name, statement.arguments, told)
        return parse(sql, statement.arguments)

    def _found(self, method: str, workgroup: str, name: str) -> Body:
        try:
            return self._workgroups.pass_on(method, {"WorkGroup": workgroup, "StatementName": name})
        except ApiError as error:
            if error.kind != "ResourceNotFoundException":
                raise
            message = f"PreparedStatement {name} was not found in workGroup {workgroup}"
            raise ApiError("ResourceNotFoundException", message, fields={"ResourceName": name}) from error

    def _create(self, body: Body) -> Body:
        workgroup, name = body["WorkGroup"], body["StatementName"]
        self._workgroups.get(workgroup)
        with self._changing:
            known = [one["StatementName"] for one in self._all(workgroup)]
            if name in known:
                raise invalid_request(f"PreparedStatement {name} already exists in workGroup {workgroup}")
            if len(known) >= MOST:
                raise invalid_request(f"The workGroup {workgroup} has {MOST} prepared statements already")
            return self._workgroups.pass_on("create_prepared_statement", body)

    def _update(self, body: Body) -> Body:
        """The local AWS cannot change one: it is made anew; should that fail, what was there is put back."""
        with self._changing:
            before = self.get(body["WorkGroup"], body["StatementName"])
            self._found("delete_prepared_statement", body["WorkGroup"], body["StatementName"])
            try:
                return self._workgroups.pass_on("create_prepared_statement", body)
            except BaseException:
                kept = {key: before[key] for key in before if key in ("StatementName", "QueryStatement", "Description")}
                self._workgroups.pass_on("create_prepared_statement", kept | {"WorkGroup": body["WorkGroup"]})
                raise

    def _delete(self, body: Body) -> Body:
        self._workgroups.get(body["WorkGroup"])
        with self._changing:
            return self._found("delete_prepared_statement", body["WorkGroup"], body["StatementName"])

    def _all(self, workgroup: str) -> Sequence[Body]:
        listed = self._workgroups.pass_on("list_prepared_statements", {"WorkGroup": workgroup})
        return sorted(listed["PreparedStatements"], key=lambda one: str(one["StatementName"]))

    def _list(self, body: Body) -> Body:
        self._workgroups.get(body["WorkGroup"])
        items, token = page(self._all(body["WorkGroup"]), body.get("NextToken"), body.get("MaxResults") or 50)
        return {"PreparedStatements": list(items)} | ({"NextToken": token} if token else {})

    def _batch_get(self, body: Body) -> Body:
        self._workgroups.get(body["WorkGroup"])
        if len(body["PreparedStatementNames"]) > 256:
            raise invalid_request("PreparedStatementNames may have 256 names at most")
        found: list[Body] = []
        missing: list[Body] = []
        for name in body["PreparedStatementNames"]:
            try:
                found.append(self.get(body["WorkGroup"], name))
            except ApiError as error:
                missing.append({"StatementName": name, "ErrorCode": error.kind, "ErrorMessage": error.message})
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}


def marks(sql: str) -> list[int]:
    """Where the question marks are that are neither in a text nor in a comment.

    >>> marks("SELECT '?', ? -- ?")
    [12]
    """
    return [token.start for token in tokenize(sql) if token.token_type == TokenType.PLACEHOLDER]


def read_preparing(sql: str, parameters: Sequence[str]) -> st.Prepare | st.Execute | st.Deallocate | None:
    """PREPARE, EXECUTE or DEALLOCATE PREPARE, if the text is one of them.

    Parameters
    ----------
    sql
        The text of a query.
    parameters
        ExecutionParameters. With EXECUTE they fill the question marks of the prepared statement, or those after USING.

    Raises
    ------
    ApiError
        ``MALFORMED_QUERY``; also for what cannot be prepared.

    Examples
    --------
    >>> read_preparing("EXECUTE most USING DATE '2026-11-22', -3", [])
    Execute(name='most', arguments=("DATE '2026-11-22'", '-3'), refused='')
    """
    cursor = Cursor(sql)
    if cursor.accept("PREPARE"):
        return _prepare(cursor)
    if cursor.accept("DEALLOCATE"):
        cursor.expect("PREPARE")
        name = cursor.name()
        cursor.end()
        return st.Deallocate(name)
    if cursor.accept("EXECUTE"):
        return _execute(Cursor(bind(sql, parameters)), ()) if marks(sql) else _execute(Cursor(sql), parameters)
    return None


def _prepare(cursor: Cursor) -> st.Prepare:
    name = cursor.name()
    cursor.expect("FROM")
    text = cursor.rest().strip()
    if not isinstance(parse(text, ["NULL"] * len(marks(text))), PARAMETRISED):
        raise malformed_query("Only SELECT, INSERT INTO, CREATE TABLE AS and UNLOAD can be prepared")
    return st.Prepare(name, text)


def _execute(cursor: Cursor, parameters: Sequence[str]) -> st.Execute:
    cursor.expect("EXECUTE")
    name = cursor.name()
    if not cursor.accept("USING"):
        cursor.end()
        return st.Execute(name, tuple(parameters))
    if parameters:
        raise malformed_query(f"line 1:1: Incorrect number of parameters: expected 0 but found {len(parameters)}")
    return st.Execute(name, tuple(_arguments(cursor)))


def _arguments(cursor: Cursor) -> list[str]:
    """The texts between the commas; each must be one literal, which :func:`parse` looks at when it puts it in."""
    found, start = [], cursor.at
    while True:
        if cursor.done or cursor.word == ",":
            if cursor.at == start:
                raise cursor.mismatch("a literal")
            found.append(cursor.sql[cursor.tokens[start].start : cursor.tokens[cursor.at - 1].end + 1])
            start = cursor.at + 1
        if cursor.done:
            return found
        cursor.at += 1
