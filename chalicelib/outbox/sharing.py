"""Addresses of files for people without a login: good for one file and a time. Pure."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.links import Pass, Purpose, read, sign
from chalicelib.outbox.message import SITE


def address(key: bytes, object_key: str, filename: str, expires_at: datetime) -> str:
    """Answer where a file of the results bucket can be had, up to an instant."""
    return f"{SITE}/api/v1/shared/{sign(key, Purpose.FILE, object_key, filename, expires_at)}"


def opened(key: bytes, token: str, now: datetime) -> Pass:
    """Read a token of such an address: the object's key is the ``subject``, the file's name the ``nonce``.

    Raises ``BadLink``.
    """
    return read(key, Purpose.FILE, token, now)
