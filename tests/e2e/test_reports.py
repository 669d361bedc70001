"""Reports of the running system: made now, downloaded, told of by links without a token; numbers are the API's."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import requests
from pypdf import PdfReader

from tests.e2e.conftest import run_sql, wait_until

pytestmark = pytest.mark.deployed

LAST_WEEK = {"range": "last_week", "compare": "previous_period", "tz": "Europe/Paris"}
DOWNLOADS = {"metrics": ["downloads"], **LAST_WEEK}
STATEMENT = "SELECT count(*) AS releases FROM v_github_releases"
_WEEKS = {"range": "4w", "interval": "P1W"}
_DAYS = [{"first_day_of": "last_week"}, {"last_day_of": "last_week"}]
REPORT = {
    "title": "Tried end to end",
    "schedule": {"cadence": "monthly", "hour": 8, "zone": "Europe/Paris", "day": 1},
    "parts": [
        {"title": "Downloads", "query": DOWNLOADS},
        {"title": "By version", "query": {"metrics": ["downloads"], **_WEEKS, "group_by": ["version"], "top": 3}},
        {"title": "Won", "query": {"metrics": ["won_amount"], "range": "12w", "interval": "P1W"}},
        {"title": "Releases", "sql": STATEMENT},
        {"title": "Pages", "saved_query": "top_pages", "parameters": _DAYS},
    ],
}  # fmt: skip


class Place:
    """The API as a reader and an administrator have it."""

    def __init__(self, endpoints: dict[str, str], api: requests.Session) -> None:
        self.endpoints, self.api = endpoints, api
        self.root = f"{endpoints['api']}/v1"
        self.admin = {"Authorization": f"Bearer {endpoints['admin_token']}"}

    def make(self, name: str, form: str) -> None:
        self.forget(name)
        answer = requests.post(
            f"{self.root}/reports", json={**REPORT, "name": name, "format": form}, headers=self.admin, timeout=60
        )
        assert answer.status_code == 201, answer.text

    def forget(self, name: str) -> None:
        found = requests.get(f"{self.root}/reports/{name}", headers=self.admin, timeout=60)
        if found.ok:
            sent = {**self.admin, "If-Match": found.headers["ETag"]}
            assert requests.delete(f"{self.root}/reports/{name}", headers=sent, timeout=60).status_code == 204

    def run(self, name: str, *, send: bool) -> dict[str, Any]:
        runs = f"{self.root}/reports/{name}/runs"
        asked = requests.post(runs, json={"send": send}, headers=self.admin, timeout=60)
        assert asked.status_code == 202, asked.text

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = self.api.get(f"{runs}/{asked.json()['id']}", timeout=60).json()
            return found if found["state"] in ("done", "failed") else None

        run = wait_until(ended, f"the end of {name}", 180)
        assert run["state"] == "done", run
        assert run["problems"] == []
        return run

    def asked(self, query: dict[str, Any]) -> dict[str, Any]:
        answer = self.api.post(f"{self.root}/query", json={**query, "totals": True}, timeout=60)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture(scope="module")
def place(endpoints: dict[str, str], api: requests.Session) -> Iterator[Place]:
    made = Place(endpoints, api)
    yield made
    for name in ("e2e-pdf", "e2e-xlsx"):
        made.forget(name)


@pytest.fixture(scope="module")
def pdf(place: Place) -> dict[str, Any]:
    place.make("e2e-pdf", "pdf")
    return place.run("e2e-pdf", send=True)


def shared_link(place: Place, run: dict[str, Any]) -> str:
    """Wait for the message of a run, and answer the link to its file that it has."""
    name = f"report/{run['report']}/{run['id']}"

    def told() -> str | None:
        answer = requests.get(f"{place.endpoints['outbox']}messages", timeout=60)
        for message in answer.json()["messages"]:
            if message["attributes"].get("message_id") == name:
                found = re.search(r"http\S+/api/v1/shared/[A-Za-z0-9_.-]+", message["message"])
                return found[0] if found else None
        return None

    return wait_until(told, "the message of the report", 180)


def test_the_pdf_has_the_numbers_of_the_api(place: Place, pdf: dict[str, Any]) -> None:
    file = requests.get(f"{place.root}/reports/e2e-pdf/runs/{pdf['id']}/file", headers=place.admin, timeout=60)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    answer = place.asked(DOWNLOADS)
    total = answer["totals"][0]

    assert len(file.content) == pdf["size_bytes"]
    assert pdf["figures"][0].startswith(f"Downloads: {total['downloads']:,} (")
    assert f"the period before: {total['downloads_before']:,}" in pdf["figures"][0]
    assert len(answer["results"]) == 7
    for row in answer["results"]:
        assert row["start"][:10] in text
        assert f"{row['downloads']:,}" in text
    assert "Tried end to end" in text


def test_the_workbook_has_the_numbers_of_the_api(place: Place) -> None:
    place.make("e2e-xlsx", "xlsx")
    run = place.run("e2e-xlsx", send=False)
    book = openpyxl.load_workbook(io.BytesIO(requests.get(run["link"], timeout=60).content))

    downloads = [[cell.value for cell in row] for row in book["Downloads"].iter_rows(min_row=4)]
    asked = place.asked(DOWNLOADS)
    assert [row[1] for row in downloads] == [row["downloads"] for row in asked["results"]]
    assert [row[2] for row in downloads] == [row["downloads_before"] for row in asked["results"]]
    summary = [[cell.value for cell in row] for row in book["Summary"].iter_rows(min_row=4)]
    total = asked["totals"][0]
    assert [total["downloads"], total["downloads_before"]] == [v for v in summary[0] if isinstance(v, int)][:2]
    won = place.asked(REPORT["parts"][2]["query"])["totals"]  # type: ignore[index]
    sums = {round(float(one["won_amount"]), 2) for one in won if float(one["won_amount"] or 0)}
    numbers = {round(float(v), 2) for row in summary if row[0] == "Won" for v in row if isinstance(v, int | float)}
    assert sums
    assert sums <= numbers
    (count,) = run_sql(place.endpoints["api"], place.endpoints["admin_token"], {"sql": STATEMENT}).json()["results"]
    assert count["releases"] in [value for row in summary if row[0] == "Releases" for value in row]
    pages = [[cell.value for cell in row] for row in book["Pages"].iter_rows(min_row=4)]
    assert pages
    assert pages == sorted(pages, key=lambda row: (-row[2], row[0], row[1]))


def test_whoever_has_the_link_has_the_file_without_a_token(place: Place, pdf: dict[str, Any]) -> None:
    link = shared_link(place, pdf)

    file = requests.get(link, timeout=60)
    looked = requests.head(link, timeout=60, allow_redirects=False)

    assert file.status_code == 200
    assert file.content[:5] == b"%PDF-"
    assert len(file.content) == pdf["size_bytes"]
    assert looked.status_code == 303


def test_a_link_that_was_changed_is_refused_clearly(place: Place, pdf: dict[str, Any]) -> None:
    link = shared_link(place, pdf)
    payload, _, signature = link.rpartition("/")[2].partition(".")
    root = link.rpartition("/")[0]

    refused = [
        requests.get(f"{root}/{token}", timeout=60, allow_redirects=False, headers={"Accept": accept})
        for token in (f"{payload[:-2]}AA.{signature}", f"{payload}.{signature[:-2]}AA", payload)
        for accept in ("text/html", "application/json")
    ]

    assert [answer.status_code for answer in refused] == [403] * 6
    assert all("changed" in answer.text for answer in refused)
    assert {answer.headers["Content-Type"].partition(";")[0] for answer in refused} == {
        "text/html", "application/problem+json",
    }  # fmt: skip


def test_the_demo_company_has_its_reports(place: Place) -> None:
    found = {one["name"]: one for one in place.api.get(f"{place.root}/reports", timeout=60).json()["results"]}

    assert {"weekly-marketing", "monthly-pipeline"} <= found.keys()
    for name in ("weekly-marketing", "monthly-pipeline"):
        runs = place.api.get(f"{place.root}/reports/{name}/runs", timeout=60).json()["results"]
        assert any(run["state"] == "done" and run["problems"] == [] for run in runs), runs
