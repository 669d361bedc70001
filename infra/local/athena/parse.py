"""The statement of a text, its parameters put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from sqlglot.tokenizer_core import Token, TokenType

from infra.local.athena import statement as st
from infra.local.athena.dialect import parse_query
from infra.local.athena.errors import QueryFailure, malformed_query, not_supported
from infra.local.athena.limits import bounded, check_characters, check_length
from infra.local.athena.locations import Location
from infra.local.athena.tokens import Cursor, tokenize
from infra.local.athena.types import Column

_TYPED_LITERALS = ("DATE", "TIMESTAMP", "TIME", "DECIMAL", "INTERVAL")


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
    raise malformed_query("Queries of this type are not supported")


def bind(sql: str, parameters: Sequence[str]) -> str:
    """The text with every ``?`` replaced by its literal."""
    tokens = tokenize(sql)
    for one, after in pairwise(tokens):
        if one.token_type == TokenType.NUMBER and after.start == one.end + 1 and after.text[:1].isalpha():
            raise not_supported(f"the literal {one.text}{after.text}")  # 0b11 would be read as 0 AS b11
    sql = _typed_literals(sql, tokens)
    tokens = tokenize(sql)
    marks = [token for token in tokens if token.token_type == TokenType.PLACEHOLDER]
    if len(marks) != len(parameters):
        raise malformed_query(
            f"line 1:1: Incorrect number of parameters: expected {len(marks)} but found {len(parameters)}"
        )
    for mark, parameter in reversed(list(zip(marks, parameters, strict=True))):
        sql = sql[: mark.start] + _literal(parameter) + sql[mark.end + 1 :]
    return sql


def _typed_literals(sql: str, tokens: Sequence[Token]) -> str:
    """Look at ``DATE '…'``, and write ``DECIMAL '…'`` with its digits: sqlglot takes both for casts.

    >>> _typed_literals("SELECT DECIMAL '1.10'", tokenize("SELECT DECIMAL '1.10'"))
    'SELECT CAST(1.10 AS DECIMAL(3, 2))'
    """
    for kind, value in reversed(list(pairwise(tokens))):
        if value.token_type != TokenType.STRING or kind.text.upper() not in ("DECIMAL", "DATE"):
            continue
        if kind.text.upper() == "DATE":
            _check_date(value.text)
            continue
        number = re.fullmatch(r"([+-]?)(\d*)(?:\.(\d*))?", value.text.strip())
        if not number or not (number[2] or number[3]):
            raise QueryFailure("INVALID_LITERAL", f"'{value.text}' is not a valid DECIMAL literal")
        whole, part = number[2].lstrip("0"), number[3] or ""
        written = f"{number[1]}{number[2] or '0'}{'.' + part if part else ''}"
        made = f"CAST({written} AS DECIMAL({max(1, len(whole) + len(part))}, {len(part)}))"
        sql = sql[: kind.start] + made + sql[value.end + 1 :]
    return sql


def _check_date(written: str) -> None:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        try:
            date.fromisoformat(written)
        except ValueError as error:
            raise QueryFailure("INVALID_LITERAL", f"'{written}' is not a valid DATE literal") from error


def _literal(parameter: str) -> str:
    """A parameter is one literal and nothing else: no expression can be smuggled in."""
    tokens = tokenize(parameter)
    kinds = [token.token_type for token in tokens]
    if kinds in ([TokenType.STRING], [TokenType.NUMBER]) or parameter.strip().upper() in ("TRUE", "FALSE", "NULL"):
        return parameter.strip()
    if kinds == [TokenType.DASH, TokenType.NUMBER]:
        return f"({parameter.strip()})"
    if len(tokens) == 2 and tokens[0].text.upper() in _TYPED_LITERALS and kinds[1] == TokenType.STRING:
        return parameter.strip()
    raise malformed_query(f"The execution parameter {parameter} is no literal: put strings in single quotes")


def table_name(cursor: Cursor) -> st.Name:
    """``table``, ``database.table`` or ``awsdatacatalog.database.table``."""
    parts = [cursor.name()]
    while cursor.accept("."):
        parts.append(cursor.name())
    if len(parts) == 3 and parts[0] == "awsdatacatalog":
        parts = parts[1:]
    if len(parts) > 2:
        raise malformed_query(f"The catalog '{parts[0]}' does not exist")
    return st.Name(parts[0] if len(parts) == 2 else "", parts[-1])


def _unload(cursor: Cursor) -> st.Unload:
    inner = cursor.parenthesised()
    cursor.expect("TO")
    target = cursor.string()
    return st.Unload(parse_query(inner), Location.parse(target).uri, _options(cursor))


def _options(cursor: Cursor) -> dict[str, object]:
    """``WITH (name = 'text' | 3 | true | ARRAY['a', …], …)``; none is fine."""
    found: dict[str, object] = {}
    if not cursor.accept("WITH"):
        return found
    cursor.expect("(")
    while True:
        name = cursor.name()
        cursor.expect("=")
        if cursor.accept("ARRAY"):
            cursor.expect("[")
            items = [cursor.string()]
            while cursor.accept(","):
                items.append(cursor.string())
            cursor.expect("]")
            found[name] = tuple(items)
        elif cursor.word in ("TRUE", "FALSE"):
            found[name] = cursor.name() == "true"
        else:
            found[name] = cursor.literal()
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return found


def _create_table_as(cursor: Cursor) -> st.CreateTableAs:
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = table_name(cursor)
    options = _options(cursor)
    cursor.expect("AS")
    body, with_data = cursor.rest(), True
    words = [token.text.upper() for token in cursor.tokens[-3:]]
    if words == ["WITH", "NO", "DATA"]:
        body, with_data = body[: cursor.tokens[-3].start - cursor.tokens[cursor.at].start], False
    elif words[-2:] == ["WITH", "DATA"]:
        body = body[: cursor.tokens[-2].start - cursor.tokens[cursor.at].start]
    cursor.at = len(cursor.tokens)
    return st.CreateTableAs(name, parse_query(body), options, if_not_exists, with_data)


def _insert(cursor: Cursor) -> st.InsertInto:
    name = table_name(cursor)
    columns: tuple[str, ...] = ()
    if cursor.word == "(" and not _is_query(cursor):
        cursor.expect("(")
        columns = tuple(_names(cursor))
    body = cursor.rest()
    cursor.at = len(cursor.tokens)
    return st.InsertInto(name, columns, parse_query(body))


def _is_query(cursor: Cursor) -> bool:
    after = cursor.tokens[cursor.at + 1].text.upper() if cursor.at + 1 < len(cursor.tokens) else ""
    return after in ("SELECT", "WITH", "VALUES", "(")


def _names(cursor: Cursor) -> list[str]:
    found = [cursor.name()]
    while cursor.accept(","):
        found.append(cursor.name())
    cursor.expect(")")
    return found


def _create_external(cursor: Cursor) -> st.CreateTable:
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = table_name(cursor)
    columns = _columns(cursor)
    keys: tuple[Column, ...] = ()
    location, parameters = "", {}
    while not cursor.done:
        if cursor.accept("PARTITIONED", "BY"):
            keys = _columns(cursor)
        elif cursor.accept("STORED", "AS"):
            cursor.expect("PARQUET")
        elif cursor.accept("LOCATION"):
            location = Location.parse(cursor.string()).uri
        elif cursor.accept("TBLPROPERTIES"):
            parameters = _properties(cursor)
        elif cursor.accept("COMMENT"):
            cursor.string()
        else:
            raise cursor.mismatch("PARTITIONED BY, STORED AS PARQUET, LOCATION or TBLPROPERTIES")
    if not location:
        raise malformed_query("CREATE EXTERNAL TABLE needs a LOCATION")
    return st.CreateTable(name, columns, keys, location, if_not_exists, parameters)


def _columns(cursor: Cursor) -> tuple[Column, ...]:
    inner = Cursor(cursor.parenthesised())
    found = []
    while True:
        name = inner.name()
        found.append(Column(name, _type(inner)))
        if inner.accept("COMMENT"):
            inner.string()
        if not inner.accept(","):
            break
    inner.end()
    return tuple(found)


def _type(cursor: Cursor) -> str:
    start, depth = cursor.at, 0
    while not cursor.done:
        word = cursor.word
        if depth == 0 and word in (",", "COMMENT"):
            break
        depth += word.count("<") + word.count("(") - word.count(">") - word.count(")")
        cursor.at += 1
    if start == cursor.at:
        raise cursor.mismatch("a type")
    return "".join(token.text for token in cursor.tokens[start : cursor.at]).lower()


def _properties(cursor: Cursor) -> dict[str, str]:
    cursor.expect("(")
    found = {}
    while True:
        key = cursor.string()
        cursor.expect("=")
        found[key] = cursor.string()
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return found


def _alter(cursor: Cursor) -> st.Statement:
    name = table_name(cursor)
    if cursor.accept("ADD"):
        quiet = cursor.accept("IF", "NOT", "EXISTS")
        return st.AddPartitions(name, _partitions(cursor), quiet)
    cursor.expect("DROP")
    quiet = cursor.accept("IF", "EXISTS")
    return st.DropPartitions(name, _partitions(cursor), quiet)


def _partitions(cursor: Cursor) -> tuple[st.PartitionSpec, ...]:
    found = []
    while True:
        cursor.expect("PARTITION", "(")
        values: dict[str, str] = {}
        while True:
            key = cursor.name()
            cursor.expect("=")
            values[key] = cursor.literal()
            if not cursor.accept(","):
                break
        cursor.expect(")")
        location = Location.parse(cursor.string()).uri if cursor.accept("LOCATION") else None
        found.append(st.PartitionSpec(values, location))
        cursor.accept(",")
        if cursor.word != "PARTITION":
            return tuple(found)


def _show_tables(cursor: Cursor) -> st.ShowTables:
    database = cursor.name() if cursor.accept("IN") or cursor.accept("FROM") else ""
    cursor.accept("LIKE")
    return st.ShowTables(database, None if cursor.done else cursor.string())


def _show_columns(cursor: Cursor) -> st.ShowColumns:
    if not cursor.accept("IN"):
        cursor.expect("FROM")
    return st.ShowColumns(table_name(cursor))


def _create_database(cursor: Cursor) -> st.CreateDatabase:
    quiet = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.name()
    if cursor.accept("COMMENT"):
        cursor.string()
    return st.CreateDatabase(name, quiet, Location.parse(cursor.string()).uri if cursor.accept("LOCATION") else None)


def _drop_database(cursor: Cursor) -> st.DropDatabase:
    quiet = cursor.accept("IF", "EXISTS")
    name = cursor.name()
    cascade = cursor.accept("CASCADE")
    cursor.accept("RESTRICT")
    return st.DropDatabase(name, quiet, cascade)


def _drop_table(cursor: Cursor) -> st.DropTable:
    quiet = cursor.accept("IF", "EXISTS")
    return st.DropTable(table_name(cursor), quiet)


_READERS: tuple[tuple[tuple[str, ...], Callable[[Cursor], st.Statement]], ...] = (
    (("UNLOAD",), _unload),
    (("INSERT", "INTO"), _insert),
    (("CREATE", "EXTERNAL", "TABLE"), _create_external),
    (("CREATE", "TABLE"), _create_table_as),
    (("CREATE", "DATABASE"), _create_database),
    (("CREATE", "SCHEMA"), _create_database),
    (("DROP", "TABLE"), _drop_table),
    (("DROP", "DATABASE"), _drop_database),
    (("DROP", "SCHEMA"), _drop_database),
    (("ALTER", "TABLE"), _alter),
    (("MSCK", "REPAIR", "TABLE"), lambda cursor: st.RepairTable(table_name(cursor))),
    (("SHOW", "PARTITIONS"), lambda cursor: st.ShowPartitions(table_name(cursor))),
    (("SHOW", "TABLES"), _show_tables),
    (("SHOW", "DATABASES"), lambda _: st.ShowDatabases()),
    (("SHOW", "SCHEMAS"), lambda _: st.ShowDatabases()),
    (("SHOW", "COLUMNS"), _show_columns),
    (("DESCRIBE",), lambda cursor: st.Describe(table_name(cursor))),
    (("DESC",), lambda cursor: st.Describe(table_name(cursor))),
)
