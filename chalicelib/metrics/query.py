"""Answers to questions: from memory, or by DuckDB over the published files of cubes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.lake.published import DataFile, Published
from chalicelib.metrics import describe
from chalicelib.metrics.answer import Answer, Bucket, Row
from chalicelib.metrics.beginnings import Beginnings
from chalicelib.metrics.compute import Computation
from chalicelib.metrics.engine import Engine
from chalicelib.metrics.files import FileCache
from chalicelib.metrics.keeping import Computed, Keeping
from chalicelib.metrics.manifests import Manifests, covers
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.question import MAX_BUCKETS, Question
from chalicelib.metrics.reader import Reader, Wanted
from chalicelib.metrics.standing import Prepared, parts_of, stand, watermark
from chalicelib.metrics.stored import WORTH, StoredAnswers

_SUMMED_GAUGE = "Where a member of a gauge was not observed in a bucket, its value is the sum of those that were."


class SeriesQuery:
    """Answers questions; keeps the connection, the files and recent answers between them.

    Parameters
    ----------
    store
        The lake, asked for when first needed.
    clock
        The present instant.
    folder
        Where copies of files are kept.
    stored
        Answers that other processes have kept; None: there are none.
    """

    def __init__(
        self, store: Callable[[], ObjectStore], clock: Clock, folder: Path, stored: StoredAnswers | None = None
    ) -> None:
        self.manifests = Manifests(store, clock)
        self.reader = Reader(Engine(folder), FileCache(folder, store))
        self.beginnings = Beginnings(self.reader)
        self.kept = Keeping()
        self._stored = stored
        self._clock = clock

    def prepare(self, question: Question) -> Prepared:
        """Look how the data of a question stands. Raises ``RequestError`` 400 or 422, ``StoreUnavailable``."""
        question.require_few_buckets(MAX_BUCKETS)
        return stand(question, self._manifests_of(question.metrics), self._clock())

    def earliest(self, metrics: Iterable[Metric]) -> datetime | None:
        """Answer an instant before which there is nothing of some metrics, None where there is nothing at all."""
        found = [
            covers(name.partition("/")[2])[0]
            for cube, manifest in self._manifests_of(metrics).items()
            if manifest is not None
            for name in manifest.partitions
            if name.startswith(f"{cube}/")
        ]
        return min(found, default=None)

    def watermark(self, metric: Metric) -> datetime | None:
        """Answer up to when all of a metric is known, None where nothing is. Raises ``StoreUnavailable``."""
        return watermark(parts_of(metric, self._manifests_of([metric])))

    def _manifests_of(self, metrics: Iterable[Metric]) -> dict[str, Published | None]:
        return {cube: self.manifests.get(cube) for cube in {part.cube for metric in metrics for part in metric.parts}}

    def answer(self, prepared: Prepared) -> Answer:
        """Answer a question at once.

        Raises
        ------
        RequestError
            400, 422: a filter's expression is wrong; more points or bytes than one answer may have.
        StoreUnavailable, QueryFailed
            The files could not be had or read.
        """
        prepared.question.require_few_buckets()
        origins: list[str] = []
        computed, was_there = self.kept.answer(prepared.key, lambda: self._find(prepared, origins))
        meta = describe.meta(prepared, computed.computed_at, computed.warnings, computed.since)
        served_from = "cache" if was_there else origins[0]
        return _answer(prepared, computed.buckets, computed.totals, meta, served_from)

    def keep(self, prepared: Prepared) -> bool:
        """Compute an answer for other processes, unless it is stored or there is nothing to read; whether it was.

        Raises as :meth:`answer` does, and ``StoreUnavailable`` where it cannot be stored.
        """
        empty = all(part.manifest is None for one in prepared.standings for part in one.parts)
        if self._stored is None or empty or self._stored.has(prepared.key):
            return False
        self._stored.write(prepared.key, self._compute(prepared))
        return True

    def stream(self, prepared: Prepared) -> Answer:
        """Answer a question of any size: its buckets can be gone through once, and are read as they are.

        Raises as :meth:`answer` does, but not for the number of points; going through the buckets raises
        ``StoreUnavailable`` and ``QueryFailed`` too. Memory grows with the number of groups, not with the range.
        """
        work = Computation(self.reader, prepared, self.beginnings)
        said = describe.warnings(prepared, work.since)
        if any(metric.kind is Kind.GAUGE for metric in prepared.question.metrics):
            said.append(_SUMMED_GAUGE)
        totals = work.totals() if prepared.question.totals else ()
        meta = describe.meta(prepared, self._clock(), said, work.since)
        return _answer(prepared, work.pieces(), totals, meta, "cube")

    def run(self, sql: str, files: Sequence[DataFile], start: datetime, end: datetime) -> list[tuple[Any, ...]]:
        """Run a statement with ``$files``, ``$start`` and ``$end`` over local copies of these files."""
        return self.reader.run_between(sql, files, start, end)

    def _find(self, prepared: Prepared, origins: list[str]) -> Computed:
        """Take an answer that is stored, where the files are not here; else compute it, and store what took long."""
        wanted = [Wanted(part.metric, one.grid, part.manifest) for one in prepared.standings for part in one.parts]
        cold = self._stored is not None and not self.reader.is_local(wanted)
        found = self._stored.get(prepared.key) if self._stored is not None and cold else None
        origins.append("cube" if found is None else "cache")
        if found is not None:
            return found
        begun = self._clock()
        computed = self._compute(prepared)
        if self._stored is not None and self._clock() - begun > WORTH:
            self._stored.put(prepared.key, computed)
        return computed

    def _compute(self, prepared: Prepared) -> Computed:
        work = Computation(self.reader, prepared, self.beginnings)
        buckets, said = work.whole()
        totals = work.totals() if prepared.question.totals else []
        warnings = [*describe.warnings(prepared, work.since), *said]
        return Computed(buckets, totals, warnings, self._clock(), work.since)


def _answer(
    prepared: Prepared, buckets: Iterable[Bucket], totals: Sequence[Row], meta: dict[str, Any], served_from: str
) -> Answer:
    question = prepared.question
    return Answer(
        describe.columns(question), buckets, totals, question.zone, meta, describe.query(question), served_from
    )
