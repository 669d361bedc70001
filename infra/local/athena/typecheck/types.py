"""Trino's types: as values that compare, read from its spellings and from Glue's, written as its messages do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from infra.local.athena.types import split_top_level


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its name, the types within it, and its numbers (length; precision and scale; digits of a second).

    ``names`` are those of a row's fields. In a signature ``base`` and a number may be variables.
    """

    base: str
    of: tuple[Type, ...] = ()
    numbers: tuple[int | str, ...] = ()
    names: tuple[str | None, ...] = ()

    def __str__(self) -> str:
        """As Trino shows a type.

        >>> str(Type("timestamp with time zone", numbers=(3,))), str(row([INTEGER], ["n"]))
        ('timestamp(3) with time zone', 'row(n integer)')
        """
        return self._written(", ", "")

    @property
    def signature(self) -> str:
        """As Trino writes it in the messages about calls: without spaces behind commas, names quoted."""
        return self._written(",", '"')

    def _written(self, comma: str, quote: str) -> str:
        if self.numbers:
            kind, space, rest = self.base.partition(" ")
            inner = ",".join(map(str, self.numbers))
            return f"{kind}({inner}){space}{rest}"
        if self.base == "row":
            names = self.names or (None,) * len(self.of)
            fields = (
                part._written(comma, quote) if name is None else f"{quote}{name}{quote} {part._written(comma, quote)}"
                for name, part in zip(names, self.of, strict=True)
            )
            return f"row({comma.join(fields)})"
        inner = comma.join(part._written(comma, quote) for part in self.of)
        return f"{self.base}({inner})" if self.of else self.base


ANY = Type("?")
"""What this check does not know: it is compatible with everything."""

UNKNOWN, BOOLEAN, INTEGER, BIGINT = Type("unknown"), Type("boolean"), Type("integer"), Type("bigint")
REAL, DOUBLE, VARCHAR, VARBINARY, JSON = Type("real"), Type("double"), Type("varchar"), Type("varbinary"), Type("json")
DATE, DAYS, MONTHS = Type("date"), Type("interval day to second"), Type("interval year to month")
TIMESTAMP, ZONED, TIME = (Type(base, numbers=(3,)) for base in ("timestamp", "timestamp with time zone", "time"))

_NUMBERED = {
    "varchar": (), "char": (1,), "decimal": (38, 0), "timestamp": (3,), "timestamp with time zone": (3,), "time": (3,),
    "time with time zone": (3,),
}  # fmt: skip
_PLAIN = frozenset(
    ["unknown", "boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "varbinary", "json", "date"]
) | {DAYS.base, MONTHS.base, "ipaddress", "uuid", "hyperloglog", "p4hyperloglog", "tdigest"}
_NESTED = frozenset(["array", "map", "row"])
_SAME = {
    "int": "integer", "float": "real", "string": "varchar", "binary": "varbinary", "struct": "row",
    "double precision": "double",
}  # fmt: skip


def decimal(precision: int, scale: int) -> Type:
    """A decimal type."""
    return Type("decimal", numbers=(precision, scale))


def varchar(length: int) -> Type:
    """A text of at most so many characters."""
    return Type("varchar", numbers=(length,))


def array(of: Type) -> Type:
    """An array type."""
    return Type("array", (of,))


def row(of: list[Type], names: list[str | None] | None = None) -> Type:
    """A row type; fields without names where none are given."""
    return Type("row", tuple(of), names=tuple(names) if names else (None,) * len(of))


def is_known(of: Type) -> bool:
    """Tell whether nothing in it is unknown to this check."""
    return of != ANY and all(map(is_known, of.of))


@cache
def read(written: str) -> Type:
    """Read a type as Trino's SQL and signatures spell it; what is no type's name stays as a variable.

    >>> str(read("TIMESTAMP WITH TIME ZONE")), str(read('row("n" int, map(varchar(3),array(e)))'))
    ('timestamp(3) with time zone', 'row(n integer, map(varchar(3), array(e)))')
    """
    text = re.sub(r"\s+", " ", written.strip())
    if moment := re.fullmatch(r"(timestamp|time) ?(?:\((\w+)\))?( with time zone| without time zone)?", text, re.I):
        base = moment[1].lower() + (moment[3] or "").lower().replace(" without time zone", "")
        return Type(base, numbers=(_number(moment[2] or "3"),))
    found = re.fullmatch(r"([\w ]+?) ?(?:\((.*)\))?", text)
    if found is None:
        return ANY
    base = _SAME.get(found[1].lower(), found[1].lower())
    inner = split_top_level(found[2] or "")
    if base in _NUMBERED:
        return Type(base, numbers=_numbers(base, inner))
    if base == "row":
        fields = [_field(part) for part in inner]
        return row([of for _, of in fields], [name for name, _ in fields])
    return Type(base, tuple(map(read, inner)))


def _numbers(base: str, written: list[str]) -> tuple[int | str, ...]:
    if not written:
        return _NUMBERED[base]
    numbers = tuple(map(_number, written))
    return (*numbers, 0) if base == "decimal" and len(numbers) == 1 else numbers


def _number(written: str) -> int | str:
    return int(written) if written.isdigit() else written.lower()


def _field(written: str) -> tuple[str | None, Type]:
    if quoted := re.fullmatch(r'"((?:[^"]|"")+)" (.+)', written):
        return quoted[1].replace('""', '"'), read(quoted[2])
    name, space, rest = written.partition(" ")
    if not space or is_type(read(written)):
        return None, read(written)
    return name, read(rest)


def is_type(of: Type) -> bool:
    """Tell whether all of it are types that this check knows, and no variables."""
    return of.base in (*_NUMBERED, *_PLAIN, *_NESTED) and all(map(is_type, of.of))


def sql_type(written: str) -> Type:
    """Read the type of a cast; ``ANY`` for what this check does not know.

    >>> str(sql_type("ARRAY(ROW(a INTEGER, b VARCHAR))")), sql_type("GEOMETRY") is ANY
    ('array(row(a integer, b varchar))', True)
    """
    found = read(written)
    return found if is_type(found) else ANY


def glue_type(written: str) -> Type:
    """Read the type of a table's column as Glue spells it.

    >>> str(glue_type("map<string,array<struct<a:int,b:decimal(10,2)>>>"))
    'map(varchar, array(row(a integer, b decimal(10,2))))'
    """
    text = written.strip().lower()
    if nested := re.fullmatch(r"(array|map)<(.*)>", text):
        return Type(nested[1], tuple(map(glue_type, split_top_level(nested[2]))))
    if struct := re.fullmatch(r"struct<(.*)>", text):
        pairs = [part.split(":", 1) for part in split_top_level(struct[1])]
        return row([glue_type(of) for _, of in pairs], [name.strip() for name, _ in pairs])
    if text == "decimal":
        return decimal(10, 0)
    return sql_type(text)
