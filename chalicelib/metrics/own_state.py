"""Where people's metrics are kept: in the state table, each changed by one writer at a time.

A metric that was deleted leaves its item, for its version has to be counted on: a namesake is not the same metric.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from chalicelib.domain.records import Shelf
from chalicelib.domain.state import StateStore
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.own import Definition, cube_name, read_count, read_expression
from chalicelib.metrics.registry import METRICS

PK: Final = "own_metric"
MOST: Final = 100
"""Metrics that people may define, all people's together: each count of events is a cube."""
RETIRED: Final = timedelta(days=1)
_INSTANTS: Final = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Kept:
    """A definition as it is kept. ``version`` counts its writes, its deletion too; 0 before the first.

    ``request`` is a digest of what it was first made of: an ``Idempotency-Key`` may not be used for another.
    """

    definition: Definition
    request: str = ""
    key: str = ""
    deleted: bool = False
    version: int = 0

    @property
    def updated_at(self) -> datetime:
        """When it was written last."""
        return self.definition.updated_at

    @property
    def updated_by(self) -> str:
        """Who has written it last."""
        return self.definition.updated_by


def every(state: StateStore) -> Iterator[Definition]:
    """Read all that are there, by name."""
    return (kept.definition for kept in SHELF.every(state))


def own_cubes(state: StateStore) -> dict[str, Cube]:
    """Answer the cubes of people's metrics by their names."""
    cubes = (definition.cube for definition in every(state))
    return {cube.name: cube for cube in cubes if cube is not None}


def retired_cubes(state: StateStore, now: datetime) -> Iterator[str]:
    """Name the cubes of versions that nobody has read for a day: of metrics that were changed or deleted."""
    for item in state.query(PK):
        kept = _from_item(item["sk"], item)
        if now - kept.definition.updated_at > RETIRED and kept.definition.count is not None:
            for version in range(1, kept.definition.version + kept.deleted):
                yield cube_name(kept.definition.name, version)


def registry(definitions: Iterable[Definition]) -> Mapping[str, Metric]:
    """Answer every metric by its name: those that come with Headwater, then people's.

    An expression is left out where what it names is not there any more, or means something else since: it has no value.
    """
    counts: list[Definition] = []
    derived: list[Definition] = []
    for definition in definitions:
        (derived if definition.count is None else counts).append(definition)
    known = dict(METRICS)
    known |= {definition.name: definition.metric(known) for definition in counts}
    found = dict(known)
    for definition in derived:
        with suppress(ValueError):
            found[definition.name] = definition.metric(known)
    return MappingProxyType(found)


class Metrics(Mapping[str, Metric]):
    """Every metric by its name, as it stands for one request or one piece of work: the next one looks anew.

    Those that come with Headwater are answered without a look at the state. It is read once, at the first name that is
    none of theirs or where all are asked for; what is asked later is of the same moment. Raises ``StoreUnavailable``.
    """

    def __init__(self, state: Callable[[], StateStore]) -> None:
        self._state = state

    @cached_property
    def own(self) -> tuple[Definition, ...]:
        """What people have defined, those too that have no value now."""
        return tuple(every(self._state()))

    @cached_property
    def _all(self) -> Mapping[str, Metric]:
        return registry(self.own)

    def __getitem__(self, name: str) -> Metric:
        """Answer one metric. Raises ``KeyError``."""
        known = METRICS.get(name)
        return self._all[name] if known is None else known

    def __iter__(self) -> Iterator[str]:
        """Name all of them."""
        return iter(self._all)

    def __len__(self) -> int:
        """Count all of them."""
        return len(self._all)


def _to_item(kept: Kept) -> dict[str, Any]:
    definition = kept.definition
    return {
        "said": json.dumps(definition.to_json()),
        "revision": definition.version,
        "created_by": definition.created_by,
        "updated_by": definition.updated_by,
        "request": kept.request,
        "key": kept.key,
        "deleted": kept.deleted,
        **{name: getattr(definition, name).isoformat() for name in _INSTANTS},
    }


def _from_item(name: str, item: Mapping[str, Any]) -> Kept:
    said = json.loads(item["said"])
    definition = Definition(
        name=name,
        title=said["title"],
        unit=said["unit"],
        description=said["description"],
        expression=read_expression(said["expression"]) if "expression" in said else None,
        count=read_count(said["count"]) if "count" in said else None,
        version=item["revision"],
        created_at=datetime.fromisoformat(item["created_at"]),
        created_by=item["created_by"],
        updated_at=datetime.fromisoformat(item["updated_at"]),
        updated_by=item["updated_by"],
    )
    return Kept(definition, item["request"], item["key"], item["deleted"], item["version"])


SHELF: Final = Shelf(PK, lambda kept: kept.definition.name, _to_item, _from_item)
read, write = SHELF.read, SHELF.write
