"""A question as it is asked for, made of values that were read one by one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.faults import Fault, fault
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import Interval
from chalicelib.domain.shifts import Shift
from chalicelib.errors import RequestError
from chalicelib.metrics.asked_range import complete, read_range
from chalicelib.metrics.comparison import Comparison, Match, Versus, comparison
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question, Top
from chalicelib.metrics.settle import settle


def make_question(
    metrics: Sequence[Metric], values: Mapping[str, Any], now: datetime, earliest: Callable[[], datetime | None]
) -> Question:
    """Make the question of parsed values.

    Parameters
    ----------
    now
        The instant at which words such as ``7d`` are read.
    earliest
        Answers since when there is data of these metrics.

    Raises
    ------
    RequestError
        400 or 422 naming what is wrong.
    """
    if errors := list(_alone(values)):
        raise RequestError("One or more parameters are wrong.", errors=tuple(errors))
    given = read_range(values)
    interval: Interval = values.get("interval", Interval.P1D)
    start, end, step = complete(given, interval, now, earliest)
    question = Question(
        tuple(metrics),
        start,
        end,
        interval,
        given.zone,
        values.get("group_by", ()),
        where=values.get("filter"),
        transform=values.get("transform"),
        top=_top(metrics, values),
        totals=values.get("totals", False),
    )
    return settle(_compared(question, values, step))


def _alone(values: Mapping[str, Any]) -> list[Fault]:
    """Name what says nothing without another parameter."""
    needs = {"match": "compare", "top_by": "top", "other": "top", "cursor": "limit"}
    return [
        {"parameter": name, "detail": f"This goes with '{other}', which is not given."}
        for name, other in needs.items()
        if name in values and other not in values
    ]


def _top(metrics: Sequence[Metric], values: Mapping[str, Any]) -> Top | None:
    if "top" not in values:
        return None
    return Top(values["top"], values.get("top_by", metrics[0].name), values.get("other", True))


def _compared(question: Question, values: Mapping[str, Any], step: Shift | None) -> Question:
    versus: Versus | None = values.get("compare")
    if versus is None:
        return question
    try:
        found: Comparison = comparison(
            versus, values.get("match"), question.interval, (question.start, question.end), question.zone, step
        )
    except ValueError as error:
        raise RequestError("One or more parameters are wrong.", errors=(fault("compare", error),)) from error
    return replace(question, comparison=found)


def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Answer names as they are. Raises ``ValueError`` where one is empty or comes twice."""
    if not all(names) or len(set(names)) < len(names):
        raise ValueError("Give names separated by commas, each once.")
    return names


def parse_versus(text: str) -> Versus:
    """Read ``compare``."""
    return Versus(one_of(text, Versus, "comparison"))


def parse_match(text: str) -> Match:
    """Read ``match``."""
    return Match(one_of(text, Match, "match"))
