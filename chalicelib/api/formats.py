"""In what format an answer is wanted: ``format``, or else the ``Accept`` header (RFC 9110 section 12.5.1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api.routes import Call, Parameter, Reply
from chalicelib.documents.formats import CONTENT_TYPES, Format
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError

JSON: Final = "json"
FORMATS: Final = (JSON, *(form.value for form in Format))
_MEDIA: Final = {CONTENT_TYPES[form].partition(";")[0]: form for form in Format}
_PAGED: Final = ("order", "limit", "cursor")


def parse_format(text: str) -> str:
    """Read ``format``. Raises ``ValueError``."""
    return one_of(text, FORMATS, "format")


FORMAT: Final = Parameter(
    "format",
    "`json`; `csv` (all metrics side by side, answered as it is while it is small), `parquet` (the same), `xlsx` (a "
    "sheet for each metric, with charts) or `pdf` (a report): 303 leads to a link that is good for 15 minutes. Files "
    "have every row by time, then group. Without it, what `Accept` names.",
    {"type": "string", "enum": list(FORMATS), "default": JSON},
    "xlsx",
    parse=parse_format,
)


def wanted(call: Call, values: Mapping[str, Any]) -> Format | None:
    """Answer the file that a call asks for, None for JSON.

    Raises
    ------
    RequestError
        400: it asks for pages or an order, which files have not.
    """
    given = values.get("format")
    form = _accepted(call.headers.get("accept", "")) if given is None else None if given == JSON else Format(given)
    paged = [name for name in _PAGED if name in values]
    if form is not None and paged:
        detail = "A file has every row, by time, then group: this is for JSON."
        errors = tuple({"parameter": name, "detail": detail} for name in paged)
        raise RequestError("One or more parameters are wrong.", errors=errors)
    return form


def varied(reply: Reply) -> Reply:
    """Tell caches that the answer depends on ``Accept``."""
    return Reply(reply.body, reply.status, {**reply.headers, "Vary": "Accept"})


def _accepted(header: str) -> Format | None:
    """Answer the file that a header prefers; JSON is preferred to whatever it does not name."""
    named: dict[str, float] = {}
    for part in header.split(","):
        media, *parameters = (one.strip().lower() for one in part.split(";"))
        named[media] = next((_quality(one[2:]) for one in parameters if one.startswith("q=")), 1.0)
    files = [(quality, form) for media, form in _MEDIA.items() if (quality := named.get(media, 0.0)) > 0]
    best = max(files, default=None, key=lambda one: one[0])
    return None if best is None or named.get("application/json", 0.0) >= best[0] else best[1]


def _quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if math.isfinite(quality) else 0.0
