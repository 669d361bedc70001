"""Whenever the demo is begun, one of its rules fires by the data's own numbers, and one has recovered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.alerts.looking import bucket_end, first_bucket
from chalicelib.alerts.machine import Phase
from chalicelib.alerts.numbers import Counted, Numbers
from chalicelib.alerts.preview import Preview, preview
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.rule_json import read_rule
from chalicelib.metrics.registry import METRICS
from infra.local.demo_alerts import AGO, RULES
from tests.servers.company import Company
from tests.servers.salesforce_facts import Pipeline

SEED = 7
BEGUN = datetime(2026, 11, 26, 10, 45, tzinfo=UTC)


def rule_of(name: str) -> Rule:
    return read_rule(next(rule for rule in RULES if rule["name"] == name))


def tried(rule: Rule, begun: datetime, values: Callable[[datetime, datetime], float]) -> Preview:
    """Take the rule through the whole buckets since it was made; ``values`` answers that of a bucket."""
    assert rule.look is not None
    start, buckets = first_bucket(begun - AGO, rule.look), []
    while (end := bucket_end(start, rule.look)) <= begun:
        buckets.append(Counted(start, end, {(): Numbers(values(start, end))}))
        start = end
    return preview(rule, METRICS[rule.look.metric], (), buckets, 0)


@pytest.mark.parametrize("weeks", range(0, 48, 7))
def test_too_few_leads_qualify_in_whichever_week_it_is_begun(weeks: int) -> None:
    begun = BEGUN + timedelta(weeks=weeks)
    versions = Pipeline(SEED, begun).versions
    leads = sorted(v.moment for v in versions if v.object == "Lead" and v.fields["CreatedDate"] == v.moment)
    mqls = [v.moment for v in versions if v.object == "LeadHistory" and v.fields["NewValue"] == "Marketing Qualified"]

    found = tried(
        rule_of("Too few leads qualify"), begun, lambda start, end: _in(mqls, start, end) / _in(leads, start, end)
    )

    assert found.lines[()][-1].state is Phase.FIRING


@pytest.mark.parametrize("hours", range(0, 7 * 24, 17))
def test_a_rush_of_stars_came_with_the_launch_and_has_passed(hours: int) -> None:
    begun = BEGUN + timedelta(hours=hours)
    stars = [one.at for one in Company(SEED, begun).happenings if one.kind == "star"]

    found = tried(rule_of("A rush of stars"), begun, lambda start, end: _in(stars, start, end))

    assert found.fired >= 1
    assert found.told[0].at.astimezone(ZoneInfo("Europe/Paris")) < begun - timedelta(days=24)
    assert found.lines[()][-1].state is Phase.NORMAL


def _in(moments: Sequence[datetime], start: datetime, end: datetime) -> int:
    return bisect_left(moments, end) - bisect_left(moments, start)
