"""The roll-up computes what was touched, publishes it whole, and bears twins, crashes and late data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.errors import CommitLost, IntegrityError, QueryFailed, StoreUnavailable
from chalicelib.lake import published
from chalicelib.lake.steps import Kind
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.github import GITHUB
from chalicelib.metrics.touched import Days
from tests.unit.metrics.memory_lake import NOW, Lake
from tests.unit.metrics.recount import downloads, midnight_in, quarter
from tests.unit.metrics.rows import request

LOGS = "s3_access_logs"
DAY = datetime(2026, 11, 20, tzinfo=UTC)


def put(lake: Lake, *rows: dict[str, Any], **kwargs: Any) -> int:
    return lake.publish(LOGS, {"s3_access_requests": rows}, **kwargs)


def assert_equals_recount(lake: Lake) -> None:
    raw = lake.raw.rows["s3_access_requests"]
    for table, floor in ((DOWNLOADS.name, quarter), (f"{DOWNLOADS.name}_day", midnight_in(lake.zone))):
        found = sorted(lake.cube_rows(table), key=str)
        assert found == sorted(downloads(raw, floor), key=str), table


def test_nothing_upstream_is_nothing_to_do(lake: Lake) -> None:
    outcome = lake.rollup().run(DOWNLOADS)

    assert (outcome.seq, outcome.more) == (None, False)
    assert published.read(lake.store, DOWNLOADS.name) is None


def test_a_first_run_publishes_both_levels_and_points_the_catalog_at_them(lake: Lake) -> None:
    put(lake, request(DAY), request(DAY + timedelta(minutes=20)))

    outcome = lake.rollup().run(DOWNLOADS)

    assert outcome.partitions == ("downloads_cube/month=2026-11", "downloads_cube_day/year=2026")
    assert_equals_recount(lake)
    position = published.read(lake.store, DOWNLOADS.name)
    assert position is not None
    assert (position.inputs, position.watermarks) == ({LOGS: 1}, {LOGS: NOW})
    for name, partition in position.partitions.items():
        table, _, key = name.partition("/")
        assert lake.catalog.location(table, key) == partition.location
        assert [f.size_bytes for f in partition.files] == [len(lake.store.get(f.key).body) for f in partition.files]


def test_a_run_without_news_makes_no_commit(lake: Lake) -> None:
    put(lake, request(DAY))
    lake.rollup().run(DOWNLOADS)
    before = dict(lake.store.objects)

    outcome = lake.rollup().run(DOWNLOADS)

    assert outcome.seq is None
    assert lake.store.objects == before


def test_a_heartbeat_upstream_moves_the_watermark_without_a_query(lake: Lake) -> None:
    put(lake, request(DAY))
    lake.rollup().run(DOWNLOADS)
    files = published.read(lake.store, DOWNLOADS.name).partitions  # type: ignore[union-attr]
    queries = len(lake.engine.calls)
    put(lake, watermark=NOW + timedelta(minutes=15))

    lake.rollup().run(DOWNLOADS)

    position = published.read(lake.store, DOWNLOADS.name)
    assert position is not None
    assert position.watermarks == {LOGS: NOW + timedelta(minutes=15)}
    assert (position.seq, position.partitions, len(lake.engine.calls)) == (2, files, queries)


def test_a_compaction_upstream_recomputes_nothing(lake: Lake) -> None:
    put(lake, request(DAY))
    lake.rollup().run(DOWNLOADS)
    queries = len(lake.engine.calls)
    put(lake, request(DAY), kind=Kind.COMPACTION)

    lake.rollup().run(DOWNLOADS)

    assert len(lake.engine.calls) == queries
    assert_equals_recount(lake)


def test_what_is_committed_and_not_visible_is_not_counted_as_seen(lake: Lake) -> None:
    put(lake, request(DAY))
    put(lake, request(DAY), visible=False)

    lake.rollup().run(DOWNLOADS)

    assert published.read(lake.store, DOWNLOADS.name).inputs == {LOGS: 1}  # type: ignore[union-attr]


def test_only_touched_days_are_asked_for_and_all_others_are_kept(lake: Lake) -> None:
    put(lake, *(request(DAY - timedelta(days=n)) for n in range(40)))
    lake.rollup().run(DOWNLOADS)
    lake.engine.calls.clear()
    put(lake, request(DAY - timedelta(days=10)))

    outcome = lake.rollup().run(DOWNLOADS)

    assert outcome.touched == (Days(date(2026, 11, 10), date(2026, 11, 11)),)
    assert lake.engine.calls == [("2026-11-09", "2026-11-11", "2026-11-10", "2026-11-11")]
    assert_equals_recount(lake)


def test_late_data_of_two_months_changes_both_and_one_year(lake: Lake) -> None:
    put(lake, *(request(DAY - timedelta(days=n)) for n in range(100)))
    lake.rollup().run(DOWNLOADS)
    put(lake, request(DAY), request(DAY - timedelta(days=60)))

    outcome = lake.rollup().run(DOWNLOADS)

    assert outcome.partitions == (
        "downloads_cube/month=2026-09",
        "downloads_cube/month=2026-11",
        "downloads_cube_day/year=2026",
    )
    assert_equals_recount(lake)


def test_a_late_part_before_midnight_takes_the_next_days_download_away(lake: Lake) -> None:
    midnight_ = DAY + timedelta(days=1)
    put(lake, request(midnight_ + timedelta(minutes=10), complete=False))
    lake.rollup().run(DOWNLOADS)
    put(lake, request(midnight_ - timedelta(minutes=10), complete=False))

    lake.rollup().run(DOWNLOADS)

    assert [(row["bucket_start"], row["downloads"]) for row in sorted(lake.cube_rows(DOWNLOADS.name), key=str)] == [
        (midnight_ - timedelta(minutes=15), 1),
        (midnight_, 0),
    ]
    assert_equals_recount(lake)


def test_a_run_over_the_turn_of_the_year_is_one_download(lake: Lake) -> None:
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    put(lake, *(request(new_year + timedelta(minutes=50 * n), complete=False) for n in range(-3, 4)))

    outcome = lake.rollup().run(DOWNLOADS)

    assert sum(row["downloads"] for row in lake.cube_rows(f"{DOWNLOADS.name}_day")) == 1
    assert len(outcome.partitions) == 4
    assert_equals_recount(lake)


def test_a_spill_into_a_month_without_data_makes_no_empty_partition(lake: Lake) -> None:
    put(lake, request(datetime(2026, 11, 30, 12, tzinfo=UTC)))

    outcome = lake.rollup().run(DOWNLOADS)

    assert outcome.partitions == ("downloads_cube/month=2026-11", "downloads_cube_day/year=2026")


def test_twins_have_one_winner_and_the_loser_changes_nothing_visible(lake: Lake) -> None:
    put(lake, request(DAY))
    first, second = lake.rollup(), lake.rollup()
    lake.engine.before_write = _once(lambda: second.run(DOWNLOADS))

    with pytest.raises(CommitLost):
        first.run(DOWNLOADS)

    assert published.read(lake.store, DOWNLOADS.name).seq == 1  # type: ignore[union-attr]
    assert first.run(DOWNLOADS).seq is None
    assert_equals_recount(lake)


@pytest.mark.parametrize("stop_at", range(1, 12))
def test_a_run_killed_at_any_write_is_finished_by_the_next(lake: Lake, stop_at: int) -> None:
    put(lake, *(request(DAY - timedelta(days=n)) for n in range(3)))
    lake.rollup().run(DOWNLOADS)
    put(lake, request(DAY))
    put_object, writes = lake.store.put, [0]

    def dying(*args: Any, **kwargs: Any) -> str:
        writes[0] += 1
        if writes[0] == stop_at:
            raise KeyboardInterrupt
        return put_object(*args, **kwargs)

    lake.store.put = dying  # type: ignore[method-assign]
    killed = False
    try:
        lake.rollup().run(DOWNLOADS)
    except KeyboardInterrupt:
        killed = True
    lake.store.put = put_object  # type: ignore[method-assign]

    lake.rollup().run(DOWNLOADS)

    assert killed == (stop_at <= 5)  # one file of Athena, two of the cube, commit, position
    assert_equals_recount(lake)
    position = published.read(lake.store, DOWNLOADS.name)
    assert position is not None
    assert (position.seq, position.inputs) == (2, {LOGS: 2})


def test_an_answer_lost_at_the_commit_is_found_out_by_the_next_run(lake: Lake) -> None:
    put(lake, request(DAY))
    put_object = lake.store.put

    def loses(key: str, *args: Any, **kwargs: Any) -> str:
        etag = put_object(key, *args, **kwargs)
        if key.startswith("ctl/published/downloads_cube"):
            raise StoreUnavailable("no answer")
        return etag

    lake.store.put = loses  # type: ignore[method-assign]
    lake.rollup().run(DOWNLOADS)
    lake.store.put = put_object  # type: ignore[method-assign]

    assert lake.rollup().run(DOWNLOADS).seq is None
    assert_equals_recount(lake)


def test_a_failed_statement_publishes_nothing_and_leaves_no_staged_file(lake: Lake) -> None:
    put(lake, request(DAY))

    def fail() -> None:
        lake.store.put("stage/downloads_cube/00000001/a1/00/half", b"half")
        raise QueryFailed("out of memory")

    lake.engine.before_write = fail
    with pytest.raises(QueryFailed):
        lake.rollup().run(DOWNLOADS)

    assert published.read(lake.store, DOWNLOADS.name) is None
    assert not list(lake.store.list("stage/"))
    assert not list(lake.store.list("lake/downloads_cube"))


def test_a_broken_upstream_chain_is_not_rolled_up(lake: Lake) -> None:
    put(lake, request(DAY))
    put(lake, request(DAY))
    lake.store.delete("ctl/commits/s3_access_logs/00000001.json")

    with pytest.raises(IntegrityError):
        lake.rollup().run(DOWNLOADS)


def test_two_inputs_keep_a_watermark_each(lake: Lake) -> None:
    lake.publish("github_webhooks", {}, watermark=NOW)
    lake.rollup().run(GITHUB)
    lake.publish("github_repository_stats", {}, kind=Kind.PULL, watermark=NOW + timedelta(hours=1))

    lake.rollup().run(GITHUB)

    position = published.read(lake.store, GITHUB.name)
    assert position is not None
    assert position.inputs == {"github_webhooks": 1, "github_repository_stats": 1}
    assert position.watermarks == {"github_webhooks": NOW, "github_repository_stats": NOW + timedelta(hours=1)}


def test_another_reporting_zone_adds_the_day_level_up_anew_without_a_query(lake: Lake) -> None:
    put(lake, *(request(DAY + timedelta(hours=7 * n)) for n in range(200)))
    lake.rollup().run(DOWNLOADS)
    queries = len(lake.engine.calls)
    lake.zone = ZoneInfo("Pacific/Kiritimati")

    outcome = lake.rollup().run(DOWNLOADS)

    assert outcome.partitions == ("downloads_cube_day/year=2026", "downloads_cube_day/year=2027")
    assert len(lake.engine.calls) == queries
    assert_equals_recount(lake)
    assert published.read(lake.store, DOWNLOADS.name).zone == "Pacific/Kiritimati"  # type: ignore[union-attr]
    assert lake.rollup().run(DOWNLOADS).seq is None


def test_a_day_of_the_zone_that_lost_its_only_row_is_gone(lake: Lake) -> None:
    lake.zone = ZoneInfo("Pacific/Kiritimati")
    late = datetime(2026, 12, 31, 12, tzinfo=UTC)  # New Year's Day on Kiritimati, fourteen hours ahead
    put(lake, request(late))
    lake.rollup().run(DOWNLOADS)
    lake.raw.rows["s3_access_requests"].clear()
    put(lake, request(late - timedelta(days=1)))

    outcome = lake.rollup().run(DOWNLOADS)

    assert outcome.partitions == (
        "downloads_cube/month=2026-12",
        "downloads_cube_day/year=2026",
        "downloads_cube_day/year=2027",
    )
    assert_equals_recount(lake)


def _once(action: Any) -> Any:
    done: list[bool] = []

    def call() -> None:
        if not done:
            done.append(True)
            action()

    return call
