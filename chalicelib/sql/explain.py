"""What a query would read and how: asked of Athena's planner, which reads no data and costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from chalicelib.domain.queries import ExecutionState
from chalicelib.errors import QueryFailed, QueryThrottled
from chalicelib.sql import places
from chalicelib.sql.ask import Ask
from chalicelib.sql.desk import Desk
from chalicelib.sql.estimate import Scan, Sizes, readings, scans
from chalicelib.sql.reasons import as_error

_INPUTS: Final = "EXPLAIN (TYPE IO, FORMAT JSON)\n"
_PLAN: Final = "EXPLAIN\n"
_PATIENCE_S: Final = 20.0
_PAUSE_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Explained:
    """What would be read, at most, and the plan."""

    scans: tuple[Scan, ...]
    plan: str

    @property
    def max_bytes(self) -> int:
        """Bytes of every file that may be read."""
        return sum(scan.max_bytes for scan in self.scans)


def explain(desk: Desk, sizes: Callable[[str], Sizes], owner: str, ask: Ask) -> Explained:
    """Ask the planner. It takes a place, as a query does.

    Raises
    ------
    RequestError
        400 or 422: the statement is wrong; 429: too many queries are at work.
    QueryThrottled
        Athena is busy.
    """
    name = f"explain-{uuid4().hex}"
    places.take(desk.state, owner, name, desk.clock())
    try:
        found = [desk.engine.start(prefix + ask.checked.sql, ask.literals) for prefix in (_INPUTS, _PLAN)]
        inputs, plan = (_text(desk, execution_id) for execution_id in found)
    except QueryFailed as error:
        raise as_error(str(error), "of its explanation") from error
    finally:
        places.give_back(desk.state, owner, name)
    read = readings(inputs)
    return Explained(tuple(scans(read, {one.table: sizes(one.table) for one in read})), plan)


def _text(desk: Desk, execution_id: str) -> str:
    waited = 0.0
    while not (execution := desk.engine.look(execution_id)).state.is_final:
        if waited > _PATIENCE_S:
            desk.engine.stop(execution_id)
            raise QueryThrottled("Athena's planner did not answer")
        desk.sleep(_PAUSE_S)
        waited += _PAUSE_S
    if execution.state is not ExecutionState.SUCCEEDED:
        raise as_error(execution.reason, "of its explanation")
    return desk.engine.text(execution_id)
