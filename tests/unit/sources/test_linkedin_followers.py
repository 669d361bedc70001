"""LinkedIn's tokens and versions: what is renewed, what a person has to do, and when they are told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from chalicelib.errors import FatalSourceError, RetriableSourceError
from chalicelib.sources.base import Page, Request
from chalicelib.sources.linkedin_followers import LinkedinFollowers

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CONFIG = {"token_url": "https://linkedin.test/token", "api_version": "202512"}
SECRET = {"client_id": "i", "client_secret": "s", "refresh_token": "r", "token": "t"}
SOURCE = LinkedinFollowers()


def page(status: int, body: object) -> Page:
    return Page(Request("GET", "https://linkedin.test"), status, {}, json.dumps(body).encode(), NOW)


def test_a_renewal_asks_with_the_refresh_token_and_keeps_what_comes_back() -> None:
    request = SOURCE.renewal(SECRET, CONFIG)
    assert request is not None
    assert request.body is not None
    assert parse_qs(request.body.decode())["refresh_token"] == ["r"]

    made = SOURCE.renewed(SECRET, page(200, {"access_token": "new", "expires_in": 60, "refresh_token_expires_in": 5}))

    assert (made["token"], made["refresh_token"]) == ("new", "r")
    assert datetime.fromisoformat(made["expires_at"]) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant"}, FatalSourceError),
        (401, {}, FatalSourceError),
        (200, {"access_token": 7, "expires_in": 60}, FatalSourceError),
        (200, {"expires_in": 60}, FatalSourceError),
        (503, {}, RetriableSourceError),
    ],
)
def test_a_renewal_that_fails_says_whether_a_person_has_to_act(status: int, body: object, error: type) -> None:
    with pytest.raises(error) as caught:
        SOURCE.renewed(SECRET, page(status, body))

    assert status not in {400, 401} or "sign in to LinkedIn's app again" in str(caught.value)


def test_without_a_refresh_token_there_is_nothing_to_renew_with() -> None:
    assert SOURCE.renewal({"token": "t"}, CONFIG) is None


def test_people_are_told_of_the_version_and_of_the_refresh_token() -> None:
    ends = (NOW + timedelta(days=30)).isoformat()

    version, token = SOURCE.deadlines({**SECRET, "refresh_token_expires_at": ends}, CONFIG)

    assert version.at == datetime(2026, 12, 1, tzinfo=UTC)
    assert version.at - version.warn_before < NOW
    assert token.at - token.warn_before > NOW
    assert "sign in" in token.remedy


def test_a_limit_ends_at_midnight_and_a_retired_version_needs_a_person() -> None:
    with pytest.raises(RetriableSourceError) as limited:
        SOURCE.judge(page(429, {"status": 429}))
    with pytest.raises(FatalSourceError, match="configure a newer one"):
        SOURCE.judge(page(426, {"status": 426, "code": "NONEXISTENT_VERSION"}))

    assert limited.value.retry_at == datetime(2026, 11, 23, tzinfo=UTC)
