"""The pages of ``docs/connect`` and Grafana's files there hold together; ``tests/e2e`` tries whether they work."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.grafana_macros import MACROS
from tests.e2e.recipes import UnreadablePageError, read
from tests.e2e.test_connect import TRIED

CONNECT = Path(__file__).parents[3] / "docs" / "connect"
PAGES = sorted(page.name for page in CONNECT.glob("*.md"))
BOARD = json.loads((CONNECT / "grafana" / "dashboards" / "headwater.json").read_text())
SOURCES = {
    source["uid"]: source
    for source in yaml.safe_load((CONNECT / "grafana" / "datasources" / "headwater.yaml").read_text())["datasources"]
}
TARGETS = [(panel, target) for panel in BOARD["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_is_run_or_says_why_not(page: str) -> None:
    recipes = read((CONNECT / page).read_text())

    assert bool(recipes) == (page in TRIED)


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"README.md"}))
def test_the_overview_says_of_every_page_whether_it_was_tried(page: str) -> None:
    overview = (CONNECT / "README.md").read_text()

    (row,) = (line for line in overview.splitlines() if line.startswith("|") and f"]({page})" in line)
    assert ("by a test" in row) == (page in TRIED)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (CONNECT / page).read_text()

    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        there = (CONNECT / file) if file else CONNECT / page
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", there.read_text(), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}, (
                target
            )


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("```json\n{}\n```\n", id="a language that is not run"),
        pytest.param("```text\n2\n```\n", id="output of nothing"),
        pytest.param("```bash\ntrue\n```\n```text\n\n```\n```text\n\n```\n", id="two outputs"),
        pytest.param("<!-- not run:  -->\n```bash\ntrue\n```\n", id="no reason"),
    ],
)
def test_a_block_that_nobody_would_run_is_found(page: str) -> None:
    with pytest.raises(UnreadablePageError):
        read(page)


def test_panels_have_ids_and_places_of_their_own() -> None:
    panels = BOARD["panels"]

    assert len({panel["id"] for panel in panels}) == len(panels) >= 6
    for panel in panels:
        place = panel["gridPos"]
        assert 0 <= place["x"] < place["x"] + place["w"] <= 24, panel["title"]
        assert place["h"] > 0
    for one, other in itertools.combinations(panels, 2):
        assert not _overlap(one["gridPos"], other["gridPos"]), (one["title"], other["title"])


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


@pytest.mark.parametrize(("panel", "target"), [pytest.param(*pair, id=pair[0]["title"]) for pair in TARGETS])
def test_a_panel_asks_a_source_that_is_provisioned(panel: dict[str, Any], target: dict[str, Any]) -> None:
    assert target["datasource"] == panel["datasource"]
    assert SOURCES[panel["datasource"]["uid"]]["type"] == panel["datasource"]["type"]
    assert panel["title"] and panel["description"]


@pytest.mark.parametrize(("panel", "target"), [pytest.param(*pair, id=pair[0]["title"]) for pair in TARGETS])
def test_a_panel_reads_no_more_than_what_is_shown(panel: dict[str, Any], target: dict[str, Any]) -> None:
    sql = target["rawSQL"] if "rawSQL" in target else target["url_options"]["data"]

    assert set(re.findall(r"\$__(\w+)", sql)) <= set(MACROS)
    assert re.search(r"\$__(dateFilter|timeFilter)\(|\$\{__from:|current_date - INTERVAL", sql), panel["title"]


def test_what_is_secret_or_differs_comes_from_the_environment() -> None:
    for source in SOURCES.values():
        assert all(re.fullmatch(r"\$\{\w+\}", value) for value in source.get("secureJsonData", {}).values())
        assert not re.search(r"hw_\w|AKIA|arn:", json.dumps(source))


def test_the_token_is_sent_to_the_api_only() -> None:
    endpoint = SOURCES["headwater-sql"]

    assert endpoint["jsonData"]["auth_method"] == "bearerToken"
    assert endpoint["jsonData"]["allowedHosts"] == [endpoint["url"]]
