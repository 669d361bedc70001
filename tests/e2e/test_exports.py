"""Answers out of the door of the running system: files by signed links, an export worked off, a feed."""

from __future__ import annotations

import csv
import io
from typing import Any

import duckdb
import openpyxl
import pytest
import requests

from tests.e2e.conftest import wait_until

pytestmark = pytest.mark.deployed

QUERY = {"metrics": ["downloads"], "range": "30d", "interval": "P1D", "group_by": ["version"]}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def answered(api: requests.Session, endpoints: dict[str, str]) -> list[dict[str, Any]]:
    """What the same question answers as JSON."""
    answer = api.post(f"{endpoints['api']}/v1/query", json=QUERY, timeout=60)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def test_a_csv_is_what_json_answers(
    api: requests.Session, endpoints: dict[str, str], answered: list[dict[str, Any]]
) -> None:
    answer = api.post(f"{endpoints['api']}/v1/query", json={**QUERY, "format": "csv"}, timeout=60)

    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert [int(row["downloads"]) for row in rows_of(answer.text)] == [one["downloads"] for one in answered]


def test_a_workbook_is_behind_a_link_that_needs_no_token(
    api: requests.Session, endpoints: dict[str, str], answered: list[dict[str, Any]]
) -> None:
    answer = api.post(
        f"{endpoints['api']}/v1/query", json={**QUERY, "format": "xlsx"}, timeout=60, allow_redirects=False
    )

    assert answer.status_code == 303, answer.text
    file = requests.get(answer.headers["Location"], timeout=60)
    sheet = openpyxl.load_workbook(io.BytesIO(file.content))["Downloads"]
    assert [row[3].value for row in sheet.iter_rows(min_row=4)] == [one["downloads"] for one in answered]


def test_an_export_is_worked_off_once(api: requests.Session, endpoints: dict[str, str], tmp_path: Any) -> None:
    exports = f"{endpoints['api']}/v1/exports"
    body = {"query": {**QUERY, "interval": "PT15M"}, "format": "parquet"}
    asked = [api.post(exports, json=body, headers={"Idempotency-Key": "e2e"}, timeout=60) for _ in range(2)]
    assert [answer.status_code for answer in asked] == [202, 202], asked[0].text
    assert asked[0].json()["id"] == asked[1].json()["id"]

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = api.get(f"{exports}/{asked[0].json()['id']}", timeout=60).json()
        return found if found["state"] in ("done", "failed") else None

    export = wait_until(ended, "the end of the export", 120)
    assert export["state"] == "done", export
    (tmp_path / "rows.parquet").write_bytes(requests.get(export["link"], timeout=60).content)
    (rows, versions) = duckdb.sql(
        f"SELECT count(*), count(DISTINCT version) FROM '{tmp_path / 'rows.parquet'}'"
    ).fetchall()[0]
    assert rows == 30 * 96 * (versions or 1)


def test_a_feed_is_read_by_its_address_until_it_is_revoked(
    endpoints: dict[str, str], answered: list[dict[str, Any]]
) -> None:
    admin = {"Authorization": f"Bearer {endpoints['admin_token']}"}
    feeds = f"{endpoints['api']}/v1/feeds"
    feed = requests.post(feeds, json={"name": "e2e", "query": QUERY}, headers=admin, timeout=60)
    assert feed.status_code == 201, feed.text
    address = f"{endpoints['api']}/v1/{feed.json()['address']}"

    read = requests.get(address, timeout=60)
    revoked = requests.delete(f"{feeds}/{feed.json()['id']}", headers=admin, timeout=60)

    assert read.status_code == 200, read.text
    assert len(rows_of(read.text)) == len(answered)
    assert revoked.status_code == 204
    assert requests.get(address, timeout=60).status_code == 404
