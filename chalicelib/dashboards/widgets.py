"""What a dashboard is made of, as JSON: a name, a range and widgets, each with a question. Pure.

A widget flows behind the one before it in a grid of twelve columns: the order is the layout. What is kept is what is
answered, whole: a field that a later release adds is filled in when an older dashboard is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

COLUMNS: Final = 12
MOST_ROWS: Final = 6
MOST_WIDGETS: Final = 100
MAX_NAME: Final = 300
MAX_DESCRIPTION: Final = 1_000
MAX_TEXT: Final = 5_000
USUAL_RANGE: Final = "28d"


class Kind(StrEnum):
    """How a widget shows what it is about."""

    TILE = "tile"
    LINE = "line"
    AREA = "area"
    BAR = "bar"
    STACKED = "stacked"
    PIE = "pie"
    SCATTER = "scatter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    TABLE = "table"
    TEXT = "text"
    SOURCES = "sources"
    ALERTS = "alerts"


UNASKED: Final = frozenset({Kind.TEXT, Kind.SOURCES, Kind.ALERTS})
"""Kinds that ask no question about metrics."""

QUESTION: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "metrics": (),
        "group_by": (),
        "filter": None,
        "top": None,
        "interval": None,
        "compare": None,
        "transform": None,
        "range": None,
    }
)
"""Every field of a question, with what is meant where it is left out: without a range the dashboard's is asked."""

WIDGET: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "id": "",
        "kind": "",
        "title": "",
        "width": 6,
        "height": 2,
        "question": None,
        "text": None,
        "target": None,
    }
)
"""Every field of a widget, with what is meant where it is left out."""

CONTENT: Final[Mapping[str, Any]] = MappingProxyType(
    {"name": "", "description": "", "range": USUAL_RANGE, "tz": None, "widgets": ()}
)
"""Every field of a dashboard that people give, with what is meant where it is left out."""


def whole(content: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a dashboard with every field of it. What it says is not looked at: reading never fails for it.

    >>> whole({"name": "Mine"})["range"]
    '28d'
    """
    filled = {**CONTENT, **content}
    return {**filled, "widgets": [whole_widget(widget) for widget in filled["widgets"]]}


def whole_widget(widget: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a widget with every field of it."""
    filled = {**WIDGET, **widget}
    question = filled["question"]
    return {**filled, "question": None if question is None else whole_question(question)}


def whole_question(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a question with every field of it; lists are lists, as JSON has them."""
    filled = {**QUESTION, **question}
    return {**filled, "metrics": list(filled["metrics"]), "group_by": list(filled["group_by"] or ())}
