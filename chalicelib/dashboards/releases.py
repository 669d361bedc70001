"""Releases as annotations: what GitHub has told of them, read from the days of the range.

Their table has a row for each time that something happens to a release, and a day of it is a file of a few kilobytes:
it is read as it is. Cubes hold counts, and people want to see which release it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from chalicelib.dashboards.annotation import Annotation, Kind, Origin
from chalicelib.dashboards.widgets import MAX_NAME
from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import layout, published
from chalicelib.lake.visible import VisibleFile, table_files
from chalicelib.metrics.reader import Reader
from chalicelib.sources.github_tables import RELEASES
from chalicelib.sources.github_webhooks import GithubWebhooks

MOST_FILES: Final = 400
"""Days (files) that are read at most, each of a few kilobytes: those of the range, then those after it."""
OF_METRICS: Final = (
    "github_repository_stats",
    "github_webhooks",
    "mixpanel_events",
    "product_events",
    "s3_access_logs",
)
"""The sources that tell of the product: a release is no matter of leads or followers."""
_BY: Final = "GitHub"

# As the view v_github_releases has it: each release as it is, without drafts, and without those that were taken back.
_ASKED: Final = """
SELECT repository, release_id, tag_name, prerelease, epoch_us(published_at) AS published_us
FROM (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY repository, release_id ORDER BY occurred_at DESC, received_at DESC, event_id
    ) AS nth
    FROM read_parquet($files, union_by_name = true)
    WHERE NOT id_conflict
)
WHERE nth = 1 AND action NOT IN ('deleted', 'unpublished') AND NOT coalesce(draft, false)
    AND epoch_us(published_at) >= $start AND epoch_us(published_at) < $end
ORDER BY published_us DESC, release_id
LIMIT $most
"""


def releases(
    store: ObjectStore, reader: Reader, start: datetime, end: datetime, most: int
) -> tuple[list[Annotation], bool]:
    """Answer the releases that were published in ``[start, end)``, the newest first.

    What became of one later is read too, where it fits into :data:`MOST_FILES`.

    Returns
    -------
    annotations, whole
        ``whole`` is false where not every day of the range was read, or there are more releases than ``most``.

    Raises
    ------
    StoreUnavailable, IntegrityError
    """
    position = published.read(store, GithubWebhooks.name)
    if position is None:
        return [], True
    files, whole = chosen(list(table_files(store, position, RELEASES.name)), start, end)
    if not files:
        return [], True
    asked = {"start": _micros(start), "end": _micros(end), "most": most + 1}
    rows = reader.run(_ASKED, [one.file for one in files], asked)
    return [_annotation(*row) for row in rows[:most]], whole and len(rows) <= most


def chosen(files: Sequence[VisibleFile], start: datetime, end: datetime) -> tuple[list[VisibleFile], bool]:
    """Choose the files to read of those that there are, oldest first, and whether the range is whole."""
    first, last = layout.day(start), layout.day(end)
    inside = [one for one in files if first <= one.partition <= last]
    later = [one for one in files if one.partition > last]
    read = inside[-MOST_FILES:]
    return read + (later[: MOST_FILES - len(read)] if read else []), len(inside) <= MOST_FILES


def _annotation(repository: str | None, release_id: int, tag: str, prerelease: bool | None, micros: int) -> Annotation:
    owner_and_name = repository or ""
    title = f"{owner_and_name.rpartition('/')[2]} {tag}{' (prerelease)' if prerelease else ''}".strip()
    where = f"https://github.com/{quote(owner_and_name)}/releases/tag/{quote(tag, safe='')}" if repository else None
    at = datetime.fromtimestamp(micros // 1_000_000, UTC)
    return Annotation(
        f"github_{release_id}", at, None, title[:MAX_NAME], Kind.RELEASE, OF_METRICS, where, Origin.GITHUB, _BY
    )


def _micros(instant: datetime) -> int:
    return int(instant.timestamp()) * 1_000_000
