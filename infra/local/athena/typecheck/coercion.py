"""Which types Trino turns into which by itself, and what two types have in common.

The rules are those of Trino 435's ``io.trino.type.TypeCoercion``; ``tests/oracle`` holds them against the engine.
"""

from __future__ import annotations

from infra.local.athena.typecheck.types import (
    ANY,
    BIGINT,
    DOUBLE,
    INTEGER,
    REAL,
    UNKNOWN,
    Type,
    decimal,
    row,
)

_CHARS = 65536
_WIDENED: dict[str, tuple[Type, ...]] = {
    "tinyint": (Type("smallint"), INTEGER, BIGINT, REAL, DOUBLE, decimal(3, 0)),
    "smallint": (INTEGER, BIGINT, REAL, DOUBLE, decimal(5, 0)),
    "integer": (BIGINT, REAL, DOUBLE, decimal(10, 0)),
    "bigint": (REAL, DOUBLE, decimal(19, 0)),
    "decimal": (REAL, DOUBLE),
    "real": (DOUBLE,),
    "date": (Type("timestamp", numbers=(0,)), Type("timestamp with time zone", numbers=(0,))),
    "varchar": (Type("joniregexp"), Type("re2jregexp"), Type("jsonpath"), Type("codepoints")),
    "char": (Type("joniregexp"), Type("re2jregexp"), Type("jsonpath"), Type("codepoints")),
    "p4hyperloglog": (Type("hyperloglog"),),
}
_SMALLEST = {"varchar": (0,), "char": (0,), "decimal": (1, 0), "timestamp": (0,), "timestamp with time zone": (0,)}
_NOT_ORDERED = frozenset(["json", "map", "hyperloglog", "p4hyperloglog", "setdigest", "tdigest", "qdigest", "color"])
_NOT_COMPARED = frozenset(
    [
        "hyperloglog",
        "p4hyperloglog",
        "setdigest",
        "tdigest",
        "qdigest",
        "jsonpath",
        "joniregexp",
        "codepoints",
        "function",
    ]
)


def common_type(one: Type, other: Type) -> Type | None:
    """Find the type that both can become; ``None`` where there is none.

    >>> str(common_type(INTEGER, decimal(3, 1))), common_type(INTEGER, Type("varchar"))
    ('decimal(11,1)', None)
    """
    found = _compatible(one, other)
    return found[0] if found else None


def coercible(source: Type, target: Type) -> bool:
    """Tell whether a value of one type is taken where the other is wanted.

    >>> coercible(INTEGER, DOUBLE), coercible(DOUBLE, INTEGER), coercible(UNKNOWN, INTEGER), coercible(ANY, INTEGER)
    (True, False, True, True)
    """
    found = _compatible(source, target)
    return found is not None and found[1]


def is_comparable(of: Type) -> bool:
    """Tell whether ``=`` knows it."""
    parts = of.of[1:] if of.base == "map" else of.of
    return of.base not in _NOT_COMPARED and all(map(is_comparable, parts))


def is_orderable(of: Type) -> bool:
    """Tell whether ``<`` knows it."""
    return of.base not in _NOT_ORDERED | _NOT_COMPARED and all(map(is_orderable, of.of))


def widened(source: Type, base: str) -> Type | None:
    """Find the narrowest type of a kind that holds every value of ``source``; ``None`` where there is none."""
    if source.base == base:
        return source
    if source in (UNKNOWN, ANY):
        return Type(base, numbers=_SMALLEST.get(base, ()))
    if (source.base, base) in (("timestamp", "timestamp with time zone"), ("time", "time with time zone")):
        return Type(base, numbers=source.numbers)
    if (source.base, base) == ("varchar", "char"):
        return Type(base, numbers=(min([_CHARS, *(n for n in source.numbers if isinstance(n, int))]),))
    return next((target for target in _WIDENED.get(source.base, ()) if target.base == base), None)


def _compatible(source: Type, target: Type) -> tuple[Type, bool] | None:
    """What both have in common, and whether the target is that already."""
    if source in (target, UNKNOWN):
        return target, True
    if ANY in (source, target):
        return ANY, True
    if target == UNKNOWN:
        return source, False
    if source.base == target.base:
        return _within_a_kind(source, target)
    if raised := widened(source, target.base):
        return _compatible(raised, target)
    if raised := widened(target, source.base):
        found = _compatible(source, raised)
        return (found[0], False) if found else None
    return None


def _within_a_kind(source: Type, target: Type) -> tuple[Type, bool] | None:
    if source.base == "row":
        return _of_rows(source, target)
    if source.base in ("array", "map"):
        parts = [_compatible(one, other) for one, other in zip(source.of, target.of, strict=True)]
        found = [part for part in parts if part]
        if len(found) < len(parts):
            return None
        return Type(source.base, tuple(part for part, _ in found)), all(fits for _, fits in found)
    common = _wider(source, target)
    return (common, common == target) if common else None


def _of_rows(source: Type, target: Type) -> tuple[Type, bool] | None:
    if len(source.of) != len(target.of):
        return None
    parts = [_compatible(one, other) for one, other in zip(source.of, target.of, strict=True)]
    found = [part for part in parts if part]
    if len(found) < len(parts):
        return None
    names = [one if one == other else None for one, other in zip(source.names, target.names, strict=True)]
    return row([part for part, _ in found], names), all(fits for _, fits in found)


def _wider(one: Type, other: Type) -> Type | None:
    """The wider of two types of one kind that differ in their numbers."""
    first, second = ([n for n in each.numbers if isinstance(n, int)] for each in (one, other))
    if one.base == "decimal":
        scale = max(first[1], second[1])
        return decimal(min(38, max(first[0] - first[1], second[0] - second[1]) + scale), scale)
    if one.base == "varchar" and not (first and second):
        return Type("varchar")
    return Type(one.base, numbers=(max(first[0], second[0]),)) if first and second else None


def castable(source: Type, target: Type, plain: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a cast is defined.

    Parameters
    ----------
    plain
        The names of the types between which Trino has a cast of its own: :data:`~.signatures.CASTS`.
    """
    if source in (target, UNKNOWN, ANY) or target == ANY:
        return True
    if source.base == target.base == "row":
        return len(source.of) == len(target.of) and all(
            castable(one, other, plain) for one, other in zip(source.of, target.of, strict=True)
        )
    if source.base == target.base and source.base in ("array", "map"):
        return all(castable(one, other, plain) for one, other in zip(source.of, target.of, strict=True))
    if "json" in (source.base, target.base) and (nested := source.of or target.of):
        of_map = "map" in (source.base, target.base)
        keys, rest = (nested[:1], nested[1:]) if of_map else ((), nested)
        pairs = [(Type("varchar"), key) for key in keys] + [(Type("json"), part) for part in rest]
        return all(castable(*((one, part) if target.of else (part, one)), plain) for one, part in pairs)
    return source.base == target.base or (source.base, target.base) in plain
