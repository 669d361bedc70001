"""Which rows a question is about: conditions on dimensions, joined by and, or and not. Pure.

A condition is always true or false, never unknown: a row without a value ``is`` nothing, contains nothing and matches
nothing, and ``is_not`` everything; so ``not`` turns every answer round. ``contains`` looks for the text as it stands;
``matches`` is a regular expression of RE2, found anywhere, in time that grows with the text only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_DEPTH: Final = 8
MAX_CONDITIONS: Final = 64
MAX_VALUE: Final = 512
"""Characters of a value."""


class Operator(StrEnum):
    """How a dimension's value is held against a text."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    MATCHES = "matches"


@dataclass(frozen=True, slots=True)
class Condition:
    """One dimension against one value; None (with ``is`` and ``is_not``) is a row that has no value."""

    dimension: str
    operator: Operator
    value: str | None

    def __post_init__(self) -> None:
        if self.value is None and self.operator not in (Operator.IS, Operator.IS_NOT):
            raise ValueError(f"'{self.operator}' needs a text: only 'is' and 'is_not' take null.")
        if self.value is not None and len(self.value) > MAX_VALUE:
            raise ValueError(f"A value has at most {MAX_VALUE} characters.")
        if self.value is not None and ("\0" in self.value or not _is_unicode(self.value)):
            raise ValueError("A value is Unicode text without the character NUL.")


@dataclass(frozen=True, slots=True)
class And:
    """All of these, two or more."""

    of: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these, two or more."""

    of: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    of: Filter


Filter = Condition | And | Or | Not


def parts(one: Filter) -> tuple[Filter, ...]:
    """Answer what a filter is directly made of."""
    if isinstance(one, Condition):
        return ()
    return (one.of,) if isinstance(one, Not) else one.of


def conditions(one: Filter | None) -> Iterator[Condition]:
    """Answer every condition, from left to right."""
    if isinstance(one, Condition):
        yield one
    elif one is not None:
        for part in parts(one):
            yield from conditions(part)


def depth(one: Filter) -> int:
    """Answer how deep a filter is: 1 for a condition.

    >>> depth(Not(Condition("version", Operator.IS, "1")))
    2
    """
    return 1 + max((depth(part) for part in parts(one)), default=0)


def bounded(one: Filter) -> Filter:
    """Answer the filter as it is. Raises ``ValueError`` where it is too large or too deep."""
    if depth(one) > MAX_DEPTH:
        raise ValueError(f"A filter is at most {MAX_DEPTH} levels deep.")
    if sum(1 for _ in conditions(one)) > MAX_CONDITIONS:
        raise ValueError(f"A filter has at most {MAX_CONDITIONS} conditions.")
    return one


def all_of(filters: Iterable[Filter]) -> Filter | None:
    """Join filters by and; None where there is none."""
    found = tuple(filters)
    return (found[0] if len(found) == 1 else And(found)) if found else None


def conjuncts(one: Filter | None) -> tuple[Filter, ...]:
    """Answer what all has to hold, each by itself."""
    if one is None:
        return ()
    return tuple(inner for part in one.of for inner in conjuncts(part)) if isinstance(one, And) else (one,)


def fixed(one: Filter | None, dimension: str) -> bool:
    """Answer whether a filter lets rows of one member of a dimension through, and no other's.

    >>> fixed(And((Condition("currency", Operator.IS, "EUR"), Condition("type", Operator.IS, "new"))), "currency")
    True
    """
    return any(
        isinstance(part, Condition) and part.dimension == dimension and part.operator is Operator.IS
        for part in conjuncts(one)
    )


def without(one: Filter | None, dimensions: Iterable[str]) -> Filter | None:
    """Answer the filter without its conditions on some dimensions.

    Raises
    ------
    ValueError
        Such a condition is joined with one on another dimension by other than and, so that they cannot be told apart.
    """
    left, kept = set(dimensions), []
    for part in conjuncts(one):
        named = {condition.dimension for condition in conditions(part)}
        if named & left and named - left:
            dropped, others = ", ".join(sorted(named & left)), ", ".join(sorted(named - left))
            raise ValueError(f"{dropped} and {others} can be joined by 'and' only: the whole is over every {dropped}.")
        if not named & left:
            kept.append(part)
    return all_of(kept)


def holds(one: Filter, row: Mapping[str, str | None], matches: Callable[[str, str], bool]) -> bool:
    """Answer whether a row passes: what SQL has to mean. ``matches(pattern, text)`` finds a regular expression."""
    if isinstance(one, And):
        return all(holds(part, row, matches) for part in one.of)
    if isinstance(one, Or):
        return any(holds(part, row, matches) for part in one.of)
    if isinstance(one, Not):
        return not holds(one.of, row, matches)
    value, given = row.get(one.dimension), one.value
    if one.operator is Operator.IS:
        return value == given
    if one.operator is Operator.IS_NOT:
        return value != given
    if value is None or given is None:
        return False
    return given in value if one.operator is Operator.CONTAINS else matches(given, value)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
