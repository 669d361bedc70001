"""Who signed in: an ID token of the company's user pool, which API Gateway has verified, becomes a caller.

API Gateway's authorizer (infra/template.yaml) checks signature, issuer and time, so that no cryptography is needed
here, and hands the claims over in the request's context, which no client can write. What it does not check is held
against the settings: that the token was made for this site (``aud``), and that it is an ID token (``token_use``).
Without claims nobody comes in, whatever the gateway's settings are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.api.auth import ID_LENGTH
from chalicelib.api.routes import Caller
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import ConfigError, ObjectNotFound, RequestError
from chalicelib.lake import layout

GROUPS: Final = ("admin", "sql", "read")
"""The groups of the pool that let people in, the mightiest first; each is the scope of the same name."""
MAX_NAME: Final = 254
"""An e-mail address has no more characters (RFC 5321 erratum 1690)."""


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """Whose tokens are good: the pool's issuer, and the one client for whom it makes them."""

    issuer: str
    client: str


def read_settings(text: bytes) -> SignInSettings:
    """Read what the deployment wrote about the pool. Raises ``ConfigError``.

    Examples
    --------
    >>> read_settings(b'{"issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a", "client": "c"}').client
    'c'
    """
    try:
        said = json.loads(text)
        issuer, client = said["issuer"], said["client"]
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{layout.SIGN_IN} is not what a deployment writes: deploy again") from error
    if not (isinstance(issuer, str) and issuer and isinstance(client, str) and client):
        raise ConfigError(f"{layout.SIGN_IN} names no issuer and client: deploy again")
    return SignInSettings(issuer, client)


def caller_of(claims: Mapping[str, Any], settings: SignInSettings) -> Caller:
    """Answer who signed in.

    Raises
    ------
    RequestError
        401 with claims of another pool, of another client or of an access token; 403 for a person who is in none of
        the groups.
    """
    if not _is_ours(claims, settings):
        raise _nobody()
    scope = _scope(claims.get("cognito:groups"))
    if scope is None:
        detail = (
            f"You are signed in, but in none of the groups {', '.join(reversed(GROUPS))}: "
            "ask whoever looks after Headwater to add you to one, then sign in again."
        )
        raise RequestError(detail, status=403)
    name = str(claims.get("email") or claims.get("cognito:username") or "somebody")
    return Caller(name[:MAX_NAME], scope, person_id(settings.issuer, str(claims["sub"])))


def person_id(issuer: str, subject: str) -> str:
    """Name a person for good: what they make is found again after the next sign-in, whatever their address is then.

    Examples
    --------
    >>> person_id("https://a", "1") == person_id("https://a", "1") != person_id("https://b", "1")
    True
    """
    return hashlib.sha256(f"person\n{issuer}\n{subject}".encode()).hexdigest()[:ID_LENGTH]


def _nobody() -> RequestError:
    return RequestError("Send the ID token that this site's sign-in gave you: sign in again.", status=401)


def _is_ours(claims: Mapping[str, Any], settings: SignInSettings) -> bool:
    expected = {"iss": settings.issuer, "aud": settings.client, "token_use": "id"}
    return all(claims.get(name) == value for name, value in expected.items()) and bool(claims.get("sub"))


def _scope(said: object) -> str | None:
    """Answer the scope of the mightiest group.

    API Gateway writes a list as text: ``admin,read``, or ``[admin read]``. No name of a group has a blank.
    """
    groups = re.split(r"[\s,]+", said.strip("[] ")) if isinstance(said, str) else said
    named = set(groups) if isinstance(groups, list) else set()
    return next((group for group in GROUPS if group in named), None)


class FrontDoor:
    """Lets people in who signed in; looks at each one anew, for that is once an hour."""

    def __init__(self, store: Callable[[], ObjectStore]) -> None:
        self._store = store

    def admit(self, context: Mapping[str, Any]) -> Caller:
        """Answer who signed in, by the request's context as API Gateway made it.

        Raises as :func:`caller_of`, and 401 where API Gateway verified nothing.
        """
        authorizer = context.get("authorizer")
        claims = authorizer.get("claims") if isinstance(authorizer, Mapping) else None
        if not isinstance(claims, Mapping) or not claims:
            raise _nobody()
        return caller_of(claims, self._settings())

    def _settings(self) -> SignInSettings:
        try:
            return read_settings(self._store().get(layout.SIGN_IN).body)
        except ObjectNotFound as error:
            raise ConfigError(f"{layout.SIGN_IN} is absent, so nobody can sign in: deploy again") from error
