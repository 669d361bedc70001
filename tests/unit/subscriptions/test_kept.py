"""What is written of a subscription is what is read; one address has one of a protocol."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.outbox.message import Severity
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Protocol, State, Subscription, Wishes
from tests.unit.incidents.memory import MemoryState

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
NAMES = st.lists(st.sampled_from(["*", "downloads", "pipeline", "stars"]), max_size=3).map(tuple)
INSTANTS = st.none() | st.datetimes(timezones=st.just(UTC))
DIGESTS = st.builds(
    DigestWish,
    st.sampled_from(Cadence),
    st.integers(0, 23),
    st.sampled_from(["Europe/Berlin", "UTC"]),
    NAMES,
    st.integers(1, 7),
)
SUBSCRIPTIONS = st.builds(
    Subscription,
    id=st.just("5f1c"),
    protocol=st.sampled_from(Protocol),
    address=st.just("ada@acme.example"),
    wishes=st.builds(Wishes, NAMES, NAMES, NAMES, st.sampled_from(Severity), st.none() | DIGESTS),
    state=st.sampled_from(State),
    created_at=st.just(AT),
    created_by=st.just("ada"),
    nonce=st.text(max_size=5),
    confirmed_at=INSTANTS,
    changed_at=INSTANTS,
    arn=st.text(max_size=5),
    reason=st.text(max_size=5),
    chosen=st.integers(0, 9),
    asked=st.integers(0, 9),
    asked_at=INSTANTS,
    version=st.just(0),
)


@given(SUBSCRIPTIONS)
def test_what_is_written_is_read(one: Subscription) -> None:
    state = MemoryState()

    written = kept.write(state, one)

    assert written == replace(one, version=1)
    assert kept.read(state, one.id) == written
    assert [*kept.every(state)] == [written]


@given(SUBSCRIPTIONS)
def test_of_two_who_write_at_once_one_comes_second(one: Subscription) -> None:
    state = MemoryState()

    written = kept.write(state, one)

    assert written is not None
    assert kept.write(state, one) is None
    assert kept.write(state, written) is not None
    assert kept.write(state, written) is None


def test_only_what_has_ended_is_forgotten() -> None:
    state = MemoryState()
    one = Subscription(
        "a", Protocol.EMAIL, "ada@acme.example", Wishes(), State.CONFIRMED, AT, "ada", "n", changed_at=AT
    )

    standing = kept.write(state, one)
    assert standing is not None
    assert "expires_at" not in state.items[kept.PK, "a"]
    kept.write(state, replace(standing, state=State.UNSUBSCRIBED))

    assert state.items[kept.PK, "a"]["expires_at"] == (AT + timedelta(days=90)).timestamp()


def test_an_address_has_one_subscription_of_a_protocol() -> None:
    ids = {kept.id_of(protocol, "Ada@Acme.example") for protocol in Protocol}

    assert len(ids) == 3
    assert kept.id_of(Protocol.EMAIL, "ada@acme.EXAMPLE") in ids
    assert kept.id_of(Protocol.EMAIL, "bob@acme.example") not in ids
