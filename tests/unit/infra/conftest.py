"""The merged template, built once for all tests of a process."""

from __future__ import annotations

from typing import Any

import pytest

from infra import build


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """What is deployed, as ``infra/build.py`` merges it."""
    return build.merged_template("dev")


@pytest.fixture(scope="session")
def functions(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Logical name → properties of every Lambda."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
