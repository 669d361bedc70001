"""Runs executions, a few at a time, each from QUEUED to SUCCEEDED, FAILED or CANCELLED."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import duckdb
from botocore.exceptions import BotoCoreError, ClientError
from sqlglot import exp

from infra.local.athena import ddl
from infra.local.athena import statement as st
from infra.local.athena.catalog import Catalog
from infra.local.athena.ddl_target import Target
from infra.local.athena.engine import Engine
from infra.local.athena.errors import ApiError, QueryCancelled, QueryFailure, invalid_request
from infra.local.athena.executions import FINAL, Execution
from infra.local.athena.kept_results import KeptResults
from infra.local.athena.objects import ObjectStore
from infra.local.athena.prepared import PreparedStatements
from infra.local.athena.query_run import CANCELLED, QueryRun, require_going
from infra.local.athena.saving import save
from infra.local.athena.settings import Settings
from infra.local.athena.spool import ResultWriter
from infra.local.athena.types import Column
from infra.local.athena.view_queries import describe

log = logging.getLogger(__name__)
INTERRUPT_EVERY_S = 0.02
Clock = Callable[[], dt.datetime]


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
            require_going(execution)
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


def _close(opening: Future[Engine]) -> None:
    """Forget an engine; one that did not start has nothing to forget, and its query has told why."""
    if opening.exception() is None:
        opening.result().close()


def _interrupt_until_it_ends(execution: Execution) -> None:
    """Again and again, because an interrupt that comes just before the engine begins is lost."""
    while execution.state not in FINAL:
        interrupt = execution.interrupt
        if interrupt is not None:
            interrupt()
        time.sleep(INTERRUPT_EVERY_S)


def _ms(start: float, end: float) -> int:
    return round((end - start) * 1000)
