"""What LinkedIn's sources share: the way in, the version that ends, and what an answer means. Pure.

The API's version is mandatory and lives about a year, then it is answered with 426. An access token lives 60 days and
is renewed with a refresh token, which lives a year and is not: a person signs in again. A 429 names no time; limits are
reset at midnight UTC. Source: LinkedIn Marketing API, "Versioning", "Programmatic refresh tokens", "Rate limiting".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from chalicelib.sources import answers, keys, oauth
from chalicelib.sources.base import CALLS, Allowance, Deadline, Page, Period, Request

WARNED_BEFORE = timedelta(weeks=4)
GONE = 404
_SIGN_IN = (
    "A person who administers the organisations has to sign in to LinkedIn's app again; put the new refresh token into "
    "the secret (docs/sources/linkedin_followers.md says how)."
)


def organisation(value: Any) -> str | None:
    """Accept an organisation's URN.

    >>> organisation("acme")
    'write "urn:li:organization:" and the number in the address of its admin page'
    """
    good = isinstance(value, str) and re.fullmatch(r"urn:li:organization:[0-9]{1,18}", value, re.ASCII)
    return None if good else 'write "urn:li:organization:" and the number in the address of its admin page'


def version(value: Any) -> str | None:
    """Accept a version of the API: a year and a month.

    >>> version("v2")
    'write a version as a year and a month between quotes, such as "202610"'
    """
    good = isinstance(value, str) and re.fullmatch(r"20[0-9]{2}(0[1-9]|1[0-2])", value, re.ASCII)
    return None if good else 'write a version as a year and a month between quotes, such as "202610"'


KEYS = (
    keys.Key("base_url", keys.url, "the root of LinkedIn's API", "https://api.linkedin.com"),
    keys.Key("token_url", keys.url, "where access tokens are renewed", "https://www.linkedin.com/oauth/v2/accessToken"),
    keys.Key("api_version", version, "the version of the API, a year and a month; it lives about a year"),
    keys.Key("organisations", keys.list_of(organisation), "the URNs of the organisations"),
    keys.Key("calls_per_day", keys.positive, "how many requests a day may be made", 200),
)
"""The keys of every section of LinkedIn's."""


class LinkedinAccess:
    """The way in: what every source of LinkedIn's has beside its questions."""

    credential: ClassVar[str | None] = "linkedin"
    allowances: ClassVar[tuple[Allowance, ...]] = (Allowance("calls_per_day", CALLS, Period.DAY),)

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the access token on the request."""
        return replace(request, headers={**request.headers, "authorization": f"Bearer {secret.get('token', '')}"})

    def renewal(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Request | None:
        """Name the request that gives a new access token for the refresh token."""
        return oauth.refresh(config["token_url"], secret)

    def renewed(self, secret: Mapping[str, str], page: Page) -> Mapping[str, str]:
        """Answer the secret with its new access token, and the end of the refresh token."""
        return oauth.granted(secret, page, "LinkedIn", "token", _SIGN_IN)

    def deadlines(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Sequence[Deadline]:
        """Answer when the API's version is no longer served, and when a person has to sign in again."""
        year, month = int(config["api_version"][:4]), int(config["api_version"][4:])
        retired = datetime(year + 1, month, 1, tzinfo=UTC)
        remedy = "Read LinkedIn's changes, set a newer api_version in config/sources.toml and deploy."
        what = f"Version {config['api_version']} of LinkedIn's API"
        tokens = oauth.sign_in_again(secret, "LinkedIn", WARNED_BEFORE, remedy=_SIGN_IN)
        return [Deadline(what, retired, WARNED_BEFORE, remedy), *tokens]


def headers(config: Mapping[str, Any]) -> dict[str, str]:
    """Answer the headers that every request needs."""
    return {"linkedin-version": config["api_version"], "x-restli-protocol-version": "2.0.0", "user-agent": "headwater"}


def judge(page: Page) -> Mapping[str, Any]:
    """Answer the object of a good answer, or raise as :func:`chalicelib.sources.answers.judge` does."""
    return answers.judge(page, "LinkedIn", answers.retry_after(page) or midnight(page.fetched_at))


def midnight(now: datetime) -> datetime:
    """Answer when LinkedIn's limits are reset: the next midnight UTC.

    >>> midnight(datetime(2026, 11, 22, 10, tzinfo=UTC)).isoformat()
    '2026-11-23T00:00:00+00:00'
    """
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def encoded(urn: str) -> str:
    """Answer a URN as Rest.li wants it within an address: its colons escaped.

    >>> encoded("urn:li:organization:7")
    'urn%3Ali%3Aorganization%3A7'
    """
    return quote(urn, safe="")
