"""Trino's functions and operators with their types, kept where the local Athena's check of types reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.athena.typecheck.signatures import RECORDED


def written(told: Sequence[Mapping[str, Any]]) -> str:
    """Write signatures, one a line, in an order of their own, each once."""
    lines = {json.dumps(one) for one in sorted(told, key=lambda one: (one["names"], one["arguments"]))}
    return "[\n" + ",\n".join(sorted(lines)) + "\n]\n"


def keep(told: Sequence[Mapping[str, Any]]) -> None:
    """Write the file."""
    RECORDED.write_text(written(told))


def are_kept(told: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether the file says the same."""
    return RECORDED.exists() and RECORDED.read_text() == written(told)
