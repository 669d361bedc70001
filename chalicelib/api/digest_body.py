"""Digests out of and into JSON: what is wished for in a preview, and a digest with its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from chalicelib.alerts.fields import Fields, chosen, several
from chalicelib.api.envelope import instant
from chalicelib.api.subscription_body import MOST_METRICS
from chalicelib.digests import digest as says
from chalicelib.digests.digest import Digest, Links
from chalicelib.digests.html import html
from chalicelib.digests.messages import dashboard
from chalicelib.digests.text import text
from chalicelib.digests.told import Against, Told
from chalicelib.domain import zones
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.values import number
from chalicelib.outbox.letter import at_site
from chalicelib.subscriptions.subscription import Cadence, DigestWish

FIRST: Final = date(1982, 1, 1)
LAST: Final = date(2199, 12, 31)
"""Between these there is a year before, and the next day."""


def read_preview(given: Mapping[str, Any], metrics: Collection[str], now: datetime) -> tuple[DigestWish, date]:
    """Read what a digest is wished of, and its local date: the present one unless told otherwise.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or wrong.
    """
    fields = Fields(given, ("cadence", "zone", "metrics", "date"))

    def metric(name: Any) -> str:
        return one_of(name if isinstance(name, str) else str(name), metrics, "metric")

    wish = DigestWish(
        cadence=fields.need("cadence", Cadence.DAILY, chosen(Cadence, "cadence")),
        hour=0,
        zone=fields.need("zone", "UTC", lambda name: zones.zone(name if isinstance(name, str) else str(name)[:64]).key),
        metrics=fields.need("metrics", (), several(metric, MOST_METRICS, 1)),
    )
    day = fields.read("date", now.astimezone(zones.zone(wish.zone)).date(), _date)
    if fields.errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(fields.errors))
    return wish, day


def _date(given: Any) -> date:
    try:
        found = date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        found = None
    if found is None or found.isoformat() != given or not FIRST <= found <= LAST:
        raise ValueError(f"A date such as 2026-11-26 is needed, from {FIRST} to {LAST}.")
    return found


def describe(digest: Digest, metrics: Mapping[str, Metric], site: str) -> dict[str, Any]:
    """Describe a digest: as it is sent from a site, but for links of its subscriber's own, and its numbers."""
    links, period, alerts = Links(dashboard(digest)), digest.period, digest.alerts[: says.MOST_ALERTS]
    return {
        "subject": says.subject(digest),
        "short": at_site(says.short(digest), site),
        "text": at_site(text(digest, links), site),
        "html": at_site(html(digest, links), site),
        "period": {
            "cadence": period.cadence.value,
            "from": period.start.astimezone(period.zone).isoformat(),
            "to": period.end.astimezone(period.zone).isoformat(),
            "tz": period.zone.key,
            "title": says.title(digest),
        },
        "lines": [line for one in digest.told for line in _lines(one, metrics)],
        "alerts": [{"at": instant(one.at), "said": at_site(one.said, site)} for one in alerts],
        "alerts_in_all": len(digest.alerts),
        "trouble": list(says.trouble(digest)),
        "notes": list(says.reading(digest)),
    }


def _lines(one: Told, metrics: Mapping[str, Metric]) -> Iterator[dict[str, Any]]:
    """Answer a line for each currency of a metric, one where there is none."""
    metric = metrics.get(one.name)
    head = {
        "metric": one.name,
        "title": one.title,
        "unit": None if metric is None else metric.unit,
        "known": one.known.value,
        "said": one.said or None,
        "from": instant(one.start),
        "to": instant(one.end),
    }
    if not one.numbers:
        yield {**head, "currency": None, "value": None, "before": _against(), "year": _against(), "spark": []}
    for numbers in one.numbers:
        yield {
            **head,
            "currency": numbers.currency or None,
            "value": number(numbers.value),
            "before": _against(numbers.before),
            "year": _against(numbers.year),
            "spark": [number(value) for value in numbers.spark],
        }


def _against(of: Against | None = None) -> dict[str, Any]:
    of = of or Against()
    return {"value": number(of.value), "change": number(of.change), "change_ratio": number(of.ratio)}
