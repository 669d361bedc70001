"""A report of YouTube Analytics read by its column names, and what its source asks and believes."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import FatalSourceError, RetriableSourceError
from chalicelib.sources.base import Accepted, Page, Window
from chalicelib.sources.youtube_analytics import YoutubeAnalytics
from chalicelib.sources.youtube_report import METRICS, days

A, B = "UCaaaaaaaaaaaaaaaaaaaaaa", "UCbbbbbbbbbbbbbbbbbbbbbb"
NOW = datetime(2026, 11, 22, 0, 0, 5, tzinfo=UTC)
WINDOW = Window(datetime(2026, 11, 18, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC))
CONFIG = {
    "base_url": "https://yta.test",
    "token_url": "https://oauth.test/token",
    "channels": [A, B],
    "since": {},
    "restated_days": 14,
    "start": date(2026, 1, 1),
}
SOURCE = YoutubeAnalytics()


def asked(window: Window = WINDOW, **more: Any) -> list[tuple[str, str, str]]:
    requests = SOURCE.requests(window, {**CONFIG, **more})
    return [(r.params["ids"][9:], r.params["startDate"], r.params["endDate"]) for r in requests]


def answer(rows: list[list[Any]] | None = None, names: list[str] | None = None, **more: Any) -> Page:
    (request,) = SOURCE.requests(WINDOW, {**CONFIG, "channels": [A], "restated_days": 2})
    names = names or ["day", *METRICS]
    body = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": [{"name": name} for name in names], **more}
    return Page(request, 200, {}, json.dumps(body | ({"rows": rows} if rows is not None else {})).encode(), NOW)


def row(day: str, **more: Any) -> list[Any]:
    return [day, *(more.get(name, 1) for name in METRICS)]


WHOLE = [row("2026-11-16"), row("2026-11-17"), row("2026-11-18")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [(A, "2026-11-04", "2026-11-18"), (B, "2026-11-04", "2026-11-18")]),
        ({"start": date(2026, 11, 15)}, [(A, "2026-11-15", "2026-11-18"), (B, "2026-11-15", "2026-11-18")]),
        ({"start": None}, [(A, "2026-11-04", "2026-11-18"), (B, "2026-11-04", "2026-11-18")]),
        ({"start": date(2026, 12, 1)}, [(A, "2026-11-04", "2026-11-18"), (B, "2026-11-04", "2026-11-18")]),
        ({"since": {B: date(2026, 11, 18)}}, [(A, "2026-11-04", "2026-11-18"), (B, "2026-11-18", "2026-11-18")]),
        ({"since": {B: date(2026, 11, 19)}}, [(A, "2026-11-04", "2026-11-18")]),
    ],
)
def test_a_window_asks_for_its_days_and_those_that_may_be_restated(
    more: Mapping[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert asked(**more) == expected


@given(st.integers(1, 90), st.integers(1, 40))
def test_windows_beside_each_other_ask_for_every_day(length: int, restated: int) -> None:
    first = Window(WINDOW.start, WINDOW.start + timedelta(days=length))
    second = Window(first.end, first.end + timedelta(days=length))

    (_, _, last), (_, begin, end) = (
        asked(first, channels=[A])[0],
        asked(second, channels=[A], restated_days=restated)[0],
    )

    assert date.fromisoformat(begin) <= date.fromisoformat(last) + timedelta(days=1)
    assert date.fromisoformat(end) == second.end.date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("page", "error", "said"),
    [
        (answer(WHOLE[:2]), RetriableSourceError, "1 of 3 days are missing from 2026-11-18 on"),
        (answer(WHOLE[1:]), RetriableSourceError, "1 of 3 days are missing from 2026-11-16 on"),
        (answer([WHOLE[0], WHOLE[2]]), RetriableSourceError, "1 of 3 days are missing from 2026-11-17 on"),
        (answer(), RetriableSourceError, "3 of 3 days are missing"),
        (answer(WHOLE, errors={"code": "INTERNAL_ERROR"}), RetriableSourceError, "could not make the report"),
        (answer([*WHOLE, row("2026-11-19")]), FatalSourceError, "2026-11-19 was not asked for"),
        (answer([*WHOLE, row("2026-11-18", views="1")]), FatalSourceError, "views: a number was expected"),
        (answer([*WHOLE, row("2026-11-18", likes=1.5)]), FatalSourceError, "likes: a whole number was expected"),
        (answer([*WHOLE, row("2026-11-18", views=True)]), FatalSourceError, "views: a number was expected"),
        (answer(WHOLE, ["date", *METRICS]), FatalSourceError, "one column day was expected, not 0"),
        (answer(WHOLE, ["day", *METRICS, "views"]), FatalSourceError, "one column views was expected, not 2"),
    ],
)
def test_a_report_is_believed_when_it_is_whole_and_each_row_is_readable(page: Page, error: type, said: str) -> None:
    SOURCE.judge(answer(WHOLE))

    with pytest.raises(error, match=said) as caught:
        SOURCE.judge(page)

    if "missing" in said:
        assert caught.value.retry_at == NOW + timedelta(hours=1)


@given(st.randoms(use_true_random=False))
def test_neither_the_order_of_columns_nor_of_rows_matters(chance: random.Random) -> None:
    names = ["day", *METRICS]
    numbers = {name: at for at, name in enumerate(METRICS, start=1)}
    order = chance.sample(names, len(names))
    told = [[{"day": day, **numbers}[name] for name in order] for day in ("2026-11-16", "2026-11-17", "2026-11-18")]
    chance.shuffle(told)
    page = answer(told, order)

    SOURCE.judge(page)
    outcomes = SOURCE.parse([page], WINDOW, CONFIG)

    rows = {o.rows[0][1]["day"]: o.rows[0][1] for o in outcomes if isinstance(o, Accepted)}
    assert sorted(rows) == list(days(date(2026, 11, 16), date(2026, 11, 18)))
    for taken in rows.values():
        assert {METRICS[name].name: value for name, value in numbers.items()}.items() <= taken.items()


@pytest.mark.parametrize(
    ("status", "error", "until"),
    [
        (403, {"errors": [{"reason": "quotaExceeded"}]}, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        (429, {"message": "Quota exceeded for limit 'Queries per day'"}, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        (429, {"message": "Quota exceeded for limit 'Queries per minute'"}, NOW + timedelta(minutes=1)),
        (403, {"details": [{"reason": "RATE_LIMIT_EXCEEDED"}]}, NOW + timedelta(minutes=1)),
    ],
)
def test_a_limit_is_waited_for_by_its_signal(status: int, error: Mapping[str, Any], until: datetime) -> None:
    page = replace(answer(), status=status, body=json.dumps({"error": {"code": status, **error}}).encode())

    with pytest.raises(RetriableSourceError) as caught:
        SOURCE.judge(page)

    assert caught.value.retry_at == until


def test_the_access_token_is_another_than_the_api_key() -> None:
    (request,) = SOURCE.requests(WINDOW, {**CONFIG, "channels": [A]})

    sent = SOURCE.authorise(request, {"token": "the-api-key", "access_token": "fresh"})

    assert sent.headers["authorization"] == "Bearer fresh"
    assert "the-api-key" not in repr(sent)
