"""No statement gets where it should not, none breaks anything, and no honest one is refused, at either door.

A part of them, for these tests are run often; ``make attacks`` runs all, the large ones too, and 50,000 made-up ones
(in CI 10,000).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.attacks.children import Attack, run
from tests.attacks.corpus import hostile, legitimate
from tests.attacks.generate import statements
from tests.attacks.singing import sung
from tests.attacks.verdicts import complaint

HEAVY = ("bombs", "deep nesting", "large statements")
EVERY = 20
GENERATED = 200


def complaints(attacks: Sequence[Attack], reuse: int = 1) -> list[str]:
    """What is wrong, of those with which something is."""
    return [
        f"{wrong}: {report.attack.sql[:300]!r}" for report in run(attacks, 1, reuse) if (wrong := complaint(report))
    ]


def test_there_are_enough_of_them_and_each_kind_has_a_name_and_a_reason() -> None:
    kinds = hostile()

    assert sum(len(kind.attacks) for kind in kinds) >= 1_000
    assert sum(map(len, legitimate().values())) >= 200
    assert len({kind.name for kind in kinds}) == len(kinds) >= 20
    assert all(kind.why and kind.attacks for kind in kinds)
    assert all(set(kind.let_in) <= {attack.sql for attack in kind.attacks} for kind in kinds)
    assert all(reason for kind in kinds for reason in kind.let_in.values())


def test_no_hostile_statement_gets_through_or_breaks_anything() -> None:
    attacks = [attack for kind in hostile() if kind.name not in HEAVY for attack in kind.attacks[::EVERY]]

    assert complaints(attacks) == []


def test_every_legitimate_query_is_let_in_and_answered() -> None:
    attacks = [Attack(f"legitimate: {kind}", sql) for kind, found in legitimate().items() for _, sql in found[::EVERY]]

    assert complaints(attacks) == []


def test_no_generated_statement_gets_through_or_breaks_anything() -> None:
    assert complaints(list(statements(GENERATED)), reuse=200) == []


def test_every_canary_sings(tmp_path: Path) -> None:
    """The attacks could also pass because nobody looks: here what must be noticed is done on purpose."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        heard = dict(process.submit(sung, tmp_path).result())

    assert heard.pop("an honest query") is False
    assert [name for name, noticed in heard.items() if not noticed] == []
