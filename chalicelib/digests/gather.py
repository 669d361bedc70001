"""Puts a digest together from what is kept: numbers, what alerts said in the period, what is in trouble now."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from chalicelib.digests.ask import Asker
from chalicelib.digests.digest import Alert, Digest
from chalicelib.digests.periods import Period, period
from chalicelib.digests.words import clock
from chalicelib.domain.state import StateStore
from chalicelib.domain.zones import zone
from chalicelib.incidents import incidents
from chalicelib.incidents.standing import Open, open_incidents
from chalicelib.incidents.words import WORDS
from chalicelib.outbox.message import Kind
from chalicelib.outbox.outbox import of_days
from chalicelib.subscriptions.subscription import Cadence, DigestWish


class Gatherer:
    """Makes digests in one look; what several have in common is asked once.

    Parameters
    ----------
    state
        The outbox and the incidents.
    asker
        Tells metrics.
    """

    def __init__(self, state: StateStore, asker: Asker) -> None:
        self._state, self._asker = state, asker
        self._alerts: dict[tuple[Cadence, ZoneInfo, date], tuple[Alert, ...]] = {}

    def digest(
        self, wish: DigestWish, day: date, missed: tuple[date, ...] = (), *, at_any_rate: bool = False
    ) -> Digest:
        """Make the digest of a local date.

        Parameters
        ----------
        at_any_rate
            Whether to say of numbers that cannot be read that they could not, instead of raising.

        Raises
        ------
        HeadwaterError
            What it is made of cannot be had now.
        ValueError
            There is no such time zone.
        """
        of = period(wish.cadence, day, zone(wish.zone))
        told = tuple(self._asker.tell(name, of, at_any_rate=at_any_rate) for name in wish.metrics)
        trouble = tuple(_line(one, of.zone) for one in self._incidents)
        return Digest(of, told, self._fired(of, day), trouble, missed)

    @cached_property
    def _incidents(self) -> list[Open]:
        return open_incidents(self._state)

    def _fired(self, of: Period, day: date) -> tuple[Alert, ...]:
        key = (of.cadence, of.zone, day)
        if key not in self._alerts:
            last = (of.end - timedelta(microseconds=1)).astimezone(UTC).date()
            messages = (found.message for found in of_days(self._state, of.start.astimezone(UTC).date(), last))
            found = [Alert(one.at, one.subject) for one in messages if one.kind is Kind.ALERT]
            inside = (one for one in found if of.start <= one.at < of.end)
            self._alerts[key] = tuple(sorted(inside, key=lambda one: (one.at, one.said)))
        return self._alerts[key]


def _line(one: Open, at: ZoneInfo) -> str:
    return f"{one.title} {WORDS[incidents.Kind(one.kind)].headline}, since {clock(one.since, at)}."
