"""An API of records over loopback: ``GET /records?from=…&to=…``, a thousand a page, with the address of the next page.

``python -m bench.ingesting.server PORT ROWS``
"""

from __future__ import annotations

import sys
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import orjson
import uvicorn

from bench.ingesting.records import FIRST_HOUR, HOUR, HOUR_ROWS, PAGE_ROWS, records

_encoded = lru_cache(maxsize=4_000)(lambda number: orjson.dumps(records(number)))


def page_of(instant: datetime) -> int:
    """Answer the page at which the records of an instant, a full hour, begin."""
    return (instant - FIRST_HOUR) // HOUR * HOUR_ROWS // PAGE_ROWS


def serve(port: int, rows: int) -> None:
    """Serve until stopped."""

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        asked = {name: given[0] for name, given in parse_qs(scope["query_string"].decode()).items()}
        end = min(page_of(datetime.fromisoformat(asked["to"])), rows // PAGE_ROWS)
        number = int(asked["page"]) if "page" in asked else page_of(datetime.fromisoformat(asked["from"]))
        more = number + 1 < end
        query = f"from={asked['from']}&to={asked['to']}&page={number + 1}".replace("+", "%2B")
        following = f'"http://127.0.0.1:{port}/records?{query}"' if more else "null"
        body = b'{"records":' + (_encoded(number) if number < end else b"[]") + f',"next":{following}}}'.encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(
        app, host="127.0.0.1", port=port, interface="asgi3", lifespan="off", log_level="error", access_log=False
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
