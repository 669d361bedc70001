"""What ingestion asks of the world beside the object store and the catalog: an HTTP fetcher, a budget and a queue.

``chalicelib.ingest.fetch`` and ``chalicelib.aws.sqs`` implement them; tests and the simulation bring their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from chalicelib.sources.base import Page, Request


class Fetcher(Protocol):
    """Asks one HTTP request.

    The request comes complete: credentials are on it, and where the caller knows an ETag the header
    ``If-None-Match`` is too, so that the answer's status can be 304. The fetcher retries what is worth retrying within
    seconds, and answers the last answer as received, whatever its status: judging is the source's matter.
    """

    def fetch(self, request: Request) -> Page:
        """Ask. Raises ``RetriableSourceError`` when there is no whole answer (no connection, cut short, timeout)."""
        ...


class Budget(Protocol):
    """What may still be spent.

    A fetcher sets aside before every attempt, and settles after every answer. An attempt whose request may have reached
    the other side costs what was set aside for it; one that never left costs nothing.
    """

    def set_aside(self, request: Request) -> None:
        """Set aside what a request can cost. Raises ``RetriableSourceError`` when that is more than what is left."""
        ...

    def settle(self, page: Page) -> None:
        """Give back what the last request did not cost."""
        ...

    def bearable(self) -> datetime | None:
        """Answer when another attempt can be borne after one that was not answered; None where it may be at once."""
        ...

    def unsent(self) -> None:
        """Give back all that was set aside for the last request: there was no connection to send it over."""
        ...


class Credentials(Protocol):
    """One source's secret."""

    def read(self) -> Mapping[str, str]:
        """Read it anew. Raises ``ConfigError``, ``StoreUnavailable``."""
        ...

    def write(self, secret: Mapping[str, str]) -> None:
        """Write it back, renewed. Raises ``ConfigError``, ``StoreUnavailable``."""
        ...


class Queue(Protocol):
    """One queue of JSON messages, at least once."""

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one message. Raises ``StoreUnavailable`` when it is not known to be there."""
        ...
