"""A roll-up in small: rows per partition of the inputs, on the cube's chain as the real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.errors import CommitLost
from chalicelib.ingest.intake import NewAttempt
from chalicelib.lake import commits, cubes, layout, published
from chalicelib.lake.cubes import CubeChange
from chalicelib.lake.log import StreamLog
from chalicelib.lake.published import CubePartition, DataFile
from chalicelib.lake.steps import Step

CUBE = "counts_cube"


@dataclass
class Rollup:
    """Counts the visible rows of each partition that a commit has touched."""

    logs: Mapping[str, StreamLog]
    new_attempt: NewAttempt
    count: object

    def run(self) -> None:
        """One run, over all inputs."""
        log = next(iter(self.logs.values()))
        store, catalog = log.store, log.catalog
        head = cubes.recover(store, catalog, CUBE)
        seen = dict(cubes.manifest(head).inputs)
        touched: set[str] = set()
        for stream in self.logs:
            position = published.read(store, stream)
            for seq in range(seen.get(stream, 0) + 1, (position.seq if position else 0) + 1):
                link = commits.read(store, stream, seq)
                assert link is not None
                touched.update(Step.from_body(link.body).partitions)
                seen[stream] = seq
        if seen == cubes.manifest(head).inputs:
            return
        attempt = self.new_attempt()
        changed = {}
        for name in sorted(touched):
            folder = layout.cube_folder(CUBE, name.replace("/", "-"), cubes.next_seq(head), attempt)
            body = json.dumps(self._count(catalog, store, name)).encode()
            store.put(f"{folder}data", body)
            changed[f"{CUBE}/{name.replace('/', '-')}"] = CubePartition(folder, (DataFile(f"{folder}data", len(body)),))
        try:
            cubes.commit_cube(
                store, catalog, CUBE, head, CubeChange(changed, seen, {}), attempt=attempt, now=log.clock()
            )
        except CommitLost:
            return

    def _count(self, catalog, store, name: str) -> int:  # type: ignore[no-untyped-def]
        table, _, partition = name.partition("/")
        folder = catalog.location(table, partition)
        return sum(self.count(store.get(found.key).body) for found in store.list(folder))  # type: ignore[operator]
