"""What is told beside the rows of an answer: its columns, how its data stands, and the question as understood. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.metrics.answer import AnswerColumn, Holds, Role
from chalicelib.metrics.comparison import differ
from chalicelib.metrics.filter_text import write_filter
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.news import better
from chalicelib.metrics.question import Question
from chalicelib.metrics.series import is_partial
from chalicelib.metrics.standing import Prepared, Standing
from chalicelib.metrics.transforms import unit

_ROLES = {Role.BEFORE: "before", Role.CHANGE: "change", Role.CHANGE_RATIO: "change in share"}


def columns(question: Question) -> tuple[AnswerColumn, ...]:
    """Answer the columns of a question's answer."""
    times = (AnswerColumn("start", "Start", Holds.INSTANT), AnswerColumn("end", "End", Holds.INSTANT))
    names = [AnswerColumn(name, name.replace("_", " ").capitalize(), Holds.TEXT) for name in question.group_by]
    rest = [AnswerColumn("other", "Other", Holds.FLAG)] if question.top is not None and question.top.other else []
    values = [column for metric in question.metrics for column in _of(question, metric)]
    return (*times, *names, *rest, *values, AnswerColumn("partial", "Partial", Holds.FLAG))


def _of(question: Question, metric: Metric) -> list[AnswerColumn]:
    own, name = unit(question.transform, metric), metric.name
    found = [AnswerColumn(name, metric.title, Holds.NUMBER, name, Role.VALUE, own)]
    if question.comparison is not None:
        for role, said in _ROLES.items():
            of = "share" if role is Role.CHANGE_RATIO else own
            title = f"{metric.title}, {said}"
            found.append(AnswerColumn(f"{name}_{role}", title, Holds.NUMBER, name, role, of))
    return found


def meta(
    prepared: Prepared, computed_at: datetime, warnings: Sequence[str], since: Sequence[datetime | None]
) -> dict[str, Any]:
    """Answer what an answer tells of its data, JSON-ready; of all its metrics, and of each."""
    standings = prepared.standings
    watermarks = [one.watermark for one in standings if one.watermark is not None]
    reasons = list(dict.fromkeys(one.late for one in standings if one.late is not None))
    return {
        "metrics": [_standing(prepared, one, first) for one, first in zip(standings, since, strict=True)],
        "watermark": _instant(min(watermarks)) if len(watermarks) == len(standings) else None,
        "partial": any(is_partial(one, prepared.question.end) for one in standings),
        "late": bool(reasons),
        "computed_at": _instant(computed_at),
        "approximate": False,
        "truncated": False,
        "warnings": [*reasons, *prepared.question.notes, *warnings],
    }


def _standing(prepared: Prepared, standing: Standing, since: datetime | None) -> dict[str, Any]:
    metric = standing.metric
    return {
        "name": metric.name,
        "title": metric.title,
        "unit": unit(prepared.question.transform, metric),
        "kind": metric.kind.value,
        "better": better(metric).value,
        "source": metric.source,
        "watermark": _instant(standing.watermark),
        "partial": is_partial(standing, prepared.question.end),
        "late": standing.late is not None,
        "comparison": _comparison(prepared.question, standing, since),
    }


def _comparison(question: Question, standing: Standing, since: datetime | None) -> dict[str, Any] | None:
    if standing.pairing is None or question.comparison is None:
        return None
    elapsed = [int(one.total_seconds()) for one in standing.pairing.elapsed]
    ranges = [
        {"from": _local(bounds[0], question), "to": _local(bounds[-1], question), "elapsed_s": seconds}
        for bounds, seconds in zip((standing.pairing.bounds, standing.pairing.before), elapsed, strict=True)
    ]
    return {
        "with": question.comparison.versus.value,
        "match": question.comparison.match.value,
        "current": ranges[0],
        "before": ranges[1],
        "counted_since": None if since is None else _local(since, question),
    }


def warnings(prepared: Prepared, since: Sequence[datetime | None]) -> list[str]:
    """Say what a reader should know before any row is read."""
    found = []
    for standing, first in zip(prepared.standings, since, strict=True):
        absent = [part.metric.name for part in standing.parts if part.manifest is None]
        found += [f"No data has been published for '{name}' yet." for name in absent]
        if standing.pairing is not None and standing.watermark is None and not absent:
            found.append(f"Nothing of '{standing.metric.name}' is known to be complete yet: there is no comparison.")
        if standing.pairing is not None and (said := differ(standing.pairing)):
            found.append(said)
        if first is not None:
            day = first.astimezone(prepared.question.zone).date()
            found.append(
                f"Nothing of '{standing.metric.name}' was counted before {day}: what begins earlier is not known, and "
                "nothing is compared with it."
            )
    return list(dict.fromkeys(found))


def query(question: Question) -> dict[str, Any]:
    """Answer the question as it was understood, JSON-ready."""
    compared = question.comparison
    return {
        "metrics": [metric.name for metric in question.metrics],
        "from": _local(question.start, question),
        "to": _local(question.end, question),
        "interval": question.interval.value,
        "tz": question.zone.key,
        "group_by": list(question.group_by),
        "filter": None if question.where is None else write_filter(question.where),
        "compare": None if compared is None else compared.versus.value,
        "match": None if compared is None else compared.match.value,
        "transform": None if question.transform is None else str(question.transform),
        "top": None if question.top is None else question.top.count,
        "top_by": None if question.top is None else question.top.by,
        "other": None if question.top is None else question.top.other,
        "totals": question.totals,
    }


def _local(at: datetime, question: Question) -> str:
    return at.astimezone(question.zone).isoformat()


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
