"""People at a topic: subscribed with a filter policy, listed to the end, ended; what SNS says is said to people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.subscriptions import SnsSubscriptions
from chalicelib.domain.topics import Enrolled, There
from chalicelib.errors import StoreUnavailable, SubscriptionRefused

POLICY = '{"audience":["email/alert/info/*"]}'


def made(aws: Callable[[str], Any]) -> tuple[Any, str, SnsSubscriptions]:
    sns = aws("sns")
    arn = sns.create_topic(Name="notices")["TopicArn"]
    return sns, arn, SnsSubscriptions(sns, arn)


def test_one_is_subscribed_filtered_listed_and_ended(aws: Callable[[str], Any]) -> None:
    sns, _, topic = made(aws)

    arn = topic.subscribe("sms", "+491712345678", POLICY).arn
    topic.filter(arn, '{"audience":["x"]}')

    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert json.loads(attributes["FilterPolicy"]) == {"audience": ["x"]}
    assert topic.standing() == {("sms", "+491712345678"): There(arn)}
    topic.unsubscribe(arn)
    topic.unsubscribe(arn)
    assert topic.standing() == {}


def test_the_list_is_read_to_its_end_and_holds_people_only(aws: Callable[[str], Any]) -> None:
    sns, arn, topic = made(aws)
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:receipts")
    for at in range(120):
        topic.subscribe("sms", f"+4917100000{at:03}", POLICY)

    assert len(topic.standing()) == 120


class Sns:
    """Answers what a test says, and keeps what was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[Mapping[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**given: Any) -> Any:
            self.asked.append({"name": name, **given})
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def error(code: str, message: str = "m") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Subscribe")


def test_one_that_waits_has_an_arn_and_is_listed_without() -> None:
    page = {"Subscriptions": [{"Protocol": "email", "Endpoint": "Ada@x.y", "SubscriptionArn": "PendingConfirmation"}]}
    sns = Sns({"SubscriptionArn": "arn:1"}, page)
    topic = SnsSubscriptions(sns, "arn:t")

    assert topic.subscribe("email", "Ada@x.y", POLICY) == Enrolled("arn:1", filtered=True)
    assert sns.asked[0]["ReturnSubscriptionArn"] is True
    assert sns.asked[0]["Attributes"] == {"FilterPolicy": POLICY}
    assert topic.standing() == {("email", "ada@x.y"): There("")}


def test_one_that_is_there_with_another_policy_is_given_this_one() -> None:
    there = error("InvalidParameter", "Invalid parameter: Subscription already exists with different attributes")
    sns = Sns(there, {"SubscriptionArn": "arn:1"}, {})

    assert SnsSubscriptions(sns, "arn:t").subscribe("email", "a@x.y", POLICY) == Enrolled("arn:1", filtered=True)
    assert [asked["name"] for asked in sns.asked] == ["subscribe", "subscribe", "set_subscription_attributes"]
    assert sns.asked[2]["AttributeValue"] == POLICY


def test_one_that_waits_may_keep_its_policy_until_it_is_confirmed() -> None:
    there = error("InvalidParameter", "Invalid parameter: Subscription already exists with different attributes")
    sns = Sns(there, {"SubscriptionArn": "arn:1"}, error("InvalidParameter", "Invalid parameter: SubscriptionArn"))

    assert SnsSubscriptions(sns, "arn:t").subscribe("email", "a@x.y", POLICY) == Enrolled("arn:1", filtered=False)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (error("FilterPolicyLimitExceeded"), SubscriptionRefused, "quota"),
        (error("InvalidParameter", "Invalid parameter: Email address"), SubscriptionRefused, "Email address"),
        (error("Throttled"), StoreUnavailable, "Throttled"),
        (error("AuthorizationError"), StoreUnavailable, "AuthorizationError"),
        (EndpointConnectionError(endpoint_url="https://sns.example"), StoreUnavailable, "did not answer"),
    ],
)
def test_what_sns_refuses_is_told_from_what_can_be_tried_again(
    said: Exception, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        SnsSubscriptions(Sns(said), "arn:t").subscribe("email", "a@x.y", POLICY)


def test_one_that_waits_cannot_be_ended_which_is_no_error() -> None:
    topic = SnsSubscriptions(Sns(error("InvalidParameter"), error("Throttled")), "arn:t")

    topic.unsubscribe("arn:1")
    with pytest.raises(StoreUnavailable):
        topic.unsubscribe("arn:1")


def test_numbers_that_want_nothing_are_read_to_the_end() -> None:
    pages = {"phoneNumbers": ["+491"], "nextToken": "n"}, {"phoneNumbers": ["+492"]}

    assert SnsSubscriptions(Sns(*pages), "arn:t").opted_out() == {"+491", "+492"}


def test_a_list_without_an_end_is_not_believed() -> None:
    pages = [{"phoneNumbers": [], "nextToken": "n"}] * 200

    with pytest.raises(StoreUnavailable, match="more than 200"):
        SnsSubscriptions(Sns(*pages), "arn:t").opted_out()
