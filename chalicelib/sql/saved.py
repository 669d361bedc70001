"""The queries that come with Headwater: one file each in ``saved/``, with its parameters and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from chalicelib.metrics import statements
from chalicelib.sql import headers
from chalicelib.sql.headers import Listed

FOLDER = Path(__file__).parent / "saved"
FIELDS: Final = ("Title", "Purpose", "Answer")
"""What every query says of itself."""
TYPES: Final = ("text", "date", "integer")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a query asks for; ``example`` is a value as ``POST /v1/sql`` takes it."""

    name: str
    type: str
    description: str
    example: Any


@dataclass(frozen=True, slots=True)
class ShippedQuery:
    """One query.

    Parameters
    ----------
    purpose, answer
        What it is for, and what one row of its answer is.
    parameters
        Each once, in the order in which people think of them.
    marks
        The name of each question mark, in their order: a parameter may be asked for more than once.
    """

    id: str
    title: str
    purpose: str
    answer: str
    parameters: tuple[Parameter, ...]
    sql: str
    marks: tuple[str, ...]

    @property
    def examples(self) -> tuple[Any, ...]:
        """Answer an example value for each question mark, in order."""
        known = {parameter.name: parameter.example for parameter in self.parameters}
        return tuple(known[name] for name in self.marks)


def parse(name: str, text: str) -> ShippedQuery:
    """Read a query's file. Raises ``ValueError`` where its header is not whole or its parameters are not the marks."""
    header = headers.read(text)
    if list(header.fields) != list(FIELDS) or not all(header.fields.values()):
        raise ValueError(f"{name}: the header says {', '.join(FIELDS)}, each, in this order")
    marks = statements.parse(header.sql).parameters
    parameters = tuple(map(_parameter, header.listed))
    if {parameter.name for parameter in parameters} != set(marks):
        raise ValueError(f"{name}: its question marks are {', '.join(marks)}, which are not the parameters it lists")
    title, purpose, answer = header.fields.values()
    return ShippedQuery(name, title, purpose, answer, parameters, header.sql, marks)


def _parameter(listed: Listed) -> Parameter:
    if listed.type not in TYPES or listed.note is None:
        raise ValueError(f"{listed.name}: a parameter is {', '.join(TYPES)}, with an example in brackets")
    example: Any = listed.note
    if listed.type == "date":
        example = {"date": listed.note}
    elif listed.type == "integer":
        example = int(listed.note)
    return Parameter(listed.name, listed.type, listed.description, example)


@cache
def shipped() -> Mapping[str, ShippedQuery]:
    """Answer every query that comes with Headwater by its id, sorted."""
    files = sorted(FOLDER.glob("*.sql"))
    return MappingProxyType({file.stem: parse(file.stem, file.read_text(encoding="utf-8")) for file in files})
