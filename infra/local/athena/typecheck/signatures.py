"""The functions and operators of Trino 435 with their types, as its own registry says.

``signatures.json`` is written by ``make oracle ARGS=--record`` (:mod:`tests.oracle.signatures`), a signature a line;
nothing of it is written by hand.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from infra.local.athena.typecheck.types import Type, read

RECORDED = Path(__file__).parent / "signatures.json"

_NEWER = (
    {
        "names": ["cosine_similarity"],
        "kind": "scalar",
        "returns": "double",
        "arguments": ["array(double)", "array(double)"],
    },
)
"""What Athena's Trino has and 435 has not: https://trino.io/docs/current/functions/math.html."""

_NEWER_CASTS = frozenset(("json", to) for to in ("date", "time", "timestamp", "timestamp with time zone"))
"""As above: https://trino.io/docs/current/functions/json.html, "Cast from JSON"."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What a type variable of a signature must be."""

    comparable: bool
    orderable: bool
    kind: str | None


@dataclass(frozen=True, slots=True)
class Signature:
    """One overload of a function; ``numbers`` has how a number of its result comes from those of its arguments."""

    name: str
    kind: str
    arguments: tuple[Type, ...]
    returns: Type
    variadic: bool
    nullable: tuple[bool, ...]
    variables: Mapping[str, Variable]
    numbers: Mapping[str, str]
    shown: str

    def expanded(self, count: int) -> tuple[Type, ...] | None:
        """The types of so many arguments; ``None`` where it takes another number of them."""
        if self.variadic and count >= len(self.arguments) - 1:
            return self.arguments[:-1] + self.arguments[-1:] * (count - len(self.arguments) + 1)
        return self.arguments if len(self.arguments) == count else None


@cache
def _all() -> Mapping[str, Sequence[Signature]]:
    found: dict[str, list[Signature]] = {}
    for told in [*json.loads(RECORDED.read_text()), *_NEWER]:
        for name in told["names"]:
            found.setdefault(name.lower(), []).append(_signature(name.lower(), told))
    return found


def _signature(name: str, told: Mapping[str, Any]) -> Signature:
    variables = told.get("variables", [])
    constraints = ", ".join(variable["shown"] for variable in variables)
    return Signature(
        name,
        told["kind"],
        tuple(map(read, told["arguments"])),
        read(told["returns"]),
        told.get("variadic", False),
        tuple(told.get("nullable") or [False] * len(told["arguments"])),
        {v["name"].lower(): Variable(v["comparable"], v["orderable"], v["kind"]) for v in variables},
        {number.lower(): rule.lower() for number, rule in told.get("numbers", {}).items()},
        f"{name}({', '.join(told['arguments'])}) {constraints}".rstrip(),
    )


def signatures(name: str) -> Sequence[Signature]:
    """Every overload of a function, or of an operator by ``$`` and its name; nothing where Trino has none.

    >>> [str(signature.returns) for signature in signatures("json_array_length")]
    ['bigint', 'bigint']
    """
    return _all().get(name.lower(), ())


@cache
def casts() -> frozenset[tuple[str, str]]:
    """The pairs of types, by their names, between which there is a cast of its own."""
    plain = ((each.arguments[0].base, each.returns.base) for each in signatures("$cast") if not each.variables)
    return frozenset(plain) | _NEWER_CASTS


def computed(rule: str, known: Mapping[str, int]) -> int:
    """Compute a number of a result's type.

    >>> computed("min(38, max(p - s, 2) + 1)", {"p": 10, "s": 2})
    9
    """
    return _value(ast.parse(rule, mode="eval").body, known)


def _value(node: ast.expr, known: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left, known) + _value(right, known)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _value(left, known) - _value(right, known)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left, known) * _value(right, known)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _value(left, known) // _value(right, known)
        case ast.Call(func=ast.Name(id="min"), args=args):
            return min(_value(arg, known) for arg in args)
        case ast.Call(func=ast.Name(id="max"), args=args):
            return max(_value(arg, known) for arg in args)
    raise ValueError(f"an unknown rule: {ast.unparse(node)}")
