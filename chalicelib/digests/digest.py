"""A digest, as data: what is told to whoever wished for the same metrics, zone and period. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chalicelib.digests.periods import Period
from chalicelib.digests.told import Against, Known, Numbers, Told
from chalicelib.digests.words import clock, percent, value
from chalicelib.subscriptions.subscription import Cadence

MOST_ALERTS: Final = 10
"""Messages of alerts that are told one by one; of more only how many."""
MOST_REASONS: Final = 3
"""Reasons why there is no number that are told, where there is none at all."""
_NAMES: Final = {Cadence.DAILY: "Daily digest", Cadence.WEEKLY: "Weekly digest"}
_SHORT: Final = 150
"""Characters of the line for a phone: one SMS with an address."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A message of an alert in the period: when it was, and what it said in a line."""

    at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told.

    Parameters
    ----------
    incidents
        What of Headwater itself is in trouble now, a line each.
    missed
        Dates whose digests were not sent.
    """

    period: Period
    told: tuple[Told, ...]
    alerts: tuple[Alert, ...] = ()
    incidents: tuple[str, ...] = ()
    missed: tuple[date, ...] = ()

    @property
    def numbers(self) -> list[Told]:
        """Answer what has numbers."""
        return [one for one in self.told if one.known in (Known.VALUE, Known.EARLIER)]

    @property
    def has_year(self) -> bool:
        """Answer whether anything was counted a year before."""
        return any(numbers.year.counted for one in self.numbers for numbers in one.numbers)

    @property
    def without(self) -> list[Told]:
        """Answer what has none."""
        return [one for one in self.told if one.known not in (Known.VALUE, Known.EARLIER)]


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that go with a digest, empty where there is none."""

    dashboard: str = ""
    pdf: str = ""
    preferences: str = ""
    unsubscribe: str = ""

    def named(self) -> Iterator[tuple[str, str]]:
        """Answer those that there are, with what they lead to."""
        every = {
            "Dashboard": self.dashboard,
            "As a PDF, with charts": self.pdf,
            "Choose what you hear": self.preferences,
            "Unsubscribe": self.unsubscribe,
        }
        return ((name, address) for name, address in every.items() if address)


def title(digest: Digest) -> str:
    """Name what it is about."""
    label = digest.period.label(digest.period.start)
    return label[0].upper() + label[1:]


def kind(digest: Digest) -> str:
    """Name what it is, and in whose days."""
    return f"{_NAMES[digest.period.cadence]}, {digest.period.zone.key}"


def subject(digest: Digest) -> str:
    """Answer the subject of a mail: ASCII, as SNS wants it."""
    return f"Headwater, {_NAMES[digest.period.cadence].lower()}: {digest.period.label(digest.period.start)}"


def short(digest: Digest) -> str:
    """Answer one line for a phone: as many metrics as go into it."""
    line = f"Headwater {digest.period.label(digest.period.start)}:"
    if not digest.numbers:
        return f"{line} nothing is known yet."
    for one in digest.numbers:
        for numbers in one.numbers:
            assert one.column is not None
            change = percent(numbers.before.ratio)
            said = (
                f" {one.title} {value(numbers.value, one.column, numbers.currency)}{f' ({change})' if change else ''}"
            )
            said += " (earlier)," if one.known is Known.EARLIER else ","
            if len(line) + len(said) > _SHORT:
                return f"{line[:-1]} …" if line.endswith(",") else f"{line} see the dashboard."
            line += said
    return f"{line[:-1]}."


def beside(digest: Digest, numbers: Numbers) -> Iterator[tuple[str, Against]]:
    """Answer what a value stands beside, each with its name; the year before where there is any."""
    yield f"{digest.period.unit} before", numbers.before
    if digest.has_year:
        yield "year before", numbers.year


def of_earlier(one: Told, period: Period) -> str:
    """Say of which bucket the numbers are, where they are not of the period; else nothing."""
    if one.known is not Known.EARLIER or one.start is None:
        return ""
    return f"{period.label(one.start)}, the last complete {period.unit}: {one.said}"


def nothing_known(digest: Digest) -> str:
    """Say in a line or two that there is no number at all, instead of once for each metric."""
    many = len(digest.without)
    of = "the metric that you chose has no" if many == 1 else f"none of the {many} metrics that you chose has a"
    reasons = list(dict.fromkeys(one.said for one in digest.without))
    more = [f"And {len(reasons) - MOST_REASONS} more reasons."] if len(reasons) > MOST_REASONS else []
    first = f"No number is known yet: {of} complete {digest.period.unit} to tell."
    return " ".join((first, *reasons[:MOST_REASONS], *more))


def not_sent(digest: Digest) -> str:
    """Say what was not sent before, nothing where all was."""
    if not digest.missed:
        return ""
    days = ", ".join(f"{day:%a} {day.day} {day:%b}" for day in digest.missed)
    return f"Not sent, as Headwater could not: the {'digest' if len(digest.missed) == 1 else 'digests'} of {days}."


def reading(digest: Digest) -> Iterator[str]:
    """Say how to read it, each sentence once."""
    period, many = digest.period, len(digest.period.bounds) - 1
    if digest.numbers:
        yield f"The line shows {many} {period.unit}s; · is one without a value, or not known."
        same = "the same weekday, 364 days before" if period.cadence is Cadence.DAILY else "the week 52 weeks before"
        yield f"'Year before' is {same}." if digest.has_year else "Nothing was counted yet a year before."
    yield from dict.fromkeys(note for one in digest.told for note in one.notes)


def trouble(digest: Digest) -> Iterator[str]:
    """Say which sources are late and what else is in trouble, each once."""
    yield from dict.fromkeys(one.late for one in digest.told if one.late)
    yield from digest.incidents


def fired(digest: Digest) -> Iterator[tuple[str, str]]:
    """Answer what alerts said in the period, each with its time; of many only the first."""
    for alert in digest.alerts[:MOST_ALERTS]:
        yield clock(alert.at, digest.period.zone), alert.said
    if (more := len(digest.alerts) - MOST_ALERTS) > 0:
        yield "", f"and {more} more."
