"""``GET /v1/metrics/{name}/uses``: what asks for a metric, so that nobody takes it away from under it unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

from chalicelib.alerts import rule_state
from chalicelib.api.context import Context
from chalicelib.api.metrics import NAME
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.routes import Access, Call, Reply, Route
from chalicelib.api.schemas import STRING, record
from chalicelib.dashboards import kept as dashboards
from chalicelib.dashboards.seeded import seeded
from chalicelib.domain.faults import not_found
from chalicelib.domain.state import StateStore
from chalicelib.metrics.own import Definition
from chalicelib.reports import kept as reports
from chalicelib.reports.report import Asked

KINDS: Final = ("alert", "dashboard", "metric", "report")
LISTED: Final = 100
_AT_A_TIME: Final = 8


@dataclass(frozen=True, slots=True)
class Use:
    """Something that asks for a metric: ``id`` is what its own routes call it."""

    kind: str
    id: str
    name: str


def list_uses(call: Call, context: Context) -> Reply:
    """Answer a page of what asks for a metric."""
    name, metrics = call.values["name"], call.metrics()
    if name not in metrics:
        raise not_found("name", "metric", name, metrics, "/v1/metrics")
    found = sorted(uses(context.state, metrics.own, name), key=lambda one: (one.kind, one.id))
    page = page_of(call, f"uses {name}", found, lambda one: (one.kind, one.id), LISTED)
    return listed(call, page, asdict, {"Cache-Control": "no-store"})


def uses(state: StateStore, own: Iterable[Definition], name: str) -> Iterator[Use]:
    """Find what asks for a metric, in everything that people keep; there are at most a thousand of each."""
    for metric in own:
        if metric.expression is not None and name in metric.expression.names:
            yield Use("metric", metric.name, metric.title)
    for rule in rule_state.every(state, lambda _id, _error: None):
        if rule.look is not None and rule.look.metric == name:
            yield Use("alert", rule.id, rule.name)
    for report in reports.every(state):
        if any(isinstance(part, Asked) and asks(part.query, name) for part in report.content.parts):
            yield Use("report", report.name, report.content.title)
    for dashboard_id, content in seeded().items():
        if in_widgets(content, name):
            yield Use("dashboard", dashboard_id, str(content["name"]))
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        kept = list(dashboards.every(state))
        for one, content in zip(kept, pool.map(partial(dashboards.read_content, state), kept), strict=True):
            if in_widgets(content, name):
                yield Use("dashboard", one.id, one.name)


def in_widgets(content: Mapping[str, Any], name: str) -> bool:
    """Tell whether a widget of a dashboard asks for a metric."""
    return any(asks(widget.get("question") or {}, name) for widget in content.get("widgets", ()))


def asks(question: Mapping[str, Any], name: str) -> bool:
    """Tell whether a question is about a metric.

    >>> asks({"metrics": ["won", "lost"]}, "won"), asks({"metric": "won"}, "won"), asks({}, "won")
    (True, True, False)
    """
    metrics = question.get("metrics", ())
    return name == question.get("metric") or (isinstance(metrics, (list, tuple)) and name in metrics)


_USE: Final = record({"kind": {"enum": list(KINDS)}, "id": STRING, "name": STRING})
_USE_EXAMPLE: Final = {"kind": "dashboard", "id": "adoption", "name": "Adoption"}

ROUTES = (
    Route(
        method="GET",
        path="/v1/metrics/{name}/uses",
        name="list_metric_uses",
        access=Access.READ,
        summary="What asks for a metric",
        description=(
            "Dashboards, alert rules, reports, and metrics that are expressions over it: what fails once it is "
            "deleted, and what changes with it. Feeds, digests and SQL that people have saved are not looked through."
        ),
        answers=(a_page("What asks for it.", _USE, _USE_EXAMPLE, LISTED),),
        handler=list_uses,
        parameters=(NAME, limit(LISTED, 500), CURSOR),
        problems=(404,),
    ),
)
