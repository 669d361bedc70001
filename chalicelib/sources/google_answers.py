"""What Google's answers mean beyond their status: used-up quotas, limits, refused credentials. Pure.

Sources: YouTube Data API, "Errors" and "Quota calculator"; Google Cloud APIs, "Errors" (``google.rpc.ErrorInfo``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain import zones
from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.sources import answers
from chalicelib.sources.base import Page
from chalicelib.sources.json_fields import items, read_object

PACIFIC = "America/Los_Angeles"
"""The zone of Google's days: quotas are renewed at its midnight, and analytics count its calendar days."""

_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_BAD_KEY = frozenset({"keyInvalid", "keyExpired", "badRequest", "API_KEY_INVALID"})


def refuse(page: Page) -> None:
    """Raise what Google's reasons mean; its statuses alone do not tell a limit from a refusal.

    Raises
    ------
    RetriableSourceError
        The day's quota is used up (until midnight Pacific), or calls came too fast.
    FatalSourceError
        The key is not valid.
    """
    if page.status not in {400, 403, 429}:
        return
    reasons, where = set(_reasons(page)), f"{page.request.method} {page.request.url}"
    if reasons & _USED_UP or (page.status == 429 and "per day" in answers.message(page)):
        raise RetriableSourceError(f"{where}: the day's quota is used up ({page.status})", midnight(page.fetched_at))
    if reasons & _TOO_FAST:
        until = answers.retry_after(page) or page.fetched_at + answers.SOON
        raise RetriableSourceError(f"{where}: Google's rate limit is reached ({page.status})", until)
    if page.status == 400 and reasons & _BAD_KEY and "key" in answers.message(page).lower():
        raise FatalSourceError(f"{where}: Google refused the credentials (400): put a valid API key into the secret")


def midnight(now: datetime) -> datetime:
    """Answer when Google's day ends.

    >>> from datetime import UTC
    >>> midnight(datetime(2026, 11, 22, 7, 59, tzinfo=UTC)).isoformat()
    '2026-11-22T08:00:00+00:00'
    """
    at = zones.zone(PACIFIC)
    return zones.midnight(now.astimezone(at).date() + timedelta(days=1), at)


def _reasons(page: Page) -> Iterator[str]:
    try:
        answer = read_object(page.body)
        for name in ("error.errors", "error.details"):
            for each in items(answer, name) or []:
                if isinstance(each, dict) and isinstance(each.get("reason"), str):
                    yield each["reason"]
    except SkippableRecordError:
        return
