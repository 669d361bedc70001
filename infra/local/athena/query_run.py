"""One run of a statement that has a query in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from sqlglot import exp

from infra.local.athena import files, information_schema, writes
from infra.local.athena import statement as st
from infra.local.athena.binding import Reference, base_tables, bind_tables, catalog_tables, column_types, view_mentions
from infra.local.athena.catalog import Catalog, Partition
from infra.local.athena.engine import Engine
from infra.local.athena.errors import QueryCancelled, QueryFailure
from infra.local.athena.executions import Execution
from infra.local.athena.explaining import io_plan, text_plan
from infra.local.athena.guard import check
from infra.local.athena.limits import bounded
from infra.local.athena.locations import Location
from infra.local.athena.misses import placed
from infra.local.athena.objects import ObjectStore
from infra.local.athena.presentation import presented
from infra.local.athena.pruning import prune
from infra.local.athena.results import ResultColumn, Row
from infra.local.athena.reuse import is_deterministic
from infra.local.athena.sources import Sources
from infra.local.athena.spool import ResultWriter
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.typecheck import Fields, check_types
from infra.local.athena.usage import narrow
from infra.local.athena.values import Printer
from infra.local.athena.view_queries import check_views, create_views

log = logging.getLogger(__name__)
FETCH_ROWS = 10_000
CANCELLED = "Query cancelled by user"
Partitions = Mapping[tuple[str, str], Sequence[Partition]]  # by database and table


class QueryRun:
    """One run of a statement that has a query in it; its engine starts while Glue answers."""

    def __init__(
        self, execution: Execution, statement: st.Dml, folder: Path, opening: Future[Engine], catalog: Catalog,
        objects: ObjectStore, out: ResultWriter,
    ) -> None:  # fmt: skip
        self._execution = execution
        self._statement = statement
        self._folder = folder
        self._opening = opening
        self._catalog = catalog
        self._objects = objects
        self._out = out
        self._now = execution.submitted
        self._fetched: Sequence[files.Fetched] = ()
        self._fields: Fields = None

    def run(self) -> None:
        """Bind, prune, fetch, run, keep."""
        began = time.monotonic()
        tree: exp.Query = self._statement.tree.copy()
        try:
            with bounded():
                self._run(tree, began)
        except QueryFailure as failed:
            raise placed(failed, tree) from failed

    def _run(self, tree: exp.Query, began: float) -> None:
        check(tree)
        references = narrow(tree, bind_tables(tree, self._catalog, self._execution.database))
        trees = [tree, *(body.tree for _, body in view_mentions(references))]
        self._execution.is_deterministic = all(map(is_deterministic, trees))
        check_views(references)
        self._fields = check_types(tree, references)
        partitions = self._partitions(references)
        engine = self._opening.result()
        self._execution.interrupt = engine.interrupt
        try:
            sql = self._prepare(engine, tree, references, partitions)
            self._execution.statistics.planning_ms = _ms(began, time.monotonic())
            require_going(self._execution)
            if isinstance(self._statement, st.Query):
                self._select(engine, sql)
            elif isinstance(self._statement, st.Explain):
                self._explain(self._statement.kind, engine, sql, references)
            else:
                self._write(engine, sql)
        finally:
            self._execution.interrupt = None

    def _partitions(self, references: Sequence[Reference]) -> Partitions:
        """The partitions of each table, asked for once: two mentions of a table see the same ones."""
        tables = {reference.table.key: reference.table for reference in base_tables(references)}
        return {key: self._catalog.partitions(table) for key, table in tables.items() if table.partition_keys}

    def _prepare(self, engine: Engine, tree: exp.Query, references: Sequence[Reference], partitions: Partitions) -> str:
        """Everything before the query itself."""
        if isinstance(self._statement, st.Explain) and self._statement.kind == "VALIDATE":
            views = [files.view_sql(one, [], []) for one in base_tables(references)]
        else:
            views = self._fetch(engine, references, partitions)
        engine.prepare(" ".join(views))
        engine.create(views)
        of_catalog = [(one.view, one.table) for one in catalog_tables(references)]
        information_schema.create(engine, of_catalog, self._catalog)
        create_views(engine, references, self._now)
        sql = to_duckdb(tree, Context(self._now, column_types(references)))
        log.debug("%s: %s", self._execution.query_id, sql)
        engine.prepare(sql)
        return sql

    def _fetch(self, engine: Engine, references: Sequence[Reference], partitions: Partitions) -> list[str]:
        """The statements that make the views of the tables, whose files are fetched."""
        sources = Sources(references)
        kept = [
            (one, prune(one, known, sources, engine, self._now), len(known))
            for one in base_tables(references)
            for known in [partitions.get(one.table.key, [])]
        ]
        scans = files.plan(kept, self._objects)
        require_going(self._execution)
        self._fetched = files.fetch(scans, self._objects, self._folder)
        if not isinstance(self._statement, st.Explain):
            self._require_within_limit(sum(one.scanned for one in self._fetched))
        return [one.view for one in self._fetched]

    def _require_within_limit(self, scanned: int) -> None:
        limit = self._execution.bytes_limit
        self._execution.statistics.scanned_bytes = scanned if limit is None else min(scanned, limit)
        if limit is not None and scanned > limit:
            raise QueryCancelled("Bytes scanned limit was exceeded")  # Athena's own words, and its state

    def _select(self, engine: Engine, sql: str) -> None:
        result = engine.run(sql)
        shown = presented([str(column[1]) for column in result.description], self._fields)
        self._execution.columns = tuple(
            ResultColumn(str(column[0]).lower(), kind)
            for column, (kind, _) in zip(result.description, shown, strict=True)
        )
        printers = [print_ for _, print_ in shown]
        self._out.write([[column.name for column in self._execution.columns]])
        while chunk := engine.fetch(result, FETCH_ROWS):
            require_going(self._execution)
            self._out.write(_print_row(row, printers) for row in chunk)

    def _explain(self, kind: str, engine: Engine, sql: str, references: Sequence[Reference]) -> None:
        engine.run(f"DESCRIBE {sql}")
        if kind == "VALIDATE":
            lines: Iterable[str] = ["true"]
        else:
            lines = (
                io_plan(self._fetched).splitlines()
                if kind == "IO"
                else text_plan(sql, references, self._fetched, engine)
            )
        self._execution.columns = (ResultColumn("Valid" if kind == "VALIDATE" else "Query Plan", "varchar"),)
        self._out.write([line] for line in lines)

    def _write(self, engine: Engine, sql: str) -> None:
        writer = writes.Writer(engine, self._objects, self._folder, self._now)
        written: list[writes.Written] = []
        rows = 0
        if isinstance(self._statement, st.Unload):
            rows, written = writes.unload(self._statement, sql, writer, engine, self._objects)
        elif isinstance(self._statement, st.InsertInto):
            name = self._statement.name
            table = self._catalog.table(name.database or self._execution.database, name.table)
            if table.is_view:
                raise QueryFailure("NOT_SUPPORTED", "line 1:1: Inserting into views is not supported")
            table.require_readable()
            rows, written = writes.insert_into(self._statement, table, sql, writer, engine, self._catalog, self._fields)
        elif isinstance(self._statement, st.CreateTableAs):
            rows, written = self._create_table_as(self._statement, engine, sql, writer)
        self._execution.update_count = rows
        self._execution.columns = (ResultColumn("rows", "bigint"),)
        manifest = self._execution.manifest_key
        self._objects.put(
            self._execution.output.bucket, manifest, "\n".join(file.uri for file in written).encode(), "text/csv"
        )
        self._execution.statistics.manifest = f"s3://{self._execution.output.bucket}/{manifest}"

    def _create_table_as(
        self, statement: st.CreateTableAs, engine: Engine, sql: str, writer: writes.Writer
    ) -> tuple[int, list[writes.Written]]:
        database = statement.name.database or self._execution.database
        if not self._catalog.has_database(database):
            raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")
        if self._catalog.has_table(database, statement.name.table):
            if statement.if_not_exists:
                return 0, []
            raise QueryFailure("TABLE_ALREADY_EXISTS", f"Table '{database}.{statement.name.table}' already exists")
        base = Location(
            self._execution.output.bucket, f"{self._execution.output.prefix}tables/{self._execution.query_id}/"
        )
        return writes.create_table_as(statement, database, base, sql, writer, engine, self._objects, self._catalog)


def _print_row(row: Sequence[object], printers: Sequence[Printer]) -> Row:
    return [None if value is None else print_(value) for value, print_ in zip(row, printers, strict=True)]


def require_going(execution: Execution) -> None:
    """Raise ``QueryCancelled`` once somebody has asked to stop."""
    if execution.stop_requested.is_set():
        raise QueryCancelled


def _ms(start: float, end: float) -> int:
    return round((end - start) * 1000)
