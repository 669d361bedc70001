"""``GET /adoption/downloads``: the product's original contract, with our envelope's ``meta`` beside it."""

from __future__ import annotations

from typing import Any

from chalicelib.api import schemas
from chalicelib.api.context import Context
from chalicelib.api.envelope import CACHE_CONTROL, etag, instant, matches, not_modified
from chalicelib.api.ranges import FROM, TO, TZ
from chalicelib.api.routes import Access, Answer, Call, Reply, Route
from chalicelib.lake.published import Published
from chalicelib.metrics.asked_range import Range, read_range
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.totals import SOURCE, Totals


def get_downloads(call: Call, context: Context) -> Reply:
    """Answer downloads by version."""
    asked = read_range(call.values)
    manifest = context.series.manifests.get(DOWNLOADS.name)
    version = None if manifest is None else (manifest.seq, manifest.commit_sha256)
    tag = etag("adoption", version, asked.start, asked.end, asked.zone.key)
    if matches(call.headers, tag):
        return not_modified(tag)
    totals, served_from = context.totals.answer(manifest, asked.start, asked.end, context.clock())
    body = {
        "downloads": [{"version": name, "dl": count} for name, count in totals.versions],
        "meta": {**_meta(asked, manifest, totals), "served_from": served_from},
    }
    return Reply(body, headers={"ETag": tag, "Cache-Control": CACHE_CONTROL})


def _meta(asked: Range, manifest: Published | None, totals: Totals) -> dict[str, Any]:
    watermark = None if manifest is None else manifest.watermarks.get(SOURCE)
    at = asked.zone
    return {
        "watermark": instant(watermark),
        "partial": watermark is None or asked.end is None or asked.end > watermark,
        "computed_at": instant(totals.computed_at),
        "approximate": False,
        "truncated": False,
        "from": None if asked.start is None else asked.start.astimezone(at).isoformat(),
        "to": None if asked.end is None else asked.end.astimezone(at).isoformat(),
        "tz": at.key,
        "total": sum(count for _, count in totals.versions),
        "bots_excluded": totals.bots,
        "warnings": [] if manifest is not None else ["No downloads have been published yet."],
    }


ROUTES = (
    Route(
        method="GET",
        path="/adoption/downloads",
        name="get_downloads",
        access=Access.READ,
        summary="Downloads by version",
        description=(
            "Downloads of every version, of all time unless `from` or `to` is given. Newest version first, by the "
            "numbers in its name. Bots are left out; `meta.bots_excluded` says how many downloads they made."
        ),
        answers=(
            Answer(200, "Downloads by version.", schemas.DOWNLOADS, schemas.DOWNLOADS_EXAMPLE),
            Answer(304, "Unchanged."),
        ),
        handler=get_downloads,
        parameters=(FROM, TO, TZ),
        problems=(422,),
    ),
)
