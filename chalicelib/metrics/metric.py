"""What a metric is: its name and words, how it adds up, and where in a cube its numbers are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.metrics.cube import Cube
from chalicelib.metrics.expressions import Expression


class Kind(StrEnum):
    """How a metric adds up.

    A *counter* sums over time and dimensions. A *gauge* is the last value in a period, never summed over time; where a
    question leaves a dimension out, the last values of its members are summed. A *unique* is the exact number of
    different members in a period, never the sum of shorter ones. A *ratio* is two counters, divided last. A *derived*
    metric is what somebody's expression makes of others, each added up first.
    """

    COUNTER = "counter"
    GAUGE = "gauge"
    UNIQUE = "unique"
    RATIO = "ratio"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Parameters
    ----------
    name, title, unit, description
        For people. A ratio that is a share has the unit ``share`` and lies between 0 and 1.
    cube
        The cube that holds its numbers.
    measure
        The cube's column: what is summed (counter; the numerator of a ratio), of which the last is taken (gauge), or
        whose different values are counted (unique; the cube's ``member``).
    source
        The stream whose watermark says how complete it is.
    dimensions
        Columns that a question may group and filter by.
    only
        Keeps the rows whose columns have these values; a truth is ``true`` or ``false``.
    denominator
        The column that a ratio divides by.
    over
        Dimensions by which a ratio's denominator is neither split nor filtered: a share of all their members.
    divisor
        So many parts of the column's unit are one of the metric's: 1000 for seconds of a column in milliseconds.
    apart
        Dimensions whose members are never added up (currencies): a question that neither filters to one nor groups by
        them is grouped by them.
    days_of
        The IANA zone in whose days the source tells it, where it tells no more than days: each whole day stands at its
        first instant, and intervals below a day are refused.
    also
        Other streams that it is told by, beside ``source``: it is complete up to the one that is furthest behind. One
        that has published nothing (a network that is not configured) does not count.
    told_apart
        Where it is told by several streams: the dimension of which each tells members of its own.
    own
        The cube of a count of events that somebody defined; None of the metrics that come with Headwater.
    expression, terms
        Of a derived metric: what it is made of, and the metrics that this names.
    """

    name: str
    title: str
    unit: str
    kind: Kind
    cube: str
    measure: str
    source: str
    dimensions: tuple[str, ...]
    description: str
    only: tuple[tuple[str, str], ...] = ()
    denominator: str = ""
    over: tuple[str, ...] = ()
    divisor: int = 1
    apart: tuple[str, ...] = ()
    days_of: str | None = None
    also: tuple[str, ...] = ()
    told_apart: str = ""
    own: Cube | None = None
    expression: Expression | None = None
    terms: tuple[Metric, ...] = ()

    @property
    def parts(self) -> tuple[Metric, ...]:
        """Answer the metrics that are read for it: itself, or what it is derived from."""
        return self.terms or (self,)

    @property
    def key(self) -> str:
        """Answer what tells it from a metric of the same name that means something else."""
        if self.expression is not None:
            return f"{self.name}={self.expression.text}({','.join(term.key for term in self.terms)})"
        return self.name if self.own is None else self.cube
