"""Whom people name in what they have told: held against the channels and subscriptions that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chalicelib.api.context import Context
from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.outbox import channels
from chalicelib.subscriptions import kept as subscriptions


def unknown(destinations: Iterable[str], context: Context) -> Iterator[ValueError]:
    """Answer what is wrong with each destination that there is not."""
    for destination in destinations:
        kind, _, name = destination.partition(":")
        if kind == "channel":
            known = [channel.name for channel in channels.every(context.state)]
            if name not in known:
                said = f"There is no channel '{name}'; known are: {', '.join(known) or 'none'}."
                yield NotKnown(said, nearest(name, known))
        elif kind == "subscription":
            found = subscriptions.read(context.state, name)
            if found is None or not found.state.stands:
                yield ValueError(f"There is no subscription '{name}': see /v1/subscriptions.")
