"""What kind of statement an execution runs, as ``GetQueryExecution`` tells it, and where its result goes.

Names of substatements and places of results as measured on Athena 3 by the project aoyagikouhei/athena-local
(``docs/result-files.md``, ``docs/api.md``); the manifest of a statement that writes is beside its sidecar, as
awswrangler expects it (``awswrangler/athena/_read.py``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlglot import exp

from infra.local.athena import statement as st

_SUBSTATEMENTS: dict[type[object], str] = {
    st.Query: "SELECT",
    st.InsertInto: "INSERT",
    st.CreateTableAs: "CREATE_TABLE_AS_SELECT",
    st.Describe: "DESCRIBE_TABLE",
    st.AddPartitions: "ALTER_TABLE_ADD_PARTITION",
    st.DropPartitions: "ALTER_TABLE_DROP_PARTITION",
    st.RenamePartition: "ALTER_TABLE_RENAME_PARTITION",
    st.SetLocation: "ALTER_TABLE_SET_LOCATION",
    st.SetTableProperties: "ALTER_TABLE_SET_TBLPROPERTIES",
    st.AddColumns: "ALTER_TABLE_ADD_COLUMNS",
    st.SetDatabaseProperties: "ALTER_DATABASE_SET_DBPROPERTIES",
    st.ShowTableProperties: "SHOW_TBLPROPERTIES",
    st.RepairTable: "MSCK_REPAIR_TABLE",
}
_UPDATES: dict[type[object], str] = {st.InsertInto: "INSERT", st.CreateTableAs: "CREATE TABLE"}
_SPENT = exp.Select()


def substatement_type(statement: st.Statement) -> str:
    """``SubstatementType``.

    >>> substatement_type(st.ShowDatabases()), substatement_type(st.Query(_SPENT))
    ('SHOW_DATABASES', 'SELECT')
    """
    own = _SUBSTATEMENTS.get(type(statement))
    return own or re.sub(r"(?<!^)(?=[A-Z])", "_", type(statement).__name__).upper()


def writes_rows(statement: st.Statement) -> bool:
    """Does it write somewhere else than to a result file?"""
    return isinstance(statement, (st.InsertInto, st.CreateTableAs, st.Unload))


def update_type(statement: st.Statement) -> str | None:
    """Trino's word for what a statement that writes has done."""
    return _UPDATES.get(type(statement))


def is_text(statement: st.Statement) -> bool:
    """Does the result go to a ``.txt`` file? That of a statement about the catalog does."""
    return st.statement_type(statement) != "DML" and not writes_rows(statement)


def result_name(statement: st.Statement, query_id: str) -> str:
    """The result's key below the output location; for a statement that writes, only its sidecar and manifest have it.

    >>> result_name(st.Query(_SPENT), "1"), result_name(st.ShowDatabases(), "1")
    ('1.csv', '1.txt')
    """
    if isinstance(statement, st.CreateTableAs):
        return f"tables/{query_id}"
    if writes_rows(statement):
        return query_id
    return f"{query_id}.txt" if is_text(statement) else f"{query_id}.csv"


def content_type(statement: st.Statement) -> str:
    """What Athena says of the file: what it reads without an engine is ``binary``, the rest ``application``."""
    if is_text(statement) and not isinstance(statement, st.Describe):
        return "binary/octet-stream"
    return "application/octet-stream"


def without_tree(statement: st.Statement) -> st.Statement:
    """The statement of an execution that has ended: its kind is still asked for, its tree is only large."""
    if isinstance(statement, (st.Query, st.InsertInto, st.CreateTableAs, st.Unload, st.CreateView, st.Explain)):
        return replace(statement, tree=_SPENT)
    return statement
