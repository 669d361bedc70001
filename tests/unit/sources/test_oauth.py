"""Refresh tokens, whoever gives them: what is asked, what is kept, what a person hears."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import FatalSourceError, RetriableSourceError, SourceError
from chalicelib.sources import oauth
from chalicelib.sources.base import Page, Request

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SECRET = {"client_id": "i&d", "client_secret": "s=ecret", "refresh_token": "r+1", "token": "key"}


def page(status: int, body: Any) -> Page:
    return Page(Request("POST", "https://oauth.test/token"), status, {}, json.dumps(body).encode(), NOW)


def granted(answer: Page) -> Any:
    return oauth.granted(SECRET, answer, "Google", "access_token", "Sign in again.")


def test_the_form_holds_what_the_secret_holds_and_nothing_else() -> None:
    request = oauth.refresh("https://oauth.test/token", SECRET)

    assert request is not None
    assert parse_qs((request.body or b"").decode(), strict_parsing=True) == {
        "grant_type": ["refresh_token"],
        "client_id": ["i&d"],
        "client_secret": ["s=ecret"],
        "refresh_token": ["r+1"],
    }
    assert "r+1" not in request.url + repr(request.params)


@pytest.mark.parametrize("name", oauth.NEEDED)
def test_without_all_three_there_is_nothing_to_renew_with(name: str) -> None:
    assert oauth.refresh("https://oauth.test/token", {**SECRET, name: ""}) is None


def test_what_is_not_renewed_stays_as_it_was() -> None:
    made = granted(page(200, {"access_token": "a", "expires_in": 3599, "token_type": "Bearer"}))

    assert made == {**SECRET, "access_token": "a", "expires_at": (NOW + timedelta(seconds=3599)).isoformat()}


def test_a_rotated_refresh_token_and_its_end_are_taken_over() -> None:
    answer = {"access_token": "a", "expires_in": 60, "refresh_token": "r2", "refresh_token_expires_in": 604_800}
    made = granted(page(200, answer))

    (deadline,) = oauth.sign_in_again(made, "YouTube", timedelta(weeks=2), "Sign in again.")

    assert made["refresh_token"] == "r2"
    assert deadline.at == NOW + timedelta(days=7)
    assert (deadline.what, deadline.remedy) == ("The refresh token of YouTube", "Sign in again.")


@pytest.mark.parametrize("ends", ["", "soon", "2026-11-22T10:00:00"])
def test_an_end_that_is_not_known_is_no_deadline(ends: str) -> None:
    assert oauth.sign_in_again({**SECRET, oauth.ENDS: ends}, "YouTube", timedelta(weeks=2), "Sign in again.") == []


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, {"error": "invalid_grant", "error_description": "Token has been revoked."}, FatalSourceError, "Sign in"),
        (401, {"error": "invalid_client"}, FatalSourceError, "invalid_client"),
        (200, {"expires_in": 60}, FatalSourceError, "no access token"),
        (200, {"access_token": "a"}, FatalSourceError, "no access token"),
        (200, {"access_token": "a", "expires_in": "60"}, FatalSourceError, "changed its shape"),
        (200, {"access_token": ["a"], "expires_in": 60}, FatalSourceError, "changed its shape"),
        (429, {}, RetriableSourceError, "429"),
        (503, {}, RetriableSourceError, "503"),
    ],
)
def test_a_refusal_says_who_has_to_act(status: int, body: Any, error: type[SourceError], said: str) -> None:
    with pytest.raises(error, match=said):
        granted(page(status, body))


@given(st.integers(100, 599), st.binary(max_size=80))
def test_no_answer_to_a_renewal_is_told_with_its_body(status: int, body: bytes) -> None:
    secret = b'{"access_token": "canary-7f3a", "expires_in": '
    answer = Page(Request("POST", "https://oauth.test/token"), status, {}, secret + body, NOW)

    try:
        granted(answer)
    except SourceError as error:
        assert "canary-7f3a" not in str(error)
