"""Digests that are due go into the outbox, each once, whoever dies when and whatever fails beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.digests import sent
from chalicelib.digests.schedule import Due, Sent
from chalicelib.digests.work import Look, Work
from chalicelib.domain.links import Purpose
from chalicelib.errors import ConfigError, StoreUnavailable
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.registry import METRICS
from chalicelib.outbox import sharing
from chalicelib.outbox.message import OPERATORS, SITE, Kind, Message, Severity
from chalicelib.outbox.outbox import Outbox, of_days
from chalicelib.outbox.record import Record
from chalicelib.subscriptions import addresses, kept
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Protocol, State, Subscription, Wishes
from tests.unit.api.world import MemoryState
from tests.unit.metrics.every_cube import publish_all
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.sql.disk_results import DiskResults

KEY = b"key of links"
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
DUE = datetime(2026, 11, 22, 7, tzinfo=UTC)
WISH = DigestWish(Cadence.DAILY, 8, "Europe/Paris", ("downloads", "won_amount", "gone"))


def subscription(name: str = "ada", wish: DigestWish | None = WISH, **others: Any) -> Subscription:
    address = f"{name}@acme.example"
    made = Subscription(
        kept.id_of(Protocol.EMAIL, address), Protocol.EMAIL, address, Wishes(digest=wish), State.CONFIRMED,
        LONG_AGO, "admin", "nonce", confirmed_at=LONG_AGO, changed_at=LONG_AGO,
    )  # fmt: skip
    return replace(made, **others)


@dataclass
class Office:
    """Everything around the work, in memory."""

    folder: Path
    now: datetime = DUE + timedelta(minutes=3)
    state: MemoryState = field(default_factory=MemoryState)
    store: MemoryStore = field(default_factory=MemoryStore)
    warned: list[str] = field(default_factory=list)
    key: Callable[[], bytes] = lambda: KEY

    def __post_init__(self) -> None:
        self.results = DiskResults(self.folder / "results")
        publish_all(self.store, datetime(2026, 11, 22, 6, 45, tzinfo=UTC), 20)
        self.series = SeriesQuery(lambda: self.store, lambda: self.now, self.folder / "cubes")

    @property
    def work(self) -> Work:
        outbox = Outbox(self.state, lambda: self.now)
        return Work(
            self.state, self.results, self.series, lambda: METRICS, outbox, self.key, lambda: self.now,
            self.warned.append,
        )  # fmt: skip

    def add(self, *subscriptions: Subscription) -> None:
        for one in subscriptions:
            assert kept.write(self.state, one)

    def look(self) -> Look:
        return self.work.look(lambda: True)

    def records(self) -> list[Record]:
        return list(of_days(self.state, date(2026, 11, 1), date(2026, 12, 31)))

    def messages(self, kind: Kind = Kind.DIGEST) -> list[Message]:
        return [one.message for one in self.records() if one.message.kind is kind]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_digest_that_is_due_is_put_once_with_links_that_are_its_subscribers_own(office: Office) -> None:
    ada = subscription()
    office.add(ada)

    looks = [office.look(), office.look()]

    assert looks == [Look(due=1, sent=1), Look()]
    [message] = office.messages()
    assert (message.id, message.at) == (f"digest/{ada.id}/2026-11-22", DUE)
    assert message.to == (f"subscription:{ada.id}",)
    assert message.subject == "Headwater, daily digest: Sat 21 Nov 2026"
    assert message.html == ""
    assert message.unsubscribe.startswith(f"{SITE}/api/v1/subscriptions/unsubscribe/")
    found = addresses.opened(KEY, Purpose.UNSUBSCRIBE, message.unsubscribe.rpartition("/")[2], DUE + timedelta(days=80))
    assert found.subject == ada.id
    assert message.unsubscribe in message.text
    [shared] = [line for line in message.text.splitlines() if "/shared/" in line]
    file = sharing.opened(KEY, shared.rpartition("/")[2], DUE + timedelta(days=390))
    assert file.nonce == "headwater-daily-2026-11-21.pdf"
    assert (office.results.folder / file.subject).read_bytes().startswith(b"%PDF-")


def test_every_day_has_its_own_and_nothing_comes_between(office: Office) -> None:
    office.add(subscription())

    while office.now < DUE + timedelta(days=3):
        office.look()
        office.now += timedelta(minutes=55)

    assert [one.id[-10:] for one in office.messages()] == ["2026-11-22", "2026-11-23", "2026-11-24"]


@pytest.mark.parametrize("state", [one for one in State if one is not State.CONFIRMED])
def test_only_who_has_confirmed_gets_any(office: Office, state: State) -> None:
    office.add(subscription(state=state), subscription("bob", wish=None))

    assert office.look() == Look()
    assert office.messages() == []


class Dying(MemoryState):
    """A state whose user dies at the n-th write: just before it, or just after."""

    def __init__(self, items: dict[tuple[str, str], dict[str, Any]], dies_at: int, *, after: bool) -> None:
        super().__init__()
        self.items, self.left, self.after = items, dies_at, after

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise KeyboardInterrupt
        try:
            super().put(pk, sk, item, expected_version=expected_version)
        finally:
            if self.left == 0:
                raise KeyboardInterrupt


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(1, 9))
def test_whoever_dies_at_whichever_write_each_digest_is_there_once(office: Office, step: int, after: bool) -> None:
    office.add(subscription(), subscription("bob"))
    whole = office.state
    office.state = Dying(whole.items, step, after=after)
    with pytest.raises(KeyboardInterrupt):
        office.look()

    office.state = whole
    office.now += timedelta(minutes=5)
    office.look()

    assert len(office.messages()) == 2
    assert office.look() == Look()


def test_twins_put_one(office: Office) -> None:
    office.add(subscription())
    second = office.work

    def first_goes_by() -> bool:  # between what the second has found and what it does
        office.look()
        return True

    assert second.look(first_goes_by) == Look(due=1, sent=1)
    assert len(office.messages()) == 1


def test_many_who_want_the_same_are_asked_for_once_and_share_a_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add(*(subscription(f"person{n}") for n in range(20)))
    asked: list[str] = []
    prepare = office.series.prepare

    def counted(question: Any) -> Any:
        asked.append(question.metrics[0].name)
        return prepare(question)

    monkeypatch.setattr(office.series, "prepare", counted)

    look = office.look()

    assert look == Look(due=20, sent=20)
    assert len(asked) == 2 * 3
    assert len(office.results.uploads) == 1
    assert len({one.unsubscribe for one in office.messages()}) == 20


def test_when_time_is_over_the_rest_is_left_for_the_next_look(office: Office) -> None:
    office.add(*(subscription(f"person{n}") for n in range(5)))
    looks: Iterator[bool] = iter([True, True, False, False, False])

    assert office.work.look(lambda: next(looks)) == Look(due=5, sent=2, left=3)
    assert office.look() == Look(due=3, sent=3)
    assert len(office.messages()) == 5


def test_what_cannot_be_read_is_waited_for_and_then_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.add(subscription())

    def down(_: object) -> None:
        raise StoreUnavailable("the lake is away")

    monkeypatch.setattr(office.series, "answer", down)
    assert office.look() == Look(due=1, failed=1)
    assert (office.messages(), office.messages(Kind.NOTICE)) == ([], [])

    office.now = DUE + timedelta(minutes=31)
    assert office.look() == Look(due=1, sent=1)
    [message] = office.messages()
    assert "It could not be read when this was written." in " ".join(message.text.split())
    assert "No number is known yet" in message.text


def test_what_cannot_be_read_is_not_tried_again_for_each_who_wants_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add(*(subscription(f"person{n}") for n in range(9)))
    asked: list[object] = []

    def down(question: object) -> None:
        asked.append(question)
        raise StoreUnavailable("the lake is away")

    monkeypatch.setattr(office.series, "answer", down)
    assert office.look() == Look(due=9, failed=9)
    office.now = DUE + timedelta(minutes=31)
    assert office.look() == Look(due=9, sent=9)

    assert len(asked) == 1 + 2, "once a look: of one that waits the first that fails, then each"


def test_what_is_wrong_with_the_deployment_is_told_once_and_sent_once_it_is_mended(office: Office) -> None:
    office.add(subscription(), subscription("bob"))

    def missing() -> bytes:
        raise ConfigError("no secret 'links'")

    office.key = missing
    for minutes in (3, 31, 36, 41):
        office.now = DUE + timedelta(minutes=minutes)
        assert office.look() == Look(due=2, failed=2)

    notices = office.messages(Kind.NOTICE)
    assert len(notices) == 2
    assert {one.to for one in notices} == {(OPERATORS,)}
    assert all("no secret 'links'" in one.text and "/runbooks/digest-failed.html" in one.text for one in notices)
    office.key = lambda: KEY
    assert office.look() == Look(due=2, sent=2)


def test_a_mistake_of_ours_in_one_digest_costs_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = DigestWish(Cadence.DAILY, 7, "Europe/Paris", ("stars",))
    office.add(subscription(), subscription("bob", odd))
    prepare = office.series.prepare

    def mistaken(question: Any) -> Any:
        if question.metrics[0].name == "stars":
            raise ZeroDivisionError("a mistake")
        return prepare(question)

    monkeypatch.setattr(office.series, "prepare", mistaken)

    assert office.look() == Look(due=2, sent=1, failed=1)
    assert len(office.messages(Kind.NOTICE)) == 1


def test_a_zone_that_is_no_more_costs_no_other_and_is_told_once(office: Office) -> None:
    office.add(subscription("bob", replace(WISH, zone="Europe/Nowhere")), subscription())

    assert [office.look(), office.look()] == [Look(due=1, sent=1), Look()]
    assert len(office.messages(Kind.NOTICE)) == 1


def test_it_tells_what_alerts_said_in_the_period_and_what_is_in_trouble(office: Office) -> None:
    office.add(subscription())
    outbox = Outbox(office.state, lambda: office.now)
    start = datetime(2026, 11, 20, 23, tzinfo=UTC)
    for name, at in (("a", start), ("b", start + timedelta(days=1)), ("c", start - timedelta(minutes=1))):
        said = f"Downloads of {name} are high"
        outbox.put(Message(name, at, Kind.ALERT, "downloads", Severity.WARNING, said, said, (OPERATORS,)))
    since = "2026-11-21T12:00:00+00:00"
    opened = {"state": "open", "kind": "failing", "since": since, "opened_at": since, "error": "secret words"}
    office.state.put("incident", "github_webhooks", opened, expected_version=None)

    office.look()

    [message] = office.messages()
    assert "Sat 21 Nov 00:00  Downloads of a are" in message.text
    assert "Downloads of b" not in message.text
    assert "Downloads of c" not in message.text
    assert "github_webhooks is failing, since Sat" in message.text
    assert "secret words" not in message.text


def test_after_an_outage_the_latest_says_what_was_not_sent(office: Office) -> None:
    ada = subscription()
    office.add(ada)
    sent.remember(office.state, ada.id, Sent(date(2026, 11, 19), Cadence.DAILY), None, office.now)

    office.look()

    [message] = office.messages()
    said = " ".join(message.text.split())
    assert "Not sent, as Headwater could not: the digests of Fri 20 Nov, Sat 21 Nov." in said


def test_one_is_sent_now_whatever_was_sent_before_and_once_by_its_name(office: Office) -> None:
    ada = subscription()
    office.add(ada)
    office.look()

    due = Due(date(2026, 11, 22), office.now)
    puts = [office.work.send_now(ada, WISH, due, f"digest/{ada.id}/now/k1") for _ in range(2)]

    assert puts == [True, False]
    assert len(office.messages()) == 2


def test_html_goes_to_whoever_gets_html(office: Office) -> None:
    office.add(subscription(protocol=Protocol.HTML_EMAIL))

    office.look()

    [message] = office.messages()
    assert message.html.startswith("<!doctype html>")
    assert message.unsubscribe.replace("&", "&amp;") in message.html
