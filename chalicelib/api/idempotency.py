"""``Idempotency-Key``: a header that names a request, so that another try at it is the same request.

Its meaning, and the statuses, are those of IETF draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final
from uuid import uuid4

from chalicelib.api.routes import Call, Parameter
from chalicelib.errors import RequestError

NAME: Final = "Idempotency-Key"
KEY: Final = Parameter(NAME, "Names this request: another try has the same.", {"type": "string"}, "k-1", "header")

_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,200})"?')


def read_key(call: Call) -> str | None:
    """Answer the request's key, None where it has none. Raises ``RequestError`` 400."""
    given = call.headers.get(NAME.lower())
    if given is None:
        return None
    match = _KEY.fullmatch(given.strip())
    if match is None:
        detail = "1 to 200 printable ASCII characters are needed."
        raise RequestError("A header is wrong.", errors=({"parameter": NAME, "detail": detail},))
    return match[1]


def new_id(owner: str, key: str | None) -> str:
    """Make the id of what a request makes: with a key always the same one of this owner, else a fresh one."""
    whole = uuid4().hex if key is None else hashlib.sha256(f"{owner}\n{key}".encode()).hexdigest()
    return whole[:24]


def digest_of(request: Any) -> str:
    """Answer what tells a request from another under the same key: a digest of what JSON can say of it."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def used_for_another() -> RequestError:
    """Make the error of a key that came with another request before."""
    detail = "It was used for another request: use a new one for each."
    return RequestError("A header is wrong.", status=422, errors=({"parameter": NAME, "detail": detail},))
