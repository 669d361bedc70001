"""One POST to an address that people gave: bounded, without redirects, to the very host that was looked at."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import certifi
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError
from urllib3.util import Timeout

from chalicelib.errors import NoAnswer, NotTaken
from chalicelib.outbox.places import Place, choose, read_place

_TIMEOUT: Final = Timeout(connect=5, read=10)
_NEVER_SENT: Final = (NewConnectionError, ConnectTimeoutError, SSLError)
_SHOWN: Final = 200
_LONGEST_WAIT: Final = timedelta(hours=1)
_A_PERSON: Final = frozenset({401, 403, 404, 405, 410})
_BAD_MESSAGE: Final = frozenset({413, 422})

Resolve = Callable[[str, int], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Posted:
    """A good answer: its headers, in lower case."""

    status: int
    headers: Mapping[str, str]


def look_up(host: str, port: int) -> list[str]:
    """Answer the addresses of a host. Raises ``OSError``."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    private_hosts: Collection[str],
    resolve: Resolve = look_up,
) -> Posted:
    """Post, and answer when the other side says 2xx.

    Raises
    ------
    NotTaken
        It was not reached, it may not be reached, or it refused.
    NoAnswer
        It may have it.
    """
    try:
        place = read_place(url, private_hosts)
        address = choose(place, resolve(place.host, place.port))
    except ValueError as error:
        raise NotTaken(str(error), call_a_person=True) from error
    except OSError as error:
        raise NotTaken(f"The host was not found: {error.strerror or type(error).__name__}.") from error
    with _pool(place, address) as pool:
        try:
            answer = pool.urlopen(
                "POST",
                place.target,
                body=body,
                headers={**headers, "Host": place.host_header},
                retries=False,
                redirect=False,
                timeout=_TIMEOUT,
                preload_content=False,
                assert_same_host=False,
            )
        except _NEVER_SENT as error:
            raise NotTaken(f"The host was not reached: {type(error).__name__}.") from error
        except HTTPError as error:
            raise NoAnswer(f"The host did not answer: {type(error).__name__}.") from error
        try:
            return _read(answer)
        finally:
            answer.close()


def _pool(place: Place, address: str) -> urllib3.HTTPConnectionPool:
    """Connect to the very address that was looked at: a name can lead somewhere else a moment later."""
    if place.scheme == "http":
        return urllib3.HTTPConnectionPool(address, place.port, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address,
        place.port,
        maxsize=1,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
        server_hostname=place.host,
        assert_hostname=place.host,
    )


def _read(answer: urllib3.BaseHTTPResponse) -> Posted:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if 200 <= answer.status < 300:
        return Posted(answer.status, headers)
    said = f"The host answered {answer.status}{_words(answer)}"
    if 300 <= answer.status < 400:
        raise NotTaken(f"{said}: redirects are not followed.", call_a_person=True)
    if answer.status >= 500 and answer.status != 503:
        raise NoAnswer(said)
    raise NotTaken(
        said,
        retry_after=retry_after(headers.get("retry-after", ""), headers.get("date", "")),
        for_good=answer.status in _BAD_MESSAGE,
        call_a_person=answer.status in _A_PERSON,
    )


def _words(answer: urllib3.BaseHTTPResponse) -> str:
    """Read what comes at once of an answer's words: a slow one must not hold us up."""
    try:
        read = answer.read1(_SHOWN) if isinstance(answer, urllib3.HTTPResponse) else b""
    except (HTTPError, OSError):
        return ""
    words = "".join(letter if letter.isprintable() else " " for letter in read.decode(errors="replace")).strip()
    return f": {words}" if words else ""


def retry_after(said: str, date: str = "") -> timedelta | None:
    """Read ``Retry-After``: seconds, or an instant by the clock of who says it (``Date``); at most an hour is waited.

    >>> retry_after("30"), retry_after("999999"), retry_after("soon")
    (datetime.timedelta(seconds=30), datetime.timedelta(seconds=3600), None)
    >>> retry_after("Thu, 26 Nov 2026 12:05:00 GMT", "Thu, 26 Nov 2026 12:00:00 GMT")
    datetime.timedelta(seconds=300)
    """
    text = said.strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return min(timedelta(seconds=int(text)), _LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(date)
    except (TypeError, ValueError):  # one is no date, or one has a zone and the other none
        return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)
