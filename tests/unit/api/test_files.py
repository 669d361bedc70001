"""Answers as files: what the format, the data and the client ask for."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import openpyxl
import pytest
from pypdf import PdfReader

from chalicelib.api import files
from chalicelib.api.formats import FORMATS
from chalicelib.metrics.declared.downloads import DOWNLOADS
from tests.unit.api.world import READ, World
from tests.unit.metrics.published_cubes import publish

DAY = datetime(2026, 11, 20, tzinfo=UTC)
WATERMARKS = {"s3_access_logs": datetime(2026, 11, 22, 9, tzinfo=UTC)}
RANGE = {"from": "2026-11-20", "to": "2026-11-23"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOSTILE = '=cmd("x"), 🙂'


def row(day: int, version: str | None, count: int) -> dict[str, Any]:
    names = {"bucket_start": DAY + timedelta(days=day), "version": version, "product": "headwater", "is_bot": False}
    return {**names, "downloads": count, "download_bytes": count * 1000}


@pytest.fixture
def full(world: World) -> World:
    publish(world.store, DOWNLOADS, [row(0, HOSTILE, 4), row(0, None, 1), row(1, HOSTILE, 7)], WATERMARKS)
    return world


def lines(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline="")))


def stored(world: World, location: str) -> Any:
    return world.results.folder / location.removeprefix("https://results/").partition("?")[0]


def test_a_small_csv_is_answered_as_it_is(full: World) -> None:
    answer = full.get("/v1/metrics/downloads", **RANGE, group_by="version", format="csv")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert 'filename="headwater-downloads-2026-11-20-to-2026-11-22.csv"' in answer.headers["Content-Disposition"]
    assert lines(answer.body) == [
        ["start", "end", "version", "downloads", "partial"],
        ["2026-11-20", "2026-11-21", f"'{HOSTILE}", "4", "false"],
        ["2026-11-20", "2026-11-21", "", "1", "false"],
        ["2026-11-21", "2026-11-22", f"'{HOSTILE}", "7", "false"],
        ["2026-11-21", "2026-11-22", "", "0", "false"],
        ["2026-11-22", "2026-11-23", f"'{HOSTILE}", "0", "true"],
        ["2026-11-22", "2026-11-23", "", "0", "true"],
    ]


def test_a_file_has_the_numbers_of_the_json(full: World) -> None:
    asked = {"metrics": ["downloads", "download_bytes"], **RANGE, "tz": "Asia/Kathmandu", "interval": "PT1H"}
    rows = full.post_json("/v1/query", asked).json_body["results"]

    table = lines(full.post_json("/v1/query", {**asked, "format": "csv"}).body)

    assert table[0] == list(rows[0])
    assert [line[0] for line in table[1:]] == [one["start"] for one in rows]
    assert [line[2:4] for line in table[1:]] == [[str(one["downloads"]), str(one["download_bytes"])] for one in rows]


def test_an_excel_file_has_a_sheet_a_metric_and_says_what_it_is(full: World) -> None:
    asked = {"metrics": ["downloads", "download_bytes"], **RANGE, "filter": 'version is_not "x"', "totals": True}

    answer = full.post_json("/v1/query", {**asked, "format": "xlsx"})

    assert answer.status_code == 303
    assert answer.json_body == {"link": answer.headers["Location"], "expires_in_s": 900}
    book = openpyxl.load_workbook(stored(full, answer.headers["Location"]))
    assert book.sheetnames == ["Downloads", "Bytes downloaded", "Totals", "Chart data", "About"]
    assert book["Downloads"]["A2"].value == ('2026-11-20 to 2026-11-23 (exclusive) · by day · UTC · version is_not "x"')
    assert [cell.value for cell in book["Downloads"][4]] == [
        datetime.fromisoformat("2026-11-20"), datetime.fromisoformat("2026-11-21"), 5, False,
    ]  # fmt: skip
    assert [cell.value for cell in book["Totals"][4]] == [12, 12_000]
    said = {(row[0].value, row[1].value) for row in book["About"].iter_rows()}
    assert {("Time zone", "UTC"), ("Filter", 'version is_not "x"')} <= said
    assert ("Complete until", "2026-11-22 09:00 UTC (Downloads, from s3_access_logs)") in said
    assert any(name == "Note" and "marked as partial" in note for name, note in said)


def test_a_pdf_is_a_report(full: World) -> None:
    answer = full.get("/v1/metrics/downloads", **RANGE, group_by="version", compare="week", format="pdf")

    text = "\n".join(page.extract_text() for page in PdfReader(stored(full, answer.headers["Location"])).pages)
    assert "Headwater: Downloads" in text
    assert "2026-11-20 to 2026-11-23 (exclusive), by day" in text
    assert "with a week before, matched by date" in text
    assert '=cmd("x"), ▯' in text


def test_parquet_has_types(full: World) -> None:
    answer = full.get("/v1/metrics/downloads", **RANGE, format="parquet")

    found = duckdb.read_parquet(str(stored(full, answer.headers["Location"])))
    assert list(zip(found.columns, map(str, found.types), strict=True)) == [
        ("start", "DATE"), ("end", "DATE"), ("downloads", "BIGINT"), ("partial", "BOOLEAN"),
    ]  # fmt: skip
    assert found.fetchall()[0] == (date(2026, 11, 20), date(2026, 11, 21), 5, False)


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("text/csv", 200, "text/csv"),
        ("text/csv;q=0.5, application/json", 200, "application/json"),
        ("text/csv, application/json;q=0.9", 200, "text/csv"),
        ("*/*", 200, "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200, "application/json"),
        (XLSX, 303, "application/json"),
        ("text/csv;q=0", 200, "application/json"),
        ("text/csv;q=nonsense", 200, "application/json"),
        (";,=;q", 200, "application/json"),
    ],
)
def test_accept_chooses_where_format_does_not(full: World, accept: str, status: int, kind: str) -> None:
    answer = full.get("/v1/metrics/downloads", headers={"Accept": accept}, **RANGE)
    told = full.get("/v1/metrics/downloads", headers={"Accept": accept}, **RANGE, format="json")

    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (status, kind)
    assert told.headers["Content-Type"] == "application/json"
    assert answer.headers["Vary"] == told.headers["Vary"] == "Accept"


def test_what_depends_on_the_format_and_on_the_origin_says_both(full: World) -> None:
    full.context = replace(full.context, allowed_origin="https://dashboard.example")

    assert full.get("/v1/metrics/downloads", **RANGE).headers["Vary"] == "Accept, Origin"


def test_the_same_question_over_the_same_data_is_made_once(full: World) -> None:
    one, two = (full.get("/v1/metrics/downloads", **RANGE, format="xlsx") for _ in range(2))

    assert one.headers["Location"] == two.headers["Location"]
    assert len(full.results.uploads) == 1
    publish(full.store, DOWNLOADS, [row(0, "1", 5)], WATERMARKS, seq=2)
    full.now += timedelta(seconds=5)
    assert full.get("/v1/metrics/downloads", **RANGE, format="xlsx").headers["Location"] != one.headers["Location"]


def test_an_unchanged_file_is_a_304_in_its_own_format_only(full: World) -> None:
    tag = full.get("/v1/metrics/downloads", **RANGE, format="csv").headers["ETag"]

    asked = {"headers": {"If-None-Match": tag}, **RANGE}
    assert full.get("/v1/metrics/downloads", **asked, format="csv").status_code == 304
    assert full.get("/v1/metrics/downloads", **asked).status_code == 200


def test_a_large_csv_is_a_link(full: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INLINE_BYTES", 10)

    answer = full.get("/v1/metrics/downloads", **RANGE, format="csv")

    assert answer.status_code == 303
    assert lines(stored(full, answer.headers["Location"]).read_bytes())[1][2] == "5"


def test_what_files_have_not_is_refused_by_name(full: World) -> None:
    paged = full.get("/v1/metrics/downloads", **RANGE, format="csv", order="-value", limit="3")
    unknown = full.get("/v1/metrics/downloads", **RANGE, format="xls")
    large = full.get(
        "/v1/metrics/downloads", **{"from": "2010-01-01", "to": "2026-01-01"}, interval="PT1H", format="csv"
    )

    assert [error["parameter"] for error in paged.json_body["errors"]] == ["order", "limit"]
    assert unknown.json_body["errors"][0]["suggestion"] == "xlsx"
    assert large.status_code == 422
    assert "/v1/exports" in large.json_body["detail"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_question_without_data_is_a_file_too(world: World, form: str) -> None:
    answer = world.get("/v1/metrics/won_amount", token=READ, **RANGE, format=form)

    assert answer.status_code in (200, 303)
