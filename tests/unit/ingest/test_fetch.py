"""The fetcher against a server on the loopback that sends exactly the bytes that a test tells it to."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import RetriableSourceError
from chalicelib.ingest.fetch import CallBudget, FetchPolicy, HttpFetcher, gunzip, new_session
from chalicelib.sources.base import Request

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FAST = FetchPolicy(connect_timeout_s=1, read_timeout_s=0.3, whole_timeout_s=5)


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    told = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {told}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def serving(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives each connection the next answer and notes what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve() -> None:
            for each in answers:
                with server.accept()[0] as connection:
                    asked.append(connection.recv(65536))
                    connection.sendall(each)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", asked


class Naps(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def fetcher(
    naps: Naps,
    *,
    left_s: float = 900,
    calls: int = 100,
    clock: Callable[[], datetime] | None = None,
    pace: timedelta = timedelta(),
) -> HttpFetcher:
    return HttpFetcher(
        new_session(),
        pace=pace,
        remaining_s=lambda: left_s,
        budget=CallBudget(calls, NOW + timedelta(hours=1)),
        policy=FAST,
        clock=clock or (lambda: NOW),
        sleep=naps,
        jitter=lambda: 0.0,
    )


def test_an_answer_is_handed_on_as_it_came() -> None:
    with serving(answer(b"{}", "ETag: W/x", status="418 Teapot")) as (url, asked):
        page = fetcher(Naps()).fetch(Request("GET", url, {"a": "1"}, {"authorization": "Bearer t"}))

    assert (page.status, page.body, page.headers["etag"], page.fetched_at) == (418, b"{}", "W/x", NOW)
    assert asked[0].startswith(b"GET /x?a=1 ")
    assert b"authorization: Bearer t" in asked[0]


def test_no_more_calls_are_made_in_a_second_than_the_source_allows() -> None:
    naps, now = Naps(), [NOW]
    with serving(*[answer(b"{}")] * 3) as (url, _):
        asking = fetcher(naps, clock=lambda: now[0], pace=timedelta(seconds=0.4))
        asking.fetch(Request("GET", url))
        now[0] += timedelta(seconds=0.1)
        asking.fetch(Request("GET", url))
        now[0] += timedelta(seconds=5)
        asking.fetch(Request("GET", url))

    assert naps == [pytest.approx(0.3)]


class Noting(CallBudget):
    returned = 0

    def unsent(self) -> None:
        self.returned += 1


def test_what_could_not_be_sent_is_given_back_and_what_was_not_answered_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/x"
    budget = Noting(100)
    asking = fetcher(Naps())
    asking._budget = budget

    with pytest.raises(RetriableSourceError, match="no whole answer"):
        asking.fetch(Request("GET", nobody))
    unsent = budget.returned
    with serving(b"", b"", b"") as (url, _), pytest.raises(RetriableSourceError, match="no whole answer"):
        asking.fetch(Request("GET", url))

    assert (unsent, budget.returned - unsent) == (3, 0)


def test_gzip_is_undone_and_checked() -> None:
    packed = gzip.compress(b"whole") + gzip.compress(b" twice")

    with serving(answer(packed, "Content-Encoding: gzip")) as (url, _):
        page = fetcher(Naps()).fetch(Request("GET", url))

    assert page.body == b"whole twice"


PACKED = gzip.compress(b"whole" * 100)


@pytest.mark.parametrize(
    "cut",
    [
        answer(b"half", length=8),
        answer(PACKED[:-9], "Content-Encoding: gzip"),
        answer(PACKED[:-8] + b"\0" * 8, "Content-Encoding: gzip"),
        answer(b"no gzip", "Content-Encoding: gzip"),
        answer(b"xx", "Content-Encoding: br"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200",
        b"",
    ],
    ids=[
        "short body",
        "cut gzip",
        "wrong checksum",
        "no gzip",
        "unknown encoding",
        "cut chunks",
        "cut head",
        "nothing",
    ],
)
def test_an_answer_that_is_not_whole_is_tried_again_and_then_refused(cut: bytes) -> None:
    naps = Naps()

    with serving(cut, cut, cut) as (url, asked), pytest.raises(RetriableSourceError):
        fetcher(naps).fetch(Request("GET", url))

    assert len(asked) == 3
    assert naps == [0.5, 1.0]


def test_a_whole_answer_after_a_cut_one_is_good() -> None:
    with serving(answer(b"half", length=8), answer(b"whole")) as (url, _):
        assert fetcher(Naps()).fetch(Request("GET", url)).body == b"whole"


def test_what_changes_something_is_asked_once() -> None:
    with serving(b"") as (url, asked), pytest.raises(RetriableSourceError):
        fetcher(Naps()).fetch(Request("POST", url))

    assert len(asked) == 1


def test_a_server_that_does_not_listen_is_retriable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(RetriableSourceError, match="no whole answer"):
        fetcher(Naps()).fetch(Request("GET", f"http://127.0.0.1:{port}/"))


@pytest.mark.parametrize(("told", "waited"), [("0", 1.0), ("3", 3.0)])
def test_a_short_retry_after_is_waited_for_and_never_spins(told: str, waited: float) -> None:
    naps = Naps()
    limited = answer(b"", f"Retry-After: {told}", status="429 Too Many Requests")

    with serving(limited, answer(b"now")) as (url, _):
        page = fetcher(naps).fetch(Request("GET", url))

    assert (page.body, naps) == (b"now", [waited])


@pytest.mark.parametrize(("told", "left_s"), [("3600", 900), ("5", 5)], ids=["too long", "no time left"])
def test_a_long_wait_is_left_to_the_source(told: str, left_s: float) -> None:
    naps = Naps()
    limited = answer(b"", f"Retry-After: {told}", status="429 Too Many Requests")

    with serving(limited) as (url, asked):
        page = fetcher(naps, left_s=left_s).fetch(Request("GET", url))

    assert (page.status, naps, len(asked)) == (429, [], 1)


def test_a_server_that_keeps_failing_is_answered_as_it_is() -> None:
    failing = answer(b"", status="503 Busy")

    with serving(failing, failing, failing) as (url, _):
        assert fetcher(Naps()).fetch(Request("GET", url)).status == 503


def test_every_attempt_counts_and_the_budget_stops_before_the_call() -> None:
    failing = answer(b"", status="500 Oh")

    with serving(failing, failing) as (url, asked), pytest.raises(RetriableSourceError, match="budget of 2") as caught:
        fetcher(Naps(), calls=2).fetch(Request("GET", url))

    assert len(asked) == 2
    assert caught.value.retry_at == NOW + timedelta(hours=1)


def test_an_answer_that_drips_for_ever_is_given_up() -> None:
    ticks = iter(NOW + timedelta(seconds=4 * n) for n in range(100))

    with serving(*[answer(b"x" * 10, length=20)] * 3) as (url, _), pytest.raises(RetriableSourceError):
        fetcher(Naps(), clock=lambda: next(ticks)).fetch(Request("GET", url))


def test_a_redirection_is_not_followed() -> None:
    with serving(answer(b"", "Location: http://127.0.0.1:1/", status="301 Moved")) as (url, _):
        assert fetcher(Naps()).fetch(Request("GET", url)).status == 301


def test_an_unchanged_answer_has_no_body() -> None:
    unchanged = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\nConnection: close\r\n\r\n"

    with serving(unchanged) as (url, _):
        page = fetcher(Naps()).fetch(Request("GET", url, headers={"if-none-match": "x"}))

    assert (page.status, page.body) == (304, b"")


@given(st.binary(max_size=300), st.data())
def test_gzip_cut_anywhere_is_refused(plain: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(plain)
    cut = data.draw(st.integers(1, len(packed) - 1))

    assert gunzip(packed, "u") == plain
    with pytest.raises(RetriableSourceError):
        gunzip(packed[:cut], "u")
