"""The key of a message in addresses: its day and its id in one word, for an id has slashes. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from chalicelib.outbox.outbox import ID, day_named

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,440}\Z")


def write_key(day: str, message_id: str) -> str:
    """Write a key.

    >>> read_key(write_key("2026-11-22", "test/a/1"))
    ('2026-11-22', 'test/a/1')
    """
    return base64.urlsafe_b64encode(f"{day} {message_id}".encode()).decode().rstrip("=")


def read_key(text: str) -> tuple[str, str]:
    """Read a key: day and id. Raises ``ValueError``."""
    wrong = ValueError("This is no key of a message: take it from /v1/messages.")
    if not _KEY.match(text):
        raise wrong
    try:
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
        day, _, message_id = whole.partition(" ")
        if ID.match(message_id) and write_key(day, message_id) == text:
            return day_named(day), message_id
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    raise wrong
