"""One HTTP request and its answer; what carries them can be replaced."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, Protocol

from headwater_client.errors import NotReached


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Carries a request."""

    def send(self, request: Request) -> Response:
        """Answer whatever the server answers. Raises :class:`~headwater_client.errors.NotReached`."""
        ...


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to us: followed by the library, the token would go along to wherever they lead."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""
        return


class HttpTransport:
    """The standard library's HTTP client.

    Parameters
    ----------
    timeout_s
        How long to wait for a connection, and for each part of an answer.
    """

    def __init__(self, timeout_s: float = 35.0) -> None:
        self._timeout_s = timeout_s
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(self, request: Request) -> Response:
        """Send a request. Raises :class:`~headwater_client.errors.NotReached`."""
        made = urllib.request.Request(  # noqa: S310 - the address is the caller's own
            request.url, data=request.body, headers=dict(request.headers), method=request.method
        )
        try:
            with self._opener.open(made, timeout=self._timeout_s) as answer:
                return Response(answer.status, _lower(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Response(error.code, _lower(error.headers), error.read())
        except OSError as error:
            raise NotReached(f"{request.method} {request.url}: {error}") from error


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
