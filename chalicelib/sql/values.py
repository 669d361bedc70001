"""Athena's text of a value as JSON: exact, or left as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.queries import ResultColumn

_INTEGERS: Final = ("tinyint", "smallint", "integer", "bigint")


def _floating(text: str) -> float | str:
    value = float(text)
    return value if value - value == 0 else text  # JSON has no NaN and no infinity: they stay words


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    **dict.fromkeys(_INTEGERS, int),
    **dict.fromkeys(("double", "float", "real"), _floating),
    "boolean": lambda text: text == "true",
    "timestamp": lambda text: text.replace(" ", "T", 1),
}


def unique_names(columns: Sequence[ResultColumn]) -> tuple[str, ...]:
    """Answer a name for each column; one that was there already gets a number.

    >>> unique_names([ResultColumn("n", "bigint"), ResultColumn("n", "bigint"), ResultColumn("n_2", "bigint")])
    ('n', 'n_3', 'n_2')
    """
    given = [column.name for column in columns]
    taken: set[str] = set()
    for at, name in enumerate(given):
        if name in taken:
            number = 2
            while (named := f"{name}_{number}") in taken or named in given:
                number += 1
            given[at] = named
        taken.add(given[at])
    return tuple(given)


def as_json(row: Sequence[str | None], columns: Sequence[ResultColumn]) -> tuple[Any, ...]:
    """Answer a row's values for JSON.

    Whole numbers are integers, doubles are numbers (``NaN`` and infinities: text), decimals are text (exact), times
    ISO 8601 without an offset, booleans are booleans; all else is text as Athena writes it.

    >>> kinds = ("bigint", "decimal(5,2)", "timestamp", "double")
    >>> as_json(["7", "1.10", "2026-11-22 10:00:00.000", None], [ResultColumn(kind, kind) for kind in kinds])
    (7, '1.10', '2026-11-22T10:00:00.000', None)
    """
    return tuple(
        value if value is None else _READERS.get(column.type, str)(value)
        for value, column in zip(row, columns, strict=True)
    )
