"""The secret part of a token that is asked for under an ``Idempotency-Key``: the same for every try, kept nowhere.

It is an HMAC of a random number that the first try writes down, keyed by the token of whoever asks: neither the state
table alone nor that token alone gives it away, and a day later, when the number is gone, both do not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from chalicelib.api import idempotency
from chalicelib.api.routes import Call
from chalicelib.domain.state import StateStore
from chalicelib.errors import PreconditionFailed

REQUEST_PK: Final = "token_request"
KEY_LIVES: Final = timedelta(hours=24)


def secret_of(call: Call, key: str, request: str, state: StateStore, now: datetime) -> str:
    """Answer the secret part. Raises ``RequestError`` 422 when the key came with another request before.

    Two tries at once are no conflict: whichever writes its number first decides, and both make the same token.
    """
    name = idempotency.new_id(call.by.id, key)
    until = int((now + KEY_LIVES).timestamp())
    item = {"request": request, "nonce": secrets.token_hex(32), "expires_at": until}
    standing = state.get(REQUEST_PK, name)
    version = None if standing is None else standing["version"]
    if standing is None or standing["expires_at"] <= now.timestamp():  # the table deletes it some time later
        try:
            state.put(REQUEST_PK, name, item, expected_version=version)
            standing = item
        except PreconditionFailed:
            standing = state.get(REQUEST_PK, name) or item
    if standing["request"] != request:
        raise idempotency.used_for_another()
    made = hmac.new(call.headers["authorization"].encode(), str(standing["nonce"]).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
