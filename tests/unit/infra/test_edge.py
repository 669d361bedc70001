"""The site's address on this machine sends as many bytes as AWS will."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from infra.local.edge import Edge

STYLE = b"main { color: red }\n" * 500
ROOT = Path(__file__).parents[3]


class Upstream(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        whole = self.path == "/style.css"
        self.send_response(200)
        self.send_header("Content-Type", "text/css" if whole else "font/woff2")
        self.send_header("Content-Length", str(len(STYLE)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(STYLE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "host").write_text("site.example")
    yield Edge(f"http://127.0.0.1:{server.server_port}", tmp_path / "host")
    server.shutdown()
    server.server_close()


def ask(edge: Edge, path: str, accepted: bytes) -> tuple[dict[str, str], bytes]:
    """What the edge answers: its headers and its body."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def run() -> tuple[dict[str, str], bytes]:
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
        response = await edge(Request({**scope, "headers": [(b"accept-encoding", accepted)]}, receive))
        headers = {name.decode(): value.decode() for name, value in response.raw_headers}
        if isinstance(response, StreamingResponse):
            return headers, b"".join([bytes(part) async for part in response.body_iterator])  # type: ignore[arg-type]
        return headers, bytes(response.body)

    return asyncio.run(run())


def test_text_is_compressed_for_who_accepts_it(edge: Edge) -> None:
    headers, body = ask(edge, "/style.css", b"gzip, deflate, br")

    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(body) < 200
    assert headers["etag"] == '"1"'
    assert headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(body) == STYLE


@pytest.mark.parametrize(("path", "accepted"), [("/style.css", b"identity"), ("/inter.woff2", b"gzip")])
def test_all_else_is_passed_on_as_it_is(edge: Edge, path: str, accepted: bytes) -> None:
    headers, body = ask(edge, path, accepted)

    assert "content-encoding" not in headers
    assert int(headers["content-length"]) == len(body)
    assert body == STYLE


def test_the_api_is_told_to_compress_from_the_same_size_on() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())

    assert config["minimum_compression_size"] == 1_000
