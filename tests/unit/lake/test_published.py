"""A stream's position moves only upward, whoever moves it; a cube's manifest survives the way to JSON and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import CommitLost, IntegrityError
from chalicelib.lake import cubes, layout, published
from chalicelib.lake.cubes import CubeChange
from chalicelib.lake.published import CubePartition, DataFile, Published
from tests.simulation.store import FakeCatalog, FakeS3

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def at(seq: int) -> Published:
    return Published("stars", seq, f"sha{seq}", NOW)


@given(st.lists(st.integers(1, 9), min_size=1))
def test_a_position_ends_at_the_highest_whatever_the_order(seqs: list[int]) -> None:
    import random

    from tests.simulation.scheduler import NO_FAULTS, Scheduler

    store = FakeS3(Scheduler(random.Random(0), NO_FAULTS))
    for i, seq in enumerate(seqs):
        standing = published.advance(store, at(seq))

        assert standing.seq == max(seqs[: i + 1])

    assert published.read(store, "stars") == at(max(seqs))


def test_before_the_first_publish_there_is_no_position(store: FakeS3) -> None:
    assert published.read(store, "stars") is None


def test_a_damaged_position_is_an_integrity_error(store: FakeS3) -> None:
    store.write(layout.published("stars"), b'{"seq": 3}')

    with pytest.raises(IntegrityError):
        published.read(store, "stars")


def part(name: str) -> CubePartition:
    return CubePartition(f"lake/cube/{name}/", (DataFile(f"lake/cube/{name}/data", 7),))


def test_a_cube_carries_all_partitions_on_and_flips_only_the_changed(store: FakeS3, catalog: FakeCatalog) -> None:
    october = CubeChange({"cube/month=2026-10": part("a")}, {"stars": 4}, {"stars": NOW})
    cubes.commit_cube(store, catalog, "cube", None, october, attempt="1", now=NOW)
    head = cubes.recover(store, catalog, "cube")
    november = CubeChange({"cube/month=2026-11": part("b")}, {"forks": 2}, {})

    standing = cubes.commit_cube(store, catalog, "cube", head, november, attempt="2", now=NOW)

    assert standing.seq == 2
    assert standing.partitions == {"cube/month=2026-10": part("a"), "cube/month=2026-11": part("b")}
    assert standing.inputs == {"stars": 4, "forks": 2}
    assert standing.watermarks == {"stars": NOW}
    assert published.read(store, "cube") == standing
    assert catalog.tables == {"cube": {"month=2026-10": "lake/cube/a/", "month=2026-11": "lake/cube/b/"}}


def test_the_position_of_a_cube_looks_as_the_architecture_says(store: FakeS3, catalog: FakeCatalog) -> None:
    change = CubeChange({"cube/month=2026-11": part("a")}, {"stars": 4}, {"stars": NOW})
    cubes.commit_cube(store, catalog, "cube", None, change, attempt="1", now=NOW)

    said = json.loads(store.objects["ctl/published/cube.json"].body)

    assert said.keys() == {
        "stream", "seq", "commit_sha256", "published_at", "inputs", "watermarks", "partitions", "zone"
    }  # fmt: skip
    assert said["partitions"]["cube/month=2026-11"] == {
        "location": "lake/cube/a/",
        "files": [{"key": "lake/cube/a/data", "size_bytes": 7}],
    }


def test_a_cube_commit_that_lost_publishes_nothing(store: FakeS3, catalog: FakeCatalog) -> None:
    cubes.commit_cube(store, catalog, "cube", None, CubeChange({}, {"stars": 1}, {}), attempt="1", now=NOW)
    late = CubeChange({"cube/month=2026-11": part("late")}, {"stars": 1}, {})

    with pytest.raises(CommitLost):
        cubes.commit_cube(store, catalog, "cube", None, late, attempt="2", now=NOW)

    assert catalog.tables == {}


def test_a_zombie_that_publishes_an_old_cube_commit_leaves_the_catalog_at_the_new(
    store: FakeS3, catalog: FakeCatalog
) -> None:
    old = CubeChange({"cube/month=2026-11": part("old")}, {"stars": 1}, {})
    cubes.commit_cube(store, catalog, "cube", None, old, attempt="1", now=NOW)
    first = cubes.recover(store, catalog, "cube")
    new = CubeChange({"cube/month=2026-11": part("new")}, {"stars": 2}, {})
    cubes.commit_cube(store, catalog, "cube", first, new, attempt="2", now=NOW)
    assert first is not None

    standing = cubes.publish(store, catalog, first)

    assert standing.seq == 2
    assert catalog.tables["cube"]["month=2026-11"] == "lake/cube/new/"


def test_a_cube_commit_that_was_not_published_is_published_by_recovery(store: FakeS3, catalog: FakeCatalog) -> None:
    change = CubeChange({"cube/month=2026-11": part("a")}, {"stars": 4}, {})
    cubes.commit_cube(store, catalog, "cube", None, change, attempt="1", now=NOW)
    store.delete("ctl/published/cube.json")
    catalog.tables.clear()

    head = cubes.recover(store, catalog, "cube")

    assert cubes.manifest(head).inputs == {"stars": 4}
    assert published.read(store, "cube") is not None
    assert catalog.tables["cube"] == {"month=2026-11": "lake/cube/a/"}
