"""The body of a question: JSON fields, each read as its parameter is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import parse_interval
from chalicelib.domain.range_words import parse_range
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.metrics.asked import distinct, parse_match, parse_versus
from chalicelib.metrics.filter_json import parse_filter
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import MAX_METRICS, MAX_TOP
from chalicelib.metrics.transforms import parse_transform

Reading = Callable[[Any], Any]
"""Reads one field, or raises ``ValueError``."""


def read_body(
    given: Mapping[str, Any], known: Mapping[str, Metric], others: Mapping[str, Reading] = MappingProxyType({})
) -> tuple[list[Metric], dict[str, Any]]:
    """Read a body into the metrics and the values that :func:`chalicelib.metrics.asked.make_question` takes.

    Parameters
    ----------
    others
        Fields that there may be besides, which say nothing of what is asked.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or unreadable.
    """
    errors: list[Fault] = unknown_names(given, ("metrics", *_READ, *others))
    metrics: list[Metric] = []
    try:
        metrics = [known[name] for name in _names(given.get("metrics"), known)]
    except ValueError as error:
        errors.append(fault("metrics", error))
    values: dict[str, Any] = {}
    for name, read in (*_READ.items(), *others.items()):
        try:
            if given.get(name) is not None:
                values[name] = read(given[name])
        except ValueError as error:
            errors.append(fault(name, error))
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return metrics, values


def _names(given: Any, known: Mapping[str, Metric]) -> tuple[str, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_METRICS or not all(isinstance(n, str) for n in given):
        raise ValueError(f"A list of 1 to {MAX_METRICS} names of metrics is needed.")
    return distinct(tuple(one_of(name, known, "metric") for name in given))


def text(read: Callable[[str], Any]) -> Reading:
    """Make the reading of a text."""

    def checked(given: Any) -> Any:
        if not isinstance(given, str):
            raise ValueError("A text is expected.")
        return read(given)

    return checked


def texts(given: Any) -> tuple[str, ...]:
    """Read a list of texts, each once. Raises ``ValueError``."""
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise ValueError("A list of texts is expected.")
    return distinct(tuple(given))


def count(most: int) -> Callable[[Any], int]:
    """Make the reading of a whole number from 1 on."""

    def checked(given: Any) -> int:
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
            raise ValueError(f"A whole number from 1 to {most:,} is expected.")
        return given

    return checked


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError("true or false is expected.")
    return given


_READ: Final[Mapping[str, Reading]] = {
    "from": text(str),
    "to": text(str),
    "range": text(parse_range),
    "interval": text(parse_interval),
    "tz": text(zone),
    "group_by": texts,
    "filter": parse_filter,
    "compare": text(parse_versus),
    "match": text(parse_match),
    "transform": text(parse_transform),
    "top": count(MAX_TOP),
    "top_by": text(str),
    "other": _flag,
    "totals": _flag,
}
