"""What ``docs/sources/README.md`` promises: a module, a line, a folder of fixtures, a page, a section. Nothing else.

A copy of the project gets a source that there is not, exactly as the page says; the standard suite passes it without a
change, and the infrastructure, the ingestion and the tests are what they were.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("app.py", "chalicelib", "config", "docs", "functions", "infra", "tests", "pyproject.toml")

MODULE = '''
"""A forum's members: a number that can be asked for any day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.sources import keys
from chalicelib.sources.base import Accepted, Column, ColumnType, Outcome, Page, PullMode, PullSource
from chalicelib.sources.base import Rejected, Request, Table, Window
from chalicelib.sources.json_fields import read_object, whole

MEMBERS = Table(
    "forum_members",
    "Members of the forum",
    (Column("day_start", ColumnType.TIMESTAMP, "Start of the day"), Column("members", ColumnType.INT64, "Members")),
    time_column="day_start",
    sort_by=("day_start",),
)


class ForumMembers(PullSource):
    name: ClassVar[str] = "forum_members"
    title: ClassVar[str] = "Forum members"
    tables: ClassVar[tuple[Table, ...]] = (MEMBERS,)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = timedelta(days=1)
    settle: ClassVar[timedelta] = timedelta(hours=1)
    credential: ClassVar[str | None] = "forum"
    keys: ClassVar[tuple[keys.Key, ...]] = (keys.Key("base_url", keys.url, "the root of the forum's API"),)

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        return [Request("GET", f"{config['base_url']}/members", {"day": window.start.date().isoformat()})]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        return replace(request, headers={**request.headers, "authorization": f"Bearer {secret['token']}"})

    def judge(self, page: Page) -> None:
        if page.status >= 500 or page.status == 429:
            raise RetriableSourceError(f"{page.request.url}: {page.status}")
        if page.status != 200:
            raise FatalSourceError(f"{page.request.url}: {page.status}")
        try:
            json.loads(page.body)
        except (ValueError, RecursionError) as error:
            raise RetriableSourceError(f"{page.request.url}: cut short") from error

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        for page in pages:
            try:
                members = whole(read_object(page.body), "members")
                if members is None:
                    raise SkippableRecordError("members: missing")
            except SkippableRecordError as error:
                yield Rejected(str(error), "page", page.body.decode("utf-8", "backslashreplace"))
                continue
            row = {"day_start": window.start, "members": members}
            yield Accepted(window.start.isoformat(), str(members), (("forum_members", row),))
'''
CONFIG = '\n# How many people are in the forum.\n[forum_members]\n# Its address.\nbase_url = "https://forum.test"\n'
PAGE = "# Forum members\n\n`forum_members`: `day_start`, `members`. Told: `base_url`.\n"


def case(name: str, shows: list[str], body: object, outcome: dict[str, object]) -> dict[str, object]:
    window = ["2026-11-21T00:00:00+00:00", "2026-11-22T00:00:00+00:00"]
    page = {"url": "https://forum.test/members", "params": {"day": "2026-11-21"}, "body": body}
    return {"name": name, "shows": shows, "window": window, "pages": [page], "outcomes": [outcome]}


CASES = [
    case("a day", ["good"], {"members": 7}, {"rows": [["forum_members", {"members": 7}]]}),
    case("new field", ["unknown fields"], {"members": 7, "x": [1]}, {"rows": [["forum_members", {"members": 7}]]}),
    case("a text", ["bad"], {"members": "7"}, {"rejected": "a whole number was expected", "where": "page"}),
]


def add_forum(project: Path) -> None:
    """Do what the page says."""
    (project / "chalicelib/sources/forum_members.py").write_text(MODULE.lstrip())
    registry = project / "chalicelib/sources/registry.py"
    text = registry.read_text()
    text = text.replace("\n\n_ALL", "\nfrom chalicelib.sources.forum_members import ForumMembers\n\n_ALL", 1)
    registry.write_text(text.replace("    GithubWebhooks(),\n", "    GithubWebhooks(),\n    ForumMembers(),\n", 1))
    fixtures = project / "tests/contract/fixtures/forum_members"
    fixtures.mkdir()
    (fixtures / "config.toml").write_text('[forum_members]\nbase_url = "https://forum.test"\n')
    (fixtures / "cases.json").write_text(json.dumps(CASES))
    (project / "docs/sources/forum_members.md").write_text(PAGE)
    with (project / "config/sources.toml").open("a") as config:
        config.write(CONFIG)


def digests(folder: Path) -> dict[str, str]:
    files = (f for f in sorted(folder.rglob("*")) if f.is_file() and "__pycache__" not in f.parts)
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def run_suite(project: Path, only: str = "forum") -> subprocess.CompletedProcess[str]:
    suite = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-k", only, "tests/contract/test_every_source.py"]
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(suite, cwd=project, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", ".hypothesis")
    for name in COPIED:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignored)
        elif source.exists():
            shutil.copy(source, target)
    return tmp_path


def test_a_source_is_added_as_the_page_says_and_passes_the_suite_unchanged(project: Path) -> None:
    before = digests(project)

    add_forum(project)
    done = run_suite(project)

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[2-9]\d passed", done.stdout), done.stdout
    after = digests(project)
    changed = {name for name in after if before.get(name) != after[name] and not name.startswith(".")}
    assert changed == {
        "chalicelib/sources/forum_members.py",
        "chalicelib/sources/registry.py",
        "config/sources.toml",
        "docs/sources/forum_members.md",
        "tests/contract/fixtures/forum_members/cases.json",
        "tests/contract/fixtures/forum_members/config.toml",
    }


@pytest.mark.parametrize(
    ("forgotten", "told"),
    [
        ("docs/sources/forum_members.md", "write docs/sources/forum_members.md"),
        ("tests/contract/fixtures/forum_members", "shows_what_every_source_has_to_show"),
    ],
)
def test_what_was_forgotten_is_told(project: Path, forgotten: str, told: str) -> None:
    add_forum(project)
    path = project / forgotten
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    done = run_suite(project, "forum and (page or folder)")

    assert done.returncode == 1
    assert told in done.stdout
