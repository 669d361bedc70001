"""The site's address on this machine: one origin that passes every request on to the local CloudFront.

CloudFront tells its distributions apart by the ``Host`` header, and a browser cannot be asked to resolve
``<label>.cloudfront.localhost`` everywhere. So this proxy sets it: what is exercised is the deployed distribution, with
its origins, its function and its response headers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import urllib3
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Headers about one connection only (RFC 9110, 7.6.1), and those that each side sets by itself.
HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "host", "date"})
CHUNK_BYTES = 65536


def passed_on(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Headers without those that concern one connection only.

    >>> passed_on({"Host": "a", "Accept": "b"})
    [('Accept', 'b')]
    """
    return [(name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP]


class Edge:
    """Passes requests on; ``host_file`` names the distribution, which a new deployment may change."""

    def __init__(self, upstream: str, host_file: Path) -> None:
        self._pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=urllib3.Timeout(connect=2, read=35))
        self._upstream = upstream
        self._host_file = host_file

    async def __call__(self, request: Request) -> Response:
        """Answer one request with what CloudFront answers."""
        body = await request.body()
        try:
            answer = await run_in_threadpool(self._ask, request, body)
        except (urllib3.exceptions.HTTPError, FileNotFoundError):
            return PlainTextResponse("The local AWS does not answer: run `make run`.\n", status_code=502)
        response = StreamingResponse(chunks(answer), status_code=answer.status)
        response.raw_headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in passed_on(answer.headers)
        ]
        return response

    def _ask(self, request: Request, body: bytes) -> urllib3.BaseHTTPResponse:
        path = request.scope["raw_path"].decode("ascii")
        query = request.scope["query_string"].decode("ascii")
        headers = urllib3.HTTPHeaderDict(passed_on(request.headers))
        headers["Host"] = self._host_file.read_text().strip()
        return self._pool.request(
            request.method,
            f"{self._upstream}{path}{f'?{query}' if query else ''}",
            headers=headers,
            body=body or None,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )


def chunks(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """The answer's body as it comes, compressed as it came; the connection goes back to the pool at its end."""
    try:
        yield from answer.stream(CHUNK_BYTES, decode_content=False)
    finally:
        answer.release_conn()


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--host-file", type=Path, required=True)
    options = parser.parse_args()
    edge = Edge(options.upstream, options.host_file)
    app = Starlette(routes=[Route("/{path:path}", edge.__call__, methods=METHODS)])
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", server_header=False, date_header=False)


if __name__ == "__main__":
    main()
