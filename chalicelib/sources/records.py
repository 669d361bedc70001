"""A record of JSON as the lake knows it: the digest of its content, and its text where it is set aside. Pure."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest(content: Any) -> str:
    """Answer a stable digest of a record's content."""
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def shown(record: Any) -> str:
    """Answer a JSON value as a rejected record is kept."""
    return json.dumps(record, sort_keys=True)
