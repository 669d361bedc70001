"""What is wrong with what came of a statement."""

from __future__ import annotations

from functools import cache

from tests.attacks.children import Report
from tests.attacks.corpus import hostile
from tests.attacks.outcome import Kind


@cache
def _let_in() -> dict[str, frozenset[str]]:
    """By kind of attack: what the endpoint's guard may let in."""
    return {kind.name: frozenset(kind.let_in) for kind in hostile()}


def complaint(report: Report) -> str:
    """What is wrong, or nothing.

    No statement may escape or crash. A hostile one that is written down must be refused by the endpoint's guard, or be
    listed with a reason; a legitimate one must pass the guard and be answered.
    """
    attack = report.attack
    for door, outcome in (("local Athena", report.athena), ("endpoint", report.endpoint)):
        if outcome.is_bad:
            return f"{outcome.kind} at the {door}: {outcome.detail}"
    if attack.kind.startswith("legitimate"):
        ran = report.let_in and report.athena.kind is report.endpoint.kind is Kind.RAN
        return "" if ran else f"refused: {report.endpoint.detail or report.athena.detail}"
    if report.let_in and attack.kind in _let_in() and attack.sql not in _let_in()[attack.kind]:
        return "the endpoint's guard let it in, and no reason is listed"
    return ""
