"""What is visible, was visible within the last day, or may still win, is never deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chalicelib.errors import IntegrityError
from chalicelib.lake import commits, published
from chalicelib.lake.cubes import manifest
from chalicelib.metrics.collect import KEPT, collect
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.rollup import Rollup
from tests.unit.metrics.memory_lake import NOW, Lake
from tests.unit.metrics.rows import request


def roll_up(lake: Lake, at: datetime) -> None:
    lake.publish("s3_access_logs", {"s3_access_requests": [request(NOW, request_id=str(at))]})
    Rollup(lake.store, lake.catalog, lake.engine, lambda: at, lake.new_attempt, lake.zone).run(DOWNLOADS)


def files(lake: Lake) -> set[str]:
    return {found.key for found in lake.store.list("lake/downloads_cube")}


def named(lake: Lake, seq: int) -> set[str]:
    partitions = manifest(commits.read(lake.store, DOWNLOADS.name, seq)).partitions.values()
    return {file.key for partition in partitions for file in partition.files}


def test_versions_that_were_current_within_the_last_day_stay(lake: Lake) -> None:
    for hours in (0, 10, 20, 30):
        roll_up(lake, NOW + timedelta(hours=hours))

    collect(lake.store, DOWNLOADS, NOW + timedelta(hours=40))  # commit 2, of hour 10, was current until hour 20

    assert files(lake) == named(lake, 2) | named(lake, 3) | named(lake, 4)


def test_a_quiet_cube_keeps_its_one_version_for_ever(lake: Lake) -> None:
    roll_up(lake, NOW)

    assert collect(lake.store, DOWNLOADS, NOW + timedelta(days=400)) == 0
    assert lake.cube_rows(DOWNLOADS.name)


def test_losers_go_and_a_run_that_may_still_win_stays(lake: Lake) -> None:
    roll_up(lake, NOW)
    loser = "lake/downloads_cube/month=2026-11/00000001-loser/downloads_cube.parquet"
    running = "lake/downloads_cube/month=2026-11/00000002-running/downloads_cube.parquet"
    lake.store.put(loser, b"")
    lake.store.put(running, b"")

    assert collect(lake.store, DOWNLOADS, NOW + KEPT * 2) == 1
    assert running in files(lake)
    assert loser not in files(lake)


def test_nothing_is_deleted_when_the_chain_has_a_hole(lake: Lake) -> None:
    for hours in (0, 1, 2):
        roll_up(lake, NOW + timedelta(hours=hours))
    before = files(lake)
    lake.store.delete("ctl/commits/downloads_cube/00000002.json")

    with pytest.raises(IntegrityError):
        collect(lake.store, DOWNLOADS, NOW + timedelta(hours=3))

    assert files(lake) == before


def test_a_cube_without_commits_has_nothing_to_collect(lake: Lake) -> None:
    assert published.read(lake.store, DOWNLOADS.name) is None
    assert collect(lake.store, DOWNLOADS, NOW) == 0
