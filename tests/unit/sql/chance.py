"""Rows made up by chance, with what ingestion may leave in them: some come twice, some contradict another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST = datetime(2026, 11, 19, tzinfo=UTC)
DAYS = 4
Row = dict[str, Any]


class Chance:
    """Chooses, by one seed; and keeps the rows that are made."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._used: set[datetime] = set()
        self.rows: dict[str, list[Row]] = {}

    def at(self) -> datetime:
        """An instant that no other row has; every second one is near a midnight."""
        while True:
            second = self.chance.randrange(DAYS * 86_400)
            if self.chance.random() < 0.5:
                second = second // 86_400 * 86_400 + self.chance.choice([-1500, -60, 0, 60, 1700, 2500])
            moment = FIRST + timedelta(seconds=max(0, second), milliseconds=self.chance.randrange(1000))
            if moment not in self._used:
                self._used.add(moment)
                return moment

    def one(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def often(self, chance: float) -> bool:
        return self.chance.random() < chance

    def put(
        self, table: str, rows: Iterator[Row], *, again: tuple[str, ...] = (), differ: tuple[str, ...] = ()
    ) -> None:
        """Keep rows; some contradicted in the columns ``differ``, some come ``again``, later by these columns.

        What contradicts may have come earlier by its own time: it is known by what was committed first.
        """
        kept = self.rows.setdefault(table, [])
        for row in rows:
            kept.append({"id_conflict": False, **row})
            if again and self.often(0.3):
                kept.append({**kept[-1], **{name: row[name] + timedelta(days=31) for name in again if row[name]}})
            if differ and self.often(0.25):
                other = {name: self._other(row[name]) for name in differ}
                shift = timedelta(seconds=self.one(-1, 1))
                kept.append({**row, **other, **{n: row[n] + shift for n in again if row[n]}, "id_conflict": True})
        self.chance.shuffle(kept)

    def _other(self, value: Any) -> Any:
        if isinstance(value, bool):
            return not value
        return f"{value}, said otherwise" if value is None or isinstance(value, str) else value + 7

    def looks(self, ids: tuple[str, ...], count: int) -> Iterator[tuple[str, datetime]]:
        """Who was looked at when; a snapshot's window begins before it."""
        for _ in range(count):
            yield self.chance.choice(ids), self.at()
