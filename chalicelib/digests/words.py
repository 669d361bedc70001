"""Numbers and instants of a digest in words: values, signed changes, spark lines, clocks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.digests.told import Against
from chalicelib.documents.document import Column, Style
from chalicelib.documents.print_text import NOTHING, shown
from chalicelib.metrics.answer import Value
from chalicelib.metrics.comparison import spoken

NOT_KNOWN: Final = "not known"
NO_VALUE: Final = "no value"
UNKNOWN: Final = "·"
"""Stands in a spark line where there is no value, or none is known."""
_BARS: Final = "▁▂▃▄▅▆▇█"


def value(of: Value, column: Column, currency: str = "") -> str:
    """Write a value; what is not known is a dash.

    >>> value(1234, Column("n", "BIGINT")), value(None, Column("n", "BIGINT"))
    ('1,234', '–')
    """
    return shown(of, replace(column, unit=column.unit or "count"), currency)


def change(of: Value, column: Column, currency: str = "") -> str:
    """Write a change with its sign; of a share in percentage points.

    >>> change(-134, Column("n", "BIGINT")), change(0.0125, Column("n", "DOUBLE", style=Style.SHARE))
    ('-134', '+1.25 pp')
    """
    if not of:
        return NOTHING if of is None else "unchanged"
    sign, size = ("-", -of) if of < 0 else ("+", of)
    return f"{sign}{size * 100:.2f} pp" if column.style is Style.SHARE else f"{sign}{value(size, column, currency)}"


def percent(ratio: Value) -> str:
    """Write a relative change in percent, nothing where there is none.

    >>> percent(0.1218), percent(-0.5), percent(12.5), percent(0), percent(None)
    ('+12.2%', '-50.0%', '+1,250%', '', '')
    """
    if not ratio:
        return ""
    part = Decimal(ratio) * 100
    return f"{part:+,.0f}%" if abs(part) >= 1000 else f"{part:+.1f}%"


def against(of: Against, column: Column, currency: str) -> tuple[str, str, str]:
    """Write an earlier value, the change since, and its share of what was; of shares, themselves parts, without that.

    >>> against(Against(89, 31, 31 / 89), Column("n", "BIGINT"), ""), against(Against(), Column("n", "BIGINT"), "")
    (('89', '+31', '+34.8%'), ('not known', '', ''))
    """
    if of.value is None:
        return NO_VALUE if of.counted else NOT_KNOWN, "", ""
    changed = "" if of.change is None else change(of.change, column, currency)
    return value(of.value, column, currency), changed, "" if column.style is Style.SHARE else percent(of.ratio)


def scale(values: Sequence[Value], column: Column, currency: str) -> str:
    """Write from where to where a spark line goes.

    >>> scale([3, None, 1], Column("n", "BIGINT"), ""), scale([3, 3], Column("n", "BIGINT"), "")
    ('1 to 3', 'always 3')
    """
    least, most = (value(one, column, currency) for one in spread(values))
    return f"always {least}" if least == most else f"{least} to {most}"


def spark(values: Sequence[Value]) -> str:
    """Draw values as a line of text: the least is the lowest bar, the most the highest, equal ones are in the middle.

    >>> spark([1, None, 3, 8]), spark([5, 5]), spark([None])
    ('▁·▃█', '▄▄', '·')
    """
    least, most = spread(values)
    if least is None or most is None:
        return UNKNOWN * len(values)
    reach = Decimal(most) - Decimal(least)
    return "".join(UNKNOWN if one is None else _bar(Decimal(one) - Decimal(least), reach) for one in values)


def _bar(above: Decimal, reach: Decimal) -> str:
    return _BARS[int(above / reach * (len(_BARS) - 1) + Decimal("0.5"))] if reach else _BARS[3]


def spread(values: Sequence[Value]) -> tuple[Value, Value]:
    """Answer the least and the most of some values, None where none is known."""
    known = [one for one in values if one is not None]
    return (min(known), max(known)) if known else (None, None)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant by the clocks of a zone.

    >>> clock(datetime.fromisoformat("2026-11-25T13:15:00+00:00"), ZoneInfo("Europe/Paris"))
    'Wed 25 Nov 14:15'
    """
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def length(span: timedelta) -> str:
    """Write how long a day or a week is: up to two days in hours.

    >>> length(timedelta(hours=25)), length(timedelta(hours=23, minutes=30)), length(timedelta(days=7, hours=-1))
    ('25 hours', '23 hours 30 minutes', '6 days 23 hours')
    """
    if span >= timedelta(days=2):
        return spoken(span)
    hours, rest = divmod(span, timedelta(hours=1))
    return f"{hours} hours" + (f" {spoken(rest)}" if rest else "")
