"""An address in a message is good for its purpose, its subscription and its time, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.links import BadLink, Purpose
from chalicelib.outbox.message import SITE
from chalicelib.subscriptions import addresses
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
ADA = Subscription("5f1c", Protocol.EMAIL, "ada@acme.example", Wishes(), State.CONFIRMED, AT, "ada", "n1")
MADE = {
    Purpose.UNSUBSCRIBE: addresses.unsubscribe_address,
    Purpose.PREFERENCES: addresses.preferences_address,
    Purpose.CONFIRM: addresses.confirm_address,
}


@pytest.mark.parametrize("purpose", MADE)
def test_it_says_whose_it_is_to_its_own_purpose_only(purpose: Purpose) -> None:
    address = MADE[purpose](b"key", ADA, AT)
    path, _, token = address.rpartition("/")

    found = addresses.opened(b"key", purpose, token, AT)

    assert path == f"{SITE}/api/v1/subscriptions/{purpose.value}"
    assert found.subject == "5f1c"
    assert addresses.stands(found, purpose, ADA)
    assert not addresses.stands(found, purpose, replace(ADA, nonce="n2"))
    assert not addresses.stands(found, purpose, replace(ADA, id="other"))
    assert "ada@" not in address
    for other in MADE.keys() - {purpose}:
        with pytest.raises(BadLink, match="something else"):
            addresses.opened(b"key", other, token, AT)
    with pytest.raises(BadLink, match="changed"):
        addresses.opened(b"another", purpose, token, AT)


def test_a_choice_makes_links_to_the_preferences_void_and_no_others() -> None:
    chosen = replace(ADA, chosen=1)

    good = {p: addresses.opened(b"key", p, make(b"key", ADA, AT).rpartition("/")[2], AT) for p, make in MADE.items()}

    assert {p for p, found in good.items() if not addresses.stands(found, p, chosen)} == {Purpose.PREFERENCES}


def test_it_is_good_for_a_time() -> None:
    token = addresses.confirm_address(b"key", ADA, AT).rpartition("/")[2]

    assert addresses.opened(b"key", Purpose.CONFIRM, token, AT + timedelta(days=2)).subject == "5f1c"
    with pytest.raises(BadLink, match="too old"):
        addresses.opened(b"key", Purpose.CONFIRM, token, AT + timedelta(days=2, seconds=1))
