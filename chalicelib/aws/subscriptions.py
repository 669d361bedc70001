"""SNS subscriptions of people: e-mail and SMS at one topic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.topics import Enrolled, There
from chalicelib.errors import StoreUnavailable, SubscriptionRefused

_PEOPLE: Final = ("email", "sms")
_DIFFERENT: Final = "already exists with different attributes"
_REFUSED: Final[Mapping[str, str]] = {
    "FilterPolicyLimitExceeded": (
        "The AWS account has as many filter policies at this topic as it may (200 unless raised): end a subscription, "
        "or have the quota of SNS raised."
    ),
    "SubscriptionLimitExceeded": "The AWS account has as many subscriptions at this topic as it may.",
}
_WRONG: Final = frozenset({"InvalidParameter", "InvalidParameterException", "InvalidParameterValue"})
_MOST_PAGES: Final = 200


class SnsSubscriptions:
    """The people of one topic.

    Parameters
    ----------
    client
        A boto3 ``sns`` client.
    arn
        The topic's ARN.
    """

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn

    def subscribe(self, protocol: str, address: str, policy: str) -> Enrolled:
        """Subscribe an address; it has its ARN before it is confirmed, too.

        One that is there with another policy is asked for without one, which asks it to confirm where it waits, and
        then given the policy, which SNS may refuse for one that waits.

        Raises
        ------
        SubscriptionRefused
            SNS does not take such an address, or no more of them.
        StoreUnavailable
            SNS did not answer.
        """
        with _ours():
            try:
                return Enrolled(self._subscribe(protocol, address, {"FilterPolicy": policy}), filtered=True)
            except ClientError as error:
                if _DIFFERENT not in str(error).lower():
                    raise
            arn = self._subscribe(protocol, address, {})
        try:
            self.filter(arn, policy)
        except SubscriptionRefused:
            return Enrolled(arn, filtered=False)
        return Enrolled(arn, filtered=True)

    def _subscribe(self, protocol: str, address: str, attributes: Mapping[str, str]) -> str:
        answer = self._client.subscribe(
            TopicArn=self._arn,
            Protocol=protocol,
            Endpoint=address,
            Attributes=dict(attributes),
            ReturnSubscriptionArn=True,
        )
        return str(answer["SubscriptionArn"])

    def filter(self, arn: str, policy: str) -> None:
        """Set the filter policy of a subscription. Raises ``SubscriptionRefused``, ``StoreUnavailable``."""
        with _ours():
            self._client.set_subscription_attributes(
                SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=policy
            )

    def unsubscribe(self, arn: str) -> None:
        """End a subscription. One that waits for its confirmation cannot be ended: SNS forgets it after two days.

        Raises ``StoreUnavailable``.
        """
        with _ours():
            try:
                self._client.unsubscribe(SubscriptionArn=arn)
            except ClientError as error:
                if error.response["Error"]["Code"] not in {"NotFound", "NotFoundException", *_WRONG}:
                    raise

    def standing(self) -> Mapping[tuple[str, str], There]:
        """Answer every person's subscription, by protocol and address in small letters. Raises ``StoreUnavailable``."""
        found: dict[tuple[str, str], There] = {}
        with _ours():
            for page in self._pages("list_subscriptions_by_topic", "NextToken", TopicArn=self._arn):
                for one in page["Subscriptions"]:
                    if one["Protocol"] in _PEOPLE:
                        arn = one["SubscriptionArn"]
                        place = (one["Protocol"], one["Endpoint"].lower())
                        found[place] = There(arn if arn.startswith("arn:") else "")
        return found

    def opted_out(self) -> frozenset[str]:
        """Answer the phone numbers that have answered STOP. Raises ``StoreUnavailable``."""
        with _ours():
            pages = self._pages("list_phone_numbers_opted_out", "nextToken")
            return frozenset(number for page in pages for number in page.get("phoneNumbers", ()))

    def _pages(self, operation: str, token: str, **given: str) -> Iterator[Mapping[str, Any]]:
        """Read all pages. A list that is cut short would make what is missing look ended, so too long a one raises."""
        more: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            page = getattr(self._client, operation)(**given, **more)
            yield page
            if not page.get(token):
                return
            more = {token: page[token]}
        raise StoreUnavailable(f"SNS's list has more than {_MOST_PAGES} pages")


@contextmanager
def _ours() -> Iterator[None]:
    """Turn AWS's errors into ours."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if said := _REFUSED.get(code.removesuffix("Exception")):
            raise SubscriptionRefused(said) from error
        if code in _WRONG:
            raise SubscriptionRefused(
                f"SNS does not take it: {error.response['Error'].get('Message', code)}"
            ) from error
        raise StoreUnavailable(f"SNS refused: {code}") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"SNS did not answer: {type(error).__name__}") from error
