"""Runs executions, a few at a time, each from QUEUED to SUCCEEDED, FAILED or CANCELLED."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import duckdb
from botocore.exceptions import BotoCoreError, ClientError
from sqlglot import exp

from infra.local.athena import ddl, files, information_schema, writes
from infra.local.athena import statement as st
from infra.local.athena.binding import Reference, base_tables, bind_tables, catalog_tables, column_types, view_mentions
from infra.local.athena.catalog import Catalog, Partition
from infra.local.athena.ddl_target import Target
from infra.local.athena.engine import Engine
from infra.local.athena.errors import ApiError, QueryCancelled, QueryFailure, invalid_request
from infra.local.athena.executions import FINAL, Execution
from infra.local.athena.explaining import io_plan, text_plan
from infra.local.athena.guard import check
from infra.local.athena.kept_results import KeptResults
from infra.local.athena.locations import Location
from infra.local.athena.misses import placed
from infra.local.athena.objects import ObjectStore
from infra.local.athena.prepared import PreparedStatements
from infra.local.athena.presentation import presented
from infra.local.athena.pruning import prune
from infra.local.athena.results import ResultColumn, Row
from infra.local.athena.reuse import is_deterministic
from infra.local.athena.saving import save
from infra.local.athena.settings import Settings
from infra.local.athena.sources import Sources
from infra.local.athena.spool import ResultWriter
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.typecheck import Fields, check_types
from infra.local.athena.types import Column
from infra.local.athena.usage import narrow
from infra.local.athena.values import Printer
from infra.local.athena.view_queries import check_views, create_views, describe

log = logging.getLogger(__name__)
FETCH_ROWS = 10_000
INTERRUPT_EVERY_S = 0.02
CANCELLED = "Query cancelled by user"
Clock = Callable[[], dt.datetime]
Partitions = Mapping[tuple[str, str], Sequence[Partition]]  # by database and table


class Runner:
    """A pool of workers.

    Parameters
    ----------
    settings, catalog, objects
        What the queries may use.
    clock
        The time of day, UTC and aware.
    prepared
        What PREPARE and DEALLOCATE PREPARE change.
    """

    def __init__(
        self, settings: Settings, catalog: Catalog, objects: ObjectStore, clock: Clock, prepared: PreparedStatements
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._objects = objects
        self._clock = clock
        self._prepared = prepared
        self.results = KeptResults(settings.cache_dir / "results", objects, settings.result_cache_bytes)
        self._work = settings.cache_dir / "queries"
        shutil.rmtree(self._work, ignore_errors=True)  # what a killed server left
        self._work.mkdir(parents=True)
        self._unended: dict[str, Future[None]] = {}
        self._pool = ThreadPoolExecutor(settings.concurrent_queries, thread_name_prefix="query")
        self._engines = ThreadPoolExecutor(settings.concurrent_queries, thread_name_prefix="engine")

    def submit(self, execution: Execution) -> None:
        """Queue an execution."""
        future = self._pool.submit(self._run, execution, time.monotonic())
        self._unended[execution.query_id] = future
        future.add_done_callback(lambda _: self._unended.pop(execution.query_id, None))

    def stop(self, execution: Execution) -> None:
        """Ask an execution to end; one that has ended stays as it is, one that is queued ends at once."""
        execution.stop_requested.set()
        if execution.state in FINAL:
            return
        future = self._unended.get(execution.query_id)
        if future is not None and future.cancel():  # no worker will ever begin it
            execution.end("CANCELLED", CANCELLED, self._clock())
        else:
            threading.Thread(target=_interrupt_until_it_ends, args=[execution], daemon=True).start()

    def close(self) -> None:
        """Let nothing more begin."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, execution: Execution, queued_at: float) -> None:
        with ExitStack() as afterwards:
            self._run_to_its_end(execution, queued_at, afterwards)

    def _run_to_its_end(self, execution: Execution, queued_at: float, afterwards: ExitStack) -> None:
        """Run, and tell the end; what the client need not wait for is left to ``afterwards``."""
        started = time.monotonic()
        execution.statistics.queue_ms = _ms(queued_at, started)
        state, reason = "SUCCEEDED", ""
        try:
            _require_going(execution)
            execution.state = "RUNNING"
            self._execute(execution, afterwards)
        except QueryCancelled as stopped:
            state, reason = "CANCELLED", str(stopped) or CANCELLED
        except duckdb.InterruptException:  # between plan and query, where the engine is told what there is
            state, reason = "CANCELLED", CANCELLED
        except (QueryFailure, ApiError) as failed:
            state, reason = "FAILED", str(failed)
        except (ClientError, BotoCoreError) as failed:
            state, reason = "FAILED", f"GENERIC_INTERNAL_ERROR: the local AWS answered: {failed}"
        except Exception as failed:  # the edge of a worker: the client must see an end, and the log the cause
            log.exception("query %s", execution.query_id)
            state, reason = "FAILED", f"GENERIC_INTERNAL_ERROR: {type(failed).__name__}: {failed}"
        finished = time.monotonic()
        execution.statistics.engine_ms = _ms(started, finished)
        execution.statistics.total_ms = _ms(queued_at, finished)
        execution.end(state, reason, self._clock())

    def _execute(self, execution: Execution, afterwards: ExitStack) -> None:
        statement = execution.statement
        with self.results.writer(execution.is_text) as out:
            if isinstance(statement, st.Dml):
                self._run_query(execution, statement, out, afterwards)
            elif isinstance(statement, st.Preparing):
                self._change_prepared(statement, execution.workgroup)
            else:
                target = Target(self._catalog, self._objects, execution.database, self._describe)
                execution.columns, rows = ddl.run(statement, target)
                out.write(rows)
            save(execution, out.result(), self._objects, self.results)

    def _change_prepared(self, statement: st.Preparing, workgroup: str) -> None:
        if isinstance(statement, st.Prepare):
            self._prepared.prepare(workgroup, statement)
        elif isinstance(statement, st.Deallocate):
            self._prepared.deallocate(workgroup, statement)
        else:
            raise invalid_request(statement.refused)

    def _run_query(self, execution: Execution, statement: st.Dml, out: ResultWriter, afterwards: ExitStack) -> None:
        folder = tempfile.TemporaryDirectory(dir=self._work, ignore_cleanup_errors=True)  # the next start cleans up
        path = Path(afterwards.enter_context(folder))
        settings = self._settings
        opening = self._engines.submit(Engine, path, settings.threads_per_query, settings.memory_per_query)
        afterwards.callback(_close, opening)
        QueryRun(execution, statement, path, opening, self._catalog, self._objects, out).run()

    def _describe(self, tree: exp.Query, database: str, view: tuple[str, str]) -> tuple[Column, ...]:
        with tempfile.TemporaryDirectory(dir=self._work, ignore_cleanup_errors=True) as folder:
            engine = Engine(Path(folder), self._settings.threads_per_query, self._settings.memory_per_query)
            try:
                return describe(tree, self._catalog, database, view, engine, self._clock())
            finally:
                engine.close()


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
        """Bind, prune, fetch, lock, run, keep."""
        began = time.monotonic()
        tree: exp.Query = self._statement.tree.copy()
        try:
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
            _require_going(self._execution)
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
        """Everything before the query itself; the engine is locked afterwards."""
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
        engine.lock()
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
        _require_going(self._execution)
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
            _require_going(self._execution)
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


def _close(opening: Future[Engine]) -> None:
    """Forget an engine; one that did not start has nothing to forget, and its query has told why."""
    if opening.exception() is None:
        opening.result().close()


def _print_row(row: Sequence[object], printers: Sequence[Printer]) -> Row:
    return [None if value is None else print_(value) for value, print_ in zip(row, printers, strict=True)]


def _require_going(execution: Execution) -> None:
    if execution.stop_requested.is_set():
        raise QueryCancelled


def _interrupt_until_it_ends(execution: Execution) -> None:
    """Again and again, because an interrupt that comes just before the engine begins is lost."""
    while execution.state not in FINAL:
        interrupt = execution.interrupt
        if interrupt is not None:
            interrupt()
        time.sleep(INTERRUPT_EVERY_S)


def _ms(start: float, end: float) -> int:
    return round((end - start) * 1000)
