"""``/v1/catalog`` as a client sees it, and what stands behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.api.catalog_page import page
from chalicelib.domain.queries import ExecutionState, ResultColumn
from chalicelib.lake import layout
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.catalog import entries
from chalicelib.sql.headers import DescribedColumn
from chalicelib.sql.table_words import GRAINS, PERSONAL
from chalicelib.sql.views import views
from tests.unit.api.published_tables import AT, commit
from tests.unit.api.world import ADMIN, SQL, World
from tests.unit.metrics.published_cubes import publish
from tests.unit.sql.rows_lake import COLUMNS

DAY = datetime(2026, 11, 21, 6, tzinfo=UTC)
LATER = AT + timedelta(hours=6)
X, LINKEDIN = ("x_accounts", "dt=2026-11-21"), ("linkedin_followers", "dt=2026-11-20")
LEADS = ("salesforce_leads", "dt=2026-11-21")
LEAD = {"record_id": "L1", "modified_at": DAY, "created_at": DAY, "owner_id": "ada", "id_conflict": False}
EVENTS = ("product_events", "dt=2026-11-21")
NUMBERS = ("bigint", "double", "decimal(38,9)")


def look(followers: int) -> dict[str, Any]:
    return {"observed_at": DAY, "window_start": DAY, "account_id": "7", "followers": followers, "id_conflict": False}


def one(world: World, name: str, **query: str) -> dict[str, Any]:
    answer = world.get(f"/v1/catalog/{name}", **query)
    assert answer.status_code == 200, answer.body
    return answer.json_body["results"][0]


def test_the_list_has_every_view_cube_and_table(world: World) -> None:
    body = world.get("/v1/catalog").json_body

    kinds = {entry["name"]: entry["kind"] for entry in body["results"]}
    assert kinds == {
        **dict.fromkeys(views(), "view"),
        **dict.fromkeys((level.name for cube in CUBES.values() for level in cube.tables), "cube"),
        **dict.fromkeys((table.name for source in SOURCES.values() for table in source.tables), "table"),
    }
    assert body["meta"]["count"] == len(kinds)


def test_one_kind_can_be_asked_for_and_no_other_word(world: World) -> None:
    cubes = world.get("/v1/catalog", kind="cube").json_body["results"]

    assert {entry["kind"] for entry in cubes} == {"cube"}
    assert world.get("/v1/catalog", kind="chart").status_code == 400


def test_an_unchanged_catalog_is_a_304_until_something_is_published(world: World) -> None:
    tag = world.get("/v1/catalog").headers["ETag"]

    same = world.get("/v1/catalog", headers={"If-None-Match": tag})
    commit(world.store, "x_accounts", {X: [look(5)]})
    later = world.get("/v1/catalog", headers={"If-None-Match": tag})

    assert (same.status_code, same.body) == (304, b"")
    assert later.status_code == 200


def test_a_table_says_how_fresh_it_is_and_how_much_there_is(world: World) -> None:
    commit(world.store, "x_accounts", {X: [look(5), look(6)], ("x_accounts", "dt=2026-11-19"): [look(1)]})

    entry = one(world, "x_accounts")

    sizes = [info.size_bytes for info in world.store.list(layout.table("x_accounts"))]
    assert entry["rows"] == 3
    assert entry["freshness"]["watermark"] == "2026-11-22T06:00:00Z"
    assert entry["extent"] == {
        "files": 2,
        "bytes": sum(sizes),
        "partitions": 2,
        "first_day": "2026-11-19",
        "last_day": "2026-11-21",
    }


def test_what_is_committed_and_not_published_is_not_there_yet(world: World) -> None:
    commit(world.store, "x_accounts", {X: [look(5)]})
    before = one(world, "x_accounts")

    commit(world.store, "x_accounts", {("x_accounts", "dt=2026-11-22"): [look(6)]}, watermark=LATER, visible=False)

    assert one(world, "x_accounts") == before


def test_files_that_a_compaction_has_replaced_are_not_counted(world: World) -> None:
    commit(world.store, "x_accounts", {X: [look(5)]})
    commit(world.store, "x_accounts", {X: [look(6)]})
    commit(world.store, "x_accounts", {X: [look(5), look(6)]}, folder=3, visible=False)
    unpublished = one(world, "x_accounts")["extent"]["files"]

    commit(world.store, "x_accounts", {X: [look(7)]}, folder=3)

    entry = one(world, "x_accounts", sample="5")
    assert (unpublished, entry["extent"]["files"], entry["rows"]) == (2, 2, 3)


def test_a_view_is_as_fresh_as_the_stalest_of_its_sources(world: World) -> None:
    commit(world.store, "linkedin_followers", {LINKEDIN: []}, watermark=AT)
    commit(world.store, "x_accounts", {X: [look(5)]}, watermark=LATER)
    unfinished = one(world, "v_followers")
    commit(world.store, "youtube_channels", {}, watermark=LATER)

    finished = one(world, "v_followers")

    assert unfinished["freshness"]["watermark"] is None, "YouTube has told nothing yet"
    assert finished["freshness"]["watermark"] == "2026-11-22T06:00:00Z"
    assert [source["name"] for source in finished["freshness"]["sources"]] == [
        "linkedin_followers", "x_accounts", "youtube_channels",
    ]  # fmt: skip
    assert (finished["extent"]["first_day"], finished["extent"]["last_day"]) == ("2026-11-20", "2026-11-21")


def test_a_cube_is_as_its_manifest_says(world: World) -> None:
    row = {"bucket_start": DAY, "version": "1", "product": "app", "is_bot": False, "downloads": 3, "download_bytes": 9}
    manifest = publish(world.store, DOWNLOADS, [row], {"s3_access_logs": AT})

    entry = one(world, "downloads_cube", sample="2")

    [file] = manifest.partitions["downloads_cube/month=2026-11"].files
    assert entry["freshness"]["watermark"] == "2026-11-22T06:00:00Z"
    assert entry["extent"] | {"bytes": 0} == {
        "files": 1, "bytes": 0, "partitions": 1, "first_day": None, "last_day": None,
    }  # fmt: skip
    assert entry["extent"]["bytes"] == file.size_bytes
    assert entry["sample"] == [{**row, "bucket_start": "2026-11-21T06:00:00.000", "month": "2026-11"}]


def test_a_sample_tells_of_people_only_to_those_who_may_ask_for_them(world: World) -> None:
    event = {"event_id": "e", "source": "app", "event": "opened", "occurred_at": DAY, "received_at": DAY}
    rows = [
        {**event, "user_id": "ada@acme.example", "properties": '{"mail": "ada@acme.example"}', "id_conflict": False}
    ]
    commit(world.store, "product_events", {EVENTS: rows})

    read = world.get("/v1/catalog/product_events", sample="1")
    admin = world.get("/v1/catalog/product_events", token=ADMIN, sample="1").json_body["results"][0]["sample"][0]

    shown = read.json_body["results"][0]["sample"][0]
    assert b"ada" not in read.body
    assert (shown["user_id"], shown["properties"], shown["anonymous_id"]) == ("masked", "masked", None)
    assert (shown["event"], shown["dt"], shown["occurred_at"]) == ("opened", "2026-11-21", "2026-11-21T06:00:00.000")
    assert admin["user_id"] == "ada@acme.example"


def test_a_tag_of_one_scope_is_not_good_for_another(world: World) -> None:
    event = {"event_id": "e", "source": "app", "event": "opened", "occurred_at": DAY, "user_id": "ada"}
    commit(world.store, "product_events", {EVENTS: [{**event, "received_at": DAY, "id_conflict": False}]})
    tag = world.get("/v1/catalog/product_events", sample="1").headers["ETag"]

    admin = world.get("/v1/catalog/product_events", token=ADMIN, headers={"If-None-Match": tag}, sample="1")

    assert admin.status_code == 200


FOLLOWERS = (ResultColumn("day", "date"), ResultColumn("network", "varchar"), ResultColumn("followers", "bigint"))


def test_a_sample_of_a_view_is_asked_of_its_last_day_and_paid_once(world: World) -> None:
    commit(world.store, "x_accounts", {X: [look(5)]})
    world.engine.columns, world.engine.rows = FOLLOWERS, [("2026-11-21", "x", "5"), ("2026-11-21", "x", "6")]

    first = one(world, "v_followers", sample="1")
    second = one(world, "v_followers", sample="2")

    assert first["sample"] == [{"day": "2026-11-21", "network": "x", "followers": 5}]
    assert len(second["sample"]) == 2
    assert [sql for sql, _ in world.engine.started.values()] == [
        "SELECT * FROM v_followers WHERE day = DATE '2026-11-21' LIMIT 20"
    ]
    commit(world.store, "x_accounts", {("x_accounts", "dt=2026-11-22"): [look(6)]})
    one(world, "v_followers", sample="1")
    assert len(world.engine.started) == 2


def test_a_sample_of_a_view_hides_people_too(world: World) -> None:
    commit(world.store, "salesforce_pipeline", {LEADS: [LEAD]})
    world.engine.columns = (ResultColumn("lead_id", "varchar"), ResultColumn("owner_id", "varchar"))
    world.engine.rows = [("L1", "ada")]

    read = one(world, "v_leads", sample="1")["sample"]
    sql = world.get("/v1/catalog/v_leads", token=SQL, sample="1").json_body["results"][0]["sample"]

    assert (read, sql) == ([{"lead_id": "L1", "owner_id": "masked"}], [{"lead_id": "L1", "owner_id": "ada"}])
    assert [sql for sql, _ in world.engine.started.values()] == ["SELECT * FROM v_leads LIMIT 20"]


def test_a_sample_that_takes_long_or_fails_is_said(world: World) -> None:
    commit(world.store, "x_accounts", {X: [look(5)]})
    world.engine.looks = 10**6
    slow = world.get("/v1/catalog/v_followers", sample="3").json_body

    commit(world.store, "x_accounts", {X: [look(6)]})
    world.engine.looks, world.engine.ending = 1, ExecutionState.FAILED
    failed = world.get("/v1/catalog/v_followers", sample="3").json_body

    assert (slow["results"][0]["sample"], failed["results"][0]["sample"]) == (None, None)
    assert "ask again" in slow["meta"]["warnings"][0]
    assert "could not be made" in failed["meta"]["warnings"][0]


def test_a_view_over_nothing_has_an_empty_sample_and_asks_nobody(world: World) -> None:
    assert one(world, "v_followers", sample="3")["sample"] == []
    assert world.engine.started == {}


def test_a_broken_log_is_said_and_hides_nothing_else(world: World) -> None:
    commit(world.store, "x_accounts", {X: [look(5)]})
    world.store.delete(layout.commit("x_accounts", 1))

    body = world.get("/v1/catalog").json_body

    assert body["meta"]["warnings"] == ["The log of x_accounts is inconsistent: how fresh it is cannot be told."]
    assert len(body["results"]) == len(entries())


@pytest.mark.parametrize(("path", "status"), [("/v1/catalog/no_such", 404), ("/v1/catalog/v_leads?sample=21", 400)])
def test_what_is_not_there_is_named(world: World, path: str, status: int) -> None:
    assert world.get(path).status_code == status


def test_every_entry_is_described_to_its_last_column() -> None:
    for entry in entries().values():
        assert entry.description.endswith("."), entry.name
        assert entry.grain, entry.name
        assert all(column.description for column in entry.columns), entry.name
        identities = {"number", "release_id", "asset_id", "http_status", "browser_version"}
        assert {c.name for c in entry.columns if c.type in NUMBERS and c.unit is None} <= identities, entry.name


def test_the_words_of_tables_are_of_tables_and_columns_that_there_are() -> None:
    tables = {table.name for source in SOURCES.values() for table in source.tables}

    assert set(GRAINS) == tables
    for table, names in PERSONAL.items():
        assert names <= {column.name for column in COLUMNS[table]}, table


def test_a_view_marks_what_its_tables_mark() -> None:
    """A personal column that a view shows under its own name is personal there, too."""
    for name, view in views().items():
        personal = {column for table in view.inputs for column in PERSONAL.get(table, ())}
        bare = {column.name for column in view.columns if not column.personal}
        assert not personal & bare - {"referrer", "session_id"}, name  # a host and path; a session is no person


def test_the_page_is_for_everybody_and_escapes_everything(world: World) -> None:
    served = world.get("/catalog", token=None)
    hostile = replace(
        entries()["v_leads"],
        description="<script>alert(1)</script>",
        columns=(DescribedColumn("<b>", "string", '"><img src=x>'),),
    )

    assert served.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in served.headers["Content-Security-Policy"]
    assert all(f'id="{name}"' in served.body.decode() for name in entries())
    assert "<script" not in page([hostile]) + served.body.decode()
    assert "<img" not in page([hostile])
    assert "<b>" not in page([hostile])
