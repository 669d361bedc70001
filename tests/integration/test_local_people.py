"""The local SNS treats people as AWS's does: nothing without a yes, and then what their policy lets through."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.subscriptions import SnsSubscriptions
from chalicelib.aws.suppressed import suppressed
from chalicelib.domain.topics import There
from tests.integration.conftest import LocalAws

DOWNLOADS = '{"audience":["email/alert/critical/downloads"]}'
STARS = '{"audience":["email/alert/critical/stars"]}'


@pytest.fixture
def topic(local_aws: LocalAws, request: pytest.FixtureRequest) -> str:
    name = f"people-{abs(hash(request.node.name)) % 10**8}"
    return str(local_aws.client("sns").create_topic(Name=name)["TopicArn"])


def mail(aws: LocalAws, topic: str, to: str) -> list[dict[str, Any]]:
    lines = aws.mailbox.read_text().splitlines() if aws.mailbox.exists() else []
    found = (json.loads(line) for line in lines)
    return [one for one in found if one["to"] == to and topic.endswith(one["topic"])]


def publish(aws: LocalAws, topic: str, *words: str) -> str:
    answer = aws.client("sns").publish(
        TopicArn=topic,
        Subject="Downloads fell",
        Message=json.dumps({"default": "d", "email": "at length", "sms": "short"}),
        MessageStructure="json",
        MessageAttributes={"audience": {"DataType": "String.Array", "StringValue": json.dumps(words)}},
    )
    return str(answer["MessageId"])


def test_mail_waits_for_the_link_in_its_mail_and_then_comes_as_it_is_wanted(local_aws: LocalAws, topic: str) -> None:
    sns, to = SnsSubscriptions(local_aws.client("sns"), topic), "ada@acme.example"
    arn = sns.subscribe("email", to, DOWNLOADS).arn
    waiting = sns.standing()
    publish(local_aws, topic, "email/alert/critical/downloads")
    [asked] = mail(local_aws, topic, to)

    with urllib.request.urlopen(asked["link"]) as answer:
        confirmed = answer.read().decode()
    publish(local_aws, topic, "email/alert/critical/stars")
    sent = publish(local_aws, topic, "email/alert/critical/downloads", "sms/alert/critical/downloads")
    [_, got] = mail(local_aws, topic, to)

    assert arn.startswith(topic)
    assert waiting == {("email", to): There("")}
    assert "Subscription Confirmation" in asked["subject"]
    assert arn in confirmed
    assert sns.standing() == {("email", to): There(arn)}
    assert (got["id"], got["subject"], got["protocol"]) == (sent, "Downloads fell", "email")
    assert got["message"].startswith("at length\n\n--\nTo stop these messages")


def test_the_link_at_a_mails_end_ends_it(local_aws: LocalAws, topic: str) -> None:
    sns, to = SnsSubscriptions(local_aws.client("sns"), topic), "bob@acme.example"
    sns.subscribe("email", to, DOWNLOADS)
    urllib.request.urlopen(mail(local_aws, topic, to)[0]["link"]).close()
    publish(local_aws, topic, "email/alert/critical/downloads")

    urllib.request.urlopen(mail(local_aws, topic, to)[1]["message"].rpartition("\n")[2]).close()
    publish(local_aws, topic, "email/alert/critical/downloads")

    assert sns.standing() == {}
    assert len(mail(local_aws, topic, to)) == 2


def test_one_that_waits_is_asked_again_and_given_another_policy(local_aws: LocalAws, topic: str) -> None:
    sns, to = SnsSubscriptions(local_aws.client("sns"), topic), "cleo@acme.example"

    first, again = sns.subscribe("email", to, DOWNLOADS), sns.subscribe("email", to, STARS)
    asked = mail(local_aws, topic, to)
    urllib.request.urlopen(asked[1]["link"]).close()
    publish(local_aws, topic, "email/alert/critical/downloads")
    publish(local_aws, topic, "email/alert/critical/stars")

    assert first == again
    assert len(asked) == 2
    assert len(mail(local_aws, topic, to)) == 3


def test_a_phone_gets_the_words_for_phones_at_once(local_aws: LocalAws, topic: str) -> None:
    sns, to = SnsSubscriptions(local_aws.client("sns"), topic), "+491712345678"
    arn = sns.subscribe("sms", to, '{"audience":["sms/subscription/1"]}').arn

    publish(local_aws, topic, "sms/alert/critical/downloads")
    publish(local_aws, topic, "sms/subscription/1")
    sns.filter(arn, '{"audience":["sms/alert/critical/downloads"]}')
    publish(local_aws, topic, "sms/alert/critical/downloads")
    sns.unsubscribe(arn)
    publish(local_aws, topic, "sms/alert/critical/downloads")

    assert [one["message"] for one in mail(local_aws, topic, to)] == ["short", "short"]


def test_a_made_up_token_confirms_nothing(local_aws: LocalAws, topic: str) -> None:
    sns = SnsSubscriptions(local_aws.client("sns"), topic)
    sns.subscribe("email", "dora@acme.example", DOWNLOADS)

    with pytest.raises(ClientError, match="Invalid token"):
        local_aws.client("sns").confirm_subscription(TopicArn=topic, Token="x")
    assert sns.standing() == {("email", "dora@acme.example"): There("")}


def test_nobody_has_stopped_sms(local_aws: LocalAws, topic: str) -> None:
    assert SnsSubscriptions(local_aws.client("sns"), topic).opted_out() == frozenset()


def test_lists_are_read_page_by_page(local_aws: LocalAws, topic: str) -> None:
    sns = SnsSubscriptions(local_aws.client("sns"), topic)
    for at in range(105):
        sns.subscribe("sms", f"+4917100000{at:03}", DOWNLOADS)

    assert len(sns.standing()) == 105


def test_mail_that_comes_back_is_on_the_list_of_ses(local_aws: LocalAws) -> None:
    ses = local_aws.client("sesv2")
    ses.create_email_identity(EmailIdentity="headwater@acme.example")
    ses.put_account_details(MailType="TRANSACTIONAL", WebsiteURL="https://acme.example", ProductionAccessEnabled=True)
    for to in ("ada@acme.example", "bounce.bob@acme.example", "complaint.cleo@acme.example"):
        raw = f"From: headwater@acme.example\nTo: {to}\nSubject: Hi\n\nThere".encode()
        ses.send_email(
            FromEmailAddress="headwater@acme.example",
            Destination={"ToAddresses": [to]},
            Content={"Raw": {"Data": raw}},
        )

    assert suppressed(ses) == {"bounce.bob@acme.example": "BOUNCE", "complaint.cleo@acme.example": "COMPLAINT"}
