"""Credentials: renewed ahead or when refused, written back before use, never fought over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import FatalSourceError
from chalicelib.ingest.login import Login
from chalicelib.sources.base import Page, Request
from tests.simulation.outside import Level

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Oauth(Level):
    credential = "vendor"

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        return replace(request, headers={"authorization": secret["access_token"]})

    def renewal(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Request | None:
        return Request("POST", config["token_url"], body=secret["refresh_token"].encode())

    def renewed(self, secret: Mapping[str, str], page: Page) -> Mapping[str, str]:
        if page.status != 200:
            raise FatalSourceError("the refresh token was refused: sign in again")
        return {**secret, **json.loads(page.body)}


@dataclass
class Vault:
    """A secret that others may change, and that remembers what was written."""

    secret: Mapping[str, str]
    written: list[Mapping[str, str]] = field(default_factory=list)

    def read(self) -> Mapping[str, str]:
        return self.secret

    def write(self, secret: Mapping[str, str]) -> None:
        self.secret = secret
        self.written.append(secret)


@dataclass
class Door:
    """Gives new tokens for the refresh token that it knows, each good once."""

    good: str = "r-0"
    given: int = 0

    def fetch(self, request: Request) -> Page:
        assert request.body is not None
        if request.body.decode() != self.good:
            return Page(request, 400, {}, b"{}", NOW)
        self.given += 1
        self.good = f"r-{self.given}"
        ends = (NOW + timedelta(hours=1)).isoformat()
        made = {"access_token": f"a-{self.given}", "refresh_token": self.good, "expires_at": ends}
        return Page(request, 200, {}, json.dumps(made).encode(), NOW)


def login(vault: Vault, door: Door) -> Login:
    return Login(Oauth(), {"token_url": "https://vendor.test/token"}, vault, door, lambda: NOW)


SECRET = {"access_token": "a-0", "refresh_token": "r-0"}
ASK = Request("GET", "https://vendor.test/level")


def token(way_in: Login) -> str:
    return way_in.authorised(ASK).headers["authorization"]


def test_refused_credentials_are_renewed_and_written_back() -> None:
    vault, door = Vault(SECRET), Door()
    way_in = login(vault, door)
    assert token(way_in) == "a-0"

    assert way_in.after_refusal()

    assert token(way_in) == "a-1"
    assert [secret["refresh_token"] for secret in vault.written] == ["r-1"]


@pytest.mark.parametrize(("minutes", "renewals"), [(4, 1), (6, 0), (-60, 1)])
def test_what_is_about_to_end_is_renewed_before_it_is_used(minutes: int, renewals: int) -> None:
    ends = (NOW + timedelta(minutes=minutes)).isoformat()
    vault, door = Vault({**SECRET, "expires_at": ends}), Door()

    token(login(vault, door))

    assert door.given == len(vault.written) == renewals


def test_a_secret_that_a_person_has_changed_is_used_without_renewing() -> None:
    vault, door = Vault(SECRET), Door()
    way_in = login(vault, door)
    token(way_in)
    vault.secret = {**SECRET, "access_token": "by hand"}

    assert way_in.after_refusal()

    assert (token(way_in), door.given) == ("by hand", 0)


def test_two_runs_that_renew_at_once_both_end_with_good_credentials() -> None:
    vault, door = Vault(SECRET), Door()
    slow, fast = login(vault, door), login(vault, door)
    token(slow), token(fast)
    stale = Vault(SECRET)
    slow.credentials = stale  # it reads what was there before the other wrote
    assert fast.after_refusal()
    refused = door.fetch

    def late(request: Request) -> Page:
        stale.secret = vault.secret
        return refused(request)

    door.fetch = late  # type: ignore[method-assign]

    assert slow.after_refusal()
    assert token(slow) == token(fast) == "a-1"


def test_credentials_that_cannot_be_renewed_need_a_person() -> None:
    vault, door = Vault({**SECRET, "refresh_token": "expired"}), Door()
    way_in = login(vault, door)
    token(way_in)

    with pytest.raises(FatalSourceError, match="sign in again"):
        way_in.after_refusal()

    assert vault.written == []


def test_no_secret_shows_in_a_repr() -> None:
    way_in = login(Vault(SECRET), Door())
    token(way_in)

    assert "r-0" not in repr(replace(way_in, credentials=Vault({}), fetcher=Door("")))
