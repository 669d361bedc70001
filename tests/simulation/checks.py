"""The books: what was committed, what readers see, and what there should be."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.lake import layout
from chalicelib.lake.commits import GENESIS
from chalicelib.lake.ranges import merged
from chalicelib.lake.steps import Kind, Step
from tests.simulation.jobs import mended, records_of
from tests.simulation.outside import ARRIVALS, DAYS, EVENTS, GRID, LEVELS
from tests.simulation.rollup import CUBE
from tests.simulation.scheduler import Scheduler
from tests.simulation.store import FakeCatalog, FakeS3

if TYPE_CHECKING:
    from tests.simulation.world import World

_TABLES = {"events": "history", "levels": "level", "arrivals": "pushes"}


class Books:
    """Watches every write, and knows what must be visible at any instant."""

    def __init__(self, lake: FakeS3, scheduler: Scheduler, file_format: Any) -> None:
        self._lake, self._scheduler, self._format = lake, scheduler, file_format
        self.commits: dict[tuple[str, int], tuple[bytes, Step | None]] = {}
        self.rows: dict[tuple[str, int], dict[str, Counter[str]]] = {}
        self.published: dict[str, int] = {}
        self._read: dict[bytes, list[str]] = {}
        self._summed: dict[str, tuple[int, Counter[str]]] = {}

    def _fault(self, text: str) -> None:
        self._scheduler.violations.append(text)

    def see(self, key: str, body: bytes) -> None:
        """A write took effect."""
        if key.startswith("ctl/commits/"):
            self._see_commit(key, body)
        elif key.startswith("ctl/published/"):
            said = json.loads(body)
            stream, seq = said["stream"], said["seq"]
            if seq < self.published.get(stream, 0):
                self._fault(f"I5: {stream} was published up to {self.published[stream]}, then {seq}")
            if (stream, seq) not in self.commits:
                self._fault(f"I5: {stream} is published up to {seq}, which is no commit")
            self.published[stream] = seq

    def _see_commit(self, key: str, body: bytes) -> None:
        commit = json.loads(body)
        name = commit["stream"], commit["seq"]
        if name in self.commits and self.commits[name][0] != body:
            self._fault(f"I1: commit {name} was written twice")
        step = None if commit["kind"] == "cube" else Step.from_body(commit["body"])
        self.commits[name] = body, step
        by_table: dict[str, Counter[str]] = {}
        for file in step.files if step and not step.replaced else ():
            if file.staged not in self._lake.objects:
                self._fault(f"commit {name} names {file.staged}, which is not there")
                continue
            staged = self._lake.objects[file.staged].body
            if hashlib.sha256(staged).hexdigest() != file.sha256:
                self._fault(f"commit {name} names {file.staged}, which has another content")
            by_table.setdefault(file.table, Counter()).update(self._rows(staged))
        self.rows[name] = by_table

    def _rows(self, body: bytes) -> list[str]:
        if body not in self._read:
            self._read[body] = [json.dumps(row, sort_keys=True) for row in self._format.rows(body)]
        return self._read[body]

    def visible(self, catalog: FakeCatalog, table: str) -> Counter[str]:
        """What a reader sees of a table now."""
        seen: Counter[str] = Counter()
        for location in catalog.tables.get(table, {}).values():
            for key in self._lake.keys(location):
                seen.update(self._rows(self._lake.objects[key].body))
        return seen

    def _must(self, stream: str, table: str) -> Counter[str]:
        """What is published of a table, summed up once per commit."""
        done, must = self._summed.get(table, (0, Counter()))
        for seq in range(done + 1, self.published.get(stream, 0) + 1):
            must.update(self.rows.get((stream, seq), {}).get(table, ()))
        self._summed[table] = max(done, self.published.get(stream, 0)), must
        return must

    def check_readers(self, catalog: FakeCatalog) -> None:
        """At any instant a reader sees all that is published, and nothing twice."""
        for table, stream in _TABLES.items():
            seen = self.visible(catalog, table)
            if doubled := [row for row, times in seen.items() if times > 1]:
                self._fault(f"a reader sees twice in {table}: {doubled[0]}")
            if missing := self._must(stream, table) - seen:
                self._fault(f"a reader misses in {table}: {next(iter(missing))}")

    # At the end

    def check(self, world: World) -> tuple[int, int]:
        """All invariants; answers rows lost and rows doubled."""
        self.check_readers(world.catalog)
        for stream in ("history", "level", "pushes"):
            self._check_chain(stream)
        self._check_files(world.catalog)
        self._check_cube(world.catalog)
        self._check_rejected(world)
        self._check_leftovers()
        self._check_covered()
        lost = doubled = 0
        expected = {EVENTS.name: self._events(world), ARRIVALS.name: self._arrivals(world), DAYS.name: self._days()}
        for table, right in expected.items():
            seen = Counter(_essence(row) for row in self.visible(world.catalog, table).elements())
            lost += (right - seen).total()
            doubled += (seen - right).total()
        level_lost, level_doubled = self._check_levels(world)
        return lost + level_lost, doubled + level_doubled

    def _steps(self, stream: str) -> list[Step]:
        found = sorted((seq, step) for (name, seq), (_, step) in self.commits.items() if name == stream)
        return [step for _, step in found if step]

    def _check_chain(self, stream: str) -> None:
        sha256, end, seq, came = GENESIS, None, 0, None
        for key in self._lake.keys(layout.commits(stream)):
            body = self._lake.objects[key].body
            commit, seq = json.loads(body), seq + 1
            step = Step.from_body(commit["body"])
            if commit["seq"] != seq or commit["prev_sha256"] != sha256:
                self._fault(f"I1: the chain of {stream} is broken at {seq}")
            aside = commit["kind"] in {Kind.BACKFILL, Kind.REPLAY}
            begun = step.cursor if aside else step.window.start
            if end is not None and begun != end:
                self._fault(f"I2: {commit['kind']} {seq} of {stream} begins at {begun}, the cursor was {end}")
            if step.counts.received != step.counts.ok + step.counts.rejected + step.counts.duplicate:
                self._fault(f"the counts of commit {seq} of {stream} do not add up")
            came = step.window.end if step.counts.received and not aside else came
            if step.last_record_at != came:
                self._fault(f"commit {seq} of {stream} says {step.last_record_at} for the last record, not {came}")
            sha256, end = hashlib.sha256(body).hexdigest(), step.cursor
        if self.published.get(stream, 0) != seq:
            self._fault(f"I5: {stream} has {seq} commits, {self.published.get(stream, 0)} are published")

    def _check_files(self, catalog: FakeCatalog) -> None:
        owners: Counter[str] = Counter()
        for _, step in self.commits.values():
            owners.update({file.key for file in step.files if not file.restated} if step else ())
        for table in ("events", "levels", "arrivals"):
            for location in catalog.tables.get(table, {}).values():
                for key in self._lake.keys(location):
                    if owners[key] != 1:
                        self._fault(f"I3: {key} belongs to {owners[key]} commits")

    def _check_cube(self, catalog: FakeCatalog) -> None:
        if not self.published.get(CUBE):
            return
        said = json.loads(self._lake.objects[layout.published(CUBE)].body)
        for stream, seq in said["inputs"].items():
            if seq != self.published[stream]:
                self._fault(f"I6: the cube has seen {seq} of {self.published[stream]} commits of {stream}")
        for name, partition in said["partitions"].items():
            table, _, day = name.partition("/")[2].partition("-")
            folder = catalog.tables[table][day]
            right = sum(self._format.count_rows(self._lake.objects[key].body) for key in self._lake.keys(folder))
            (file,) = partition["files"]
            if json.loads(self._lake.objects[file["key"]].body) != right:
                self._fault(f"I6: the cube counts {file['key']} wrong")
            if catalog.tables[CUBE][name.partition("/")[2]] != partition["location"]:
                self._fault(f"I6: the catalog does not read the published folder of {name}")

    def _check_rejected(self, world: World) -> None:
        if world.mends:
            for stream in ("history", "pushes"):
                if left := self._rejected(stream):
                    self._fault(f"{len(left)} records of {stream} were not replayed: {left[0]}")
            return
        right = {event["id"] for event in self._pulled(world) if event["v"] == "bad"}
        found = {line["where"] for line in self._rejected("history")}
        if found != right:
            self._fault(f"rejected of history: {found ^ right} differ")
        right = {record["id"] for record in world.records if record["v"] == "bad"} if world.sent else set()
        sent = {r["id"] for s in world.sent if not _is_poison(s.body) for r in json.loads(s.body) if r["v"] == "bad"}
        found = {line["where"] for line in self._rejected("pushes") if line["reason"] != "poison"}
        if found != sent:
            self._fault(f"rejected of pushes: {found ^ sent} differ")
        poison = any(_is_poison(sent.body) for sent in world.sent)
        if poison != any(line["reason"] == "poison" for line in self._rejected("pushes")):
            self._fault("poison was not set aside")

    def _rejected(self, stream: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for key in {layout.rejected_origin(key): key for key in self._lake.keys(f"rejected/{stream}/")}.values():
            found += [json.loads(line) for line in gzip.decompress(self._lake.objects[key].body).splitlines()]
        return found

    def _check_leftovers(self) -> None:
        if left := self._lake.keys("inbox/"):
            self._fault(f"{len(left)} objects are left in the inbox")

    def _covered(self) -> list[tuple[str, str]]:
        """The windows that were pulled, live or later, as texts that compare like instants."""
        return [(step.window.start.isoformat(), step.window.end.isoformat()) for step in self._windows()]

    def _windows(self) -> list[Step]:
        kinds = {seq: json.loads(body)["kind"] for (name, seq), (body, _) in self.commits.items() if name == "history"}
        pulled = {Kind.PULL.value, Kind.BACKFILL.value}
        return [step for seq, step in enumerate(self._steps("history"), start=1) if kinds[seq] in pulled]

    def _pulled(self, world: World) -> list[dict[str, Any]]:
        """The events of all windows that were pulled, each once, however often its window was."""
        covered = self._covered()
        return [event for event in world.server.events if any(a <= event["at"] < b for a, b in covered)]

    def _check_covered(self) -> None:
        steps = self._steps("history")
        if steps and steps[-1].covered != merged(step.window for step in self._windows()):
            self._fault(f"history says that it has pulled {steps[-1].covered}, which is not what it has")
        if steps and steps[-1].totals.received < 0:
            self._fault("history has received less than nothing")

    def _events(self, world: World) -> Counter[str]:
        read = mended if world.mends else dict
        good = (read(event) for event in self._pulled(world) if world.mends or event["v"] != "bad")
        return Counter(json.dumps([event["at"], event["id"], event["v"]]) for event in good)

    def _arrivals(self, world: World) -> Counter[str]:
        if world.mends:
            records = {(r["at"], r["id"], r["v"]) for sent in world.sent for r in records_of(sent.body)}
        else:
            good = (sent for sent in world.sent if not _is_poison(sent.body))
            records = {(r["at"], r["id"], r["v"]) for sent in good for r in json.loads(sent.body) if r["v"] != "bad"}
        return Counter(json.dumps(list(record)) for record in records)

    def _days(self) -> Counter[str]:
        upto: dict[datetime, int] = {}
        for step in self._windows():
            if step.window.end > step.window.start:
                day = step.window.start.replace(hour=0)
                upto[day] = max(upto.get(day, 0), round((step.window.end - day) / GRID))
        return Counter(json.dumps([day.isoformat(), None, v]) for day, v in upto.items())

    def _check_levels(self, world: World) -> tuple[int, int]:
        """One row a window that was not missed, each the true level at its time."""
        seen = [json.loads(_essence(row)) for row in self.visible(world.catalog, LEVELS.name).elements()]
        taken = sum(step.window.end > step.window.start for step in self._steps("level"))
        for at, _, value in seen:
            if world.server.level(datetime.fromisoformat(at)) != value:
                self._fault(f"level {value} at {at} is not true")
        return max(0, taken - len(seen)), max(0, len(seen) - taken)


def _essence(row: str) -> str:
    fields = json.loads(row)
    return json.dumps([fields["at"], fields.get("id"), fields["v"]])


def _is_poison(body: bytes) -> bool:
    return b'"poison"' in body
