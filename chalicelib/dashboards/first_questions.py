"""The questions that are asked first: by the pages of the site as they open, and by the original contract. Pure.

They are answered ahead of time (:mod:`chalicelib.metrics.head`). A page asks in its viewer's own zone, which nobody
knows before: these are asked in the company's reporting zone, those of the contract in UTC, too, its default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.dashboards.seeded import ORDER, of_company
from chalicelib.dashboards.widgets import Kind
from chalicelib.domain.periods import Interval
from chalicelib.metrics import contract_questions as contract
from chalicelib.metrics.asked import make_question
from chalicelib.metrics.asked_body import read_body
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS

ALSO: Final = "90d"
"""A range that many choose, beside the page's own: of the overview alone."""
_UTC: Final = ZoneInfo("UTC")


def first_questions(
    now: datetime, reporting: ZoneInfo, own_brand: str | None, known: Callable[[Metric], datetime | None]
) -> Iterator[Question]:
    """Answer every question that is asked first as it is asked now, each once, those that are asked most first.

    Parameters
    ----------
    known
        Answers up to when all of a metric is known, its watermark.
    """
    told: set[tuple[str, ...]] = set()
    for question in _all(now, reporting, own_brand, known):
        if question.key not in told:
            told.add(question.key)
            yield question


def _all(
    now: datetime, reporting: ZoneInfo, own_brand: str | None, known: Callable[[Metric], datetime | None]
) -> Iterator[Question]:
    first, *others = ORDER
    yield from page_questions(first, now, reporting, own_brand)
    for at in (reporting, _UTC):
        yield from contract.asked_first(now, at, known(METRICS[contract.SHARES[0]]))
    for name in others:
        yield from page_questions(name, now, reporting, own_brand)
    yield from page_questions(first, now, reporting, own_brand, ALSO)


def page_questions(
    name: str, now: datetime, at: ZoneInfo, own_brand: str | None, span: str | None = None
) -> Iterator[Question]:
    """Answer what a page of the site asks when it opens, or with another range."""
    page = of_company(name, own_brand)
    for widget in page["widgets"]:
        if widget["question"] is not None:
            yield _question(widget, span or page["range"], at, now)


def _question(widget: Mapping[str, Any], span: Any, at: ZoneInfo, now: datetime) -> Question:
    """Ask as the site does: a tile beside the period before, all with their totals, these ranges by day."""
    fields = dict(widget["question"])
    own = fields.pop("range") or span
    times = {"range": own} if isinstance(own, str) else own
    fields["interval"] = fields["interval"] or Interval.P1D.value
    if widget["kind"] == Kind.TILE:
        fields["compare"] = fields["compare"] or Versus.PREVIOUS_PERIOD.value
    metrics, values = read_body({**fields, **times, "tz": at.key, "totals": True}, METRICS)
    return make_question(metrics, values, now, lambda: None)
