"""Numbers, periods and groups as people read them in messages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.alerts.numbers import Group
from chalicelib.alerts.rule import Look
from chalicelib.documents.document import Column, Style
from chalicelib.documents.plot import shorten
from chalicelib.documents.print_text import shown
from chalicelib.domain.periods import Interval
from chalicelib.metrics.filters import Condition, Operator, conjuncts
from chalicelib.metrics.metric import Metric

SHARE: Final = "share"
MONEY: Final = "money"
_CURRENCY: Final = "currency"
_UNNAMED: Final = "(none)"
_LONGEST: Final = 120
"""Characters of a member: paths can be as long as they like."""


def told(value: Decimal | None, unit: str, currency: str = "") -> str:
    """Write a number with its unit.

    >>> told(Decimal(1234), "downloads"), told(Decimal("0.256"), "share"), told(Decimal("1234.5"), "money", "EUR")
    ('1,234 downloads', '25.60%', '1,234.50 EUR')
    """
    if value is None:
        return "no value"
    style = {SHARE: Style.SHARE, MONEY: Style.MONEY}.get(unit, Style.PLAIN)
    whole = value == value.to_integral_value() and style is Style.PLAIN
    said = shown(int(value) if whole else value, Column("value", "DOUBLE", unit=unit, style=style), currency)
    return said if style is not Style.PLAIN else f"{said} {unit}"


def signed(value: Decimal | None, unit: str, currency: str = "") -> str:
    """Write a change.

    >>> signed(Decimal("-0.32"), "share"), signed(Decimal(12), "leads")
    ('-32.00%', '+12 leads')
    """
    said = told(value, unit, currency)
    return f"+{said}" if value is not None and value > 0 else said


def currency_of(metric: Metric, look: Look, names: Sequence[str], group: Group) -> str:
    """Answer the currency of a group's amounts: its own, or the one that the rule filters to."""
    if _CURRENCY not in metric.apart:
        return ""
    if _CURRENCY in names:
        return group[names.index(_CURRENCY)] or ""
    for part in conjuncts(look.where):
        if isinstance(part, Condition) and part.dimension == _CURRENCY and part.operator is Operator.IS:
            return part.value or ""
    return ""


def group_told(names: Sequence[str], group: Group) -> str:
    """Name a group.

    >>> group_told(("version", "product"), ("3.5.0", None))
    'version 3.5.0, product (none)'
    """
    said = (_UNNAMED if of is None else shorten(of, _LONGEST) for of in group)
    return ", ".join(f"{name} {of}" for name, of in zip(names, said, strict=True))


def period(start: datetime, end: datetime, interval: Interval, zone: ZoneInfo) -> str:
    """Write a bucket by the clocks of a zone; whole days by their dates, the last one included.

    >>> at = datetime.fromisoformat("2026-11-26T09:00Z")
    >>> period(at, at + timedelta(hours=1), Interval.PT1H, ZoneInfo("Europe/Paris"))
    'Thu 2026-11-26, 10:00 to 11:00 (Europe/Paris)'
    >>> period(at.replace(hour=0), at.replace(day=28, hour=0), Interval.P1D, ZoneInfo("UTC"))
    'Thu 2026-11-26 to Fri 2026-11-27 (UTC)'
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    if interval.of_days:
        final = (end - timedelta(microseconds=1)).astimezone(zone)
        days = [f"{day:%a %Y-%m-%d}" for day in (first, final)]
        return f"{' to '.join(dict.fromkeys(days))} ({zone.key})"
    to = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%a %Y-%m-%d %H:%M}"
    return f"{first:%a %Y-%m-%d}, {first:%H:%M} to {to} ({zone.key})"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant by the clocks of a zone.

    >>> moment(datetime.fromisoformat("2026-11-26T09:00Z"), ZoneInfo("Europe/Paris"))
    'Thu 2026-11-26 10:00 (Europe/Paris)'
    """
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M} ({zone.key})"


def length(span: timedelta) -> str:
    """Write how long something is, to the minute.

    >>> length(timedelta(days=1, hours=2)), length(timedelta(minutes=90))
    ('1 day 2 hours', '1 hour 30 minutes')
    """
    hours, minutes = divmod(int(span / timedelta(minutes=1)), 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count) or "0 minutes"
