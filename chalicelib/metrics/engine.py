"""DuckDB, held to one job: statements of ours over files in one folder. No network, no other file, no extension."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from chalicelib.errors import QueryFailed

if TYPE_CHECKING:
    import duckdb


class Engine:
    """One connection, opened when first needed and used again; threads may use it at the same time."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._opening = Lock()

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run one statement and answer its rows.

        Raises
        ------
        FileNotFoundError
            A file has gone since it was fetched (another process made room).
        QueryFailed
            The statement failed; DuckDB's reason is in the message.
        """
        import duckdb

        with self._opening:
            if self._connection is None:
                self._connection = self._open()
        try:
            with self._connection.cursor() as own:
                return own.execute(sql, dict(parameters)).fetchall()
        except duckdb.IOException as error:
            if "No files found" in str(error) or "No such file" in str(error):
                raise FileNotFoundError(str(error)) from error
            raise QueryFailed(str(error)) from error
        except duckdb.Error as error:
            raise QueryFailed(str(error)) from error

    def _open(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        self._folder.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(
            config={
                "threads": self._threads,
                "memory_limit": "1GB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "temp_directory": "",
            }
        )
        connection.execute("SET allowed_directories = [$folder]", {"folder": f"{self._folder}/"})
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection
