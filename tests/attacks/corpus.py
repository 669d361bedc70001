"""The statements: hostile ones by kind of attack, legitimate ones by kind of question."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.attacks import sizes
from tests.attacks.children import Attack

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class HostileKind:
    """A kind of attack.

    ``let_in`` are the statements that the endpoint's guard may let in, with the reason why that is harmless.
    """

    name: str
    why: str
    attacks: tuple[Attack, ...]
    let_in: Mapping[str, str] = field(default_factory=dict)


@cache
def hostile() -> tuple[HostileKind, ...]:
    """Every kind, the written and the computed ones."""
    return (*map(_kind, sorted((HERE / "hostile").glob("*.toml"))), *_computed())


def _kind(file: Path) -> HostileKind:
    found = tomllib.loads(file.read_text())
    name = found["name"]
    plain = [Attack(name, sql) for sql in found.get("statements", ())]
    filled = [Attack(name, each["sql"], tuple(each["parameters"])) for each in found.get("with_parameters", ())]
    let_in = {sql: each["because"] for each in found.get("let_in", ()) for sql in each["statements"]}
    if reason := found.get("let_in_because"):
        let_in |= dict.fromkeys((attack.sql for attack in plain), reason)
    return HostileKind(name, found["why"], (*plain, *filled), let_in)


def _computed() -> Iterator[HostileKind]:
    for name, (why, reason, statements) in sizes.KINDS.items():
        attacks = tuple(Attack(name, sql) for sql in statements())
        yield HostileKind(name, why, attacks, {attack.sql: reason for attack in attacks})


@cache
def legitimate() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """By kind of question: the title and the text of each query.

    A file is a kind; each query begins with a line ``-- title`` and ends with a semicolon at the end of a line.
    """
    return {file.stem: tuple(_queries(file.read_text())) for file in sorted((HERE / "legitimate").glob("*.sql"))}


def _queries(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";\n"):
        if part.strip():
            title, _, sql = part.strip().partition("\n")
            yield title.removeprefix("-- "), sql
