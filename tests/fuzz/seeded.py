"""An API over a lake, a state and a query engine in memory that hold a little of everything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib.api.resources import RESOURCES
from chalicelib.domain.queries import ResultColumn
from chalicelib.domain.records import WorkState
from chalicelib.lake import layout
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.cubes import CUBES
from chalicelib.outbox.sharing import address
from chalicelib.reports import runs
from chalicelib.reports.runs import Run
from chalicelib.sources.base import Column, ColumnType
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.addresses import confirm_address, preferences_address, unsubscribe_address
from chalicelib.subscriptions.subscription import State
from tests.fuzz.gateway import CLIENT, ISSUER
from tests.unit.api.world import ADMIN, World
from tests.unit.metrics.published_cubes import publish
from tests.unit.sql.disk_results import DiskResults
from tests.unit.sql.memory_engine import MemoryEngine

ROOT = Path(__file__).resolve().parents[2]
ROWS = [(str(number), None if number % 7 == 0 else f"name {number}") for number in range(25)]
FEW_JOBS = 12


@dataclass
class Engine(MemoryEngine):
    """Answers every statement with the same rows, and leaves them as Athena's CSV where a file is made from it."""

    columns: Sequence[ResultColumn] = (ResultColumn("n", "bigint"), ResultColumn("name", "varchar"))
    rows: Sequence[Sequence[str | None]] = field(default_factory=lambda: ROWS)
    results: DiskResults | None = None

    def start(self, sql: str, literals: Sequence[str], *, token: str = "") -> str:
        execution_id = super().start(sql, literals, token=token)
        if self.results is not None:
            path = self.results.folder / f"sql/{execution_id}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = ['"n","name"', *(f'"{n}",' + ("" if name is None else f'"{name}"') for n, name in ROWS)]
            path.write_text("\n".join(lines) + "\n")
        return execution_id


class Seeded:
    """A world that time goes by in, and whose tokens cannot be revoked for good. ``words`` lead to what is in it."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder, engine=Engine())
        assert isinstance(self.world.engine, Engine)
        self.world.engine.results = self.world.results
        self.world.engine.said = {
            "EXPLAIN (TYPE IO": json.dumps({"inputTableColumnInfos": []}),
            "EXPLAIN\n": "Fragment 0 [SINGLE]",
        }
        self.world.store.put(layout.SOURCES, (ROOT / "config" / "sources.toml").read_bytes())
        self.world.store.put(layout.SIGN_IN, json.dumps({"issuer": ISSUER, "client": CLIENT}).encode())
        for cube in CUBES.values():
            streams = {name: self.world.now - timedelta(hours=1) for name in cube.inputs}
            publish(self.world.store, cube, rows(cube), streams)
        self.words = self._make()
        self._kept = {key: dict(item) for key, item in self.world.state.items.items()}

    def _make(self) -> dict[str, list[str]]:
        """Make one of what people make, by the examples of the document, and answer the words that lead to it."""
        routes = {route.name: route for declared in RESOURCES.values() for route in declared}
        made = {}
        for name in (
            "save_query",
            "define_metric",
            "make_feed",
            "make_alert",
            "subscribe",
            "make_report",
            "make_channel",
            "make_dashboard",
            "annotate",
        ):
            body = routes[name].body
            assert body is not None
            # the example's own name stays free, so that the example is answered well
            given = {**body.example, **({"name": "seeded"} if name == "make_channel" else {})}
            made[name] = self.world.post_json(routes[name].path, given).json_body
        query, metric, feed, alert, subscription, report, channel, dashboard, note = (made[name] for name in made)
        tried = self.world.post_json(f"/v1/channels/{channel['name']}/test", {}).json_body
        places = (
            f"/v1/sql/saved/{query['id']}",
            f"/v1/metrics/{metric['name']}/definition",
            f"/v1/alerts/{alert['id']}",
            f"/v1/subscriptions/{subscription['id']}",
            f"/v1/reports/{report['name']}",
            f"/v1/channels/{channel['name']}",
            f"/v1/dashboards/{dashboard['id']}",
            f"/v1/annotations/{note['id']}",
        )
        versions = [self.world.get(place, token=ADMIN).headers["ETag"] for place in places]
        return {
            "names": [metric["name"], report["name"], channel["name"]],
            "keys": [tried["key"]],
            "ids": [
                *(query["id"], feed["id"], alert["id"], subscription["id"], dashboard["id"], note["id"]),
                *((run := self._run_of(report["name"])).id, self._confirmed(subscription["id"])),
            ],
            "links": [*self._links(subscription["id"]), self._shared(run)],
            "versions": versions,
            "feed_tokens": [feed["token"]],
        }

    def _confirmed(self, subscription_id: str) -> str:
        """Answer another subscription, like one, whose person has said yes."""
        one = kept.read(self.world.state, subscription_id)
        assert one is not None
        now, address = self.world.now, "bob@acme.example"
        yes = replace(
            one, id=kept.id_of(one.protocol, address), address=address, state=State.CONFIRMED, confirmed_at=now
        )
        assert kept.write(self.world.state, replace(yes, version=0))
        return yes.id

    def _links(self, subscription_id: str) -> list[str]:
        """Answer good tokens of a subscription's links."""
        one = kept.read(self.world.state, subscription_id)
        assert one is not None
        key = self.world.context.links_key()
        made = (unsubscribe_address, preferences_address, confirm_address)
        return [address(key, one, self.world.now).rpartition("/")[2] for address in made]

    def _run_of(self, report: str) -> Run:
        """Answer a run of a report, with its file."""
        self.world.post_json(f"/v1/reports/{report}/runs", {})
        (run,) = runs.every(self.world.state, report)
        done = runs.update(
            self.world.state, replace(run, told=True, size_bytes=4).ended(WorkState.DONE, self.world.now)
        )
        assert done is not None
        path = self.world.results.folder / done.key
        path.parent.mkdir(parents=True)
        path.write_bytes(b"%PDF")
        return done

    def _shared(self, run: Run) -> str:
        """Answer a good token of the link to a run's file; hours of made-up requests are within its time."""
        until = self.world.now + timedelta(days=14)
        return address(self.world.context.links_key(), run.key, run.filename, until).rpartition("/")[2]

    def before_each(self) -> None:
        """Let a second go by, give back what was revoked or changed, and end jobs that take the place of others."""
        self.world.now += timedelta(seconds=1)
        self.world.state.items.update({key: dict(item) for key, item in self._kept.items()})
        jobs = [key for key in self.world.state.items if key[0] == "job"]
        made = [key for key in self.world.state.items if key[0].startswith("report_run#") and key not in self._kept]
        for key in (*jobs[:-FEW_JOBS], *made[:-2]):
            del self.world.state.items[key]


def rows(cube: Cube) -> list[dict[str, Any]]:
    """Some rows of a cube: three buckets of two days, known and unknown members."""
    starts = [datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((20, 0), (20, 9), (21, 23))]
    return [
        {"bucket_start": start}
        | {key.name: value(key, number) for key in cube.keys}
        | {m.name: value(m.column, number) for m in cube.measures}
        for number, start in enumerate(starts)
    ]


def value(column: Column, number: int) -> Any:
    """Make up a value of a column; now and then of a text none."""
    if column.type is ColumnType.BOOL:
        return number % 2 == 0
    if column.type is ColumnType.INT64:
        return number + 1
    if column.type is ColumnType.STRING:
        return None if number == 2 else f"m{number}"
    return Decimal(f"{number}.250000000")
