"""The Glue tables of the template, one per table of the registry and per cube: a new source changes no infra."""

from __future__ import annotations

from typing import Any


def glue_tables() -> dict[str, Any]:
    """Resources to add to the template: logical name → ``AWS::Glue::Table``."""
    return {}
