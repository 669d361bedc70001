"""A query is held after its planning; what changes in Glue and S3 meanwhile does not reach it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from infra.local.athena.catalog import Catalog
from infra.local.athena.executions import Execution
from infra.local.athena.locations import Location
from infra.local.athena.objects import ObjectStore, StoredObject
from infra.local.athena.parse import parse
from infra.local.athena.prepared import PreparedStatements
from infra.local.athena.runner import Runner
from infra.local.athena.settings import Settings
from infra.local.athena.workgroups import WorkGroups

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

PATIENCE_S = 30
SQL = "SELECT a.n FROM numbers AS a JOIN numbers AS b ON a.n = b.n WHERE a.month = '2026-11' ORDER BY a.n"


class HeldStore(ObjectStore):
    """An object store that calls ``held`` before it fetches what a query has listed."""

    def __init__(self, s3: Any, cache_dir: Path, held: Callable[[], None]) -> None:
        super().__init__(s3, cache_dir, cache_bytes=1 << 30)
        self._held = held

    def fetch(self, wanted: Sequence[tuple[StoredObject, Path]]) -> None:
        """Wait, then fetch."""
        self._held()
        super().fetch(wanted)


def flip(lake: Lake, to: str) -> None:
    """Show the partition 2026-11 another folder, as a compaction does."""
    glue = lake.aws.client("glue")
    storage = glue.get_table(DatabaseName=lake.database, Name="numbers")["Table"]["StorageDescriptor"]
    shown = {"Values": ["2026-11"], "StorageDescriptor": storage | {"Location": f"s3://{lake.bucket}/{to}"}}
    glue.batch_update_partition(
        DatabaseName=lake.database,
        TableName="numbers",
        Entries=[{"PartitionValueList": ["2026-11"], "PartitionInput": shown}],
    )


def two_months(lake: Lake) -> None:
    """A table whose partition 2026-11 has 1, 2, 3 and, in a folder that nothing shows yet, 7."""
    lake.table("numbers", {"n": "bigint"}, {"month": "string"})
    for month, rows in (("2026-11", [1, 2, 3]), ("2026-12", [1, 2, 3, 7, 9])):
        lake.put(f"lake/numbers/month={month}/a.parquet", pa.table({"n": rows}))
        lake.partition("numbers", [month], f"s3://{lake.bucket}/lake/numbers/month={month}/")
    lake.put("lake/numbers/month=2026-11-v2/a.parquet", pa.table({"n": [7]}))


def run(lake: Lake, folder: Path, held: Callable[[], None]) -> list[list[str | None]]:
    """The rows of the query, run by a runner of its own that calls ``held`` between planning and fetching."""
    settings = Settings(lake.aws.endpoint, lake.aws.endpoint, lake.aws.endpoint, folder)
    objects = HeldStore(lake.aws.client("s3"), folder / "objects", held)
    prepared = PreparedStatements(WorkGroups(lake.aws.client("athena")))
    runner = Runner(settings, Catalog(lake.aws.client("glue")), objects, lambda: dt.datetime.now(dt.UTC), prepared)
    execution = Execution(
        sql=SQL,
        statement=parse(SQL),
        workgroup=lake.workgroup,
        database=lake.database,
        catalog="awsdatacatalog",
        output=Location(lake.bucket, "results/"),
        submitted=dt.datetime.now(dt.UTC),
    )
    runner.submit(execution)
    deadline = time.monotonic() + 2 * PATIENCE_S
    while execution.state in ("QUEUED", "RUNNING") and time.monotonic() < deadline:
        time.sleep(0.01)
    runner.close()
    assert execution.state == "SUCCEEDED", execution.reason
    rows, _ = runner.results.page(lake.bucket, execution.result_key, 0, 100, is_text=False)
    return [list(row) for row in rows[1:]]


def while_held(lake: Lake, folder: Path, change: Callable[[], None]) -> list[list[str | None]]:
    """The rows of a query during whose hold something else has begun and ended."""
    planned, changed = threading.Event(), threading.Event()

    def held() -> None:
        planned.set()
        assert changed.wait(PATIENCE_S)

    def meanwhile() -> None:
        assert planned.wait(PATIENCE_S)
        change()
        changed.set()

    other = threading.Thread(target=meanwhile)
    other.start()
    rows = run(lake, folder, held)
    other.join(PATIENCE_S)
    assert changed.is_set()
    return rows


def test_a_location_that_is_flipped_while_a_query_runs_changes_nothing_in_that_query(
    lake: Lake, tmp_path: Path
) -> None:
    two_months(lake)

    during = while_held(lake, tmp_path / "first", lambda: flip(lake, "lake/numbers/month=2026-11-v2/"))
    after = run(lake, tmp_path / "second", lambda: None)

    assert during == [["1"], ["1"], ["2"], ["2"], ["3"], ["3"]]
    assert after == [["7"], ["7"]]


def test_a_file_that_is_written_while_a_query_runs_changes_nothing_in_that_query(lake: Lake, tmp_path: Path) -> None:
    two_months(lake)

    def write() -> None:
        lake.put("lake/numbers/month=2026-11/b.parquet", pa.table({"n": [9]}))

    during = while_held(lake, tmp_path / "first", write)
    after = run(lake, tmp_path / "second", lambda: None)

    assert during == [["1"], ["1"], ["2"], ["2"], ["3"], ["3"]]
    assert after == [*during, ["9"], ["9"]]


def test_a_partition_that_is_dropped_while_a_query_runs_is_still_read(lake: Lake, tmp_path: Path) -> None:
    two_months(lake)

    def drop() -> None:
        lake.aws.client("glue").delete_partition(
            DatabaseName=lake.database, TableName="numbers", PartitionValues=["2026-11"]
        )

    during = while_held(lake, tmp_path / "first", drop)
    after = run(lake, tmp_path / "second", lambda: None)

    assert during == [["1"], ["1"], ["2"], ["2"], ["3"], ["3"]]
    assert after == []


def test_a_file_that_is_replaced_while_a_query_runs_fails_it_rather_than_mixing(lake: Lake, tmp_path: Path) -> None:
    two_months(lake)

    def replace() -> None:
        lake.put("lake/numbers/month=2026-11/a.parquet", pa.table({"n": [4, 5]}))

    with pytest.raises(AssertionError, match="HIVE_CURSOR_ERROR"):
        while_held(lake, tmp_path / "first", replace)
