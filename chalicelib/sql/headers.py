"""The comment at the head of an SQL file, read: what the file is for stands beside its SQL, and nowhere else.

A header is lines of ``-- Key: text``, going on where they are indented further, and perhaps a list behind
``-- Columns:`` or ``-- Parameters:``, one a line: name, type, perhaps a note in brackets, and what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

_LISTS = ("-- Columns:", "-- Parameters:")
_FIELD = re.compile(r"-- ([A-Z][a-z]+): *(.*)")
_MORE = re.compile(r"--  +(.*)")
_LISTED = re.compile(r"--   (\w+) {2,}(\S+) {2,}(?:\[(.*?)\] )?(.*)")


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column as people see it; ``type`` is Glue's, ``unit`` that of a measure; ``personal``: it tells of a person."""

    name: str
    type: str
    description: str
    unit: str | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a header's list."""

    name: str
    type: str
    note: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above a statement, and the statement."""

    fields: Mapping[str, str]
    listed: tuple[Listed, ...]
    sql: str


def read(text: str) -> Header:
    """Take a file apart. Raises ``ValueError`` naming the line that is no part of a header.

    >>> header = read("-- Purpose: what\\n--   it is.\\n-- Columns:\\n--   n  bigint  [days] Age\\nSELECT 1 AS n")
    >>> header.fields["Purpose"], header.sql, header.listed[0].note
    ('what it is.', 'SELECT 1 AS n', 'days')
    """
    lines = text.splitlines()
    end = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    start = next((at for at, line in enumerate(lines[:end]) if line.rstrip() in _LISTS), end)
    return Header(_fields(lines[:start]), _list(lines[start + 1 : end]), "\n".join(lines[end:]).strip())


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


def _list(lines: Sequence[str]) -> tuple[Listed, ...]:
    found: list[Listed] = []
    for line in lines:
        if listed := _LISTED.fullmatch(line):
            found.append(Listed(*listed.groups()))
        elif (more := _MORE.fullmatch(line)) and found:
            last = found.pop()
            found.append(replace(last, description=f"{last.description} {more[1]}"))
        else:
            raise ValueError(f"this is no column and no parameter: {line}")
    return tuple(found)
