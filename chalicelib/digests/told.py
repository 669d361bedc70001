"""What a digest tells of a metric, as data: numbers that are known, or why there are none. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.documents.document import Column
from chalicelib.metrics.answer import Value


class Known(StrEnum):
    """How much is known of a metric in the period of a digest."""

    VALUE = "value"
    EARLIER = "earlier"  # not of the period yet: its last complete day or week is told
    NO_VALUE = "no_value"  # all is known, and there is no value: nothing observed, nothing to divide by
    NOT_YET = "not_yet"  # nothing complete to tell
    GONE = "gone"  # there is no metric of this name any more
    FAILED = "failed"  # it could not be read


@dataclass(frozen=True, slots=True)
class Against:
    """An earlier value, how much has changed since, and by what share of it.

    None is no value, never zero: nothing observed or to divide by; or, where it is not ``counted``, from before
    anything was counted.
    """

    value: Value = None
    change: Value = None
    ratio: Value = None
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a metric, or of one currency of it: the value, and beside the period and the year before.

    ``spark`` are the values of the buckets up to the end of the digest's period, oldest first.
    """

    value: Value
    before: Against = Against()
    year: Against = Against()
    spark: tuple[Value, ...] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One metric in a digest.

    Parameters
    ----------
    column
        How its values are written; None where there are none.
    start, end
        The bucket (UTC) that ``numbers`` are of.
    said
        Why there is no number, or not of the period: a sentence.
    notes
        What a reader should know of the numbers.
    late
        Why a source of it is late, empty where none is.
    """

    name: str
    title: str
    known: Known
    column: Column | None = None
    start: datetime | None = None
    end: datetime | None = None
    numbers: tuple[Numbers, ...] = ()
    said: str = ""
    notes: tuple[str, ...] = ()
    late: str = ""
