"""Answers to time-series questions: from memory, or by DuckDB over the cube's published files."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.lake.published import DataFile, Published
from chalicelib.metrics.cube import BUCKET_START
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.engine import Engine
from chalicelib.metrics.files import FileCache
from chalicelib.metrics.manifests import Manifests, files_between
from chalicelib.metrics.question import MAX_POINTS, Question
from chalicelib.metrics.series import Series, fill, no_data
from chalicelib.metrics.statement import micros, statement

KEPT_POINTS: Final = 4 * MAX_POINTS
"""Points of answers kept in memory, about 40 MB of Python objects."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A series and where it came from: ``cube``, or ``cache`` when it had been computed before."""

    series: Series
    served_from: str


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
    """

    def __init__(self, store: Callable[[], ObjectStore], clock: Clock, folder: Path) -> None:
        self.manifests = Manifests(store, clock)
        self._clock = clock
        self._files = FileCache(folder, store)
        self._engine = Engine(folder)
        self._answers: OrderedDict[tuple[Any, ...], Series] = OrderedDict()

    def answer(self, question: Question, manifest: Published | None) -> Answered:
        """Answer one question from one version of its cube.

        Raises
        ------
        RequestError
            422: more points or bytes than one answer may have.
        StoreUnavailable, QueryFailed
            The files could not be had or read.
        """
        if manifest is None:
            return Answered(no_data(question, self._clock()), "cube")
        key = (manifest.seq, manifest.commit_sha256, *question.key())
        if key in self._answers:
            self._answers.move_to_end(key)
            return Answered(self._answers[key], "cache")
        series = self._compute(question, manifest)
        self._keep(key, series)
        return Answered(series, "cube")

    def _compute(self, question: Question, manifest: Published) -> Series:
        cube = CUBES[question.metric.cube]
        table = cube.days if question.by_utc_day else cube.quarter_hours
        files = files_between(manifest, table.name, question.start, question.end) if question.bounds[1:] else []
        found = self.run(statement(question, BUCKET_START.name), files, question.start, question.end) if files else []
        return fill(question, found, manifest.watermarks.get(question.metric.source), self._clock())

    def run(self, sql: str, files: Sequence[DataFile], start: datetime, end: datetime) -> list[tuple[Any, ...]]:
        """Run a statement with ``$files``, ``$start`` and ``$end`` over local copies of these files."""
        given = {"start": micros(start), "end": micros(end)}
        try:
            return self._engine.rows(sql, {"files": [str(p) for p in self._files.fetch(files)], **given})
        except FileNotFoundError:  # another process made room between our two steps: once more
            return self._engine.rows(sql, {"files": [str(p) for p in self._files.fetch(files)], **given})

    def _keep(self, key: tuple[Any, ...], series: Series) -> None:
        self._answers[key] = series
        while sum(len(kept.rows) + 1 for kept in self._answers.values()) > KEPT_POINTS:
            self._answers.popitem(last=False)
