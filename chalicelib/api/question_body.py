"""The body of ``POST /v1/query``: a question, and how its answer is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api.formats import parse_format
from chalicelib.metrics import asked_body
from chalicelib.metrics.asked_body import Reading, count, text, texts
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import MAX_POINTS

ANSWERED: Final[Mapping[str, Reading]] = {
    "order": texts,
    "limit": count(MAX_POINTS),
    "cursor": text(str),
    "format": text(parse_format),
}
"""Fields that say how the answer is wanted."""


def read_body(given: Mapping[str, Any], known: Mapping[str, Metric]) -> tuple[list[Metric], dict[str, Any]]:
    """Read a body into the metrics and the values of parameters, as :mod:`chalicelib.api.asking` takes them.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or unreadable.
    """
    return asked_body.read_body(given, known, ANSWERED)
