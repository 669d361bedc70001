"""GitHub's signature of a webhook: HMAC-SHA256 over the raw body, in ``X-Hub-Signature-256``.

Source: GitHub's documentation, "Validating webhook deliveries".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

_HEADER = re.compile(r"sha256=([0-9a-fA-F]{64})")


def sign(body: bytes, secret: str) -> str:
    """Answer the header that GitHub would send with this body.

    Examples
    --------
    The example of GitHub's own documentation:

    >>> sign(b"Hello, World!", "It's a Secret to Everybody")
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    """
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Tell whether one of the active secrets signed exactly these bytes.

    Every secret is tried, in constant time each, so that the time taken tells nothing. Two are active while one is
    being rotated. An empty secret signs nothing.

    Parameters
    ----------
    body
        The raw bytes as received, before any decoding.
    header
        The value of ``X-Hub-Signature-256``, or None when it was not sent.
    secrets
        The active secrets.

    Examples
    --------
    >>> verify(b"{}", sign(b"{}", "old"), ["new", "old"])
    True
    >>> verify(b"{} ", sign(b"{}", "old"), ["new", "old"])
    False
    >>> verify(b"{}", sign(b"{}", ""), [""])
    False
    """
    match = _HEADER.fullmatch(header or "")
    if match is None:
        return False
    given = match[1].lower()
    good = False
    for secret in secrets:
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        good |= hmac.compare_digest(expected, given) and bool(secret)
    return good
