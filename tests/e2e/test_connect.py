"""The recipes of ``docs/connect``: every block is run as it stands, with an analyst's key and a token for SQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.conftest import ENDPOINTS, REGION, ROOT
from tests.e2e.recipes import Recipe, read

pytestmark = pytest.mark.deployed

DOCS = ROOT / "docs" / "connect"
TRIED = ("README.md", "awswrangler.md", "pyathena.md", "duckdb.md", "aws-cli.md", "http.md")
LOCAL_ONLY = Path(__file__).parent / "local_only"
"""What the local cloud needs and AWS does not: see ``sitecustomize.py`` there."""

# A statement on a page is run by the analyst's own client, so that the page need not say how.
_SQL = """\
import os, sys
from pyathena import connect
cursor = connect(work_group=os.environ["HEADWATER_WORKGROUP"], schema_name=os.environ["HEADWATER_DATABASE"]).cursor()
cursor.execute(sys.stdin.read().rstrip().rstrip(";"))
print(" | ".join(column[0] for column in cursor.description))
for row in cursor:
    print(" | ".join("" if value is None else str(value) for value in row))
"""


@pytest.fixture
def surroundings(endpoints: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """What an analyst has in the environment; in AWS the two endpoints and ``PYTHONPATH`` are absent."""
    (tmp_path / ".local").symlink_to(ENDPOINTS.resolve().parent)
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(LOCAL_ONLY),
        "AWS_ENDPOINT_URL": endpoints["aws"],
        "AWS_ENDPOINT_URL_ATHENA": endpoints["athena"],
        "AWS_ACCESS_KEY_ID": endpoints["analyst_key_id"],
        "AWS_SECRET_ACCESS_KEY": endpoints["analyst_secret"],
        "AWS_DEFAULT_REGION": REGION,
        "HEADWATER_API": endpoints["api"],
        "HEADWATER_TOKEN": endpoints["sql_token"],
        "HEADWATER_DATABASE": endpoints["database"],
        "HEADWATER_WORKGROUP": endpoints["sql_workgroup"],
        "HEADWATER_RESULTS": f"s3://{endpoints['results_bucket']}/sql/",
    }


@pytest.mark.parametrize("page", TRIED)
def test_every_block_of_a_page_runs_and_prints_what_the_page_says(
    page: str, surroundings: Mapping[str, str], tmp_path: Path
) -> None:
    recipes = read((DOCS / page).read_text())

    assert recipes
    for recipe in recipes:
        place = f"docs/connect/{page}:{recipe.line}"
        ended = _run(recipe, surroundings, tmp_path)
        assert ended.returncode == 0, f"{place}\n{ended.stdout}\n{ended.stderr}"
        assert recipe.shape(ended.stdout) == recipe.shape(recipe.output), f"{place}\n{ended.stdout}"


def _run(recipe: Recipe, surroundings: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a block in a process of its own; the blocks of a page share a folder, as they do at a desk."""
    command = {
        "python": [sys.executable, "-"],
        "bash": ["bash", "-euo", "pipefail"],
        "sql": [sys.executable, "-c", _SQL],
    }[recipe.language]
    return subprocess.run(
        command,
        input=recipe.code,
        env=dict(surroundings),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
