"""The statement of a text, its parameters put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from infra.local.athena import parse_alter, parse_explain, parse_shows, parse_tables, parse_views, parse_writes
from infra.local.athena import statement as st
from infra.local.athena.dialect import parse_query
from infra.local.athena.errors import malformed_query
from infra.local.athena.limits import bounded, check_characters, check_length
from infra.local.athena.names import table_name
from infra.local.athena.parameters import bind
from infra.local.athena.tokens import Cursor


def parse(sql: str, parameters: Sequence[str] = ()) -> st.Statement:
    """What the text asks for.

    Parameters
    ----------
    sql
        One statement.
    parameters
        A literal per ``?`` in the order of the text, as SQL: strings in quotes, as Athena wants them.

    Raises
    ------
    ApiError
        ``InvalidRequestException``, ``MALFORMED_QUERY``: no statement, more than one, or of a kind that Athena refuses.

    Examples
    --------
    >>> parse("SHOW TABLES IN lake")
    ShowTables(database='lake', pattern=None)
    >>> parse("SELECT ?", ["'a'"]).tree.sql()
    "SELECT 'a'"
    """
    check_length(sql)
    text = bind(sql, parameters)
    check_characters(text)
    with bounded():
        return _read(text)


def _read(text: str) -> st.Statement:
    cursor = Cursor(text)
    if cursor.done:
        raise malformed_query("line 1:1: mismatched input '<EOF>'")
    for words, reader in _READERS:
        if cursor.accept(*words):
            statement = reader(cursor)
            cursor.end()
            return statement
    if cursor.word in ("SELECT", "WITH", "VALUES", "("):
        return st.Query(parse_query(text))
    if cursor.word not in _STATEMENTS:
        raise cursor.mismatch(", ".join(f"'{word}'" for word in _STATEMENTS))
    raise malformed_query("Queries of this type are not supported")


#: With what a statement of Trino's or Hive's may begin.
_STATEMENTS = (
    "(", "ALTER", "ANALYZE", "CALL", "COMMENT", "COMMIT", "CREATE", "DEALLOCATE", "DELETE", "DENY", "DESC",
    "DESCRIBE", "DROP", "EXECUTE", "EXPLAIN", "GRANT", "INSERT", "MERGE", "MSCK", "OPTIMIZE", "PREPARE", "REFRESH",
    "RESET", "REVOKE", "ROLLBACK", "SELECT", "SET", "SHOW", "START", "TABLE", "TRUNCATE", "UNLOAD", "UPDATE", "USE",
    "VACUUM", "VALUES", "WITH",
)  # fmt: skip

_READERS: tuple[tuple[tuple[str, ...], Callable[[Cursor], st.Statement]], ...] = (
    (("EXPLAIN",), parse_explain.explain),
    (("UNLOAD",), parse_writes.unload),
    (("INSERT", "INTO"), parse_writes.insert_into),
    (("CREATE", "EXTERNAL", "TABLE"), parse_tables.create_external),
    (("CREATE", "TABLE"), parse_writes.create_table_as),
    (("CREATE", "OR", "REPLACE", "VIEW"), parse_views.create_or_replace_view),
    (("CREATE", "VIEW"), parse_views.create_view),
    (("CREATE", "DATABASE"), parse_tables.create_database),
    (("CREATE", "SCHEMA"), parse_tables.create_database),
    (("DROP", "TABLE"), parse_tables.drop_table),
    (("DROP", "VIEW"), parse_views.drop_view),
    (("DROP", "DATABASE"), parse_tables.drop_database),
    (("DROP", "SCHEMA"), parse_tables.drop_database),
    (("ALTER", "TABLE"), parse_alter.alter_table),
    (("ALTER", "DATABASE"), parse_alter.alter_database),
    (("ALTER", "SCHEMA"), parse_alter.alter_database),
    (("MSCK", "REPAIR", "TABLE"), lambda cursor: st.RepairTable(table_name(cursor))),
    (("SHOW", "PARTITIONS"), lambda cursor: st.ShowPartitions(table_name(cursor))),
    (("SHOW", "TABLES"), parse_shows.show_tables),
    (("SHOW", "VIEWS"), parse_shows.show_views),
    (("SHOW", "CREATE", "TABLE"), lambda cursor: st.ShowCreateTable(table_name(cursor))),
    (("SHOW", "TBLPROPERTIES"), parse_shows.show_table_properties),
    (("SHOW", "FUNCTIONS"), parse_shows.refuse_functions),
    (("SHOW", "CREATE", "VIEW"), lambda cursor: st.ShowCreateView(table_name(cursor))),
    (("SHOW", "DATABASES"), parse_shows.show_databases),
    (("SHOW", "SCHEMAS"), parse_shows.show_databases),
    (("SHOW", "COLUMNS"), parse_shows.show_columns),
    (("DESCRIBE",), parse_shows.describe),
    (("DESC",), parse_shows.describe),
)
