"""A DuckDB of its own for every query, locked before anything of the query reaches it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any

import duckdb
from duckdb.func import SPECIAL

from infra.local.athena.errors import QueryCancelled, QueryFailure
from infra.local.athena.prelude import macros_for, python_functions_for
from infra.local.athena.types import literal
from infra.local.athena.udfs import FUNCTIONS

MAX_SPILL = "10GB"
"""Of disk for one query; DuckDB would take nine tenths of what is free."""


class Engine:
    """An in-memory DuckDB whose only files are those below ``files``.

    Parameters
    ----------
    files
        The query's own folder; nothing outside of it can be read or written, and no setting changed, ever: views have
        names of columns in them that somebody chose, and pruning computes conditions, so neither may run unlocked.
    threads, memory
        The query's share of the machine.
    """

    def __init__(self, files: Path, threads: int, memory: str) -> None:
        self._made: set[str] = set()
        self._files = files
        self.connection = duckdb.connect(
            config={
                "threads": threads,
                "memory_limit": memory,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
                "temp_directory": str(files / "spill"),
                "max_temp_directory_size": MAX_SPILL,
            }
        )
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute(f"SET allowed_directories = [{literal(f'{files}/')}]")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def prepare(self, sql: str) -> None:
        """Create the macros and functions that a text needs."""
        for name in python_functions_for(sql, FUNCTIONS) - self._made:
            function, arguments, result = FUNCTIONS[name]
            self.connection.create_function(name, _or_null(function), [*arguments], result, null_handling=SPECIAL)
            self._made.add(name)
        for name, macro in macros_for(sql).items():
            if name not in self._made:
                self.connection.execute(macro)
                self._made.add(name)

    def create(self, statements: Iterable[str]) -> None:
        """Create the query's views and tables."""
        for statement in statements:
            self.connection.execute(statement)

    def run(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run one statement.

        Raises
        ------
        QueryFailure
            With DuckDB's reason under the nearest of Trino's names.
        QueryCancelled
            After :meth:`interrupt`.
        """
        with self._told():
            return self.connection.execute(sql)

    def fetch(self, result: duckdb.DuckDBPyConnection, rows: int) -> list[tuple[Any, ...]]:
        """The next rows of a result, none at its end; computes on, and so raises what :meth:`run` raises."""
        with self._told():
            return list(result.fetchmany(rows))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """DuckDB's errors as ours, without the folder: where things are on this machine is nobody's business."""
        try:
            yield
        except duckdb.InterruptException as error:
            raise QueryCancelled from error
        except duckdb.Error as error:
            raise failure(error, hidden=str(self._files)) from error

    def interrupt(self) -> None:
        """Stop what is running; may be called from another thread, also after the end."""
        with suppress(duckdb.ConnectionException):  # closed
            self.connection.interrupt()

    def close(self) -> None:
        """Forget everything."""
        self.connection.close()


def _or_null(function: Callable[..., str | int | None]) -> Callable[..., str | int | None]:
    """Null in, null out; by its own default DuckDB takes a null out of something for a mistake."""

    @wraps(function)  # DuckDB looks at its signature
    def called(*arguments: str | float) -> str | int | None:
        return None if None in arguments else function(*arguments)

    return called


_NAMES: tuple[tuple[str, type[duckdb.Error], str], ...] = (
    ("Division by zero", duckdb.Error, "DIVISION_BY_ZERO"),
    ("DIVISION_BY_ZERO", duckdb.Error, "DIVISION_BY_ZERO"),
    ("TRY can not be used in combination", duckdb.Error, "NOT_SUPPORTED"),
    ("No function matches the given name", duckdb.Error, "NOT_SUPPORTED"),
    ("Cannot concatenate types", duckdb.Error, "NOT_SUPPORTED"),
    # the types were checked before: what DuckDB cannot do with them is our lack
    ("does not support the supplied arguments", duckdb.BinderException, "NOT_SUPPORTED"),
    ("must be a constant expression", duckdb.BinderException, "NOT_SUPPORTED"),
    ("Invalid LIST argument during lambda function binding", duckdb.BinderException, "NOT_SUPPORTED"),
    ("Unimplemented type for cast", duckdb.Error, "NOT_SUPPORTED"),
    ("", duckdb.NotImplementedException, "NOT_SUPPORTED"),
    ("invalid perl operator", duckdb.Error, "NOT_SUPPORTED"),
    ("", duckdb.ParserException, "NOT_SUPPORTED"),  # the statement was read well: what we made of it was not
    ("Expected OBJECT, but got ARRAY", duckdb.Error, "NOT_SUPPORTED"),
    ("Map keys must be unique", duckdb.Error, "INVALID_FUNCTION_ARGUMENT"),
    ("Max expression depth", duckdb.Error, "STACK_OVERFLOW"),
    ("More than one row returned by a subquery", duckdb.Error, "SUBQUERY_MULTIPLE_ROWS"),
    ("can't be cast because the value is out of range", duckdb.Error, "NUMERIC_VALUE_OUT_OF_RANGE"),
    ("not found in FROM clause", duckdb.Error, "COLUMN_NOT_FOUND"),
    ("was not found because the FROM clause is missing", duckdb.Error, "COLUMN_NOT_FOUND"),
    ("Could not parse string", duckdb.Error, "INVALID_FUNCTION_ARGUMENT"),
    ("", duckdb.ConversionException, "INVALID_CAST_ARGUMENT"),
    ("", duckdb.OutOfRangeException, "NUMERIC_VALUE_OUT_OF_RANGE"),
    ("", duckdb.BinderException, "SYNTAX_ERROR"),
    ("", duckdb.CatalogException, "SYNTAX_ERROR"),
    ("", duckdb.OutOfMemoryException, "EXCEEDED_LOCAL_MEMORY_LIMIT"),
    ("", duckdb.Error, "GENERIC_USER_ERROR"),
)


def failure(error: duckdb.Error, hidden: str = "") -> QueryFailure:
    """DuckDB's error under Trino's name; our own macros write the name themselves (``NAME: message``)."""
    message = str(error).split("\n")[0]
    if hidden:
        message = message.replace(hidden, "")
    if refused := re.search(r"""(['"])NOT_SUPPORTED: (.*?)\1""", message):  # a macro's, where error() would not do
        return QueryFailure("NOT_SUPPORTED", refused[2])
    _, _, own = message.partition("Invalid Input Error: ")
    own = re.sub(r"^Python exception occurred while executing the UDF: \w+: ", "", own)
    name, colon, rest = own.partition(": ")
    if colon and name.isupper() and " " not in name:
        return QueryFailure(name, rest)
    for fragment, kind, trino in _NAMES:
        if fragment in message and isinstance(error, kind):
            return QueryFailure(trino, message)
    return QueryFailure("GENERIC_INTERNAL_ERROR", message)
