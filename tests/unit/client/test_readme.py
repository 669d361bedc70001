"""The examples of the client's README, run one after another against the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import headwater_client
import pytest

from tests.fuzz.seeded import ROOT, Seeded
from tests.unit.api.world import ADMIN
from tests.unit.client.in_process import BASE, InProcess

README = ROOT / "clients" / "python" / "README.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = headwater_client.Client
    transport = InProcess(Seeded(tmp_path).world)

    def here(address: str, token: str) -> Any:
        assert (address, token) == (BASE, "hw_…")
        return real(address, ADMIN, transport=transport)

    monkeypatch.setattr(headwater_client, "Client", here)
    names: dict[str, Any] = {}
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"README block {number}", "exec"), names)

    assert len(BLOCKS) >= 8
    assert {request.method for request in transport.requests} == {"GET", "POST", "PUT", "DELETE"}
