"""What the variables of a signature stand for in a call: the types and numbers that its arguments give them.

The rules are those of Trino 435's ``io.trino.metadata.SignatureBinder``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from infra.local.athena.typecheck.coercion import coercible, common_type, is_comparable, is_orderable, widened
from infra.local.athena.typecheck.signatures import Signature, computed
from infra.local.athena.typecheck.types import ANY, UNKNOWN, Type

_ROUNDS = 4
_COVARIANT = ("array", "map")


@dataclass(frozen=True, slots=True)
class Function:
    """An argument that is a function, ``x -> x + 1``: its result's type for the types of what it is given."""

    returns: Callable[[Sequence[Type]], Type]


Argument = Type | Function


@dataclass(frozen=True, slots=True)
class Bound:
    """A signature with its variables filled in."""

    declared: Signature
    arguments: tuple[Type, ...]
    returns: Type


def bind(signature: Signature, given: Sequence[Argument], *, coercing: bool) -> Bound | None:
    """Fill in a signature; ``None`` where these arguments do not fit it, with or without Trino's own conversions."""
    wanted = signature.expanded(len(given))
    if wanted is None:
        return None
    solution = _Solution(signature, coercing)
    if not solution.solve(list(zip(wanted, given, strict=True))):
        return None
    arguments = tuple(solution.put_in(of) for of in wanted)
    for want, have in zip(arguments, given, strict=True):
        if isinstance(have, Type) and not (coercible(have, want) if coercing else same(have, want)):
            return None
    return Bound(signature, arguments, solution.put_in(signature.returns))


def same(one: Type, other: Type) -> bool:
    """Tell whether two types are one, as far as is known."""
    if ANY in (one, other):
        return True
    return (one.base, one.numbers) == (other.base, other.numbers) and len(one.of) == len(other.of) and all(
        map(same, one.of, other.of)
    )  # fmt: skip


@dataclass(slots=True)
class _Solution:
    signature: Signature
    coercing: bool
    types: dict[str, Type] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def solve(self, pairs: Sequence[tuple[Type, Argument]]) -> bool:
        """Go over the arguments until nothing changes; tell whether they can all be satisfied."""
        for _ in range(_ROUNDS):
            before = dict(self.types), dict(self.numbers)
            waiting = [pair for pair in pairs if not self._is_ready(pair[0])]
            if not all(self._meet(*pair) for pair in pairs if pair not in waiting):
                return False
            if not waiting and before == (self.types, self.numbers):
                break
        for name, rule in self.signature.numbers.items():
            try:
                self.numbers[name] = computed(rule, self.numbers)
            except KeyError:
                return False
        return self.signature.variables.keys() <= self.types.keys()

    def _is_ready(self, wanted: Type) -> bool:
        """A function is asked for its result when the types of what it is given are known."""
        if wanted.base != "function":
            return True
        return all(of.base in self.types for of in wanted.of[:-1] if of.base in self.signature.variables)

    def _meet(self, wanted: Type, given: Argument) -> bool:
        if isinstance(given, Function):
            return self._meet_function(wanted, given)
        if wanted.base == "function":
            return given == ANY
        if wanted.base in self.signature.variables:
            return self._meet_variable(wanted.base, given)
        if any(isinstance(number, str) for number in wanted.numbers):
            return self._meet_numbers(wanted, given)
        if not wanted.of or given == ANY:
            return self._meet_all(wanted.of, (ANY,) * len(wanted.of)) if wanted.of else True
        parts = (UNKNOWN,) * len(wanted.of) if given == UNKNOWN else given.of
        if given != UNKNOWN and given.base != wanted.base:
            return False
        return self._meet_all(wanted.of, parts)

    def _meet_all(self, wanted: Sequence[Type], given: Sequence[Type]) -> bool:
        return len(wanted) == len(given) and all(map(self._meet, wanted, given))

    def _meet_function(self, wanted: Type, given: Function) -> bool:
        if wanted.base != "function":
            return False
        returned = given.returns([self.put_in(of) for of in wanted.of[:-1]])
        return self._meet(wanted.of[-1], returned) and same(returned, self.put_in(wanted.of[-1]))

    def _meet_variable(self, name: str, given: Type) -> bool:
        must = self.signature.variables[name]
        if must.kind and given not in (UNKNOWN, ANY) and given.base != must.kind:
            return False
        found = common_type(self.types.get(name, given), given)
        if (
            found is None
            or (must.comparable and not is_comparable(found))
            or (must.orderable and not is_orderable(found))
        ):
            return False
        self.types[name] = found
        return True

    def _meet_numbers(self, wanted: Type, given: Type) -> bool:
        raised = widened(given, wanted.base)
        if raised is None:
            return False
        if not raised.numbers:  # a text of any length
            raised = Type(raised.base, numbers=(2**31 - 1,))
        known = tuple(
            self.numbers.get(name, number) if isinstance(name, str) else name
            for name, number in zip(wanted.numbers, raised.numbers, strict=True)
        )
        found = common_type(Type(wanted.base, numbers=known), raised)
        if found is None or found.base != wanted.base:
            return False
        for name, number in zip(wanted.numbers, found.numbers, strict=True):
            if isinstance(name, str) and isinstance(number, int):
                self.numbers[name] = number
        return True

    def put_in(self, of: Type) -> Type:
        """The type with its variables filled in."""
        if of.base in self.signature.variables:
            return self.types.get(of.base, ANY)
        numbers = tuple(self.numbers.get(n, 0) if isinstance(n, str) else n for n in of.numbers)
        if numbers == (2**31 - 1,):
            numbers = ()
        return Type(of.base, tuple(map(self.put_in, of.of)), numbers, of.names)
