"""Makes the parts of a report: asks the metrics, runs the statements. What one part lacks costs no other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.queries import QueryEngine
from chalicelib.domain.result_files import ResultFiles
from chalicelib.domain.state import StateStore
from chalicelib.domain.zones import zone
from chalicelib.errors import HeadwaterError, QueryFailed, RequestError, StoreUnavailable
from chalicelib.metrics.asked import make_question
from chalicelib.metrics.asked_body import read_body
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question
from chalicelib.reports import parts
from chalicelib.reports.parameters import resolve
from chalicelib.reports.parts import Made, missing
from chalicelib.reports.report import Asked, Part, Saved, Selected
from chalicelib.reports.runs import Run
from chalicelib.sql import own_queries
from chalicelib.sql.runs import RunState
from chalicelib.sql.saved import shipped

if TYPE_CHECKING:
    from chalicelib.sql.desk import Desk
    from chalicelib.sql.runs import Run as Statement

MOST_BYTES: Final = 50_000_000
"""Of a statement's result."""
_UNREADABLE: Final = "Its data could not be read; it was logged. Run the report again later."


class StillAtWork(Exception):  # noqa: N818 - named as the field names it
    """A statement has not ended in the time there was: the run goes on later."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Where parts come from.

    Parameters
    ----------
    results
        The results of statements, with the rights of those who may only read.
    warn
        Is told of what went wrong and is no fault of the report's.
    """

    state: StateStore
    store: Callable[[], ObjectStore]
    series: SeriesQuery
    metrics: Callable[[], Mapping[str, Metric]]
    desk: Callable[[], Desk]
    engine: Callable[[], QueryEngine]
    results: Callable[[], ResultFiles]
    database: str
    clock: Clock
    warn: Callable[[str], None]

    def make(self, run: Run, folder: Path, until: datetime) -> list[Made]:
        """Make all parts of a run.

        Parameters
        ----------
        folder
            Where results lie until the document is written.
        until
            So long statements are waited for.

        Raises
        ------
        StillAtWork
            A statement needs longer.
        StoreUnavailable
            Nobody can say now: try again.
        """
        metrics = self.metrics()
        return [self._part(run, at, part, metrics, folder, until) for at, part in enumerate(run.content.parts)]

    def _part(
        self, run: Run, at: int, part: Part, metrics: Mapping[str, Metric], folder: Path, until: datetime
    ) -> Made:
        try:
            if isinstance(part, Asked):
                return self._asked(part, run, metrics)
            return self._selected(run, at, self._statement(part), folder, until)
        except RequestError as error:
            return missing(part.title, said(error))
        except QueryFailed as error:
            self.warn(f"report {run.report}, '{part.title}': {error}")
            return missing(part.title, _UNREADABLE)

    def _asked(self, part: Asked, run: Run, metrics: Mapping[str, Metric]) -> Made:
        question = question_of(part, metrics, run.due_at, self.series.earliest)
        question.require_few_buckets()
        answer = self.series.answer(self.series.prepare(question))
        return parts.of_question(part.title, question, answer, run.content.form)

    def _statement(self, part: Selected | Saved) -> Selected:
        if isinstance(part, Selected):
            return part
        return Selected(part.title, saved_sql(self.state, part.saved_query), part.parameters)

    def _selected(self, run: Run, at: int, part: Selected, folder: Path, until: datetime) -> Made:
        from chalicelib.sql.exports import typed
        from chalicelib.sql.reasons import read_reason

        statement = self._run(run, at, part, until)
        if statement.state is not RunState.DONE:
            reason = read_reason(statement.reason)
            raise RequestError(f"The query failed: {reason.name}: {reason.detail}".replace(": : ", ": "))
        if (self.results().size(statement.output) or 0) > MOST_BYTES:
            raise RequestError(f"The query answers more than {MOST_BYTES:,} bytes: aggregate further.")
        columns = typed(self.engine().page(statement.execution_id, size=1).columns)
        path = folder / f"{at}.csv"
        self.results().download(statement.output, path)
        period = resolve(part.parameters, run.due_at, zone(run.zone)).period
        about = " · ".join(filter(None, (period, f"from {', '.join(statement.tables)}" if statement.tables else "")))
        rows, complete = parts.rows_from(path, columns), self._complete(statement.tables)
        return parts.of_result(part.title, columns, rows, complete, about, period)

    def _run(self, run: Run, at: int, part: Selected, until: datetime) -> Statement:
        """Run a statement, or find it where it was begun before. Raises :class:`StillAtWork`."""
        from chalicelib.sql.catalog import entries
        from chalicelib.sql.guard import check
        from chalicelib.sql.parameters import literals
        from chalicelib.sql.runs import Run as Statement

        checked = check(part.sql, database=self.database, names=entries().keys())
        named = hashlib.sha256(f"{run.id}\n{at}".encode()).hexdigest()[:24]
        asked = Statement(
            id=named,
            owner=f"report-{run.report}",
            by=f"report {run.report}",
            sql=part.sql,
            checked=checked.sql,
            literals=literals(resolve(part.parameters, run.due_at, zone(run.zone)).values, checked.parameters),
            submitted_at=self.clock(),
            tables=checked.tables,
            capped=checked.capped,
        )
        desk = self.desk()
        left = max(0.0, (until - self.clock()).total_seconds())
        statement = desk.wait(desk.submit(asked), left)
        if not statement.state.is_final:
            raise StillAtWork(f"report {run.report}: '{part.title}' is still at work")
        return statement

    def _complete(self, tables: tuple[str, ...]) -> dict[str, datetime | None]:
        """Answer up to when what a statement reads is complete; what cannot be told costs nothing else."""
        from chalicelib.sql.catalog import entries
        from chalicelib.sql.standing import freshness

        found: dict[str, datetime | None] = {}
        for stream in sorted({stream for table in tables for stream in entries()[table].streams}):
            try:
                found |= {one.source: one.watermark for one in freshness(self.store(), stream)}
            except StoreUnavailable:
                raise
            except HeadwaterError as error:
                self.warn(f"how far {stream} is cannot be told: {error}")
        return found


def question_of(
    part: Asked,
    known: Mapping[str, Metric],
    now: datetime,
    earliest: Callable[[list[Metric]], datetime | None],
) -> Question:
    """Make the question of a part as it is at an instant, with the totals of which its figures are.

    Raises
    ------
    RequestError
        400 or 422 naming what is wrong, a metric that is no more too.
    """
    metrics, values = read_body(part.query, known)
    return replace(make_question(metrics, values, now, lambda: earliest(metrics)), totals=True)


def saved_sql(state: StateStore, query_id: str) -> str:
    """Answer the text of a saved query. Raises ``RequestError`` 404 when it is no more."""
    if (known := shipped().get(query_id)) is not None:
        return known.sql
    found = own_queries.read(state, query_id)
    if found is None or found.deleted:
        raise RequestError(f"There is no saved query {query_id!r} any more: change the report.", status=404)
    return found.sql


def said(error: RequestError) -> str:
    """Say an error with what is wrong where."""
    details: list[Any] = [one.get("detail", "") for one in error.errors]
    return " ".join([error.detail, *(str(one) for one in details if one != error.detail)])
