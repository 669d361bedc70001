"""Downloads by version in total: what the original contract asks for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.periods import EARLIEST, LATEST
from chalicelib.domain.versions import newest_first
from chalicelib.domain.zones import is_midnight, zone
from chalicelib.lake.published import Published
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.manifests import files_between
from chalicelib.metrics.query import SeriesQuery

SOURCE: Final = "s3_access_logs"
_KEPT: Final = 64
_STATEMENT: Final = (
    "SELECT version, coalesce(sum(downloads) FILTER (NOT is_bot), 0), coalesce(sum(downloads) FILTER (is_bot), 0) "
    "FROM read_parquet($files, union_by_name = true) "
    "WHERE bucket_start >= make_timestamp($start) AND bucket_start < make_timestamp($end) GROUP BY ALL"
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Downloads by people, as ``(version, count)``, newest version first, and how many by bots were left out."""

    versions: tuple[tuple[str | None, int], ...]
    bots: int
    computed_at: datetime


class TotalsQuery:
    """Answers totals; keeps recent ones by the version of the cube."""

    def __init__(self, series: SeriesQuery) -> None:
        self._series = series
        self._kept: OrderedDict[tuple[object, ...], Totals] = OrderedDict()

    def answer(
        self, manifest: Published | None, start: datetime | None, end: datetime | None, now: datetime
    ) -> tuple[Totals, str]:
        """Answer the totals of ``[start, end)``, all time where None, and whether from ``cube`` or ``cache``.

        A version that only bots have downloaded in the range is not listed. Raises as :meth:`SeriesQuery.run` does.
        """
        if manifest is None:
            return Totals((), 0, now.astimezone(UTC)), "cube"
        key = (manifest.seq, manifest.commit_sha256, start, end)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key], "cache"
        totals = self._compute(manifest, start, end, now)
        self._kept[key] = totals
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return totals, "cube"

    def _compute(self, manifest: Published, start: datetime | None, end: datetime | None, now: datetime) -> Totals:
        days_of = zone(manifest.zone)
        whole_days = all(edge is None or is_midnight(edge, days_of) for edge in (start, end))
        table = DOWNLOADS.days if whole_days else DOWNLOADS.quarter_hours
        first, last = start or EARLIEST, end or LATEST
        files = files_between(manifest, table.name, first, last)
        rows = self._series.run(_STATEMENT, files, first, last) if files else []
        people = {version: count for version, count, _ in rows if count}
        ordered = tuple((version, people[version]) for version in newest_first(people))
        return Totals(ordered, sum(bots for _, _, bots in rows), now.astimezone(UTC))
