"""Settles a question before it is asked: refused where it means nothing, told apart where it has to be. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chalicelib.domain.faults import Fault, fault
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import Interval
from chalicelib.errors import RequestError
from chalicelib.metrics.answer import Role
from chalicelib.metrics.filters import conditions, fixed, without
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.question import MAX_TOP, Question
from chalicelib.metrics.transforms import Makes, refusal

_FIXED: Final = ("start", "end", "other", "partial")
_FLAT: Final = frozenset(Role)
"""How the values of one metric alone are named."""


def settle(question: Question) -> Question:
    """Answer the question as it is asked, with what is to be said of it.

    What is never added up (currencies) is grouped by, unless the question filters to one or groups by it already.

    Raises
    ------
    RequestError
        400 naming each parameter that means nothing here; 422 where the source does not tell it.
    """
    if errors := [*_dimensions(question), *_transform(question), *_top(question), *_wholes(question)]:
        raise RequestError("One or more parameters are wrong.", errors=tuple(errors))
    if errors := list(_days(question)):
        raise RequestError(str(errors[0]["detail"]), status=422, errors=tuple(errors))
    question, said = _apart(question)
    _require_names(question)
    return replace(question, notes=(*said, *_zones(question)))


def common(question: Question) -> tuple[str, ...]:
    """Answer the dimensions that all metrics of a question have."""
    first, *others = (metric.dimensions for metric in question.metrics)
    return tuple(name for name in first if all(name in one for one in others))


def _require_names(question: Question) -> None:
    """Raise ``RequestError`` 422 where two columns of the answer would have one name: people choose some of them."""
    roles = ("", *(f"_{role}" for role in Role if role is not Role.VALUE)) if question.comparison else ("",)
    names = [*_FIXED, *question.group_by, *(metric.name + role for metric in question.metrics for role in roles)]
    if len(set(names)) < len(names) or not _FLAT.isdisjoint(question.group_by):
        twice = next(name for name in names if names.count(name) > 1 or name in _FLAT)
        detail = f"Two columns of the answer would be named '{twice}': ask for them in questions of their own."
        raise RequestError(detail, status=422, errors=({"parameter": "metrics", "detail": detail},))


def _parts(question: Question) -> Iterator[Metric]:
    """Answer every metric that is read, those that others are derived from too, once."""
    yield from {part.key: part for metric in question.metrics for part in metric.parts}.values()


def _dimensions(question: Question) -> Iterator[Fault]:
    whose = f"'{question.metrics[0].name}'" if len(question.metrics) == 1 else "all these metrics"
    filtered = [condition.dimension for condition in conditions(question.where)]
    for parameter, names in (("group_by", question.group_by), ("filter", tuple(dict.fromkeys(filtered)))):
        for name in names:
            try:
                one_of(name, common(question), f"dimension of {whose}")
            except ValueError as error:
                yield fault(parameter, error)


def _transform(question: Question) -> Iterator[Fault]:
    if question.transform is not None:
        said = (refusal(question.transform, metric, bool(question.group_by)) for metric in question.metrics)
        if why := next((one for one in said if one is not None), None):
            yield {"parameter": "transform", "detail": why}


def _top(question: Question) -> Iterator[Fault]:
    if question.top is None:
        return
    if not 1 <= question.top.count <= MAX_TOP:
        yield {"parameter": "top", "detail": f"A whole number from 1 to {MAX_TOP}."}
    names = [metric.name for metric in question.metrics]
    if question.top.by not in names:
        yield {"parameter": "top_by", "detail": f"One of the metrics that are asked for: {', '.join(names)}."}
    apart = {name for metric in question.metrics for name in metric.apart}
    ranked = [name for name in question.group_by if name not in apart]
    if not ranked:
        yield {"parameter": "top", "detail": "Some groups are the most of several: give 'group_by'."}
    for metric in _parts(question):
        if metric.over and any(name not in metric.over for name in ranked):
            detail = f"'{metric.name}' is a share of all of {', '.join(metric.over)}: group by that alone for its top."
            yield {"parameter": "top", "detail": detail}


def _wholes(question: Question) -> Iterator[Fault]:
    for metric in _parts(question):
        try:
            without(question.where, metric.over)
        except ValueError as error:
            yield {"parameter": "filter", "detail": f"'{metric.name}': {error}"}


def _days(question: Question) -> Iterator[Fault]:
    if question.interval in (Interval.PT15M, Interval.PT1H):
        for metric in question.metrics:
            if metric.days_of is not None:
                detail = (
                    f"The source of '{metric.name}' tells whole days of {metric.days_of} only: ask for P1D or longer."
                )
                yield {"parameter": "interval", "detail": detail}
            elif summed := [part.told_apart for part in metric.parts if _is_of_several(question, part)]:
                detail = (
                    f"'{metric.name}' adds up what several sources look at, each at hours of its own: an hour has "
                    f"the sum of some. Ask for P1D or longer, or for each {summed[0]} by itself: filter to one, or "
                    "group by it without shares and without the rest of a top."
                )
                yield {"parameter": "interval", "detail": detail}


def _is_of_several(question: Question, metric: Metric) -> bool:
    """Answer whether values of a gauge would be added up that several sources look at, each at times of its own."""
    if metric.kind is not Kind.GAUGE or not metric.also or fixed(question.where, metric.told_apart):
        return False
    rest = question.top is not None and question.top.other
    shares = question.transform is not None and question.transform.makes is Makes.SHARE_OF_TOTAL
    return metric.told_apart not in question.group_by or rest or shares


def _zones(question: Question) -> Iterator[str]:
    for metric in question.metrics:
        if metric.days_of is not None and metric.days_of != question.zone.key:
            yield (
                f"'{metric.name}' is told in days of {metric.days_of}, each of which stands at its first instant: "
                f"in days of {question.zone.key} it may be on the day beside."
            )


def _apart(question: Question) -> tuple[Question, list[str]]:
    said = []
    for metric in question.metrics:
        for name in metric.apart:
            if name in question.group_by or fixed(question.where, name):
                continue
            if name not in common(question):
                detail = (
                    f"'{metric.name}' is never added up over {name}, by which not all of these metrics are told: "
                    "ask for it in a question of its own."
                )
                raise RequestError(detail, status=422, errors=({"parameter": "metrics", "detail": detail},))
            question = replace(question, group_by=(*question.group_by, name))
            said.append(
                f"'{metric.name}' is never added up over {name}: it is grouped by it. Filter to one to see it alone."
            )
    return question, said
