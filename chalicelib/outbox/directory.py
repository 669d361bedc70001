"""Which way leads to a destination: the topics, a subscriber, a channel. One directory is good for one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.state import StateStore
from chalicelib.errors import NotTaken
from chalicelib.outbox import channels
from chalicelib.outbox.channels import Channel
from chalicelib.outbox.letter import Letter
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Message, to_subscription
from chalicelib.outbox.topics import Topics
from chalicelib.outbox.ways import Nowhere, Reader, Readers, Way

MAIL_A_MINUTE: Final = 60
"""SES allows one a second in its sandbox, and more to who asks."""

SendMail = Callable[[Letter, Reader], str]
SendToChannel = Callable[[Letter, Channel], str]


@dataclass
class Directory:
    """Finds ways (:class:`~chalicelib.outbox.ways.Ways`).

    Parameters
    ----------
    mail
        Sends HTML mail to one reader; None where the deployment has no sender's address.
    to_channel
        Sends to a channel that people set up.
    """

    state: StateStore
    topics: Topics
    readers: Readers
    mail: SendMail | None
    to_channel: SendToChannel
    _channels: dict[str, Channel] | None = field(default=None, init=False)

    def find(self, to: str, message: Message) -> Way | Nowhere:
        """Answer the way of a message to a destination. Raises ``NotTaken``, ``StoreUnavailable``."""
        kind, _, name = to.partition(":")
        if to == OPERATORS:
            return self.topics.to_operators()
        if to == SUBSCRIBERS:
            return self.topics.to_everybody()
        if kind == "subscription":
            return self._to_reader(name, message)
        if kind == "channel":
            return self._to_channel(name)
        raise NotTaken(f"There is no destination {to[:80]!r}.", for_good=True)

    def channels(self) -> Sequence[str]:
        """Answer the names of the channels that are switched on. Raises ``StoreUnavailable``."""
        return [channel.name for channel in self._all_channels().values() if channel.enabled]

    def spread(self, message: Message) -> Sequence[str]:
        """Answer the destinations of those who want it as HTML mail. Raises ``StoreUnavailable``."""
        return [] if self.mail is None else [to_subscription(one) for one in self.readers.by_html_mail(message)]

    def _to_reader(self, subscription_id: str, message: Message) -> Way | Nowhere:
        reader = self.readers.one(subscription_id, message)
        if reader is None:
            return Nowhere("There is no such subscription any more, or it is not confirmed.")
        if reader.protocol != "html_email":
            return self.topics.to_one(reader.protocol, subscription_id)
        mail = self.mail
        if mail is None:
            raise NotTaken("This deployment has no sender's address for HTML mail (SesSender).", for_good=True)
        return Way("mail", MAIL_A_MINUTE, lambda letter: mail(letter, reader))

    def _to_channel(self, name: str) -> Way | Nowhere:
        channel = self._all_channels().get(name)
        if channel is None:
            raise NotTaken(
                f"There is no channel {name!r}: set it up again, or take it out of what it is used in.", for_good=True
            )
        if not channel.enabled:
            return Nowhere("The channel is switched off.")
        return Way(f"channel:{name}", channel.a_minute, lambda letter: self.to_channel(letter, channel))

    def _all_channels(self) -> dict[str, Channel]:
        if self._channels is None:
            self._channels = {channel.name: channel for channel in channels.every(self.state)}
        return self._channels
