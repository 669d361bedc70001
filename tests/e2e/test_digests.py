"""Digests of the demo company on the running system: the API's numbers, local days, and people who get them."""

from __future__ import annotations

import io
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from pypdf import PdfReader

from chalicelib.aws.state import DynamoState
from chalicelib.outbox.outbox import of_days
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Protocol, State, Subscription, Wishes
from tests.e2e.conftest import wait_until
from tests.e2e.test_subscriptions import Deployed, links

pytestmark = pytest.mark.deployed

METRICS = [
    *("downloads", "stars", "page_views", "visitors", "leads", "won_amount", "win_rate"),
    *("youtube_views", "linkedin_followers_gained", "share_of_voice", "product_events"),
]
STEPS = {"daily": ("P1D", 1), "weekly": ("P1W", 7)}
Preview = Callable[..., dict[str, Any]]
Series = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def preview(api: requests.Session, endpoints: dict[str, str]) -> Preview:
    def ask(**wish: Any) -> dict[str, Any]:
        answer = api.post(f"{endpoints['api']}/v1/digests/preview", json=wish, timeout=60)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return ask


@pytest.fixture(scope="module")
def series(api: requests.Session, endpoints: dict[str, str]) -> Series:
    def ask(metric: str, **asked: str) -> list[dict[str, Any]]:
        answer = api.get(f"{endpoints['api']}/v1/metrics/{metric}", params=asked, timeout=60)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    return ask


def day_of(instant: str, zone: str) -> date:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).date()


def exact(value: Any) -> Decimal:
    return Decimal(str(value))


def held(line: Mapping[str, Any], series: Series, zone: str, cadence: str) -> Iterator[tuple[str, Any, Any]]:
    """Answer each number of a line beside the API's, which is asked for it plainly, range by range."""
    interval, days = STEPS[cadence]
    step, year = timedelta(days=days), timedelta(days=364)
    start, end = day_of(line["from"], zone), day_of(line["to"], zone)

    def asked(first: date, last: date) -> list[Any]:
        rows = series(line["metric"], **{"from": str(first), "to": str(last), "interval": interval, "tz": zone})
        return [row["value"] for row in rows if row.get("currency") in (None, line["currency"])]

    yield "value", line["value"], (asked(start, end) or [0])[0]
    for name, first, last in (("before", start - step, start), ("year", start - year, end - year)):
        if line[name]["value"] is not None:
            there = (asked(first, last) or [0])[0]
            yield name, line[name]["value"], there
            yield f"{name}, change", exact(line[name]["change"]), exact(line["value"]) - exact(there)
    spark = [value for value in line["spark"] if value is not None]
    there = asked(end - step * len(line["spark"]), end)
    if len(there) == len(line["spark"]) == len(spark):
        yield "spark", spark, there


@pytest.mark.parametrize("cadence", STEPS)
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Pacific/Kiritimati", "Asia/Kolkata"])
def test_every_number_is_what_the_api_answers(preview: Preview, series: Series, cadence: str, zone: str) -> None:
    digest = preview(cadence=cadence, zone=zone, metrics=METRICS)

    assert {line["metric"] for line in digest["lines"]} == set(METRICS)
    compared = 0
    for line in digest["lines"]:
        if line["known"] in ("value", "earlier"):
            for name, ours, theirs in held(line, series, zone, cadence):
                ours, theirs = (round(x, 12) if isinstance(x, Decimal) else x for x in (ours, theirs))
                assert ours == theirs, (line["metric"], line["currency"], name)
                compared += 1
    assert compared > 20


@pytest.mark.parametrize("cadence", STEPS)
def test_the_text_says_the_numbers_and_fits_a_phone(preview: Preview, cadence: str) -> None:
    digest = preview(cadence=cadence, zone="Europe/Paris", metrics=METRICS)

    for line in digest["lines"]:
        if isinstance(line["value"], int) and line["currency"] is None:
            assert f"{line['title']:<20}"[:20].strip() in digest["text"]
            assert f"{line['value']:,}" in digest["text"]
            assert f"{line['value']:,}" in digest["html"]
    assert max(len(row) for row in digest["text"].splitlines() if "://" not in row) <= 44


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Paris", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Pacific/Kiritimati", date(2026, 11, 1), 24),
        ("Asia/Kolkata", date(2026, 11, 1), 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_show(
    preview: Preview, series: Series, zone: str, day: date, hours: int
) -> None:
    """Quarter hours of UTC, put to days by a calendar of the test's own."""
    digest = preview(cadence="daily", zone=zone, metrics=["downloads"], date=str(day + timedelta(days=1)))

    quarters = series(
        "downloads", **{"from": str(day - timedelta(days=2)), "to": str(day + timedelta(days=3)), "interval": "PT15M"}
    )
    inside = [row["value"] for row in quarters if day_of(row["start"], zone) == day]
    before = [row["value"] for row in quarters if day_of(row["start"], zone) == day - timedelta(days=1)]
    [line] = digest["lines"]
    assert len(inside) == hours * 4
    assert (line["value"], line["before"]["value"]) == (sum(inside), sum(before))
    assert any(f"has {hours} hours" in note for note in digest["notes"]) == (hours > 24)


def test_who_subscribes_gets_a_digest_with_a_file_that_needs_no_login(
    endpoints: dict[str, str], aws: Callable[[str], Any], preview: Preview
) -> None:
    deployed = Deployed(endpoints, aws)
    to, admin = f"eve.{deployed.name}@acme.example", {"Authorization": f"Bearer {endpoints['admin_token']}"}
    wish = {"cadence": "daily", "hour": 8, "zone": "Europe/Paris", "metrics": ["downloads", "stars"]}
    subscriptions = f"{endpoints['api']}/v1/subscriptions"
    asked = {"protocol": "email", "address": to, "digest": wish}
    made = requests.post(subscriptions, json=asked, headers=admin, timeout=60)
    assert made.status_code == 201, made.text
    urllib.request.urlopen(deployed.mail(to)[0]["link"]).close()
    deployed.becomes(made.json()["id"], "confirmed")

    place, headers = f"{subscriptions}/{made.json()['id']}/digest", {**admin, "Idempotency-Key": uuid.uuid4().hex}
    sent = [requests.post(place, headers=headers, timeout=60) for _ in range(2)]
    assert [one.status_code for one in sent] == [202, 202], sent[0].text
    assert [one.json()["duplicate"] for one in sent] == [False, True]
    mail = deployed.one(to, "Headwater, daily digest")

    said = preview(cadence="daily", zone="Europe/Paris", metrics=["downloads", "stars"])
    downloads = f"{said['lines'][0]['value']:,}"
    assert downloads in mail["message"]
    shared = next(line for line in mail["message"].splitlines() if "/v1/shared/" in line)
    file = requests.get(shared, timeout=60)
    assert file.headers["Content-Type"] == "application/pdf"
    assert downloads in PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
    assert links(mail["message"], "unsubscribe")
    assert [one["subject"] for one in deployed.mail(to)].count(mail["subject"]) == 1


def test_what_is_due_is_sent_by_itself_and_once(endpoints: dict[str, str], aws: Callable[[str], Any]) -> None:
    """A subscriber who confirmed yesterday, the hour being the last that has begun: looked for by two at once."""
    state = DynamoState(aws("dynamodb"), endpoints["state_table"])
    now = datetime.now(UTC)
    yesterday = now - timedelta(days=1, hours=1)
    wish = DigestWish(Cadence.DAILY, now.hour, "UTC", ("downloads",))
    name = f"due-{uuid.uuid4().hex[:10]}"
    one = kept.write(
        state,
        Subscription(
            name, Protocol.EMAIL, f"{name}@acme.example", Wishes(digest=wish), State.CONFIRMED, yesterday, "e2e",
            "nonce", yesterday, yesterday,
        ),
    )  # fmt: skip
    assert one is not None

    def found() -> list[str] | None:
        for _ in range(2):
            aws("lambda").invoke(FunctionName="headwater-local-digest", InvocationType="Event", Payload=b"{}")
        messages = of_days(state, now.date() - timedelta(days=1), now.date() + timedelta(days=1))
        return [item.message.id for item in messages if item.message.id.startswith(f"digest/{name}/")] or None

    try:
        assert wait_until(found, "the digest", 150) == [f"digest/{name}/{now.date()}"]
        assert found() == [f"digest/{name}/{now.date()}"]
    finally:
        state.delete(kept.PK, name)
        state.delete("digest_sent", name)
