"""The question of a widget, held against the metrics that there are by the same code that answers it. Pure.

A question without a range is asked over the range that the viewer looks at: it is tried with the dashboard's own.
Without an interval the page chooses one that fits the range and the source: it is tried with days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.dashboards.faults import Faults
from chalicelib.dashboards.fields import range_of
from chalicelib.dashboards.widgets import QUESTION, Kind, whole_question
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError
from chalicelib.metrics.asked import make_question
from chalicelib.metrics.asked_body import read_body
from chalicelib.metrics.filters import Filter
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import MAX_METRICS, refuse_too_many

_TEXTS: Final = ("filter", "interval", "compare", "transform")
_SAME: Final[Mapping[str, str]] = {"top_by": "top", "from": "range.from", "to": "range.to"}
"""What a fault of the question that is asked is about, where the widget's field has another name."""


@dataclass(frozen=True, slots=True)
class Known:
    """What questions are held against.

    Parameters
    ----------
    metrics
        Every metric by its name, people's own too.
    now
        The instant at which words of ranges are read.
    require_patterns
        Raises ``RequestError`` for a filter whose regular expression cannot be understood.
    """

    metrics: Mapping[str, Metric]
    now: datetime
    require_patterns: Callable[[Filter | None], None]


@dataclass(frozen=True, slots=True)
class Frame:
    """The range and the zone of the dashboard that a widget is on."""

    range: str | Mapping[str, str]
    tz: str | None


def read_question(given: Any, place: str, frame: Frame, known: Known, faults: Faults) -> dict[str, Any] | None:
    """Read a question that can be answered; None where something is wrong with it, which is added to the faults."""
    if not isinstance(given, Mapping):
        faults.add(place, "A question is needed: an object with the field metrics.")
        return None
    before = len(faults.found)
    faults.unknown(f"{place}.", given, tuple(QUESTION))
    metrics = _metrics(given.get("metrics"), f"{place}.metrics", known, faults)
    for name in _TEXTS:
        if given.get(name) is not None and not isinstance(given[name], str):
            faults.add(f"{place}.{name}", "A text or null is needed.")
    own = given.get("range")
    asked = None if own is None else faults.read(f"{place}.range", lambda: range_of(own), None)
    if len(faults.found) == before:
        _try(given, metrics, asked or frame.range, frame.tz, place, known, faults)
    return whole_question(given) if len(faults.found) == before else None


def _metrics(given: Any, place: str, known: Known, faults: Faults) -> list[str]:
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_METRICS:
        faults.add(place, f"A list of 1 to {MAX_METRICS} names of metrics is needed.")
        return []
    found = []
    for at, name in enumerate(given):
        if not isinstance(name, str):
            faults.add(f"{place}[{at}]", "The name of a metric is needed, as text.")
        elif name in found:
            faults.add(f"{place}[{at}]", f"'{name}' is there already.")
        elif name not in known.metrics:
            faults.read(f"{place}[{at}]", lambda name=name: one_of(name, known.metrics, "metric"), "")  # type: ignore[misc]
        else:
            found.append(name)
    return found


def misshapen(kind: Kind, given: Mapping[str, Any]) -> tuple[str, str] | None:
    """Answer which field of a question does not suit the kind of its widget, and why; None where all do."""
    metrics, groups = _listed(given, "metrics"), _listed(given, "group_by")
    if kind is Kind.SCATTER:
        why = "A scatter has exactly two metrics: the first across, the second up."
        return None if len(metrics) == 2 else ("metrics", why)
    if len(metrics) > 1 and groups:
        return "group_by", "Several metrics are shown side by side without groups: leave one of both out."
    return None


def _listed(given: Mapping[str, Any], name: str) -> list[Any]:
    found = given.get(name)
    return found if isinstance(found, list) else []


def _try(
    given: Mapping[str, Any],
    metrics: list[str],
    span: str | Mapping[str, str],
    tz: str | None,
    place: str,
    known: Known,
    faults: Faults,
) -> None:
    """Make the question as ``POST /v1/query`` would, and add what that refuses."""
    fields = {name: given.get(name) for name in QUESTION if name not in ("metrics", "range")}
    times = {"range": span} if isinstance(span, str) else dict(span)
    try:
        read, values = read_body({"metrics": metrics, **fields, **times, "tz": tz}, known.metrics)
        question = make_question(read, values, known.now, lambda: None)
        refuse_too_many(int((question.end - question.start) / question.interval.shortest / 1.2))
        known.require_patterns(question.where)
    except RequestError as error:
        for one in error.errors or ({"parameter": "interval", "detail": error.detail},):
            name = str(one["parameter"])
            faults.extend(f"{place}.", ({**one, "parameter": _SAME.get(name, name)},))
