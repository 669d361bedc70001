"""Bodies of requests: their content type, size and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from chalicelib.api.routes import Call
from chalicelib.errors import RequestError

MAX_BODY_BYTES: Final = 16_384


def require_json_type(call: Call) -> None:
    """Raise ``RequestError`` 415 unless the body is declared as JSON."""
    given = call.headers.get("content-type", "").split(";")[0].strip().lower()
    if given != "application/json":
        raise RequestError(f"Send 'Content-Type: application/json', not '{given[:80]}'.", status=415)


def require_size(call: Call, at_most: int) -> None:
    """Raise ``RequestError`` 413 when the body is larger than ``at_most`` bytes."""
    if len(call.body) > at_most:
        raise RequestError(f"The body has {len(call.body):,} bytes; at most {at_most:,} are taken.", status=413)


def parse_object(body: bytes, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Read a JSON object. Raises ``RequestError`` 400."""
    try:
        found = json.loads(body, parse_float=parse_float)
    except (ValueError, RecursionError) as error:
        raise RequestError("The body is not JSON.") from error
    if not isinstance(found, dict):
        raise RequestError("The body is not a JSON object.")
    return found


def read_json_object(call: Call, at_most: int = MAX_BODY_BYTES) -> dict[str, Any]:
    """Read a JSON object of at most so many bytes from a request. Raises ``RequestError`` 400, 413 or 415."""
    require_json_type(call)
    require_size(call, at_most)
    return parse_object(call.body)
