"""A preview tells what looking every quarter of an hour would have told: the same messages, at the same instants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from chalicelib.alerts.catching import announced, begin, take_buckets
from chalicelib.alerts.machine import What
from chalicelib.alerts.numbers import Counted, Group, Numbers
from chalicelib.alerts.preview import preview
from chalicelib.alerts.reading import Readings
from chalicelib.alerts.rule import Change, Condition, Incidents, Level, Look, NoData, Of, Rule, Side
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.registry import METRICS
from tests.unit.alerts.made import rules

DOWNLOADS = METRICS["downloads"]
START = datetime(2026, 11, 20, tzinfo=UTC)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
CONDITIONS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Level, st.just(Side.HIGH), st.integers(3, 6).map(Decimal), st.sampled_from((None, Decimal(2)))),
    st.builds(Level, st.just(Side.LOW), st.integers(0, 2).map(Decimal), st.sampled_from((None, Decimal(3)))),
    st.builds(
        Change,
        st.just(Versus.WEEK),
        st.sampled_from(Of),
        st.just(Side.LOW),
        st.sampled_from((Decimal("-0.5"), Decimal(-2))),
    ),
    st.builds(NoData, st.booleans()),
)


def numbers(value: int | None, before: int | None) -> Numbers:
    if value is None or before is None:
        return Numbers(value, before)
    return Numbers(value, before, value - before, (value - before) / before if before else None)


COUNTED = st.lists(
    st.fixed_dictionaries(
        {
            group: st.builds(numbers, st.none() | st.integers(0, 7), st.none() | st.integers(0, 7))
            for group in ("1", "2")
        }
    ),
    min_size=1,
    max_size=60,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Rule, Sequence[Counted]]:
    """Draw a rule about hours, and hours."""
    grouped = draw(st.booleans())
    rule = replace(
        draw(rules().filter(lambda one: not isinstance(one.condition, Incidents))),
        id="r",
        condition=draw(CONDITIONS),
        look=Look("downloads", Interval.PT1H, "UTC", None, ("version",) if grouped else ()),
        hold=draw(st.sampled_from((timedelta(), HOUR, 2 * HOUR))),
        keep_firing=draw(st.sampled_from((timedelta(), HOUR, 2 * HOUR))),
        renotify=draw(st.sampled_from((None, QUARTER, 3 * HOUR))),
        snoozed_until=None,
        enabled=True,
        created_at=START,
        updated_at=START,
    )
    found = []
    for at, by in enumerate(draw(COUNTED)):
        rows: dict[Group, Numbers] = {(name,): one for name, one in by.items()} if grouped else {(): by["1"]}
        found.append(Counted(START + at * HOUR, START + (at + 1) * HOUR, rows))
    return rule, found


def looked_at(rule: Rule, buckets: Sequence[Counted], names: Sequence[str]) -> list[tuple[datetime, str, str]]:
    """What the evaluator's own steps say, bucket by bucket as each is complete."""
    standings, said = begin(rule, START), []
    for index, bucket in enumerate(buckets):
        now = bucket.end
        readings = Readings(rule, DOWNLOADS, names, buckets[: index + 1], index)
        standings = take_buckets(standings, rule, DOWNLOADS, names, readings, now)
        last = index + 1 == len(buckets)
        while True:
            said += [(now, one.id.rpartition("/")[2], one.subject) for one in standings.untold]
            standings = replace(standings, untold=())
            now += QUARTER
            if last or now >= bucket.end + HOUR:
                break
            standings = announced(standings, rule, DOWNLOADS, now)
    return said


@settings(max_examples=300)
@given(cases())
def test_it_says_what_looking_would_have_said(case: tuple[Rule, Sequence[Counted]]) -> None:
    rule, buckets = case
    assert rule.look is not None
    names = rule.look.group_by

    found = preview(rule, DOWNLOADS, names, buckets, 0)

    said = looked_at(rule, buckets, names)
    event(f"{min(len(said), 5)} messages or more")
    assert list(dict.fromkeys((one.at, one.what.value, one.subject) for one in found.told)) == said
    assert found.said == len(said)
    assert all(len(points) == len(buckets) for points in found.lines.values())
    active = [[point.state.active for point in points] for points in found.lines.values()]
    assert found.firing == HOUR * sum(map(sum, active))
    assert found.fired == sum(now and not before for line in active for before, now in pairwise([False, *line]))
    if not rule.mute:
        assert found.fired == sum(one.what is What.FIRED for one in found.told)
