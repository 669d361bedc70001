"""A lake of made-up rows, committed, rolled up by the real classes, and the API over it, in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.rollup import Outcome
from tests.recount.rows import Tables
from tests.unit.api.world import READ, World
from tests.unit.metrics.memory_lake import TABLES, Lake

REPORTING_ZONE = "America/New_York"
"""Its days are those of the cubes' day level; all other zones' are added up from quarter hours."""
_A_PAUSE_S = 1.0


class Asked:
    """The API over a lake, and how often it was asked. Of several commits each has rows of most days."""

    def __init__(self, raw: Tables, folder: Path, commits: int = 1) -> None:
        self.lake = Lake(zone=ZoneInfo(REPORTING_ZONE))
        for part in range(commits):
            for table, rows in raw.items():
                self.lake.publish(TABLES[table][0], {table: rows[part::commits]})
            for cube in CUBES.values():
                self.lake.rollup().run(cube)
        self._world = World(folder, store=self.lake.store)
        self.questions = 0

    def query(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """Post a question; answer the status and the body."""
        self.questions += 1
        self._world.sleep(_A_PAUSE_S)  # a token has so many requests a minute
        answer = self._world.post_json("/v1/query", body, token=READ)
        found: dict[str, Any] = json.loads(answer.body)
        return answer.status_code, found

    def rows(self, **body: Any) -> list[Mapping[str, Any]]:
        """Post a question that must be answered."""
        status, found = self.query(**body)
        assert status == 200, (body, found)
        assert not any(row["partial"] for row in found["results"])
        return list(found["results"])

    def commit(self, table: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Outcome]:
        """Publish more rows and roll up the cubes that they feed; answer each one's outcome."""
        stream = TABLES[table][0]
        self.lake.publish(stream, {table: rows})
        return {cube.name: self.lake.rollup().run(cube) for cube in CUBES.values() if stream in cube.inputs}
