"""The comment at the head of an SQL file, read: what the file is for stands beside its SQL, and nowhere else.

A header is lines of ``-- Key: text``, going on where they are indented further, and perhaps a table of columns behind
``-- Columns:``, one a line: name, type, perhaps tags in brackets, and what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PERSONAL: Final = "personal"
"""The tag of a column that tells of a person; any other tag is the unit."""

_FIELD = re.compile(r"-- ([A-Z][a-z]+): *(.*)")
_MORE = re.compile(r"--  +(.*)")
_COLUMN = re.compile(r"--   (\w+) {2,}(\S+) {2,}(?:\[(.*?)\] )?(.*)")


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column as people see it; ``type`` is Glue's, ``unit`` that of a measure; ``personal``: it tells of a person."""

    name: str
    type: str
    description: str
    unit: str | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above a statement, and the statement."""

    fields: Mapping[str, str]
    columns: tuple[DescribedColumn, ...]
    sql: str


def read(text: str) -> Header:
    """Take a file apart. Raises ``ValueError`` naming the line that is no part of a header.

    >>> header = read("-- Purpose: what\\n--   it is.\\n-- Columns:\\n--   n  bigint  [days] Age\\nSELECT 1 AS n")
    >>> header.fields["Purpose"], header.sql, header.columns[0].unit
    ('what it is.', 'SELECT 1 AS n', 'days')
    """
    lines = text.splitlines()
    end = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    start = next((at for at, line in enumerate(lines[:end]) if line.rstrip() == "-- Columns:"), end)
    return Header(_fields(lines[:start]), _columns(lines[start + 1 : end]), "\n".join(lines[end:]).strip())


def _fields(lines: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        if field := _FIELD.fullmatch(line):
            found[field[1]] = field[2]
        elif (more := _MORE.fullmatch(line)) and found:
            found[next(reversed(found))] += f" {more[1]}"
        elif line.rstrip() != "--":
            raise ValueError(f"this is neither a field nor the rest of one: {line}")
    return found


def _columns(lines: Sequence[str]) -> tuple[DescribedColumn, ...]:
    found: list[DescribedColumn] = []
    for line in lines:
        if column := _COLUMN.fullmatch(line):
            name, kind, tag, description = column.groups()
            found.append(DescribedColumn(name, kind, description, None if tag == PERSONAL else tag, tag == PERSONAL))
        elif (more := _MORE.fullmatch(line)) and found:
            last = found.pop()
            whole = f"{last.description} {more[1]}"
            found.append(DescribedColumn(last.name, last.type, whole, last.unit, last.personal))
        else:
            raise ValueError(f"this is no column: {line}")
    return tuple(found)
