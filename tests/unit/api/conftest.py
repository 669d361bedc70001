"""Fixtures of the API's tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.api.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data that nobody here wrote."""
    folder = Path(os.environ.get("HEADWATER_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder}; set HEADWATER_SHARED_DATA")
    return folder
