"""How the data of each metric of a question stands now: version, watermark, how much of the range is known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from chalicelib.domain.zones import midnight, zone
from chalicelib.errors import RequestError
from chalicelib.lake.published import Published
from chalicelib.metrics.buckets import Grid
from chalicelib.metrics.comparison import Pairing, known_until, pair
from chalicelib.metrics.lateness import lateness
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question


@dataclass(frozen=True, slots=True)
class Part:
    """A metric that is read, and the version of its cube (None: nothing is published)."""

    metric: Metric
    manifest: Published | None

    @property
    def source(self) -> str:
        """Name its source; of several that have published something the one that is furthest behind."""
        known = {} if self.manifest is None else self.manifest.watermarks
        told = [source for source in (self.metric.source, *self.metric.also) if source in known]
        return min(told, key=lambda source: known[source], default=self.metric.source)

    @property
    def watermark(self) -> datetime | None:
        """Answer how far its source is complete.

        A source that tells days of a zone is complete up to a date: to the midnight with which that begins there.
        """
        found = None if self.manifest is None else self.manifest.watermarks.get(self.source)
        if found is None or self.metric.days_of is None:
            return found
        return midnight(found.astimezone(UTC).date(), zone(self.metric.days_of))

    @property
    def version(self) -> str:
        """Name the version."""
        return "-" if self.manifest is None else f"{self.manifest.seq}.{self.manifest.commit_sha256}"


@dataclass(frozen=True, slots=True)
class Standing:
    """One metric: what is read for it, how far all of that is complete, and the buckets that are looked at.

    ``pairing`` is there where ranges are compared; then ``grid`` ends where all is known.
    """

    metric: Metric
    parts: tuple[Part, ...]
    watermark: datetime | None
    late: str | None
    grid: Grid
    pairing: Pairing | None = None

    @property
    def before(self) -> Grid | None:
        """Answer the buckets that it is compared with."""
        return None if self.pairing is None else Grid(self.pairing.before, self.grid.interval, self.grid.zone)


@dataclass(frozen=True)
class Prepared:
    """A question and how its data stands: what an answer depends on, and nothing else."""

    question: Question
    standings: tuple[Standing, ...]
    now: datetime

    @cached_property
    def version(self) -> tuple[str, ...]:
        """Answer which data it is, and how much of it is looked at."""
        return tuple(
            f"{'+'.join(part.version for part in one.parts)}<{one.grid.end.isoformat()}" for one in self.standings
        )

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Answer what an answer is kept under."""
        return (*self.question.key, *self.version)

    @property
    def tag(self) -> tuple[str, ...]:
        """Answer what an answer's ``ETag`` is made of: whether a source is late is told without new data."""
        return (*self.key, *(str(one.late is not None) for one in self.standings))


def stand(question: Question, manifests: Mapping[str, Published | None], now: datetime) -> Prepared:
    """Say how the data of a question stands. Raises ``RequestError`` 400."""
    pairings: dict[datetime, Pairing] = {}
    standings = []
    for metric in question.metrics:
        parts = parts_of(metric, manifests)
        known = watermark(parts)
        reasons = (lateness(part.source, part.watermark, question.end, now) for part in parts)
        late = next((reason for reason in reasons if reason is not None), None)
        grid, pairing = Grid(question.bounds, question.interval, question.zone), None
        if question.comparison is not None:
            until = known_until(question.end, now, known, question.start)
            if until not in pairings:
                pairings[until] = _pair(question, until)
            pairing = pairings[until]
            grid = Grid(pairing.bounds, question.interval, question.zone)
        standings.append(Standing(metric, parts, known, late, grid, pairing))
    return Prepared(question, tuple(standings), now)


def parts_of(metric: Metric, manifests: Mapping[str, Published | None]) -> tuple[Part, ...]:
    """Answer what is read for a metric."""
    return tuple(Part(part, manifests[part.cube]) for part in metric.parts)


def watermark(parts: Iterable[Part]) -> datetime | None:
    """Answer up to when all of some parts are known, None where nothing is known of one."""
    marks = [part.watermark for part in parts]
    known = [mark for mark in marks if mark is not None]
    return min(known) if len(known) == len(marks) else None


def _pair(question: Question, until: datetime) -> Pairing:
    assert question.comparison is not None
    try:
        return pair(question.start, until, question.interval, question.zone, question.comparison.shift)
    except ValueError as error:
        detail = {"parameter": "compare", "detail": str(error)}
        raise RequestError("One or more parameters are wrong.", errors=(detail,)) from error
