"""What is to be said of an answer that leaves: its period, zone, filters, how complete it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval
from chalicelib.domain.zones import is_midnight
from chalicelib.metrics.answer import Answer
from chalicelib.metrics.filter_text import write_filter
from chalicelib.metrics.question import Question

_INTERVALS: Final = {
    Interval.PT15M: "by 15 minutes",
    Interval.PT1H: "by hour",
    Interval.P1D: "by day",
    Interval.P1W: "by ISO week",
    Interval.P1M: "by month",
    Interval.P3M: "by quarter",
    Interval.P1Y: "by year",
}
VERSUS: Final = {"previous_period": "the period before", "week": "a week before", "month": "a month before"}
_PARTIAL: Final = "Buckets that are marked as partial are not complete yet: their numbers can still change."
_MAX_NAMED: Final = 3


def in_days(question: Question) -> bool:
    """Answer whether all buckets are whole local days or longer, so that dates say where they begin and end."""
    return question.interval.of_days and all(is_midnight(at, question.zone) for at in (question.start, question.end))


def title(question: Question) -> str:
    """Answer the title of a document."""
    titles = [metric.title for metric in question.metrics]
    more = f" and {len(titles) - _MAX_NAMED} more" if len(titles) > _MAX_NAMED else ""
    return ", ".join(titles[:_MAX_NAMED]) + more


def filename(question: Question, ending: str) -> str:
    """Name a file after its question, in letters that every system takes.

    >>> from chalicelib.metrics.registry import METRICS
    >>> from zoneinfo import ZoneInfo
    >>> start = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
    >>> stars = (METRICS["stars"],)
    >>> filename(Question(stars, start, start + timedelta(days=7), Interval.P1D, ZoneInfo("UTC")), "csv")
    'headwater-stars-2026-11-01-to-2026-11-07.csv'
    """
    names = "-".join(metric.name for metric in question.metrics[:_MAX_NAMED])
    last = question.end - timedelta(microseconds=1)
    first, end = (f"{at.astimezone(question.zone):%Y-%m-%d}" for at in (question.start, last))
    return f"headwater-{names}-{first}-to-{end}.{ending}"


def headline(question: Question) -> str:
    """Answer one line of what a table covers."""
    where = [] if question.where is None else [write_filter(question.where)]
    return " · ".join([period(question), _INTERVALS[question.interval], question.zone.key, *where])


def period(question: Question) -> str:
    """Answer the range, whose end is exclusive."""
    start, end = (_written(at, question) for at in (question.start, question.end))
    return f"{start} to {end} (exclusive)"


def _written(at: datetime, question: Question) -> str:
    local = at.astimezone(question.zone)
    return local.date().isoformat() if in_days(question) else local.isoformat()


def facts(question: Question, answer: Answer) -> Iterator[tuple[str, str]]:
    """Answer what it is, as pairs of a name and a text."""
    yield "Metrics" if len(question.metrics) > 1 else "Metric", "; ".join(map(_named, answer.meta["metrics"]))
    yield "Period", f"{period(question)}, {_INTERVALS[question.interval]}"
    yield "Time zone", question.zone.key
    yield "Filter", "none" if question.where is None else write_filter(question.where)
    if question.group_by:
        yield "Groups", ", ".join(question.group_by)
    if question.top is not None:
        rest = ", the rest put together" if question.top.other else ", the rest left out"
        yield "Top", f"{question.top.count} groups by {question.top.by}{rest}"
    if question.transform is not None:
        yield "Transform", str(question.transform)
    yield from _compared(answer)
    for metric in answer.meta["metrics"]:
        known = metric["watermark"]
        until = "nothing published yet" if known is None else spoken(known, answer.zone)
        yield "Complete until", f"{until} ({metric['title']}, from {metric['source']})"
    yield "Computed at", spoken(answer.meta["computed_at"], answer.zone)


def _named(metric: Mapping[str, Any]) -> str:
    return f"{metric['title']} ({metric['unit']})"


def _compared(answer: Answer) -> Iterator[tuple[str, str]]:
    """Answer the exact ranges that are compared, once where they are all metrics' own."""
    found = (metric["comparison"] for metric in answer.meta["metrics"])
    said = dict.fromkeys(_ranges(one, answer.zone) for one in found if one)
    for one in said:
        yield "Compared", one


def _ranges(comparison: Mapping[str, Any], zone: ZoneInfo) -> str:
    versus = VERSUS.get(comparison["with"], "a year before")
    ranges = (comparison[one] for one in ("current", "before"))
    current, before = (f"{spoken(one['from'], zone)} to {spoken(one['to'], zone)}" for one in ranges)
    return f"{current} with {versus}, matched by {comparison['match']}: {before}"


def spoken(instant: str, zone: ZoneInfo) -> str:
    """Write an instant by the clocks of a zone, to the minute; a midnight by its date alone.

    >>> spoken("2026-11-26T03:00:00Z", ZoneInfo("Asia/Kathmandu"))
    '2026-11-26 08:45 UTC+05:45'
    """
    at = datetime.fromisoformat(instant)
    local = at.astimezone(zone)
    if is_midnight(at.astimezone(UTC), zone):
        return local.date().isoformat()
    ahead = local.isoformat()[-6:] if local.utcoffset() else ""
    return f"{local:%Y-%m-%d %H:%M} UTC{ahead}"


def notes(answer: Answer) -> Iterator[str]:
    """Answer what a reader should know before any number."""
    if answer.meta["partial"]:
        yield _PARTIAL
    yield from answer.meta["warnings"]
