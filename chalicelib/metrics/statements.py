"""The SQL files: read as they are, their question marks bound by the name in the comment behind each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"

_PARAMETER = re.compile(r"\?(?:\s*/\*\s*(\w+)\s*\*/)?")
_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement and the names of its question marks, in their order."""

    sql: str
    parameters: tuple[str, ...]

    def bind(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Answer a value for each question mark, in order.

        >>> Statement("SELECT ? /* a */, ? /* b */, ? /* a */", ("a", "b", "a")).bind({"a": "1", "b": "2"})
        ('1', '2', '1')
        """
        return tuple(values[name] for name in self.parameters)


def parse(sql: str) -> Statement:
    """Read a statement. Raises ``ValueError`` when a question mark has no name behind it.

    >>> parse("SELECT * FROM t WHERE dt = ? /* day */").parameters
    ('day',)
    """
    names = _PARAMETER.findall(_COMMENT.sub("", sql))
    if "" in names:
        raise ValueError("every ? needs its name behind it: ? /* name */")
    return Statement(sql, tuple(names))


@cache
def load(name: str) -> Statement:
    """Read ``sql/{name}.sql``."""
    return parse((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


QUERIES = Path(__file__).parent / "queries"


@cache
def query(name: str) -> Statement:
    """Read ``queries/{name}.sql``: a statement that people run, and no cube is made of."""
    return parse((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
