"""Works an export off: once, as far as that can be had from a queue that may tell of it twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib.documents import delivery
from chalicelib.domain.clock import Clock
from chalicelib.domain.records import WorkState
from chalicelib.domain.result_files import ResultFiles
from chalicelib.domain.state import StateStore
from chalicelib.errors import RequestError, StoreUnavailable
from chalicelib.exports import jobs
from chalicelib.exports.jobs import Export
from chalicelib.exports.sheets import document
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question_json import read_question


@dataclass(frozen=True, slots=True)
class Work:
    """Where exports are read, made and written."""

    state: StateStore
    results: ResultFiles
    series: SeriesQuery
    metrics: Callable[[], Mapping[str, Metric]]
    clock: Clock

    def do(self, owner: str, export_id: str) -> Export | None:
        """Make the file of an export, and answer how it ended; None when there is nothing to be done.

        Raises
        ------
        StoreUnavailable
            Somebody else may be at it: the message comes again, and finds what became of it.
        QueryFailed
            The rows could not be read; the message comes again.
        """
        found = jobs.read(self.state, owner, export_id)
        if found is None or found.as_of(self.clock()).state.is_final:
            return None
        if found.is_at_work(self.clock()):
            raise StoreUnavailable(f"export {export_id} is being made already")
        begun = jobs.update(self.state, replace(found, state=WorkState.RUNNING, started_at=self.clock()))
        if begun is None:
            raise StoreUnavailable(f"somebody else has just begun export {export_id}")
        return self._ended(begun)

    def _ended(self, export: Export) -> Export:
        try:
            done = replace(export, state=WorkState.DONE, size_bytes=self._make(export))
        except RequestError as error:  # asked for what cannot be had: trying again would not help
            done = replace(export, state=WorkState.FAILED, error=error.detail)
        ended = replace(done, finished_at=self.clock())
        return jobs.update(self.state, ended) or ended

    def _make(self, export: Export) -> int:
        question = read_question(export.question, self.metrics())
        prepared = self.series.prepare(question)
        made = document(question, export.form, lambda: self.series.stream(prepared))
        return delivery.put(self.results, export.key, export.form, made)
