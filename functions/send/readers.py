"""The subscribers as the sender has to know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.outbox.message import SITE, Message
from chalicelib.outbox.ways import Reader
from chalicelib.subscriptions import kept, mailing
from chalicelib.subscriptions.addresses import unsubscribe_address
from chalicelib.subscriptions.subscription import Protocol, Subscription
from chalicelib.subscriptions.words import wants


@dataclass
class Subscribers:
    """:class:`chalicelib.outbox.ways.Readers`; those who want what everybody may have are read once a run.

    Parameters
    ----------
    key
        Answers what signs links. Raises ``ConfigError``, ``StoreUnavailable``.
    site
        The site's address, written into links.
    """

    state: StateStore
    key: Callable[[], bytes]
    site: str
    clock: Clock
    _every: tuple[Subscription, ...] | None = field(default=None, init=False)

    def one(self, subscription_id: str, message: Message) -> Reader | None:
        """Answer whom a message to one subscriber is for. Raises ``ConfigError``, ``StoreUnavailable``."""
        found = mailing.reader(self.state, subscription_id, message)
        if found is None:
            return None
        html = found.protocol is Protocol.HTML_EMAIL
        link = unsubscribe_address(self.key(), found, self.clock()).replace(SITE, self.site) if html else ""
        return Reader(found.id, found.protocol.value, found.address, link)

    def by_html_mail(self, message: Message) -> Sequence[str]:
        """Answer the ids of those who want it as HTML mail. Raises ``StoreUnavailable``."""
        return [one.id for one in self._all() if one.protocol is Protocol.HTML_EMAIL and wants(one, message)]

    def phones(self, message: Message) -> int:
        """Answer how many want it by SMS. Raises ``StoreUnavailable``."""
        return sum(one.protocol is Protocol.SMS and wants(one, message) for one in self._all())

    def _all(self) -> tuple[Subscription, ...]:
        if self._every is None:
            self._every = tuple(kept.every(self.state))
        return self._every
