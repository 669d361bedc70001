"""Rules as people send them: read, written, and refused with every mistake named."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.fields import duration, write_duration
from chalicelib.alerts.looking import check
from chalicelib.alerts.rule import Level, MuteWindow, Rule, Side, When
from chalicelib.alerts.rule_json import read_rule, write_rule
from chalicelib.errors import RequestError
from chalicelib.metrics.registry import METRICS
from chalicelib.outbox.message import Severity
from tests.unit.alerts.made import rules

WHOLE: dict[str, Any] = {
    "name": "Downloads fell",
    "metric": "downloads",
    "interval": "PT1H",
    "tz": "Europe/Paris",
    "filter": {"dimension": "version", "operator": "is", "value": "3.5.0"},
    "group_by": ["version"],
    "condition": {"kind": "level", "side": "low", "threshold": 100, "recover": 120.5},
    "severity": "critical",
    "for": "PT2H",
    "keep_firing_for": "PT30M",
    "renotify_interval": "P1D",
    "on_no_data": "fire",
    "on_error": "keep",
    "topic": "downloads",
    "owner": "team@example.com",
    "to": ["subscribers", "channel:ops"],
    "message": "{value} in {period}",
    "mute": [{"weekdays": [7, 6], "from": "22:00", "until": "06:00", "tz": "Europe/Paris"}],
    "snoozed_until": "2026-11-27T08:00:00+01:00",
    "enabled": False,
}

OF_A_WEEK = {"kind": "change", "compare": "week", "side": "low", "threshold": -1}


def errors_of(body: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(RequestError) as raised:
        read_rule(body)
    return {str(one["parameter"]): str(one["detail"]) for one in raised.value.errors}


def test_a_filter_can_be_the_line_that_people_type() -> None:
    line = 'version is "3.5.0"'

    assert read_rule({**WHOLE, "filter": line}) == read_rule(WHOLE)
    assert "At column 12" in errors_of({**WHOLE, "filter": "version is 3.5.0"})["filter"]


def test_every_field_is_read() -> None:
    rule = read_rule(WHOLE)

    assert rule.condition == Level(Side.LOW, Decimal(100), Decimal("120.5"))
    assert (rule.hold, rule.keep_firing, rule.renotify) == (
        timedelta(hours=2),
        timedelta(minutes=30),
        timedelta(days=1),
    )
    assert (rule.severity, rule.on_no_data, rule.on_error) == (Severity.CRITICAL, When.FIRE, When.KEEP)
    assert rule.mute == (MuteWindow((6, 7), time(22), time(6), "Europe/Paris"),)
    assert rule.snoozed_until == datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert rule.to == ("subscribers", "channel:ops")
    assert not rule.enabled


@given(rules())
def test_a_rule_that_is_written_is_read_as_it_was(rule: Rule) -> None:
    assert read_rule(write_rule(rule)) == rule


@given(st.integers(0, 10**8))
def test_a_duration_is_read_as_it_was_written(seconds: int) -> None:
    length = timedelta(seconds=seconds)

    assert duration(timedelta(days=5_000))(write_duration(length)) == length


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"nmae": "x"}, "nmae", "Did you mean 'name'"),
        ({"name": " "}, "name", "1 to 80"),
        ({"metric": None}, "metric", "needed"),
        ({"interval": "hour"}, "interval", "PT1H"),
        ({"tz": "Paris"}, "tz", "Europe/Paris"),
        ({"filter": {"dimension": "version"}}, "filter", "operator"),
        ({"condition": "high"}, "condition", "object"),
        ({"condition": {"kind": "levle"}}, "condition.kind", "Did you mean 'level'"),
        ({"condition": {"kind": "level", "side": "low"}}, "condition.threshold", "needed"),
        ({"condition": {"kind": "level", "side": "up", "threshold": 1}}, "condition.side", "high, low"),
        (
            {"condition": {"kind": "level", "side": "high", "threshold": 1, "recover": 2}},
            "condition.recover",
            "at most",
        ),
        ({"condition": {"kind": "level", "side": "high", "threshold": "NaN"}}, "condition.threshold", "counted"),
        ({"condition": {"kind": "level", "side": "high", "threshold": True}}, "condition.threshold", "number"),
        ({"condition": {"kind": "level", "side": "high", "threshold": 1, "mark": 2}}, "condition.mark", "no such"),
        ({"condition": {"kind": "anomaly", "sensitivity": 0}}, "condition.sensitivity", "above 0"),
        ({"condition": {"kind": "anomaly", "weeks": 99}}, "condition.weeks", "3 to 12"),
        ({"condition": {"kind": "anomaly"}, "interval": "P1M"}, "interval", "P1D"),
        ({"condition": {"kind": "incidents"}}, "metric", "leave it out"),
        ({"for": "2 hours"}, "for", "ISO 8601"),
        ({"for": "P"}, "for", "ISO 8601"),
        ({"for": "P1M"}, "for", "ISO 8601"),
        ({"for": "P99D"}, "for", "P31D"),
        ({"renotify_interval": "PT1M"}, "renotify_interval", "PT5M"),
        ({"on_no_data": "okay"}, "on_no_data", "Did you mean"),
        ({"to": []}, "to", "1 to 10"),
        ({"to": ["everybody"]}, "to", "channel:"),
        ({"message": "{valeu}"}, "message", "Did you mean 'value'"),
        ({"mute": [{"from": "25:00", "until": "06:00"}]}, "mute", "22:00"),
        ({"mute": [{"weekdays": [0], "from": "22:00", "until": "06:00"}]}, "mute", "1 to 7"),
        ({"snoozed_until": "tomorrow"}, "snoozed_until", "offset"),
        ({"snoozed_until": "2026-11-27T08:00:00"}, "snoozed_until", "offset"),
        ({"enabled": "yes"}, "enabled", "true or false"),
    ],
)
def test_what_is_wrong_is_told_by_its_field(change: dict[str, Any], where: str, said: str) -> None:
    assert said in errors_of({**WHOLE, **change})[where]


def test_every_mistake_is_told_at_once() -> None:
    assert len(errors_of({**WHOLE, "for": "x", "tz": "x", "condition": {"kind": "level", "side": "x"}})) == 4


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"metric": "downlaods"}, "metric"),
        ({"group_by": ["verison"]}, "group_by"),
        ({"condition": OF_A_WEEK, "interval": "P1M"}, "condition.compare"),
        ({"metric": "youtube_views", "filter": None, "group_by": []}, "interval"),
    ],
)
def test_what_there_is_not_to_be_looked_at_is_told(change: dict[str, Any], where: str) -> None:
    with pytest.raises(RequestError) as raised:
        check(read_rule({**WHOLE, **change}), METRICS)

    assert [one["parameter"] for one in raised.value.errors] == [where]


def test_what_can_be_looked_at_is_taken() -> None:
    check(read_rule(WHOLE), METRICS)
