"""X (Twitter): followers and the other public counts of accounts, a snapshot every six hours.

``GET /2/users`` answers up to a hundred accounts at once; every account that it answers is billed as a read. What it
cannot tell of an account (suspended, deleted) stands in ``errors`` beside the ``data`` of a 200. Source: X API v2,
"Users lookup", "Rate limits", "Response codes and errors".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import answers, keys, snapshots
from chalicelib.sources.base import (
    CALLS,
    Accepted,
    Allowance,
    Column,
    ColumnType,
    Outcome,
    Page,
    Period,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from chalicelib.sources.json_fields import instant, read_object, text, truth, whole
from chalicelib.sources.records import shown

_S, _I, _T, _B = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP, ColumnType.BOOL
READS = "reads"
ACCOUNTS_A_CALL = 100

ACCOUNTS = Table(
    "x_accounts",
    "What X counts of each account, every six hours",
    (
        *snapshots.columns("X", "the six hours"),
        Column("account_id", _S, "X's id of the account: it stays when the name changes"),
        Column("username", _S, "The account's name then, without @"),
        Column("name", _S, "The name that is displayed"),
        Column("followers", _I, "Followers"),
        Column("following", _I, "Accounts that it follows"),
        Column("posts", _I, "Posts, replies and reposts included"),
        Column("listed", _I, "Lists that it is on"),
        Column("likes", _I, "Likes that it gave; null where X does not say"),
        Column("verified", _B, "X calls it verified; null where X does not say"),
        Column("account_created_at", _T, "When the account was made"),
    ),
    time_column="observed_at",
    sort_by=("account_id", "observed_at"),
)
_COUNTS = {
    "followers": "followers_count",
    "following": "following_count",
    "posts": "tweet_count",
    "listed": "listed_count",
}
_FIELDS = "created_at,name,public_metrics,username,verified"


def account_id(value: Any) -> str | None:
    """Accept an account's id.

    >>> account_id("acme")
    'write the id of an account, digits between quotes; X shows names, an id is found with GET /2/users/by/username/…'
    """
    good = isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value, re.ASCII)
    hint = "X shows names, an id is found with GET /2/users/by/username/…"
    return None if good else f"write the id of an account, digits between quotes; {hint}"


class XAccounts(snapshots.Snapshots, PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "x_accounts"
    title: ClassVar[str] = "X accounts"
    tables: ClassVar[tuple[Table, ...]] = (ACCOUNTS,)
    grid: ClassVar[timedelta] = timedelta(hours=6)
    credential: ClassVar[str | None] = "x"
    allowances: ClassVar[tuple[Allowance, ...]] = (Allowance("reads_per_month", READS, Period.MONTH),)
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("base_url", keys.url, "the root of X's API", "https://api.x.com"),
        keys.Key("accounts", keys.list_of(account_id), "the ids of the accounts"),
        keys.Key("reads_per_month", keys.positive, "how many accounts may be read a month; X bills each", 1000),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name one request for each hundred accounts."""
        ids = config["accounts"]
        return [
            Request(
                "GET",
                f"{config['base_url']}/2/users",
                {"ids": ",".join(ids[at : at + ACCOUNTS_A_CALL]), "user.fields": _FIELDS},
                {"user-agent": "headwater"},
            )
            for at in range(0, len(ids), ACCOUNTS_A_CALL)
        ]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the app's bearer token on the request."""
        return replace(request, headers={**request.headers, "authorization": f"Bearer {secret['token']}"})

    def price(self, request: Request) -> Mapping[str, int]:
        """Answer a read for each account that is asked for."""
        return {CALLS: 1, READS: len(request.params["ids"].split(","))}

    def spent(self, page: Page) -> Mapping[str, int]:
        """Answer a read for each account that was answered; what cannot be read costs what was asked for."""
        if page.status != 200:
            return {CALLS: 1, READS: 0}
        try:
            return {CALLS: 1, READS: len(_listed(read_object(page.body), "data"))}
        except SkippableRecordError:
            return self.price(page.request)

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when: a used-up limit names its end in a header.

        An answer of another shape stops the source: it would be so for every account.
        """
        answer = answers.judge(page, "X", answers.epoch(page, "x-rate-limit-reset"))
        try:
            users, errors = _listed(answer, "data"), _listed(answer, "errors")
            for user in users:
                _counts(user)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: X's answer has changed its shape: {error}") from error
        if not users and not errors:
            raise FatalSourceError(f"{page.request.url}: X's answer has neither data nor errors")

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read a snapshot: one outcome an account, in the configured order."""
        found: dict[str, tuple[Mapping[str, Any], Page]] = {}
        reasons: dict[str, str] = {}
        for page in pages:
            try:
                answer = read_object(page.body)
                found |= {str(user.get("id")): (user, page) for user in _listed(answer, "data")}
                reasons |= {str(e.get("value")): str(e.get("detail"))[:200] for e in _listed(answer, "errors")}
            except SkippableRecordError as error:
                reasons |= dict.fromkeys(page.request.params.get("ids", "").split(","), str(error))
        for wanted in config["accounts"]:
            try:
                if wanted not in found:
                    reason = reasons.get(wanted, "X's answer does not name it")
                    raise SkippableRecordError(f"{reason}: remove the account from the configuration, or wait")
                yield _accept(wanted, *found[wanted], window)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"account {wanted}", shown(found.get(wanted, (None,))[0]))


def _listed(answer: Mapping[str, Any], field: str) -> Sequence[Mapping[str, Any]]:
    """Take a list of objects, empty where it is absent."""
    value = answer.get(field, [])
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise SkippableRecordError(f"{field}: a list of objects was expected")
    return value


def _counts(user: Mapping[str, Any]) -> dict[str, int]:
    """Take the counts that X always gives."""
    counts = {ours: whole(user, f"public_metrics.{theirs}") for ours, theirs in _COUNTS.items()}
    for ours, count in counts.items():
        if count is None or count < 0:
            raise SkippableRecordError(f"public_metrics.{_COUNTS[ours]}: a count was expected, not {count}")
    return {ours: count for ours, count in counts.items() if count is not None}


def _accept(wanted: str, user: Mapping[str, Any], page: Page, window: Window) -> Accepted:
    row = {
        "observed_at": answers.answered_at(page),
        "window_start": window.start,
        "account_id": wanted,
        "username": text(user, "username"),
        "name": text(user, "name"),
        **_counts(user),
        "likes": whole(user, "public_metrics.like_count"),
        "verified": truth(user, "verified"),
        "account_created_at": instant(user, "created_at"),
    }
    return snapshots.accepted(ACCOUNTS, row, window, wanted)
