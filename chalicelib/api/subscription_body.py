"""The body of a subscription: each field read, every mistake named at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.alerts.fields import Fields, chosen, named, several, whole
from chalicelib.domain import zones
from chalicelib.domain.faults import Fault, fault
from chalicelib.domain.nearest import NotKnown, nearest, one_of
from chalicelib.errors import RequestError
from chalicelib.outbox.audience import ANY_TOPIC
from chalicelib.outbox.message import Severity
from chalicelib.subscriptions.recipients import read_address
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Protocol, Wishes
from chalicelib.subscriptions.words import MOST_WORDS, count

MOST_TOPICS: Final = 50
MOST_METRICS: Final = 20
TOPIC: Final = re.compile(r"\*|[A-Za-z0-9_.-]{1,60}")
WISHES: Final = ("alerts", "incidents", "reports", "least", "digest")
_DIGEST: Final = ("cadence", "hour", "weekday", "zone", "metrics")
_NOTHING: Final = Wishes(alerts=())
_LISTS: Final = ("alerts", "incidents", "reports")


@dataclass(frozen=True, slots=True)
class Known:
    """What can be named: the metrics and, asked for only where one is named, the reports."""

    metrics: Collection[str]
    reports: Callable[[], Collection[str]]


def read_new(given: Mapping[str, Any], known: Known, html: bool) -> tuple[Protocol, str, Wishes]:
    """Read what a subscription is made of; ``html``: whether this deployment sends HTML mail.

    Raises ``RequestError`` 400 naming every field that is unknown, missing or wrong.
    """
    fields = Fields(given, ("protocol", "address", *WISHES))
    protocol = fields.need("protocol", Protocol.EMAIL, chosen(Protocol, "protocol"))
    if protocol is Protocol.HTML_EMAIL and not html:
        fields.wrong(
            "protocol", "This deployment sends no HTML e-mail (its parameter SesSender is empty): use 'email'."
        )
    address = fields.need("address", "", lambda said: _address(protocol, said))
    wishes = _wishes(fields, given, _NOTHING, known)
    if fields.errors:
        raise _wrong(fields.errors)
    return protocol, address, wishes


def read_change(given: Mapping[str, Any], standing: Wishes, known: Known) -> Wishes:
    """Read a change: what is not named stays as it is, and ``"digest": null`` is none. Raises ``RequestError`` 400."""
    fields = Fields(given, WISHES)
    wishes = _wishes(fields, given, standing, known)
    if fields.errors:
        raise _wrong(fields.errors)
    return wishes


def _wishes(fields: Fields, given: Mapping[str, Any], standing: Wishes, known: Known) -> Wishes:
    topics = several(named(TOPIC, "'*' or 1 to 60 of letters, digits, '_', '.' and '-' are needed."), MOST_TOPICS)
    for name in WISHES[:-1]:
        if name in given and given[name] is None:
            fields.wrong(name, "A value is needed; leave the field out where nothing is to be said.")
    wishes = replace(
        standing,
        **{name: fields.read(name, getattr(standing, name), topics) for name in _LISTS},
        least=fields.read("least", standing.least, chosen(Severity, "severity")),
        digest=_digest(fields, given, standing.digest, known.metrics),
    )
    _require_reports(fields, [name for name in wishes.reports if name not in (ANY_TOPIC, *standing.reports)], known)
    if not fields.errors and not (wishes.alerts or wishes.incidents or wishes.reports or wishes.digest):
        fields.wrong("alerts", 'Nothing is asked for: name alerts, incidents or reports (["*"] is all), or a digest.')
    if (needed := count(wishes)) > MOST_WORDS:
        detail = (
            f"SNS filters by {MOST_WORDS} words, and these topics and severities need {needed}: name fewer, or '*'."
        )
        fields.wrong("alerts", detail)
    return wishes


def _require_reports(fields: Fields, named_ones: list[str], known: Known) -> None:
    """Note reports that there are not: whoever waits for one would wait for ever."""
    reports = known.reports() if named_ones else ()
    for name in named_ones:
        if name not in reports:
            said = f"There is no report {name!r}: see /v1/reports."
            fields.errors.append(fault("reports", NotKnown(said, nearest(name, reports))))


def _digest(
    fields: Fields, given: Mapping[str, Any], standing: DigestWish | None, metrics: Collection[str]
) -> DigestWish | None:
    said = given.get("digest")
    if said is None:
        return None if "digest" in given else standing
    if not isinstance(said, dict):
        fields.wrong("digest", "An object or null is needed.")
        return None
    inner = Fields(said, _DIGEST, "digest.")
    if "weekday" in said and said["weekday"] is None:
        inner.wrong("weekday", "A whole number from 1 to 7 is needed, or leave the field out.")
    digest = DigestWish(
        cadence=inner.need("cadence", Cadence.DAILY, chosen(Cadence, "cadence")),
        hour=inner.need("hour", 0, whole(0, 23)),
        weekday=inner.read("weekday", 1, whole(1, 7)),
        zone=inner.need("zone", "UTC", _zone),
        metrics=inner.need("metrics", (), several(_metric(metrics), MOST_METRICS, 1)),
    )
    fields.errors += inner.errors
    return digest


def _address(protocol: Protocol, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("A text is needed.")
    return read_address(protocol, given)


def _zone(given: Any) -> str:
    return zones.zone(given if isinstance(given, str) else str(given)[:64]).key


def _metric(known: Collection[str]) -> Callable[[Any], str]:
    return lambda given: one_of(given if isinstance(given, str) else str(given), known, "metric")


def _wrong(errors: list[Fault]) -> RequestError:
    return RequestError("One or more fields are wrong.", errors=tuple(errors))
