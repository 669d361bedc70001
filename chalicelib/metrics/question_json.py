"""A question as JSON, whole: what an export is asked under now is what is answered later. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval
from chalicelib.domain.shifts import Shift
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.metrics.comparison import Comparison, Match, Versus
from chalicelib.metrics.filter_json import as_json, parse_filter
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question, Top
from chalicelib.metrics.transforms import parse_transform


def write_question(question: Question) -> dict[str, Any]:
    """Write a question so that :func:`read_question` reads the same."""
    compared, top = question.comparison, question.top
    return {
        "metrics": [metric.name for metric in question.metrics],
        "meaning": [metric.key for metric in question.metrics],
        "start": question.start.isoformat(),
        "end": question.end.isoformat(),
        "interval": question.interval.value,
        "tz": question.zone.key,
        "group_by": list(question.group_by),
        "filter": None if question.where is None else as_json(question.where),
        "comparison": None if compared is None else _write_comparison(compared),
        "transform": None if question.transform is None else str(question.transform),
        "top": None if top is None else {"count": top.count, "by": top.by, "other": top.other},
        "totals": question.totals,
        "notes": list(question.notes),
    }


def _write_comparison(compared: Comparison) -> dict[str, Any]:
    shift = compared.shift
    step = {"months": shift.months, "days": shift.days, "seconds": int(shift.time.total_seconds())}
    return {"with": compared.versus.value, "match": compared.match.value, "shift": step}


def read_question(given: Mapping[str, Any], metrics: Mapping[str, Metric]) -> Question:
    """Read a question that was written before.

    Raises
    ------
    RequestError
        410: a metric of it is no more, or means something else now.
    """
    if gone := [name for name in given["metrics"] if name not in metrics]:
        raise RequestError(f"There is no metric {', '.join(gone)} any more.", status=410)
    named = dict(zip(given["metrics"], given["meaning"], strict=True))
    if changed := [name for name, meaning in named.items() if metrics[name].key != meaning]:
        raise RequestError(f"{', '.join(changed)} means something else now: ask again.", status=410)
    at: ZoneInfo = zone(given["tz"])
    return Question(
        metrics=tuple(metrics[name] for name in given["metrics"]),
        start=datetime.fromisoformat(given["start"]),
        end=datetime.fromisoformat(given["end"]),
        interval=Interval(given["interval"]),
        zone=at,
        group_by=tuple(given["group_by"]),
        where=None if given["filter"] is None else parse_filter(given["filter"]),
        comparison=None if given["comparison"] is None else _read_comparison(given["comparison"]),
        transform=None if given["transform"] is None else parse_transform(given["transform"]),
        top=None if given["top"] is None else Top(**given["top"]),
        totals=given["totals"],
        notes=tuple(given["notes"]),
    )


def _read_comparison(given: Mapping[str, Any]) -> Comparison:
    step = given["shift"]
    shift = Shift(step["months"], step["days"], timedelta(seconds=step["seconds"]))
    return Comparison(Versus(given["with"]), Match(given["match"]), shift)
