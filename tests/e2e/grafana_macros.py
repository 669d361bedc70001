"""What Grafana makes of a panel's query before it is run, so that a test can run what Grafana would.

Of its Athena plugin 3.3.3: how macros are found (``data/sqlutil/macros.go`` of grafana/grafana-plugin-sdk-go:
``$__name`` up to a word's end, its arguments up to the bracket that closes, split at commas outside of inner brackets)
and what each becomes (``pkg/athena/macros.go`` of grafana/athena-datasource, e042680). Of Grafana itself:
``${__from:date:YYYY-MM-DD}`` (https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

_UNITS: Final = MappingProxyType({"m": "minutes", "h": "hours", "d": "days", "w": "weeks"})


@dataclass(frozen=True, slots=True)
class Shown:
    """The time that a dashboard shows, both ends in UTC."""

    start: datetime
    end: datetime


def _stamp(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"


def _time_filter(shown: Shown, column: str) -> str:
    return f"{column} BETWEEN {_stamp(shown.start)} AND {_stamp(shown.end)}"


def _date_filter(shown: Shown, column: str) -> str:
    return f"{column} BETWEEN date '{shown.start:%Y-%m-%d}' AND date '{shown.end:%Y-%m-%d}'"


def _time_group(shown: Shown, column: str, interval: str) -> str:
    number, unit = interval.strip("'")[:-1], interval.strip("'")[-1]
    seconds = round(timedelta(**{_UNITS[unit]: int(number)}).total_seconds())
    return f"FROM_UNIXTIME(FLOOR(TO_UNIXTIME({column})/{seconds})*{seconds})"


MACROS: Final[Mapping[str, Callable[..., str]]] = MappingProxyType(
    {
        "timeFilter": _time_filter,
        "dateFilter": _date_filter,
        "timeGroup": _time_group,
        "timeFrom": lambda shown: _stamp(shown.start),
        "timeTo": lambda shown: _stamp(shown.end),
    }
)


def expand(sql: str, shown: Shown) -> str:
    """Put in what each macro of the Athena plugin stands for.

    Raises
    ------
    KeyError
        For a macro that is not known here, so that no query is run with one left in it.

    Examples
    --------
    >>> shown = Shown(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, 12, 30, tzinfo=UTC))
    >>> expand("$__dateFilter(CAST(dt AS date)) AND $__timeFilter(occurred_at)", shown)
    "CAST(dt AS date) BETWEEN date '2026-11-01' AND date '2026-11-08' AND occurred_at BETWEEN \
TIMESTAMP '2026-11-01 00:00:00' AND TIMESTAMP '2026-11-08 12:30:00'"
    >>> expand("$__timeGroup(coalesce(a, b), '1d')", shown)
    'FROM_UNIXTIME(FLOOR(TO_UNIXTIME(coalesce(a, b))/86400)*86400)'
    """
    found = re.search(r"\$__(\w+)", sql)
    if found is None:
        return sql
    arguments, length = _arguments(sql[found.end() :])
    value = MACROS[found[1]](shown, *arguments)
    return sql[: found.start()] + value + expand(sql[found.end() + length :], shown)


def _arguments(text: str) -> tuple[list[str], int]:
    if not text.startswith("("):
        return [], 0
    arguments, depth, begin = [], 0, 1
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if (letter == "," and depth == 1) or depth == 0:
            arguments.append(text[begin:place].strip())
            begin = place + 1
        if depth == 0:
            return [one for one in arguments if one], place + 1
    raise ValueError(f"a bracket of {text[:40]!r} is not closed")


def put_in_days(text: str, shown: Shown) -> str:
    """Put in the days of ``${__from:date:YYYY-MM-DD}`` and ``${__to:date:YYYY-MM-DD}``.

    >>> shown = Shown(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC))
    >>> put_in_days("${__from:date:YYYY-MM-DD}", shown)
    '2026-11-01'
    """
    days = {"from": shown.start, "to": shown.end}
    return re.sub(r"\$\{__(from|to):date:YYYY-MM-DD\}", lambda found: f"{days[found[1]]:%Y-%m-%d}", text)
