"""Sends a letter to a channel that people set up; its secret is read when it is needed, and shown nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.domain.clock import Clock
from chalicelib.errors import ConfigError, NotTaken, StoreUnavailable
from chalicelib.outbox import slack, webhook
from chalicelib.outbox.channels import Channel, ChannelKind
from chalicelib.outbox.letter import Letter
from chalicelib.outbox.message import File
from chalicelib.outbox.posting import look_up, post


class Secrets(Protocol):
    """Where secrets are; ``chalicelib.aws.secrets`` has them."""

    def get(self, name: str) -> Mapping[str, Any]:
        """Answer a secret. Raises ``ConfigError``, ``StoreUnavailable``."""
        ...


@dataclass(frozen=True)
class ChannelSender:
    """Everything that sending to channels touches.

    Parameters
    ----------
    read_file
        Reads a file of the bucket of results; None where it is too large or gone.
    private_hosts
        Hosts that may be posted to though they are not on the internet.
    log
        Is told of what is not as it should be.
    """

    secrets: Secrets
    read_file: Callable[[File], bytes | None]
    private_hosts: Collection[str]
    clock: Clock
    log: Callable[[str], None]

    def send(self, letter: Letter, channel: Channel) -> str:
        """Send, and answer the taker's id. Raises ``NotTaken``, ``NoAnswer``."""
        secret = self._secret(channel)
        match channel.kind:
            case ChannelKind.SLACK_BOT:
                bot = slack.Bot(secret["token"], channel.slack_channel, self.read_file, self.log, channel.base_url)
                return bot.send(letter)
            case ChannelKind.SLACK_WEBHOOK:
                body = json.dumps({"text": slack.text_of(letter), "unfurl_links": False}).encode()
                post(secret["url"], body, {"content-type": "application/json"}, self.private_hosts, look_up)
                return ""
            case ChannelKind.WEBHOOK:
                body = webhook.body_of(letter)
                headers = webhook.signed(webhook.read_secret(secret["signing_secret"]), letter.key, self.clock(), body)
                post(secret["url"], body, headers, self.private_hosts, look_up)
                return letter.key

    def _secret(self, channel: Channel) -> Mapping[str, str]:
        try:
            return {name: str(value) for name, value in self.secrets.get(channel.secret).items()}
        except ConfigError as error:
            raise NotTaken(str(error), call_a_person=True) from error
        except StoreUnavailable as error:
            raise NotTaken(str(error)) from error
