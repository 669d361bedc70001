"""OAuth 2.0 refresh tokens (RFC 6749, section 6): what to ask for a new access token, and what the answer says. Pure.

The secret holds ``client_id``, ``client_secret`` and ``refresh_token``, which a person's sign-in gave. Answers are
secrets: their bodies are in no message.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import answers
from chalicelib.sources.base import Deadline, Page, Request
from chalicelib.sources.json_fields import text, whole

NEEDED = ("client_id", "client_secret", "refresh_token")
ENDS = "refresh_token_expires_at"
_LONGEST_S = 10**9  # about thirty years: what is longer is no lifetime


def refresh(token_url: str, secret: Mapping[str, str]) -> Request | None:
    """Name the request for a new access token; None where the secret has nothing to renew with."""
    if not all(secret.get(name) for name in NEEDED):
        return None
    form = {"grant_type": "refresh_token", **{name: secret[name] for name in NEEDED}}
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return Request("POST", token_url, headers=headers, body=urlencode(form).encode())


def granted(secret: Mapping[str, str], page: Page, vendor: str, token: str, remedy: str) -> Mapping[str, str]:
    """Answer the secret with its new access token under ``token``, and when it ends.

    A new refresh token and its end are taken over where the answer has them.

    Raises
    ------
    RetriableSourceError
        The vendor is limited or failing.
    FatalSourceError
        It takes the refresh token or the app's own credentials no longer; ``remedy`` says what a person has to do.
    """
    if page.status in {400, 401, 403}:
        raise FatalSourceError(f"{vendor} does not renew our access ({page.status}: {answers.message(page)}). {remedy}")
    answer = answers.judge(page, vendor)
    try:
        access, lives_s = text(answer, "access_token"), whole(answer, "expires_in")
        again, again_lives_s = text(answer, "refresh_token"), whole(answer, "refresh_token_expires_in")
    except SkippableRecordError as error:
        raise FatalSourceError(f"{vendor}'s answer to a renewal has changed its shape: {error}") from error
    if not access or lives_s is None or lives_s <= 0:
        raise FatalSourceError(f"{vendor}'s answer to a renewal has no access token with a lifetime")
    renewed = {**secret, token: access, "expires_at": _after(page, lives_s)}
    if again:
        renewed["refresh_token"] = again
    if again_lives_s is not None and again_lives_s > 0:
        renewed[ENDS] = _after(page, again_lives_s)
    return renewed


def sign_in_again(secret: Mapping[str, str], vendor: str, warn_before: timedelta, remedy: str) -> list[Deadline]:
    """Answer when the refresh token ends, where that is known: then a person has to sign in again."""
    try:
        ends = datetime.fromisoformat(secret.get(ENDS, ""))
    except ValueError:
        return []
    return [Deadline(f"The refresh token of {vendor}", ends, warn_before, remedy)] if ends.tzinfo else []


def _after(page: Page, seconds: int) -> str:
    return (page.fetched_at + timedelta(seconds=min(seconds, _LONGEST_S))).isoformat()
