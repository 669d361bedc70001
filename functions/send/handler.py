"""Every minute: what is in the outbox goes out, each message once."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools import Logger

from chalicelib.aws.clients import client, client_once
from chalicelib.aws.receipts import ReceiptQueue
from chalicelib.aws.result_files import S3Results
from chalicelib.aws.secrets import SecretStore
from chalicelib.aws.ses import Mailer
from chalicelib.aws.sns import Topic
from chalicelib.domain.clock import system_clock
from chalicelib.errors import ConfigError, ObjectNotFound
from chalicelib.outbox import notices, sms_budget
from chalicelib.outbox.directory import Directory
from chalicelib.outbox.letter import Letter, parts_of_sms, short_of
from chalicelib.outbox.mail import mail
from chalicelib.outbox.message import File
from chalicelib.outbox.outbox import Outbox
from chalicelib.outbox.sender import Sender
from chalicelib.outbox.sending import ChannelSender
from chalicelib.outbox.topics import TopicReceipts, Topics
from chalicelib.outbox.ways import Reader
from chalicelib.settings import SendSettings, from_env
from functions import wiring
from functions.send.readers import Subscribers

logger = Logger(service="send")

MOST_FILE: Final = 20 * 1024 * 1024
"""Bytes of a file that is uploaded with a message; of a larger one the message has the link only."""
_RESERVE_MS: Final = 20_000  # with less of the Lambda's time left no other letter is begun


@cache
def settings() -> SendSettings:
    """Read the environment once."""
    return from_env(SendSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Answer how many deliveries ended how."""
    told = sender().run(lambda: context.get_remaining_time_in_millis() > _RESERVE_MS)
    logger.info("sent", extra={"deliveries": told})
    return told


@cache
def secrets() -> SecretStore:
    """The deployment's secrets; each is kept for a minute."""
    return SecretStore(client("secretsmanager"), settings().secret_prefix)


def sender() -> Sender:
    """Put a sender together: what it knows of channels and subscribers is of this run."""
    given = settings()
    state = wiring.state(given.state_table)
    readers = Subscribers(state, lambda: str(secrets().get("links")["key"]).encode(), given.site_url, system_clock)
    receipts = TopicReceipts(ReceiptQueue(client("sqs"), given.receipt_queue_url))
    sns = client_once("sns")
    topics = Topics(
        Topic(sns, given.alert_topic_arn),
        Topic(sns, given.notice_topic_arn),
        receipts,
        lambda letter: may_send_sms(letter, readers.phones(letter.message)),
    )
    hosts = frozenset(given.webhook_private_hosts.split())
    channels = ChannelSender(secrets(), read_file, hosts, system_clock, logger.warning)
    directory = Directory(state, topics, readers, send_mail if given.ses_sender else None, channels.send)
    return Sender(state, system_clock, directory, receipts, given.site_url, wiring.in_threads, time.sleep, logger.error)


def may_send_sms(letter: Letter, phones: int) -> bool:
    """Take the month's right to send a letter by SMS; people are told once when it is spent."""
    given = settings()
    state, now = wiring.state(given.state_table), system_clock()
    try:
        budget = int(given.sms_per_month)
    except ValueError as error:
        raise ConfigError("HEADWATER_SMS_PER_MONTH: a whole number is needed") from error
    alone = letter.to.startswith("subscription:")
    wanted = parts_of_sms(short_of(letter.message)) * (1 if alone else phones)
    if wanted == 0 or sms_budget.spend(state, letter.key, wanted, budget, now):
        return wanted > 0
    Outbox(state, system_clock).put(notices.sms_spent(budget, now))
    return False


def send_mail(letter: Letter, reader: Reader) -> str:
    """Send HTML mail to one subscriber."""
    sender_address = settings().ses_sender
    raw = mail(letter, reader, sender_address)
    return Mailer(client_once("sesv2"), sender_address).send(reader.address, raw)


def read_file(file: File) -> bytes | None:
    """Read a file that goes with a message; None where it is too large, or gone."""
    results = S3Results(client("s3"), settings().results_bucket)
    size = results.size(file.key)
    if size is None or size > MOST_FILE:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        try:
            results.download(file.key, path)
        except ObjectNotFound:
            return None
        return path.read_bytes()
