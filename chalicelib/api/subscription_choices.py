"""What a person may choose from on the page of their preferences: what there is now."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from chalicelib.alerts import rule_state
from chalicelib.api.context import Context
from chalicelib.api.subscription_pages import Choices
from chalicelib.subscriptions.subscription import Wishes


def choices(context: Context, wishes: Wishes) -> Choices:
    """Answer the topics of rules, the sources, the reports and the metrics; what is chosen stays to be chosen."""
    metrics = {metric.name: metric.title for metric in context.metrics.all().values()}
    chosen = wishes.digest.metrics if wishes.digest is not None else ()
    return Choices(
        alerts=sorted({rule.topic for rule in rule_state.every(context.state)}),
        incidents=sorted(context.sources),
        reports=(),
        metrics={**{name: name for name in chosen}, **metrics},
        zones=_zones(),
    )


@cache
def _zones() -> tuple[str, ...]:
    """Name the zones of places, as people know them."""
    names = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))
    return ("UTC", *sorted(names))
