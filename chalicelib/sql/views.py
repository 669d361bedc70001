"""The views that people select from: one file a view in ``views/``, documented column by column, deployed as it is.

Views hide the plumbing of the lake: what was sent twice, what contradicts itself, the versions of a record, the names
of partitions. Each says what it hides, and how a filter spares reading the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from chalicelib.sql import headers
from chalicelib.sql.headers import DescribedColumn, Listed

FOLDER = Path(__file__).parent / "views"
FIELDS = ("Purpose", "Grain", "Inputs", "Hidden", "Filter", "Example")
"""What every view says of itself."""
PERSONAL: Final = "personal"
"""The note of a column that tells of a person; any other note is the unit."""


@dataclass(frozen=True, slots=True)
class View:
    """One view.

    Parameters
    ----------
    purpose, grain
        What it is, and what one row of it is.
    inputs
        The tables that it reads, in the database that it is in.
    hidden
        What of them it leaves out.
    filtering
        Which filter spares reading the rest.
    example
        A query that people may begin with.
    sql
        The one statement, in Trino's dialect, tables unqualified.
    """

    name: str
    purpose: str
    grain: str
    inputs: tuple[str, ...]
    hidden: str
    filtering: str
    example: str
    columns: tuple[DescribedColumn, ...]
    sql: str


def parse(name: str, text: str) -> View:
    """Read a view's file. Raises ``ValueError`` where its header is not whole."""
    header = headers.read(text)
    if list(header.fields) != list(FIELDS) or not all(header.fields.values()):
        raise ValueError(f"{name}: the header says {', '.join(FIELDS)}, each, in this order")
    purpose, grain, inputs, hidden, filtering, example = header.fields.values()
    tables = tuple(table.strip() for table in inputs.split(","))
    return View(
        name, purpose, grain, tables, hidden, filtering, example, tuple(map(_column, header.listed)), header.sql
    )


def _column(listed: Listed) -> DescribedColumn:
    is_personal = listed.note == PERSONAL
    return DescribedColumn(
        listed.name, listed.type, listed.description, None if is_personal else listed.note, is_personal
    )


@cache
def views() -> Mapping[str, View]:
    """Answer every view by its name, sorted."""
    files = sorted(FOLDER.glob("*.sql"))
    return MappingProxyType({file.stem: parse(file.stem, file.read_text(encoding="utf-8")) for file in files})
