"""A subscription in words, for the person whose it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib.outbox.audience import ANY_TOPIC
from chalicelib.outbox.message import Severity
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Protocol, Wishes

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEVERITIES: Final = {
    Severity.INFO: "of any severity",
    Severity.WARNING: "warnings and critical ones",
    Severity.CRITICAL: "critical ones only",
}
PROTOCOLS: Final = {Protocol.EMAIL: "e-mail", Protocol.SMS: "SMS", Protocol.HTML_EMAIL: "HTML e-mail"}
_SHOWN: Final = 5


def sentences(wishes: Wishes) -> Iterator[str]:
    """Say what a subscriber gets, a line for each kind of message.

    Examples
    --------
    >>> digest = DigestWish(Cadence.WEEKLY, 8, "Europe/Berlin", ("downloads",), 1)
    >>> for line in sentences(Wishes(("downloads", "stars"), ("*",), (), Severity.WARNING, digest)): print(line)
    Alerts about downloads and stars: warnings and critical ones.
    All incidents: warnings and critical ones.
    A digest every Monday at 08:00 (Europe/Berlin) of one metric.
    """
    severe = SEVERITIES[wishes.least]
    if wishes.alerts:
        yield f"{_of('alerts', ' about', wishes.alerts)}: {severe}."
    if wishes.incidents:
        yield f"{_of('incidents', ' of', wishes.incidents)}: {severe}."
    if wishes.reports:
        yield f"{_of('reports', ':', wishes.reports)}."
    if wishes.digest is not None:
        yield _digest(wishes.digest)


def _digest(digest: DigestWish) -> str:
    day = "day" if digest.cadence is Cadence.DAILY else WEEKDAYS[digest.weekday - 1]
    metrics = "one metric" if len(digest.metrics) == 1 else f"{len(digest.metrics)} metrics"
    return f"A digest every {day} at {digest.hour:02}:00 ({digest.zone}) of {metrics}."


def _of(what: str, about: str, topics: tuple[str, ...]) -> str:
    if ANY_TOPIC in topics:
        return f"All {what}"
    named = list(topics[:_SHOWN])
    if len(topics) > _SHOWN:
        named = [*named, f"{len(topics) - _SHOWN} more"]
    return f"{what.capitalize()}{about} {_listed(named)}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
