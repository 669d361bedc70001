"""Statements made by chance: expressions of every type over columns of every type; most fit and some do not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra.local.athena.functions import known
from infra.local.athena.typecheck.signatures import Signature, signatures
from infra.local.athena.typecheck.types import Type

COLUMNS = {
    "ti": ("tinyint", "CAST(2 AS tinyint)"),
    "si": ("smallint", "CAST(30 AS smallint)"),
    "i": ("integer", "CAST(1 AS integer)"),
    "b": ("bigint", "CAST(2 AS bigint)"),
    "r": ("real", "CAST(0.5 AS real)"),
    "d": ("double", "CAST(2.5 AS double)"),
    "n": ("decimal", "CAST(12.34 AS decimal(6, 2))"),
    "v": ("varchar", "CAST('a' AS varchar)"),
    "v3": ("varchar", "CAST('12' AS varchar(3))"),
    "bo": ("boolean", "true"),
    "da": ("date", "DATE '2026-05-06'"),
    "ts": ("timestamp", "TIMESTAMP '2026-05-06 07:08:09.123'"),
    "tz": ("timestamp with time zone", "TIMESTAMP '2026-05-06 07:08:09.123 UTC'"),
    "js": ("json", "JSON '[1, 2]'"),
    "ai": ("array", "ARRAY[1, 2]"),
    "av": ("array", "ARRAY['a', 'b']"),
    "m": ("map", "MAP(ARRAY['a'], ARRAY[1])"),
    "ro": ("row", "CAST(ROW(1, 'x') AS ROW(n integer, s varchar))"),
    "vb": ("varbinary", "X'0102'"),
    "u": ("unknown", "NULL"),
}
"""Columns of every type, with the value that they have."""

TABLE = f"(VALUES ({', '.join(value for _, value in COLUMNS.values())})) t ({', '.join(COLUMNS)})"
LITERALS = {
    "integer": "4", "bigint": "BIGINT '3'", "decimal": "1.5", "double": "1e0", "varchar": "'b'", "boolean": "false",
    "date": "DATE '2026-01-02'", "timestamp": "TIMESTAMP '2026-01-02 03:04:05'", "unknown": "NULL",
    "interval day to second": "INTERVAL '1' DAY", "interval year to month": "INTERVAL '2' MONTH", "array": "ARRAY[1.5]",
}  # fmt: skip
CASTS = ("integer", "bigint", "double", "decimal(8, 3)", "varchar", "boolean", "date", "timestamp", "json")
FUNCTIONS = [
    "abs", "round", "floor", "sqrt", "mod", "power", "sign", "truncate", "greatest", "least", "lower", "length",
    "substr", "replace", "strpos", "split", "trim", "reverse", "concat", "starts_with", "year", "month", "day", "hour",
    "minute", "day_of_week", "last_day_of_month", "to_unixtime", "from_unixtime", "to_iso8601", "date", "cardinality",
    "contains", "element_at", "array_distinct", "array_max", "array_position", "array_join", "slice", "flatten",
    "map_keys", "map_values", "json_format", "json_array_length", "bitwise_and", "is_nan", "chr", "codepoint", "lpad",
    "regexp_like", "repeat", "array_sort", "array_union", "to_hex", "to_utf8", "md5", "split_part", "width_bucket",
    "levenshtein_distance", "ceil", "upper", "rtrim", "array_min", "array_remove", "arrays_overlap", "sequence",
]  # fmt: skip
AGGREGATES = ["count", "sum", "avg", "min", "max", "bool_and", "count_if", "array_agg", "max_by", "stddev", "arbitrary"]
COMPARISONS = ("=", "<>", "<", ">=", "IS DISTINCT FROM")


def generated(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Make so many statements; the same for the same seed."""
    maker = Maker(random.Random(seed))
    for _ in range(count):
        yield "generated", maker.statement()


@dataclass
class Maker:
    """Makes statements of what its chance says."""

    chance: random.Random

    def statement(self) -> str:
        """One query over the table of all types."""
        pick = self.chance.random()
        if pick < 0.1:
            return f"SELECT {self.call(self.chance.choice(AGGREGATES), 1)} FROM {TABLE}"
        if pick < 0.15:
            return f"SELECT {self.leaf()} FROM {TABLE} UNION ALL SELECT {self.leaf()} FROM {TABLE}"
        if pick < 0.2:
            return f"SELECT 1 FROM {TABLE} WHERE {self.expression(1)}"
        return f"SELECT {self.expression(2)} FROM {TABLE}"

    def expression(self, depth: int) -> str:
        """An expression of so many levels at most."""
        if not depth:
            return self.leaf()
        shapes: tuple[Callable[[int], str], ...] = (
            self.arithmetic, self.comparison, self.condition, self.choice, self.cast, self.collection, self.function,
            self.function, self.function,
        )  # fmt: skip
        return self.chance.choice(shapes)(depth - 1)

    def leaf(self) -> str:
        """A column or literal."""
        return self.chance.choice([*COLUMNS, *LITERALS.values()])

    def of(self, kind: str, depth: int) -> str:
        """Something of a type mostly, of any type sometimes."""
        fitting = [name for name, (base, _) in COLUMNS.items() if base == kind]
        fitting += [LITERALS[kind]] if kind in LITERALS else []
        if fitting and self.chance.random() < 0.7:
            return self.chance.choice(fitting)
        return self.expression(depth)

    def arithmetic(self, depth: int) -> str:
        """Two sides and a sign between."""
        sign = self.chance.choice(["+", "-", "*", "/", "%", "||"])
        return f"({self.expression(depth)} {sign} {self.expression(depth)})"

    def comparison(self, depth: int) -> str:
        """A predicate over two or three values."""
        one, two, three = (self.expression(depth) for _ in range(3))
        shape = self.chance.randrange(4)
        if shape == 0:
            return f"({one} BETWEEN {two} AND {three})"
        if shape == 1:
            return f"({one} IN ({two}, {three}))"
        return f"({one} {self.chance.choice(COMPARISONS)} {two})"

    def condition(self, depth: int) -> str:
        """A truth, or what should be one."""
        one, two = self.of("boolean", depth), self.of("boolean", depth)
        return self.chance.choice([f"({one} AND {two})", f"({one} OR {two})", f"(NOT {one})", f"({one} IS NULL)"])

    def choice(self, depth: int) -> str:
        """CASE and its like."""
        one, two = self.expression(depth), self.expression(depth)
        when = self.of("boolean", depth)
        return self.chance.choice(
            [
                f"CASE WHEN {when} THEN {one} ELSE {two} END",
                f"IF({when}, {one}, {two})",
                f"coalesce({one}, {two})",
                f"nullif({one}, {two})",
            ]
        )

    def cast(self, depth: int) -> str:
        """A cast that may fail."""
        return f"TRY_CAST({self.expression(depth)} AS {self.chance.choice(CASTS)})"

    def collection(self, depth: int) -> str:
        """Arrays, subscripts, lambdas."""
        one, two = self.expression(depth), self.expression(depth)
        return self.chance.choice(
            [
                f"ARRAY[{one}, {two}]",
                f"{self.of('array', 0)}[{self.of('integer', 0)}]",
                f"transform({self.of('array', 0)}, x -> x + {two})",
                f"filter({self.of('array', 0)}, x -> x = {two})",
                f"{self.of('map', 0)}[{self.of('varchar', 0)}]",
                "ro.n",
            ]
        )

    def function(self, depth: int) -> str:
        """A call of a function that the local Athena has."""
        return self.call(self.chance.choice([name for name in FUNCTIONS if known(name)]), depth)

    def call(self, name: str, depth: int) -> str:
        """A call with the arguments of one of its signatures, more or less."""
        signature: Signature = self.chance.choice(signatures(name))
        arguments = [self.argument(of, depth) for of in signature.arguments]
        if arguments and self.chance.random() < 0.05:
            arguments.pop()
        return f"{name}({', '.join(arguments)})"

    def argument(self, of: Type, depth: int) -> str:
        """A value for an argument of a signature."""
        return (
            self.of(of.base, depth) if of.base in (*LITERALS, *(base for base, _ in COLUMNS.values())) else self.leaf()
        )
