"""The credentials of one run: put on every request, read anew or renewed when they run out or are refused.

What is renewed is written back before it is used, so that no run of ours is left with credentials that the outside
system no longer takes. The answer to a renewal is a secret: it is never kept, nor logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.errors import FatalSourceError
from chalicelib.ingest.ports import Credentials, Fetcher
from chalicelib.sources.base import PullSource, Request

EXPIRES_AT = "expires_at"
AHEAD = timedelta(minutes=5)
"""Credentials that end within this are renewed before they are used."""


@dataclass(slots=True)
class Given:
    """Credentials that are handed in and live as long as the process, what was renewed of them too."""

    secret: Mapping[str, str] = field(default_factory=dict, repr=False)

    def read(self) -> Mapping[str, str]:
        """Answer them."""
        return self.secret

    def write(self, secret: Mapping[str, str]) -> None:
        """Remember what was renewed, in this process only."""
        self.secret = secret


@dataclass
class Login:
    """One source's way in. ``credentials`` are read at the first request that needs them."""

    source: PullSource
    config: Mapping[str, Any]
    credentials: Credentials
    fetcher: Fetcher
    clock: Clock
    _secret: Mapping[str, str] | None = field(default=None, repr=False)
    _renewed: int = 0

    @property
    def secret(self) -> Mapping[str, str]:
        """The present credentials; empty for a source that needs none. Raises ``ConfigError``, ``StoreUnavailable``."""
        if self._secret is None:
            self._secret = self.credentials.read() if self.source.credential is not None else {}
        return self._secret

    def authorised(self, request: Request) -> Request:
        """Answer a request with credentials on it, renewed first when they are about to end."""
        if self.source.credential is None:
            return request
        if self._ends_soon():
            self._renew()
        return self.source.authorise(request, self.secret)

    def after_refusal(self) -> bool:
        """Get other credentials than those that were refused; answer whether there are any.

        Raises
        ------
        FatalSourceError
            They cannot be renewed: a person has to act.
        RetriableSourceError
            Renewing failed, and may succeed later.
        """
        if self.source.credential is None:
            return False
        return self._rotated() or self._renew()

    def _ends_soon(self) -> bool:
        ends = self.secret.get(EXPIRES_AT)
        return bool(ends) and datetime.fromisoformat(str(ends)) - self.clock() < AHEAD

    def _rotated(self) -> bool:
        """Read the secret anew: somebody, or another run, may have put another one there."""
        fresh = self.credentials.read()
        changed, self._secret = fresh != self._secret, fresh
        return changed

    def _renew(self) -> bool:
        request = self.source.renewal(self.secret, self.config)
        if request is None:
            return False
        page = self.fetcher.fetch(request)
        try:
            renewed = self.source.renewed(self.secret, page)
        except FatalSourceError:
            if self._rotated():  # another run was faster, and what we renewed with was good once only
                return True
            raise
        self.credentials.write(renewed)
        self._secret = renewed
        return True
