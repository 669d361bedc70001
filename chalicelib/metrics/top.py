"""The groups of which a metric is the most over the whole range. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question
from chalicelib.metrics.scan import Group, Kept
from chalicelib.metrics.values import Cell, exact


def order(group: Group) -> list[tuple[bool, str]]:
    """Answer what groups are sorted by: their members, those without a name after the others.

    >>> sorted([(None,), ("b",), ("a",)], key=order)
    [('a',), ('b',), (None,)]
    """
    return [(name is None, str(name or "")) for name in group]


def apart(question: Question) -> tuple[str, ...]:
    """Answer the dimensions of ``group_by`` whose members are never put together."""
    return tuple(name for name in question.group_by if any(name in metric.apart for metric in question.metrics))


def kept(question: Question, metric: Metric, cells: Mapping[Group, Cell]) -> Kept:
    """Choose the groups of which a metric is the most, within each member of what stands apart; ties go by name."""
    assert question.top is not None
    fixed = apart(question)
    places = [question.group_by.index(name) for name in fixed]
    found: dict[Group, list[Group]] = defaultdict(list)
    for group in sorted(cells, key=lambda one: (_size(metric, cells[one]), order(one))):
        found[tuple(group[place] for place in places)].append(group)
    return Kept(tuple(group for groups in found.values() for group in groups[: question.top.count]), fixed)


def _size(metric: Metric, cell: Cell) -> tuple[bool, Fraction]:
    value = exact(metric, cell)
    return value is None, Fraction(0) if value is None else -Fraction(value)
