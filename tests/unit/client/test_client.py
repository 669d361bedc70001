"""The client by itself: retries, keys, unchanged answers, pages, problems; and a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from headwater_client import (
    ApiError,
    Client,
    Conflict,
    HttpTransport,
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotReached,
    Request,
    Response,
    Retry,
    TooManyRequests,
    Unavailable,
)
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.queries import ExecutionState
from tests.unit.api.world import READ, SQL, World
from tests.unit.client.in_process import BASE, InProcess

OK = Response(200, {"content-type": "application/json"}, b'{"status":"ok"}')


class Scripted:
    """Answers as it is told, one after another."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def busy(status: int, after: str | None = None) -> Response:
    return Response(status, {} if after is None else {"retry-after": after}, b"{}")


def client(*answers: Response | Exception, **settings: Any) -> tuple[Client, Scripted, list[float]]:
    script, slept = Scripted(*answers), list[float]()
    made = Client(BASE, "hw_t", transport=script, retry=Retry(chance=lambda: 1.0, **settings), sleep=slept.append)
    return made, script, slept


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_when_it_says(status: int) -> None:
    made, script, slept = client(busy(status, "7"), busy(status), OK)

    assert made.health() == {"status": "ok"}
    assert slept == [7.0, 1.0]
    assert len(script.requests) == 3


def test_a_lost_connection_is_tried_again_and_in_the_end_said() -> None:
    made, script, slept = client(*[NotReached("gone")] * 4)

    with pytest.raises(NotReached):
        made.health()
    assert (len(script.requests), slept) == (4, [0.5, 1.0, 2.0])


@pytest.mark.parametrize("answer", [busy(429, "3600"), busy(429, "1")])
def test_who_asks_for_too_long_or_too_often_is_believed(answer: Response) -> None:
    made, _, slept = client(*[answer] * 4)

    with pytest.raises(TooManyRequests):
        made.health()
    assert max(slept, default=0) <= 60


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequest),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotFound),
        (409, Conflict),
        (412, Conflict),
        (415, InvalidRequest),
        (422, InvalidRequest),
        (500, Unavailable),
    ],
)
def test_a_problem_is_an_exception_and_is_not_tried_again(status: int, kind: type[ApiError]) -> None:
    made, script, _ = client(Response(status, {}, b'{"detail":"why","errors":[{"parameter":"p","detail":"d"}]}'))

    with pytest.raises(kind, match="why p: d") as said:
        made.health()
    assert said.value.status == status
    assert len(script.requests) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff"])
def test_a_problem_that_is_none_is_an_exception_too(body: bytes) -> None:
    made, _, _ = client(Response(418, {}, body))

    with pytest.raises(InvalidRequest, match="418"):
        made.health()


def test_every_try_of_a_post_has_the_same_key_and_every_call_another() -> None:
    made, script, _ = client(busy(503), OK, OK)

    made.make_token(name="a")
    made.make_token(name="a")

    keys = [request.headers["Idempotency-Key"] for request in script.requests]
    assert keys[0] == keys[1] != keys[2]


def test_an_unchanged_answer_is_the_one_that_is_kept(world: World) -> None:
    transport = InProcess(world)
    made = Client(BASE, READ, transport=transport)

    first, second = made.list_metrics(), made.list_metrics()

    assert first == second
    assert made.last.status == 304
    assert "If-None-Match" not in transport.requests[0].headers
    assert transport.requests[1].headers["If-None-Match"].startswith("W/")


def test_a_list_is_walked_to_its_end_and_no_further_than_asked(world: World) -> None:
    transport = InProcess(world)
    made = Client(BASE, "hw_" + "a" * 43, transport=transport)
    for number in range(5):
        made.make_token(name=f"t{number}")
    before = len(transport.requests)

    first = next(made.iter_tokens(limit=3))
    asked = len(transport.requests) - before
    every = list(made.iter_tokens(limit=3))

    assert asked == 1
    assert len({token["id"] for token in every}) == len(every) == 8
    assert first == every[0] or first["id"] == every[0]["id"]


@pytest.mark.parametrize("looks", [0, 300])
def test_sql_is_waited_for_and_answered_row_by_row(world: World, looks: int) -> None:
    world.engine.looks = looks
    world.engine.rows = [(str(number),) for number in range(25)]
    made = Client(BASE, SQL, transport=InProcess(world), sleep=world.sleep)

    assert [row["n"] for row in made.sql("SELECT n FROM web_events", page=10)] == list(range(25))


def test_sql_that_fails_later_says_why(world: World) -> None:
    world.engine.looks, world.engine.ending = 300, ExecutionState.FAILED
    world.engine.reason = "DIVISION_BY_ZERO: Division by zero"
    made = Client(BASE, SQL, transport=InProcess(world), sleep=world.sleep)

    with pytest.raises(Conflict, match="Division by zero"):
        list(made.sql("SELECT 1"))


@given(st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_names_and_values_arrive_as_they_were_written(name: str, value: str) -> None:
    made, script, _ = client(OK)

    made.get_series(name, tz=value, group_by=["a", "b"])

    sent = urlsplit(script.requests[0].url)
    assert unquote(sent.path.rpartition("/")[2]) == name
    assert sent.path.count("/") == 4
    assert parse_qs(sent.query, keep_blank_values=True) == {"tz": [value], "group_by": ["a,b"]}


class Handler(BaseHTTPRequestHandler):
    """Tells what was sent; leads elsewhere; says no; or goes away."""

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.path == "/gone":
            self.connection.close()
            return
        size = int(self.headers.get("Content-Length") or 0)
        said = {"path": self.path, "headers": dict(self.headers), "body": self.rfile.read(size).decode()}
        body = json.dumps(said).encode()
        self.send_response({"/elsewhere": 303, "/no": 403}.get(self.path, 200))
        self.send_header("Location", "/stolen")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_real_request_arrives_whole(address: str) -> None:
    sent = HttpTransport(5).send(Request("POST", f"{address}/x?y=1", {"Authorization": "Bearer t"}, "ä".encode()))

    said = json.loads(sent.body)
    assert (sent.status, said["path"], said["body"]) == (200, "/x?y=1", "ä")
    assert said["headers"]["Authorization"] == "Bearer t"


def test_a_redirect_is_not_followed_with_the_token(address: str) -> None:
    sent = HttpTransport(5).send(Request("GET", f"{address}/elsewhere", {"Authorization": "Bearer t"}))

    assert (sent.status, sent.headers["location"]) == (303, "/stolen")
    assert json.loads(sent.body)["path"] == "/elsewhere"


def test_a_refusal_is_an_answer_and_silence_is_none(address: str) -> None:
    assert HttpTransport(5).send(Request("GET", f"{address}/no", {})).status == 403
    with pytest.raises(NotReached):
        HttpTransport(5).send(Request("GET", f"{address}/gone", {}))
    with pytest.raises(NotReached):
        HttpTransport(1).send(Request("GET", "http://127.0.0.1:9/", {}))
