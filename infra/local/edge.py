"""The site's address on this machine: one origin that passes every request on to the local CloudFront.

CloudFront tells its distributions apart by the ``Host`` header, and a browser cannot be asked to resolve
``<label>.cloudfront.localhost`` everywhere. So this proxy sets it: what is exercised is the deployed distribution, with
its origins, its function and its response headers.

The local AWS compresses nothing. In AWS, CloudFront does for the site's files and API Gateway for the API's answers, so
here the proxy does for both: a page weighs as much on the way as it will.
"""

from __future__ import annotations

import argparse
import gzip
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
COMPRESSED_TYPES = frozenset(
    {"application/javascript", "application/json", "application/problem+json", "image/svg+xml", "text/css", "text/csv"}
    | {"text/html", "text/javascript", "text/plain"}
)
"""Of the types that CloudFront compresses, those that the site and its API have."""
COMPRESSED_BYTES = range(1_000, 10_000_001)
"""CloudFront's bounds; API Gateway is told the lower one (``minimum_compression_size``)."""


def passed_on(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Headers without those that concern one connection only.

    >>> passed_on({"Host": "a", "Accept": "b"})
    [('Accept', 'b')]
    """
    return [(name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP]


def is_compressed(accepted: str, status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer is sent compressed to who accepts these encodings.

    >>> plain = {"content-type": "text/css", "content-length": "1000"}
    >>> is_compressed("gzip, deflate", 200, plain)
    True
    >>> is_compressed("br", 200, plain), is_compressed("gzip", 206, plain)
    (False, False)
    """
    length = headers.get("content-length", "")
    return (
        "gzip" in (coding.split(";")[0].strip() for coding in accepted.lower().split(","))
        and status not in {204, 206, 304}
        and "content-encoding" not in headers
        and headers.get("content-type", "").split(";")[0].strip().lower() in COMPRESSED_TYPES
        and length.isdigit()
        and int(length) in COMPRESSED_BYTES
    )


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
        headers = passed_on(answer.headers)
        accepted = "" if request.method == "HEAD" else request.headers.get("accept-encoding", "")
        if is_compressed(accepted, answer.status, answer.headers):
            body = await run_in_threadpool(lambda: gzip.compress(b"".join(chunks(answer)), 6, mtime=0))
            kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
            sized = [("content-encoding", "gzip"), ("content-length", str(len(body))), ("vary", "Accept-Encoding")]
            return with_headers(Response(body, status_code=answer.status), [*kept, *sized])
        return with_headers(StreamingResponse(chunks(answer), status_code=answer.status), headers)

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


def with_headers(response: Response, headers: list[tuple[str, str]]) -> Response:
    """Give a response these headers and no others."""
    response.raw_headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return response


def chunks(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """The answer's body as it comes; the connection goes back to the pool at its end."""
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
