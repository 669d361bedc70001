"""Answers as pandas' tables, for those who have pandas: ``pip install headwater-client[pandas]``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

INSTANTS = ("start", "end")


def to_frame(answer: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> Any:
    """Make a ``DataFrame`` of an answer's ``results``, or of rows; ``start`` and ``end`` become instants in UTC."""
    import pandas as pd  # type: ignore[import-untyped,unused-ignore]

    rows = answer["results"] if isinstance(answer, Mapping) else answer
    frame = pd.DataFrame([dict(row) for row in rows])
    for name in INSTANTS:
        if name in frame:
            frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame
