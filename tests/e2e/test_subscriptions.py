"""Subscriptions on the running system: asked for, confirmed, filtered, received, ended by a link; by e-mail and SMS."""

from __future__ import annotations

import re
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from chalicelib.aws.state import DynamoState
from chalicelib.domain.clock import system_clock
from chalicelib.outbox.message import SUBSCRIBERS, Kind, Message, Severity
from chalicelib.outbox.outbox import Outbox
from chalicelib.subscriptions import sync
from infra.local.places import STAGE
from tests.e2e.conftest import wait_until

pytestmark = pytest.mark.deployed
PEOPLE = {"Accept": "text/html"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SOON = 150


class Deployed:
    """The API as a reader and an administrator have it, and the outbox with its mailbox."""

    def __init__(self, endpoints: dict[str, str], aws: Callable[[str], Any]) -> None:
        self._endpoints, self._aws = endpoints, aws
        self.name = uuid.uuid4().hex[:10]
        self._state = DynamoState(aws("dynamodb"), endpoints["state_table"])
        self._outbox = Outbox(self._state, system_clock)

    def subscribe(self, protocol: str, address: str) -> dict[str, Any]:
        """Ask for what is told of this test's topic, warnings and worse."""
        wish = {"protocol": protocol, "address": address, "alerts": [self.name], "least": "warning"}
        headers = {"Authorization": f"Bearer {self._endpoints['token']}"}
        made = requests.post(f"{self._endpoints['api']}/v1/subscriptions", json=wish, headers=headers, timeout=60)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    def state(self, subscription_id: str) -> str:
        headers = {"Authorization": f"Bearer {self._endpoints['admin_token']}"}
        address = f"{self._endpoints['api']}/v1/subscriptions/{subscription_id}"
        return str(requests.get(address, headers=headers, timeout=60).json()["state"])

    def say(self, subject: str, topic: str | None = None, severity: Severity = Severity.WARNING) -> None:
        """Put an alert into the outbox, as a rule does."""
        at = datetime.now(UTC)
        said = Message(self._id(subject), at, Kind.ALERT, topic or self.name, severity, subject, "text", (SUBSCRIBERS,))
        assert self._outbox.put(said)

    def _id(self, subject: str) -> str:
        return f"alert/e2e-{self.name}/{subject.replace(' ', '-')}"

    def took(self, subject: str) -> None:
        """Wait until SNS has taken this test's message, and not another's of the same subject."""

        def taken() -> bool | None:
            self.invoke("send")
            told = requests.get(f"{self._endpoints['outbox']}messages", timeout=60).json()["messages"]
            return any(one["attributes"].get("message_id") == self._id(subject) for one in told) or None

        wait_until(taken, f"{subject!r} to be sent", SOON)

    def mail(self, to: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(
            f"{self._endpoints['outbox']}mail", params={"to": to}, timeout=60
        ).json()["mail"]
        return found

    def one(self, to: str, subject: str) -> dict[str, Any]:
        """Wait for the mail with this subject, or for the only SMS where there is none."""

        def arrived() -> dict[str, Any] | None:
            self.invoke("send")
            return next((mail for mail in self.mail(to) if subject in mail["subject"] + mail["message"]), None)

        return wait_until(arrived, f"{subject!r} to {to}", SOON)

    def invoke(self, function: str) -> None:
        """Do now what the next minute would do."""
        self._aws("lambda").invoke(FunctionName=f"headwater-{STAGE}-{function}", InvocationType="Event", Payload=b"{}")

    def becomes(self, subscription_id: str, state: str, *, whole: bool = False) -> None:
        """Wait until a subscription has become so; ``whole``: as if the hour were over, when all is looked at."""

        def has() -> bool | None:
            if whole:
                self._state.delete(sync.PK, "whole")
            self.invoke("watch")
            return self.state(subscription_id) == state or None

        wait_until(has, f"the subscription to be {state}", SOON)

    def to_operators(self, words: str) -> dict[str, Any]:
        """Wait for what operators are told."""

        def told() -> dict[str, Any] | None:
            self.invoke("send")
            sent = requests.get(f"{self._endpoints['outbox']}messages", timeout=60).json()["messages"]
            return next((one for one in sent if words in one["subject"]), None)

        return wait_until(told, f"the operators to hear of {words!r}", SOON)


@pytest.fixture
def deployed(endpoints: dict[str, str], aws: Callable[[str], Any]) -> Deployed:
    return Deployed(endpoints, aws)


def links(text: str, purpose: str) -> str:
    found = re.search(rf"https?://\S+/subscriptions/{purpose}/\S+", text)
    assert found, text
    return found[0]


def test_mail_is_asked_for_confirmed_filtered_received_and_ended_by_its_link(deployed: Deployed) -> None:
    to = f"ada.{deployed.name}@acme.example"
    made = deployed.subscribe("email", to)
    deployed.say("Before the yes")
    deployed.took("Before the yes")
    asked = deployed.mail(to)
    assert [mail["subject"] for mail in asked] == ["AWS Notification - Subscription Confirmation"]
    assert deployed.state(made["id"]) == "pending"

    urllib.request.urlopen(asked[0]["link"]).close()
    deployed.becomes(made["id"], "confirmed")
    welcome = deployed.one(to, "You are subscribed")
    deployed.say("Of another topic", topic=f"not-{deployed.name}")
    deployed.say("Not severe enough", severity=Severity.INFO)
    deployed.say("Downloads fell")
    for subject in ("Of another topic", "Not severe enough", "Downloads fell"):
        deployed.took(subject)
    got = deployed.one(to, "Downloads fell")
    assert got["message"].startswith("text")
    subjects = [mail["subject"] for mail in deployed.mail(to)]
    assert subjects[1:] == [welcome["subject"], "Downloads fell"]

    end = links(welcome["message"], "unsubscribe")
    shown = requests.get(end, headers=PEOPLE, timeout=60)
    assert (shown.status_code, "Stop these messages?" in shown.text) == (200, True)
    assert "script" not in shown.text
    assert "form-action 'self'" in shown.headers["Content-Security-Policy"]
    changed = end[:-5] + ("AAAAA" if not end.endswith("AAAAA") else "BBBBB")
    refused = requests.post(changed, data="List-Unsubscribe=One-Click", headers={**FORM, **PEOPLE}, timeout=60)
    assert (refused.status_code, "This link does nothing" in refused.text) == (403, True)
    assert deployed.state(made["id"]) == "confirmed"

    done = requests.post(end, data="List-Unsubscribe=One-Click", headers=FORM, timeout=60)
    again = requests.post(end, data="List-Unsubscribe=One-Click", headers=FORM, timeout=60)
    deployed.say("After the end")
    deployed.took("After the end")

    assert (done.status_code, again.status_code) == (200, 410)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert "unsubscribed already" in again.json()["detail"]
    assert deployed.state(made["id"]) == "unsubscribed"
    assert [mail["subject"] for mail in deployed.mail(to)] == subjects


def test_a_person_chooses_without_a_login_and_the_choice_counts(deployed: Deployed) -> None:
    to = f"bob.{deployed.name}@acme.example"
    made = deployed.subscribe("email", to)
    urllib.request.urlopen(deployed.mail(to)[0]["link"]).close()
    deployed.becomes(made["id"], "confirmed")
    choose = links(deployed.one(to, "You are subscribed")["message"], "preferences")

    shown = requests.get(choose, headers=PEOPLE, timeout=60)
    form = {"alerts": deployed.name, "least": "critical", "cadence": "none"}
    saved = requests.post(choose, data=form, headers=PEOPLE, timeout=60)
    again = requests.post(choose, data=form, headers=PEOPLE, timeout=60)
    deployed.say("A warning")
    deployed.say("Critical indeed", severity=Severity.CRITICAL)
    deployed.took("A warning")
    deployed.one(to, "Critical indeed")

    assert (shown.status_code, saved.status_code, again.status_code) == (200, 200, 410)
    assert "Saved." in saved.text
    assert [mail["subject"] for mail in deployed.mail(to)][2:] == ["Critical indeed"]


def test_a_phone_gets_nothing_before_its_yes(deployed: Deployed) -> None:
    to = f"+4917{int(deployed.name, 16) % 10**9:09}"
    made = deployed.subscribe("sms", to)
    deployed.say("Before the yes")
    deployed.took("Before the yes")
    asked = deployed.one(to, "confirm")
    assert len(deployed.mail(to)) == 1

    link = links(asked["message"], "confirm")
    shown = requests.get(link, headers=PEOPLE, timeout=60)
    assert (shown.status_code, deployed.state(made["id"])) == (200, "pending")
    assert requests.post(link, data="confirm=yes", headers=FORM, timeout=60).status_code == 200
    assert requests.post(link, data="confirm=yes", headers=FORM, timeout=60).status_code == 410
    deployed.say("Downloads fell")
    deployed.one(to, "Downloads fell")

    assert deployed.state(made["id"]) == "confirmed"
    assert len(deployed.mail(to)) == 2


def test_html_mail_is_confirmed_by_our_own_mail_and_its_bounces_are_told(deployed: Deployed) -> None:
    to = f"bounce.{deployed.name}@acme.example"
    made = deployed.subscribe("html_email", to)
    link = links(deployed.one(to, "Please confirm")["message"], "confirm")
    assert requests.post(link, data="confirm=yes", headers=FORM, timeout=60).status_code == 200
    deployed.say("Downloads fell")

    got = deployed.one(to, "Downloads fell")
    welcome = deployed.one(to, "You are subscribed")
    deployed.becomes(made["id"], "bounced", whole=True)
    told = deployed.to_operators(to)

    assert got["protocol"] == "html_email"
    assert "<a href=" in welcome["html"]
    assert "bounces" in told["subject"]
    assert "no such mailbox" in told["message"]
