"""Downloads of the product, from S3's server access logs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

DOWNLOADS = Cube(
    name="downloads_cube",
    description="Downloads of products from S3, once per download",
    dimensions=(
        Column("product", ColumnType.STRING, "The product, by the configured pattern of object keys; may be null"),
        Column("version", ColumnType.STRING, "Its version, by the same pattern"),
        Column("is_bot", ColumnType.BOOL, "The user agent is a bot's"),
    ),
    measures=(
        Measure("downloads", Adds.SUM, "Downloads, in the bucket of their first request"),
        Measure("download_bytes", Adds.SUM, "Bytes sent for downloads, each request in its own bucket"),
    ),
    inputs=MappingProxyType({"s3_access_logs": ("s3_access_requests",)}),
    reads_before=1,
)

CUBES: Final = (DOWNLOADS,)

_PEOPLE = (("is_bot", "false"),)
_BOTS = (("is_bot", "true"),)


def _downloads(
    name: str, title: str, unit: str, measure: str, description: str, only: tuple[tuple[str, str], ...]
) -> Metric:
    dimensions = ("version", "product")
    return Metric(
        name, title, unit, Kind.COUNTER, DOWNLOADS.name, measure, "s3_access_logs", dimensions, description, only
    )


METRICS: Final = (
    _downloads(
        "downloads",
        "Downloads",
        "downloads",
        "downloads",
        "Downloads of the product by people: successful GETs of its files, ranged requests of one download counted "
        "once. Bots are left out; `downloads_bots` counts them.",
        _PEOPLE,
    ),
    _downloads(
        "downloads_bots",
        "Downloads by bots",
        "downloads",
        "downloads",
        "Downloads whose user agent is that of a known crawler, mirror or monitor.",
        _BOTS,
    ),
    _downloads(
        "download_bytes",
        "Bytes downloaded",
        "bytes",
        "download_bytes",
        "Bytes sent for the downloads that `downloads` counts.",
        _PEOPLE,
    ),
)
