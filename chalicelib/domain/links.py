"""Links that act without a login: signed, for one purpose, one thing and a time. Pure.

A token is ``<payload>.<signature>``, both base64url without padding; the payload is JSON of purpose, subject, nonce and
expiry, the signature HMAC-SHA256 of it (RFC 2104) under the deployment's key. Whether a nonce is still the present one,
only whoever keeps it can tell.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a link may do; one of another purpose is refused."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Pass:
    """What a good token says."""

    subject: str
    nonce: str
    expires_at: datetime


class BadLink(ValueError):  # noqa: N818 - named as the field names it
    """The token is not ours, was changed, is for something else, or is too old; the message says so to people."""


class OldLink(BadLink):
    """The token is ours, and its time is over."""


def sign(key: bytes, purpose: Purpose, subject: str, nonce: str, expires_at: datetime) -> str:
    """Make a token.

    >>> at = datetime(2026, 11, 26, tzinfo=UTC)
    >>> read(b"key", Purpose.FILE, sign(b"key", Purpose.FILE, "a.pdf", "1", at), at).subject
    'a.pdf'
    """
    said = [purpose.value, subject, nonce, int(expires_at.timestamp())]
    payload = _encode(json.dumps(said, separators=(",", ":")).encode())
    return f"{payload}.{_signature(key, payload)}"


def read(key: bytes, purpose: Purpose, token: str, now: datetime) -> Pass:
    """Read a token. Raises :class:`BadLink`, of which :class:`OldLink` is one."""
    payload, _, signature = token.partition(".")
    if not hmac.compare_digest(_signature(key, payload).encode(), signature.encode()):
        raise BadLink("This link is not complete or was changed. Open it as it stands in the message.")
    try:
        said, subject, nonce, expires = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        expires_at = datetime.fromtimestamp(expires, UTC)
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadLink("This link cannot be read.") from error
    if said != purpose.value:
        raise BadLink("This link is for something else.")
    if now > expires_at:
        raise OldLink("This link is too old. The newest message has a new one.")
    return Pass(subject, nonce, expires_at)


def _signature(key: bytes, payload: str) -> str:
    return _encode(hmac.new(key, payload.encode("utf-8", "surrogatepass"), hashlib.sha256).digest())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
