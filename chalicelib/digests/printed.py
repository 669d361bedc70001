"""A digest as a document to be printed: what it tells on the first page, then each metric with its chart. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.digests import digest as says
from chalicelib.digests.digest import Digest
from chalicelib.digests.periods import Period
from chalicelib.digests.told import Numbers, Told
from chalicelib.digests.words import against, value
from chalicelib.documents.document import Chart, Column, Document, Excerpt, Row, Sheet
from chalicelib.subscriptions.subscription import Cadence

_ROWS: Final = Excerpt(7, last=True)
"""Of each metric: two have room on a page, with their charts."""
_WRITTEN: Final = "DOUBLE"
"""Of columns of written numbers: they stand to the right, as numbers do; a PDF holds no types."""


def printed(digest: Digest) -> Document:
    """Answer what a PDF of a digest shows; its tables can be gone through once."""
    facts = [("Digest", says.kind(digest)), ("Period", _range(digest))]
    alerts = [f"{at} {said}".strip() for at, said in says.fired(digest)]
    facts += [("Alerts", "; ".join(alerts) or f"None in this {digest.period.unit}.")]
    notes = (
        *filter(None, [says.not_sent(digest)]),
        *(f"{one.title}: {one.said}" for one in digest.without),
        *(f"{one.title}: {said}" for one in digest.numbers if (said := says.of_earlier(one, digest.period))),
        *says.trouble(digest),
        *(note for one in digest.told for note in one.notes),
    )
    sheets = [_summary(digest), *(_of(one, digest.period) for one in digest.numbers)]
    every = tuple(dict.fromkeys(notes))
    return Document(f"Headwater: {says.title(digest)}", tuple(sheets), tuple(facts), every, flowing=True)


def _range(digest: Digest) -> str:
    start, end = (at.astimezone(digest.period.zone) for at in (digest.period.start, digest.period.end))
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} (exclusive), {digest.period.zone.key}"


def _summary(digest: Digest) -> Sheet:
    columns = [Column("metric", "VARCHAR", "Metric"), Column("value", _WRITTEN, "Value")]
    for name in [f"the {digest.period.unit} before", *(["the year before"] if digest.has_year else [])]:
        columns += [Column(name, _WRITTEN, name.capitalize()), Column(f"{name} change", _WRITTEN, "Change")]
    rows = [_line(digest, one, numbers) for one in digest.numbers for numbers in one.numbers]
    return Sheet("In short", tuple(columns), rows, says.kind(digest))


def _line(digest: Digest, one: Told, numbers: Numbers) -> Row:
    assert one.column is not None
    told = [one.title, value(numbers.value, one.column, numbers.currency)]
    for _, of in says.beside(digest, numbers):
        before, changed, ratio = against(of, one.column, numbers.currency)
        told += [before, f"{changed} ({ratio})" if ratio else changed]
    return told


def _of(one: Told, period: Period) -> Sheet:
    """Answer the buckets of a metric, those in which nothing is known without a value."""
    assert one.column is not None
    first = Column("start", "DATE", "Day" if period.cadence is Cadence.DAILY else "Week from")
    by_currency = any(numbers.currency for numbers in one.numbers)
    columns = (first, *([Column("currency", "VARCHAR", "Currency")] if by_currency else []), one.column)
    days = [at.astimezone(period.zone).date() for at in period.bounds[:-1]]
    rows = [
        (day, *([numbers.currency] if by_currency else []), numbers.spark[at])
        for at, day in enumerate(days)
        for numbers in one.numbers
    ]
    chart = Chart("start", (one.column.name,), ("currency",) if by_currency else ())
    headline = f"{len(days)} {period.unit}s, {period.zone.key}"
    return Sheet(one.title, columns, rows, headline, chart, excerpt=_ROWS)
