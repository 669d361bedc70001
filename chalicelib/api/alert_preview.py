"""``POST /v1/alerts/preview``: when a rule would have fired, before anybody is told by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.alerts.anomaly import needs
from chalicelib.alerts.asking import SeriesAsking
from chalicelib.alerts.groups import TooManyGroups
from chalicelib.alerts.looking import first_bucket, question
from chalicelib.alerts.numbers import Counted, Group
from chalicelib.alerts.preview import Point, Preview, Told, preview
from chalicelib.alerts.rule import Anomaly, Look, Rule
from chalicelib.alerts.rule_json import write_rule
from chalicelib.alerts.wording import length
from chalicelib.api import alert_schemas as schemas
from chalicelib.api.alert_body import read_alert
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route
from chalicelib.domain.faults import Fault, fault
from chalicelib.domain.periods import EARLIEST
from chalicelib.domain.range_words import parse_range
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.metrics.asked_range import complete, read_range
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question, refuse_too_many

USUAL: Final = "30d"
_RANGE: Final = {"range": "range", "from": "from", "until": "to"}
"""Fields of the range, and the parameters of a question that they are: a rule's ``to`` is whom it tells."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is tried: a rule on the complete buckets of ``[start, end)``, of those of ``[start, asked)``."""

    rule: Rule
    look: Look
    metric: Metric
    start: datetime
    end: datetime
    asked: datetime
    late: str | None


def preview_alert(call: Call, context: Context) -> Reply:
    """Answer when a rule would have fired; nothing is kept, and nobody is told."""
    tried = _read(call, context)
    if tried.end <= tried.start:
        return Reply(_answer(tried, (), Preview({})), headers=NO_STORE)
    buckets, first, names = _ask(tried, context)
    groups = len({group for one in buckets[first:] for group in one.rows})
    refuse_too_many((len(buckets) - first) * groups)
    try:
        found = preview(tried.rule, tried.metric, names, buckets, first)
    except TooManyGroups as error:
        raise _refused("group_by", str(error)) from error
    return Reply(_answer(tried, names, found), headers=NO_STORE)


def _read(call: Call, context: Context) -> _Tried:
    """Read a rule and the range that it is tried on. Raises ``RequestError`` naming what is wrong."""
    given = read_json_object(call)
    rule = read_alert({name: value for name, value in given.items() if name not in _RANGE}, call, context)
    look = rule.look
    if look is None:
        raise _refused("condition.kind", "Incidents have no numbers that a rule could be tried on.")
    start, asked = _range(given, look, context.clock())
    metric = call.metrics()[look.metric]
    known = SeriesAsking(context.series, context.clock).known(metric)
    end = max(start, first_bucket(min(asked, known.watermark or start), look))
    late = known.late if end < asked else None
    return _Tried(replace(rule, id="preview", snoozed_until=None), look, metric, start, end, asked, late)


def _range(given: Mapping[str, Any], look: Look, now: datetime) -> tuple[datetime, datetime]:
    """Answer the range in whole buckets: those that begin before its end, from that in which it begins."""
    errors: list[Fault] = []
    values: dict[str, Any] = {"tz": zone(look.zone)}
    named = {name: given[name] for name in _RANGE if given.get(name) is not None} or {"range": USUAL}
    for name, said in named.items():
        try:
            if not isinstance(said, str):
                raise ValueError("A text is expected.")
            values[_RANGE[name]] = parse_range(said) if name == "range" else said
        except ValueError as error:
            errors.append(fault(name, error))
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    if named.get("range") == "all":
        raise _refused("range", "Say from when on: a rule is tried on a range that has a beginning.")
    try:
        start, end, _ = complete(read_range(values), look.interval, now)
    except RequestError as error:
        raise _as_fields(error) from error
    refuse_too_many(int((end - start) / look.interval.shortest / 1.2))
    return first_bucket(start, look), end


def _as_fields(error: RequestError) -> RequestError:
    """Name the fields as they are named here."""
    names = {parameter: name for name, parameter in _RANGE.items()}
    named = ({**one, "parameter": names.get(str(one["parameter"]), one["parameter"])} for one in error.errors)
    return RequestError(str(error), status=error.status, errors=tuple(named))


def _ask(tried: _Tried, context: Context) -> tuple[list[Counted], int, tuple[str, ...]]:
    """Ask for the buckets, and for those before them that tell what is usual; answer the place of the first."""
    since = tried.start
    if isinstance(tried.rule.condition, Anomaly):
        since = first_bucket(max(EARLIEST, since - needs(tried.rule.condition, tried.look.interval)), tried.look)
    asked: Question = question(tried.rule, tried.metric, since, tried.end)
    try:
        buckets = SeriesAsking(context.series, context.clock).ask(asked)
    except TooManyGroups as error:
        raise _refused("group_by", str(error)) from error
    first = next((place for place, one in enumerate(buckets) if one.start >= tried.start), len(buckets))
    return buckets, first, asked.group_by


def _refused(parameter: str, detail: str) -> RequestError:
    return RequestError(detail, status=422, errors=({"parameter": parameter, "detail": detail},))


def _answer(tried: _Tried, names: Sequence[str], found: Preview) -> dict[str, Any]:
    return {
        "results": [_told(one, names) for one in found.told],
        "series": [
            {"group": _named(names, group), "points": [_point(one) for one in points]}
            for group, points in found.lines.items()
        ],
        "meta": {
            "summary": _summary(tried, found),
            "fired": found.fired,
            "firing_s": int(found.firing.total_seconds()),
            "messages": found.said,
            "truncated": found.more,
            "buckets": max((len(points) for points in found.lines.values()), default=0),
            "complete_until": instant(tried.end),
            "late": tried.late is not None,
            "warnings": _warnings(tried, found),
        },
        "query": {
            "from": instant(tried.start),
            "until": instant(tried.asked),
            "rule": {name: said for name, said in write_rule(tried.rule).items() if name != "snoozed_until"},
        },
    }


def _summary(tried: _Tried, found: Preview) -> str:
    if tried.end <= tried.start:
        return "Nothing of this range is complete yet."
    fired = {0: "not have fired", 1: "have fired once"}.get(found.fired, f"have fired {found.fired:,} times")
    firing = f", for {_spoken(found.firing, tried)} in all" if found.fired else ""
    count = f"{found.said:,} message{'' if found.said == 1 else 's'}"
    more = "more than " if found.more else ""
    said = f"It would {fired} in {_spoken(tried.end - tried.start, tried)}{firing}: {more}{count}."
    return said if found.said else said.replace(": 0 messages", "")


def _spoken(span: timedelta, tried: _Tried) -> str:
    """Say how long something is; of days, whichever clocks changed meanwhile, in days."""
    return length(timedelta(days=round(span / timedelta(days=1))) if tried.look.interval.of_days else span)


def _warnings(tried: _Tried, found: Preview) -> list[str]:
    said = [] if tried.late is None else [tried.late]
    if tried.end < tried.asked:
        until = instant(tried.end) if tried.end > tried.start else "this range"
        said.append(f"Buckets after {until} are not complete and were not looked at: a rule looks at none of them.")
    if found.more:
        said.append(
            f"More than {len(found.told):,} messages: nobody reads so many. Another mark, a longer 'for' or "
            "'renotify_interval' would make them fewer."
        )
    return said


def _told(one: Told, names: Sequence[str]) -> dict[str, Any]:
    sample = one.sample
    return {
        "what": one.what.value,
        "at": instant(one.at),
        "group": _named(names, one.group),
        "start": None if sample is None else instant(sample.start),
        "end": None if sample is None else instant(sample.at),
        "value": None if sample is None else sample.value or None,
        "held": None if sample is None else sample.held or None,
        "reason": None if sample is None else sample.reason or None,
        "subject": one.subject,
    }


def _point(one: Point) -> dict[str, Any]:
    score = one.score
    return {
        "start": instant(one.start),
        "end": instant(one.end),
        "value": one.value,
        "held": one.held,
        "usual": None if score is None else score.baseline,
        "low": None if score is None else score.low,
        "high": None if score is None else score.high,
        "state": one.state.value,
    }


def _named(names: Sequence[str], group: Group) -> dict[str, str | None]:
    return dict(zip(names, group, strict=True))


ROUTES = (
    Route(
        method="POST",
        path="/v1/alerts/preview",
        name="preview_alert",
        access=Access.READ,
        summary="Try an alert rule on the past",
        description=(
            "When would it have fired? The rule is evaluated over a range (`range`, or `from` and `until`; `30d` "
            "without) just as it would be from now on, as if each bucket had been complete when it ended. Answers "
            "what people would have been told, and each bucket of each group with the state after it. Nothing is kept "
            "and nobody is told. Up to 20,000 points; buckets that are not complete are not looked at."
        ),
        answers=(Answer(200, "What would have been.", schemas.PREVIEWED, schemas.PREVIEWED_EXAMPLE),),
        handler=preview_alert,
        body=Body("A rule, as `POST /v1/alerts` takes it, and a range.", schemas.TRIED, schemas.TRIED_EXAMPLE),
        problems=(413, 415, 422),
    ),
)
