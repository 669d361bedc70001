"""What a person may choose from on the page of their preferences: what there is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from chalicelib.alerts import rule_state
from chalicelib.api.context import Context
from chalicelib.api.routes import Call
from chalicelib.api.subscription_body import Known
from chalicelib.api.subscription_pages import Choices
from chalicelib.outbox.audience import ANY_TOPIC
from chalicelib.reports import kept


def choices(call: Call, context: Context, chosen: Mapping[str, Any]) -> Choices:
    """Answer the topics of rules, the sources, the reports and the metrics.

    ``chosen`` (wishes as JSON) stays to be chosen, whether it is known or not.
    """
    metrics = chosen["digest"]["metrics"] if chosen["digest"] else ()
    return Choices(
        alerts=_titled(chosen["alerts"], {rule.topic: rule.topic for rule in rule_state.every(context.state)}),
        incidents=_titled(chosen["incidents"], {source.name: source.title for source in context.sources.values()}),
        reports=_titled(chosen["reports"], {report.name: report.name for report in kept.every(context.state)}),
        metrics=_titled(metrics, {metric.name: metric.title for metric in call.metrics().values()}),
        zones=_zones(),
    )


def known(call: Call, context: Context) -> Known:
    """Answer what a subscription can name."""
    return Known(call.metrics(), lambda: [report.name for report in kept.every(context.state)])


def _titled(chosen: Iterable[str], known: Mapping[str, str]) -> Mapping[str, str]:
    """Answer titles by name, in the order of titles; what is chosen and not known is its own title."""
    every = {name: name for name in chosen if name != ANY_TOPIC} | dict(known)
    return dict(sorted(every.items(), key=lambda one: one[1].casefold()))


@cache
def _zones() -> tuple[str, ...]:
    """Name the zones of places, as people know them."""
    names = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))
    return ("UTC", *sorted(names))
