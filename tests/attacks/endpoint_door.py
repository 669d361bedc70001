"""Door B: the guard of ``POST /v1/sql``, and what it hands on to Athena."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.errors import RequestError
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.guard import check
from chalicelib.sql.parameters import literals
from tests.attacks.canaries import Canaries
from tests.attacks.lake import DATABASE
from tests.attacks.outcome import Kind, Outcome

PUBLISHED = frozenset(
    [table.name for source in SOURCES.values() for table in source.tables]
    + [level.name for cube in CUBES.values() for level in cube.tables]
)


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the guard lets through to Athena: the text and its parameters as literals."""

    sql: str
    parameters: tuple[str, ...]


class EndpointDoor:
    """The guard, asked as the endpoint asks it."""

    def __init__(self, canaries: Canaries) -> None:
        self._canaries = canaries

    def ask(self, sql: str, parameters: Sequence[str] = ()) -> Admitted | Outcome:
        """What goes on to Athena, or how it was refused."""
        sql, parameters = self._canaries.filled(sql), [self._canaries.filled(each) for each in parameters]
        try:
            with self._canaries.watching() as bad:
                checked = check(sql, database=DATABASE, names=PUBLISHED)
                admitted = Admitted(checked.sql, literals(parameters, checked.parameters))
        except RequestError as refusal:
            said = " ".join([refusal.detail, *(str(error.get("detail")) for error in refusal.errors)])
            bad += self._canaries.leaks("\n".join([sql, *parameters]), (), said)
            return Outcome(Kind.ESCAPE, "; ".join(bad)) if bad else Outcome(Kind.REFUSED, said)
        except Exception as error:  # noqa: BLE001 - whatever else it is, it is what we look for
            return Outcome(Kind.CRASH, f"{type(error).__name__}: {error}"[:500])
        return Outcome(Kind.ESCAPE, "; ".join(bad)) if bad else admitted
