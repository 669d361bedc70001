"""Door A: the whole way of a statement through the local Athena, without HTTP, over the lake in memory."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from infra.local.athena import ddl
from infra.local.athena import statement as st
from infra.local.athena.catalog import Catalog
from infra.local.athena.ddl_target import Target
from infra.local.athena.engine import Engine
from infra.local.athena.errors import ApiError, QueryCancelled, QueryFailure, invalid_request
from infra.local.athena.executions import Execution
from infra.local.athena.locations import Location
from infra.local.athena.objects import ObjectStore
from infra.local.athena.parse import parse
from infra.local.athena.query_run import QueryRun
from infra.local.athena.spool import ResultWriter
from infra.local.athena.types import Column
from infra.local.athena.view_queries import describe
from tests.attacks.canaries import VAULT, Canaries
from tests.attacks.lake import DATABASE, RESULTS, Lake
from tests.attacks.outcome import Kind, Outcome

NOW = dt.datetime(2026, 11, 22, 10, 30, tzinfo=dt.UTC)
STOP_AFTER_S, SOONER_S = 2.0, 0.5
"""A statement that runs longer is stopped as ``StopQueryExecution`` stops it: a long query is no attack, one that
cannot be stopped is (``children.py`` gives it 10 s)."""
MEMORY, THREADS = "256MB", 1
OUTPUT = Location(RESULTS, "results/")
MOST_READ = 2_000_000  # bytes of a result


class AthenaDoor:
    """Runs statements one after the other.

    Parameters
    ----------
    reuse
        Statements that are given one engine, one after the other; 1 is what the server does.
    """

    def __init__(self, canaries: Canaries, reuse: int = 1) -> None:
        self._canaries = canaries
        self._patience_s = STOP_AFTER_S if reuse == 1 else SOONER_S
        self._lake = Lake(VAULT)
        self._objects = ObjectStore(self._lake.s3, canaries.work / "cache", 10**9)
        self._catalog = Catalog(self._lake.glue)
        self._engine = _Engines(canaries.work, reuse)

    def run(self, sql: str, parameters: Sequence[str] = (), *, only_reads: bool = False) -> Outcome:
        """One statement and what came of it.

        ``only_reads`` says that door B has let it in: then it may neither write nor show another database.
        """
        sql, parameters = self._canaries.filled(sql), [self._canaries.filled(each) for each in parameters]
        told: list[str | None] = []
        self._engine.retire()
        with self._canaries.watching() as bad:
            outcome = self._answer(sql, parameters, told)
        bad += self._engine.check()
        bad += self._canaries.leaks("\n".join([sql, *parameters]), told, outcome.detail)
        bad += self._writes(outcome.statement, only_reads)
        if only_reads and any(text and VAULT in text for text in told):
            bad.append("shows what is not published")
        self._lake.restore()
        return Outcome(Kind.ESCAPE, "; ".join(bad)) if bad else outcome

    def _answer(self, sql: str, parameters: Sequence[str], told: list[str | None]) -> Outcome:
        statement: Any = None
        try:
            statement = parse(sql, parameters)
            if isinstance(statement, st.Prepare):  # what is prepared is run at once
                statement = parse(statement.sql, parameters)
            execution = Execution(
                sql=sql, statement=statement, workgroup="primary", database=DATABASE, catalog="awsdatacatalog",
                output=OUTPUT, submitted=NOW,
            )  # fmt: skip
            with ResultWriter(self._canaries.work / "result", execution.is_text) as out:
                self._execute(execution, statement, out)
                with out.result().path.open("rb") as file:
                    told += [file.read(MOST_READ).decode(errors="replace"), *(c.name for c in execution.columns)]
            return Outcome(Kind.RAN, "", statement)
        except (QueryCancelled, duckdb.InterruptException):
            return Outcome(Kind.STOPPED, "", statement)
        except (QueryFailure, ApiError) as refusal:
            return Outcome(Kind.REFUSED, str(refusal), statement)
        except Exception as error:  # noqa: BLE001 - whatever else it is, it is what we look for
            return Outcome(Kind.CRASH, f"{type(error).__name__}: {error}"[:500], statement)

    def _execute(self, execution: Execution, statement: Any, out: ResultWriter) -> None:
        if isinstance(statement, st.Preparing):
            raise invalid_request(f"nothing is prepared as {statement.name}")
        if not isinstance(statement, st.Dml):
            target = Target(self._catalog, self._objects, DATABASE, self._describe)
            execution.columns, rows = ddl.run(statement, target)
            out.write(rows)
            return
        engine, folder = self._engine.take()
        opening: Future[Engine] = Future()
        opening.set_result(engine)
        stop = threading.Timer(self._patience_s, _stop, (execution,))
        stop.daemon = True
        stop.start()
        try:
            QueryRun(execution, statement, folder, opening, self._catalog, self._objects, out).run()
        finally:
            stop.cancel()

    def _describe(self, tree: exp.Query, database: str, view: tuple[str, str]) -> tuple[Column, ...]:
        engine, _ = self._engine.take()
        return describe(tree, self._catalog, database, view, engine, NOW)

    def _writes(self, statement: Any, only_reads: bool) -> list[str]:
        """Objects and tables that a statement had no business with."""
        written, changed = self._lake.s3.written, self._lake.glue.changes
        allowed: tuple[str, ...] = ()
        if not only_reads and isinstance(statement, (st.Unload, st.CreateTableAs, st.InsertInto)):
            with suppress(QueryFailure, ApiError):  # what has no such place may write nowhere else either
                allowed = (OUTPUT.uri, *self._targets(statement))
        found = [f"wrote {uri}" for uri in written if not uri.startswith(allowed)]
        if changed and (only_reads or isinstance(statement, (st.Query, st.Unload, *st.UTILITY))):
            found.append(f"changed the catalog: {changed}")
        return found

    def _targets(self, statement: Any) -> tuple[str, ...]:
        if isinstance(statement, st.Unload):
            return (statement.target,)
        if isinstance(statement, st.CreateTableAs):
            asked = statement.options.get("external_location")
            return (Location.parse(str(asked)).uri,) if asked else ()
        table = self._catalog.table(statement.name.database or DATABASE, statement.name.table)
        return (table.location, *(p.location for p in self._catalog.partitions(table)))


def _stop(execution: Execution) -> None:
    """As the runner stops one; again and again, because it may be between two statements of the engine."""
    execution.stop_requested.set()
    for _ in range(200):
        interrupt = execution.interrupt
        if interrupt is None:
            return
        interrupt()
        time.sleep(0.05)


_STATE = (
    "SELECT string_agg(name || '=' || coalesce(value, ''), '; ' ORDER BY name) FROM duckdb_settings()"
    " WHERE name NOT IN ('temp_directory', 'allowed_directories')"
)
_LOCKED = "SELECT current_setting('enable_external_access'), current_setting('lock_configuration')"
_REST = (
    "SELECT (SELECT count(*) FROM duckdb_databases() WHERE NOT internal),"
    " (SELECT count(*) FROM duckdb_prepared_statements())"
)


class _Engines:
    """Engines and their folders; a used one is looked at before it is given away."""

    def __init__(self, work: Path, reuse: int) -> None:
        self._work, self._reuse, self._used = work, reuse, 0
        self._engine: Engine | None = None
        self._folder: Path | None = None
        self._given = False
        self._before: tuple[object, ...] = ()

    def retire(self) -> None:
        """Forget an engine that has served enough; not while a statement is watched: it removes files."""
        if self._used >= self._reuse:
            self.close()

    def take(self) -> tuple[Engine, Path]:
        """An engine and an empty folder below its own."""
        if self._engine is None:
            self._folder = Path(tempfile.mkdtemp(dir=self._work))
            self._engine = (Engine if self._reuse == 1 else _ReusedEngine)(self._folder, THREADS, MEMORY)
            self._used = 0
            self._before = self._state()
        self._engine.connection.abort()  # what the statement before has left of its result
        self._used += 1
        self._given = True
        assert self._folder is not None
        return self._engine, Path(tempfile.mkdtemp(dir=self._folder))

    def check(self) -> list[str]:
        """What a statement has changed of its engine."""
        if not self._given or self._engine is None:
            return []
        self._given = False
        try:
            if self._reuse > 1 and self._used % 25 and self._used < self._reuse:
                return []
            self._engine.connection.abort()
            locked = self._engine.connection.execute(_LOCKED).fetchall()[0]
            now = self._state()
        except Exception as error:  # noqa: BLE001 - an engine that does not answer any more is not given away again
            self.close()
            return [] if "interrupt" in str(error).lower() else [f"the engine is broken: {error}"]
        found = [] if locked == (False, True) else [f"unlocked: {locked}"]
        if now != self._before:
            found.append(f"the engine's state changed: {_difference(self._before, now)}")
        if self._reuse == 1:
            self.close()
        return found

    def _state(self) -> tuple[object, ...]:
        assert self._engine is not None
        connection = self._engine.connection
        return (*connection.execute(_STATE).fetchall()[0], *connection.execute(_REST).fetchall()[0])

    def close(self) -> None:
        """Forget it."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _difference(before: tuple[object, ...], now: tuple[object, ...]) -> str:
    settings = set(str(now[0]).split("; ")) ^ set(str(before[0]).split("; "))
    return f"{sorted(settings)} {before[1:]} {now[1:]}"


class _ReusedEngine(Engine):
    """An engine for many statements: its views are replaced."""

    def create(self, statements: Any) -> None:
        super().create(statement.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1) for statement in statements)
