"""The local AWS as it is started: ministack, whose SNS, SES and Cognito treat people as AWS's do.

ministack confirms e-mail subscriptions at once, and only logs what people would get. Here an address of e-mail waits
until the link in its mail is opened, as in AWS; and every mail and SMS is written to a mailbox, a line of JSON each, in
the words that its protocol gets and only where the filter policy lets it through. The outbox shows them.

Runs in the local cloud's own environment, which has ministack and nothing of ours: run it by its path with ``-P``, so
that no module beside it can be imported by a Lambda.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

MAILBOX: Final = "LOCAL_MAILBOX"
"""The environment variable that names the file; Lambdas see it, and know no HEADWATER_… but their own."""
PEOPLE: Final = ("email", "email-json", "sms")
WAITS_S: Final = 48 * 3_600
"""How long SNS keeps what nobody confirms (https://aws.amazon.com/about-aws/whats-new/2023/05/, of SNS)."""
PAGE: Final = 100
_DIFFERENT: Final = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"


class People:
    """Stands before the functions of ministack's module ``sns``; what is not about people, they do.

    Parameters
    ----------
    sns
        The module; :meth:`install` puts this in its place.
    mailbox
        The file of what people get.
    site
        Where this AWS answers: links lead there.
    """

    def __init__(self, sns: ModuleType, mailbox: Path, site: str) -> None:
        self._sns: Any = sns
        self._mailbox = mailbox
        self._site = site
        self._subscribe_of_old = self._sns._subscribe
        self._fanout_of_old = self._sns._fanout
        self._handle_of_old = self._sns.handle_request

    def install(self) -> None:
        """From now on the module asks here."""
        self._sns._subscribe = self.subscribe
        self._sns._fanout = self.fanout
        self._sns._list_subscriptions_by_topic = self.list_by_topic
        self._sns.handle_request = self.handle

    async def handle(self, method: str, path: str, headers: Any, body: bytes, query_params: Any) -> Any:
        """Answer who has stopped SMS: nobody here. Whatever else is asked, the module does."""
        if b"Action=ListPhoneNumbersOptedOut" not in (body or b""):
            return await self._handle_of_old(method, path, headers, body, query_params)
        name = "ListPhoneNumbersOptedOut"
        return self._sns._xml(200, f"{name}Response", f"<{name}Result><phoneNumbers/></{name}Result>")

    def subscribe(self, params: Mapping[str, Any]) -> Any:
        """Subscribe: an address of e-mail waits for its person, and is asked once more where it waits already."""
        sns = self._sns
        protocol, endpoint = sns._p(params, "Protocol"), sns._p(params, "Endpoint")
        topic = sns._topic_by_arn_any_scope(sns._normalize_arn(sns._p(params, "TopicArn")))
        if topic is None or protocol not in PEOPLE:
            return self._subscribe_of_old(params)
        self._forget_unconfirmed(topic)
        before = _find(topic, protocol, endpoint)
        if before is not None and not _agrees(before, _attributes(sns, params)):
            return sns._error("InvalidParameter", _DIFFERENT, 400)
        answer = self._subscribe_of_old(params)
        one = _find(topic, protocol, endpoint)
        if answer[0] != 200 or one is None:
            return answer
        if before is None and protocol != "sms":
            one |= {"confirmed": False, "token": uuid4().hex * 4, "asked": time.time()}
            one["attributes"] |= {"PendingConfirmation": "true", "ConfirmationWasAuthenticated": "false"}
            sns._refresh_subscription_counts(topic)
        if one["confirmed"]:
            return answer
        self._ask(topic, one)
        shown = one["arn"] if sns._p(params, "ReturnSubscriptionArn").lower() == "true" else "pending confirmation"
        result = f"<SubscribeResult><SubscriptionArn>{shown}</SubscriptionArn></SubscribeResult>"
        return sns._xml(200, "SubscribeResponse", result)

    def list_by_topic(self, params: Mapping[str, Any]) -> Any:
        """List by pages of a hundred; one that waits has no ARN yet."""
        sns = self._sns
        topic, error = sns._get_topic(sns._p(params, "TopicArn"), "sns:ListSubscriptionsByTopic")
        if error is not None:
            return error
        self._forget_unconfirmed(topic)
        start = int(sns._p(params, "NextToken") or 0)
        page = topic["subscriptions"][start : start + PAGE]
        members = "".join(_member(sns, one) for one in page)
        more = start + PAGE < len(topic["subscriptions"])
        token = f"<NextToken>{start + PAGE}</NextToken>" if more else ""
        result = f"<Subscriptions>{members}</Subscriptions>{token}"
        return sns._xml(
            200,
            "ListSubscriptionsByTopicResponse",
            f"<ListSubscriptionsByTopicResult>{result}</ListSubscriptionsByTopicResult>",
        )

    def fanout(
        self,
        topic_arn: str,
        msg_id: str,
        message: str,
        subject: str,
        message_structure: str = "",
        message_attributes: Any = None,
        **more: Any,
    ) -> None:
        """Send to machines as ever, and write to the mailbox what people get."""
        sns = self._sns
        self._fanout_of_old(topic_arn, msg_id, message, subject, message_structure, message_attributes, **more)
        topic = sns._topic_by_arn_any_scope(topic_arn)
        for one in topic["subscriptions"] if topic else ():
            if one["protocol"] not in PEOPLE or not one.get("confirmed"):
                continue
            words = sns._resolve_message_for_protocol(message, message_structure, one["protocol"])
            if sns._matches_filter_policy(one, message_attributes or {}, words):
                end = self._link("Unsubscribe", SubscriptionArn=one["arn"])
                foot = f"\n\n--\nTo stop these messages, open:\n{end}" if one["protocol"] == "email" else ""
                self._deliver(one, msg_id, subject or "AWS Notification Message", f"{words}{foot}")

    def _ask(self, topic: Mapping[str, Any], one: Mapping[str, Any]) -> None:
        link = self._link("ConfirmSubscription", TopicArn=topic["arn"], Token=one["token"])
        words = f"You have chosen to subscribe to the topic:\n{topic['arn']}\n\nTo confirm this, open:\n{link}\n"
        self._deliver(one, uuid4().hex, "AWS Notification - Subscription Confirmation", words, link)

    def _link(self, action: str, **given: str) -> str:
        return f"{self._site}/?{urlencode({'Action': action, **given})}"

    def _deliver(self, one: Mapping[str, Any], message_id: str, subject: str, words: str, link: str = "") -> None:
        mail = {
            "id": message_id,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "topic": str(one["topic_arn"]).rpartition(":")[2],
            "protocol": one["protocol"],
            "to": one["endpoint"],
            "subject": "" if one["protocol"] == "sms" else subject,
            "message": words,
            "link": link,
        }
        with self._mailbox.open("a") as out:  # one write of one line: readers never see half of it
            out.write(json.dumps(mail) + "\n")

    def _forget_unconfirmed(self, topic: dict[str, Any]) -> None:
        now = time.time()
        topic["subscriptions"] = [
            one for one in topic["subscriptions"] if one.get("confirmed") or now - one.get("asked", now) < WAITS_S
        ]


class Suppressed:
    """Stands before ministack's module ``ses_v2``, which has no list of addresses that are sent nothing any more.

    As no mail leaves this machine, none comes back: an address that was sent mail and whose name begins with
    ``bounce`` or ``complaint`` is on the list, as those of AWS's mailbox simulator bounce and complain.
    """

    def __init__(self, ses_v2: ModuleType) -> None:
        self._ses: Any = ses_v2
        self._handle_of_old = self._ses.handle_request

    def install(self) -> None:
        """From now on the module asks here."""
        self._ses.handle_request = self.handle

    async def handle(self, method: str, path: str, headers: Any, body: Any, query_params: Any) -> Any:
        """Answer the list; whatever else is asked, the module does."""
        if method != "GET" or not path.rstrip("/").endswith("/suppression/addresses"):
            return await self._handle_of_old(method, path, headers, body, query_params)
        sent = {to: mail["Timestamp"] for mail in self._ses._sent_emails_list() for to in mail["To"]}
        listed = [
            {"EmailAddress": to, "Reason": reason, "LastUpdateTime": at}
            for to, at in sent.items()
            for reason in ("BOUNCE", "COMPLAINT")
            if to.upper().startswith(reason)
        ]
        said = json.dumps({"SuppressedDestinationSummaries": listed}).encode()
        return 200, {"Content-Type": "application/json"}, said


class Renewed:
    """Stands before ministack's module ``cognito``, whose renewed ID tokens have lost the person's groups."""

    def __init__(self, cognito: ModuleType) -> None:
        self._cognito: Any = cognito
        self._token_of_old = self._cognito._fake_token

    def install(self) -> None:
        """From now on the module asks here."""
        self._cognito._fake_token = self.token

    def token(self, sub: str, pool_id: str, *given: Any, **more: Any) -> str:
        """Make a token; a renewed one tells the groups that the person is in now, as AWS's does."""
        if more.get("trigger_source") == "TokenGeneration_RefreshTokens" and more.get("groups") is None:
            pool = self._cognito._get_pool_unscoped(pool_id) or {}
            person = pool.get("_users", {}).get(more.get("username"), {})
            more["groups"] = person.get("_groups", [])
        made: str = self._token_of_old(sub, pool_id, *given, **more)
        return made


def _find(topic: Mapping[str, Any], protocol: str, endpoint: str) -> dict[str, Any] | None:
    same = (one for one in topic["subscriptions"] if (one["protocol"], one["endpoint"]) == (protocol, endpoint))
    return next(same, None)


def _attributes(sns: Any, params: Mapping[str, Any]) -> dict[str, str]:
    found, at = {}, 1
    while key := sns._p(params, f"Attributes.entry.{at}.key"):
        found[key] = sns._p(params, f"Attributes.entry.{at}.value")
        at += 1
    return found


def _agrees(one: Mapping[str, Any], attributes: Mapping[str, str]) -> bool:
    return all(one["attributes"].get(name) == value for name, value in attributes.items())


def _member(sns: Any, one: Mapping[str, Any]) -> str:
    said = {
        "SubscriptionArn": one["arn"] if one.get("confirmed") else "PendingConfirmation",
        "Owner": one.get("owner", ""),
        "TopicArn": one["topic_arn"],
        "Protocol": one["protocol"],
        "Endpoint": one["endpoint"],
    }
    return f"<member>{''.join(f'<{name}>{sns._xml_escape(value)}</{name}>' for name, value in said.items())}</member>"


_STOOD_BEFORE: Final = ("services.sns", "services.ses_v2", "services.cognito")


def main() -> None:
    """Start ministack in this process, with people as they are in AWS."""
    app, *services = (import_module(f"ministack.{name}") for name in ("app", *_STOOD_BEFORE))
    sns, ses_v2, cognito = services
    Suppressed(ses_v2).install()
    Renewed(cognito).install()
    site = f"http://{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"
    People(sns, Path(os.environ[MAILBOX]), site).install()
    sys.exit(app.main())


if __name__ == "__main__":
    main()
