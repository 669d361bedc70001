"""Every runbook names what there is: targets of make, resources of the stack, functions, paths of the API, others."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from chalicelib.api.resources import PATHS
from chalicelib.incidents.incidents import Kind
from chalicelib.incidents.queues import QUEUES
from chalicelib.incidents.schedules import SCHEDULES
from chalicelib.incidents.words import WORDS
from infra import runbooks

ROOT = Path(__file__).parents[3]
SOURCES = {path.stem: path.read_text() for path in sorted(runbooks.RUNBOOKS.glob("*.md"))}
PAGES = runbooks.pages()
MAKE = re.compile(r"(?:`|^    )make ([a-z0-9]+)", re.MULTILINE)
FUNCTION = re.compile(r"headwater-<stage>-([a-z]+)")
RESOURCE = re.compile(r"`<?([A-Z][A-Za-z]+(?:DeadLetters|Queue|Alarm|Table|Bucket|Topic)|FailedInvocations)>?`")
PATH = re.compile(r"`(?:GET|POST|PATCH|PUT|DELETE) (/[a-z0-9/_{}-]+)`")
COMMAND = re.compile(r"aws ([a-z0-9]+) ([a-z-]+)")


class Links(HTMLParser):
    """Collects what a page leads to and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"href", "src"} and value]


def shapes(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_incident_leads_to_a_page_of_the_site(kind: Kind) -> None:
    folder, _, name = WORDS[kind].path.removeprefix("/").partition("/")

    assert folder == runbooks.FOLDER
    assert name in PAGES


@pytest.mark.parametrize("name", SOURCES)
def test_a_runbook_says_what_it_means_what_to_do_and_when_it_is_over(name: str) -> None:
    text = SOURCES[name]

    if name in {"backfill", "replay"}:  # these are tasks, not troubles
        assert "**When.**" in text
        return
    assert "**What it means.**" in text
    assert "**Do" in text or "**Look" in text
    assert "**It is over**" in text


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_runbook_names_exists(name: str, template: dict[str, Any]) -> None:
    text = SOURCES[name]
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    functions = set(re.findall(r"headwater-\$\{Stage\}-([a-z]+)", json.dumps(template)))

    assert set(MAKE.findall(text)) <= targets
    assert set(FUNCTION.findall(text)) <= functions
    assert set(RESOURCE.findall(text)) <= template["Resources"].keys()
    assert {shapes(path) for path in PATH.findall(text)} <= {shapes(path) for path in PATHS}


def test_every_queue_of_given_up_work_and_every_schedule_is_explained() -> None:
    letters, schedules = SOURCES["dead-letters"], SOURCES["schedule-missed"]

    assert [name for name in QUEUES if f"| `{name}` |" not in letters] == []
    assert [name for name in SCHEDULES if f"| `headwater-<stage>-{name}`, every" not in schedules] == []


@pytest.mark.parametrize("name", SOURCES)
def test_commands_of_aws_are_ones_that_there_are(name: str) -> None:
    from botocore import xform_name
    from botocore.session import get_session

    loader = get_session().get_component("data_loader")
    for service, operation in COMMAND.findall(SOURCES[name]):
        known = loader.load_service_model(service, "service-2")["operations"]
        assert operation in {xform_name(one, "-") for one in known}, f"aws {service} {operation}"


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".html")])
def test_a_page_leads_only_to_what_is_there_and_loads_nothing_else(name: str) -> None:
    found = Links(PAGES[name]).found

    assert "runbook.css" in found
    for target in found:
        assert target.startswith("https://") or target.partition("#")[0] in PAGES
    assert "<style" not in PAGES[name]
    assert "style=" not in PAGES[name], "the site's content security policy forbids it"
    assert "<script" not in PAGES[name]


def test_every_message_that_leads_to_a_runbook_leads_to_one_that_there_is() -> None:
    code = [path.read_text() for folder in ("chalicelib", "functions") for path in (ROOT / folder).rglob("*.py")]
    found = {page for text in code for page in re.findall(r"/runbooks/([a-z-]+\.html)", text)}

    assert found >= {"delivery-failed.html", "digest-failed.html", "report-failed.html", "subscription-bounced.html"}
    assert found <= PAGES.keys()
    assert not any("docs/runbooks/" in text for text in code), "people have the site, not the repository"


@pytest.mark.parametrize("name", SOURCES)
def test_links_of_the_source_lead_to_files(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", SOURCES[name]):
        if not target.startswith("https://"):
            assert (runbooks.RUNBOOKS / target.partition("#")[0]).exists(), target


def test_pages_of_runbooks_that_are_gone_go(tmp_path: Path) -> None:
    folder, site = tmp_path / "docs", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    (folder / "one.md").write_text("# One\n\n| a | b |\n|---|---|\n| `<x>` | 2 |\n")
    (folder / "two.md").write_text("# Two\n")
    runbooks.write_pages(site, folder)
    (folder / "two.md").unlink()

    runbooks.write_pages(site, folder)

    assert sorted(path.name for path in (site / "runbooks").iterdir()) == ["index.html", "one.html", "runbook.css"]
    assert "<td><code>&lt;x&gt;</code></td>" in (site / "runbooks" / "one.html").read_text()


def test_a_page_without_a_title_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("One\n")

    with pytest.raises(ValueError, match="title"):
        runbooks.pages(tmp_path)
