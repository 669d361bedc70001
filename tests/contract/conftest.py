"""What the tests beside a vendor's server share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.story import outside_world
from tests.servers.world import World


@pytest.fixture
def served() -> Iterator[tuple[World, str]]:
    """A world of its own on a free port, with its address."""
    with outside_world() as served:
        yield served
