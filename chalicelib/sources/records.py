"""A record of JSON as the lake knows it: the digest of its content, and its text where it is set aside. Pure."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from math import isfinite
from typing import Any


def digest(content: Any) -> str:
    """Answer a stable digest of a record's content."""
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def shown(record: Any) -> str:
    """Answer a JSON value as a rejected record is kept."""
    return json.dumps(record, sort_keys=True, default=_digits)


def _digits(value: Any) -> float | str:
    """Write a decimal: as a number where that loses nothing, else as the text of its digits.

    >>> shown([Decimal("1.5"), Decimal("1234567890123456.78")])
    '[1.5, "1234567890123456.78"]'
    """
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is no JSON value")
    short = float(value)
    return short if isfinite(short) and Decimal(repr(short)) == value else str(value)
