"""Who may call what: bearer tokens, kept only as their SHA-256, looked up by it, revocable within seconds."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.api.routes import Access, Caller
from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import RequestError, StoreError

TOKEN_PK: Final = "token"  # noqa: S105 - a key of the state table
SESSION_PK: Final = "session"
SESSION_PREFIX: Final = "hw_session_"
"""How the token of a person who signed in begins: by it the state knows where to look, and people what it is."""
MAX_AGE: Final = timedelta(seconds=15)
"""How long a token that was found good is not looked up again: a revoked one works on at most this long."""
ID_LENGTH: Final = 16
"""How much of a token's hash is its identity: enough to tell tokens apart, too little to find one by."""
PREFIX_LENGTH: Final = 7
"""How much of a token is shown, so that people recognise it: 24 of its 256 bits."""
NOTED_EVERY: Final = timedelta(hours=1)
"""How exact the note of a token's last use is: a write for each would cost more than the answers."""
_KEPT: Final = 1_024
_BEARER: Final = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/=-]{16,200})")
SCOPES: Final = ("read", "sql", "events", "admin")
_ADMITS: Final = {
    "read": frozenset({Access.TOKEN, Access.READ}),
    "sql": frozenset({Access.TOKEN, Access.READ, Access.SQL}),
    "events": frozenset({Access.TOKEN, Access.EVENTS}),
    "admin": frozenset(Access),
}


def new_token(secret: str | None = None) -> str:
    """Make a token of 256 random bits, or of these; its prefix lets secret scanners recognise it."""
    return f"hw_{secrets.token_urlsafe(32) if secret is None else secret}"


def kept_under(token: str) -> str:
    """Answer where in the state a token is kept: those of people who signed in are many, and gone within the hour.

    Examples
    --------
    >>> kept_under("hw_session_a"), kept_under("hw_a")
    ('session', 'token')
    """
    return SESSION_PK if token.startswith(SESSION_PREFIX) else TOKEN_PK


def digest(token: str) -> str:
    """Answer the SHA-256 of a token, in hex: all that is stored. A slow hash is for passwords, not for 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def admits(scope: str, access: Access) -> bool:
    """Answer whether a scope is enough: ``sql`` is for ``read``, too, and ``admin`` for everything."""
    return access in _ADMITS[scope]


@dataclass(frozen=True, slots=True)
class _Kept:
    caller: Caller
    at: datetime


class Gate:
    """Admits callers by their token, remembering good ones for :data:`MAX_AGE`.

    A token is found by its hash, not compared, so the time taken tells nothing of any stored token.
    """

    def __init__(self, state: Callable[[], StateStore], clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._good: OrderedDict[str, _Kept] = OrderedDict()

    def admit(self, access: Access, authorization: str) -> Caller:
        """Answer whose token this is. Raises ``RequestError`` 401 (no good token) or 403 (scope too small)."""
        match = _BEARER.fullmatch(authorization.strip())
        caller = None if match is None else self._caller(match[1])
        if caller is None:
            raise RequestError("Send a valid token: 'Authorization: Bearer hw_…'.", status=401)
        if not admits(caller.scope, access):
            raise RequestError(f"This needs a token of scope '{access.value}'.", status=403)
        return caller

    def forget(self, token_sha256: str) -> None:
        """Look this token up anew: it was revoked here."""
        self._good.pop(token_sha256, None)

    def _caller(self, token: str) -> Caller | None:
        now, token_sha256, pk = self._clock(), digest(token), kept_under(token)
        kept = self._good.get(token_sha256)
        if kept is not None and timedelta(0) <= now - kept.at < MAX_AGE and not _is_over(kept.caller.good_until, now):
            return kept.caller
        item = self._state().get(pk, token_sha256)
        caller = _read(token_sha256, item, now)
        self.forget(token_sha256)
        if caller is not None and item is not None:
            self._good[token_sha256] = _Kept(caller, now)
            while len(self._good) > _KEPT:
                self._good.popitem(last=False)
            if pk == TOKEN_PK:  # a session is over before anybody would read when it was last used
                self._note(token_sha256, item, now)
        return caller

    def _note(self, token_sha256: str, item: Mapping[str, Any], now: datetime) -> None:
        """Write down that a token is used, once an hour. It is for people: no request fails for it."""
        last, version = _instant(item.get("last_used_at")), item.get("version")
        if version is None or (last is not None and now - last < NOTED_EVERY):
            return  # the first tokens are put there by a deployment's own hands, without a version
        changed = {name: value for name, value in item.items() if name not in ("sk", "version")}
        changed["last_used_at"] = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        with suppress(StoreError):
            self._state().put(TOKEN_PK, token_sha256, changed, expected_version=version)


def _read(token_sha256: str, item: Mapping[str, Any] | None, now: datetime) -> Caller | None:
    if item is None or item.get("revoked_at") or item.get("scope") not in SCOPES:
        return None
    until = _instant(item.get("good_until"))
    if _is_over(until, now):
        return None
    # A person stays the same from one session to the next; other tokens are themselves.
    whose = str(item.get("person") or token_sha256[:ID_LENGTH])
    return Caller(str(item.get("name", "")), str(item["scope"]), whose, until)


def _instant(said: Any) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _is_over(until: datetime | None, now: datetime) -> bool:
    return until is not None and until <= now


def authorise(access: Access, headers: Mapping[str, str], gate: Callable[[], Gate]) -> Caller | None:
    """Answer who calls, or None on routes that ask for no token.

    Raises
    ------
    RequestError
        401 without a valid token, 403 when the token's scope is too small.
    """
    if access in (Access.PUBLIC, Access.SIGNATURE, Access.FEED, Access.LINK):
        return None
    return gate().admit(access, headers.get("authorization", ""))
