"""What the handler's time is made of: medians of its steps, taken by standing around each of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from bench.asking.api import Api
from chalicelib.api import answering, dispatch
from chalicelib.metrics import reader
from chalicelib.metrics.compute import Computation
from chalicelib.metrics.reader import Reader

RUNS = 200


def parts(api: Api, metric: str, query: Mapping[str, str]) -> dict[str, float]:
    """Answer the medians of the steps of one question, in ms."""
    spent: dict[str, list[float]] = {}

    def timed(owner: Any, name: str, label: str) -> Callable[[], None]:
        inner = getattr(owner, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                spent.setdefault(label, []).append((time.perf_counter() - begun) * 1000)

        setattr(owner, name, outer)
        return lambda: setattr(owner, name, inner)

    series = api.context.series
    undo = [
        timed(series.reader.engine, "rows", "duckdb_ms"),
        timed(series.reader.files, "fetch", "files_ms"),
        timed(reader, "statement", "boundaries_and_sql_ms"),
        timed(Reader, "read", "read_ms"),
        timed(Computation, "whole", "whole_ms"),
        timed(answering, "as_rows", "rows_as_objects_ms"),
        timed(dispatch, "encode", "json_ms"),
        timed(api, "ask", "handler_ms"),
    ]
    for _ in range(RUNS):
        api.ask_anew(metric, query)
    for put_back in undo:
        put_back()
    return _apart({label: statistics.median(values) for label, values in spent.items()})


def _apart(found: dict[str, float]) -> dict[str, float]:
    """Take from each step what is within it, so that all add up to the handler's time."""
    found["cells_to_rows_ms"] = found.pop("whole_ms") - found["read_ms"]
    within = ("duckdb_ms", "files_ms", "boundaries_and_sql_ms")
    found["plan_and_cells_ms"] = found.pop("read_ms") - sum(found[label] for label in within)
    known = sum(value for label, value in found.items() if label != "handler_ms")
    found["chalice_token_validation_log_ms"] = found["handler_ms"] - known
    return {label: round(ms, 3) for label, ms in found.items()}
