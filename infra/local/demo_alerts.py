"""The demo company's alert rules, and the Slack channel that they tell: made once, the rules as if five weeks ago.

A rule begins with the bucket in which it was made, so rules of today would say nothing for a day or a week. These are
written with an earlier clock, as the history of numbers is (:mod:`infra.local.demo`); the deployed evaluator catches
them up by what the data says, so that something fires and something has recovered when the dashboard is first opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.alerts import rule_state
from chalicelib.alerts.looking import check
from chalicelib.alerts.rule_json import read_rule
from chalicelib.alerts.rule_state import Kept
from chalicelib.aws.state import DynamoState
from chalicelib.domain.state import StateStore
from chalicelib.metrics.registry import METRICS
from infra.local.demo_people import Person, digest
from infra.local.post_deploy import client
from tests.servers.slack import CHANNELS, TOKEN

AGO: Final = timedelta(days=35)
"""When the rules were made: before the launch of 4.0, which is 31 days ago in the demo's data."""
_BY: Final = "Ada"
_CHANNEL: Final = "growth"
_ZONE: Final = "Europe/Paris"

RULES: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "name": "Too few leads qualify",
        "metric": "mqls_per_lead",
        "interval": "P1W",
        "tz": _ZONE,
        "condition": {"kind": "level", "side": "low", "threshold": "0.45", "recover": "0.65"},
        "topic": "pipeline",
        "owner": "sales@acme.example",
        "to": ["subscribers", f"channel:{_CHANNEL}"],
    },
    {
        "name": "A rush of stars",
        "metric": "stars_added",
        "interval": "P1D",
        "tz": _ZONE,
        "condition": {"kind": "level", "side": "high", "threshold": 20, "recover": 12},
        "severity": "info",
        "topic": "github",
        "owner": "growth@acme.example",
        "to": ["subscribers", f"channel:{_CHANNEL}"],
        "message": "{value} in {period}: somebody talks of us. {link}",
    },
    {
        "name": "Downloads are unusual",
        "metric": "downloads",
        "interval": "P1D",
        "tz": _ZONE,
        "condition": {"kind": "anomaly", "sides": "both", "sensitivity": 5},
        "topic": "downloads",
        "owner": "growth@acme.example",
    },
    {
        "name": "A third fewer page views than a week before",
        "metric": "page_views",
        "interval": "P1D",
        "tz": _ZONE,
        "condition": {"kind": "change", "compare": "week", "side": "low", "threshold": "-0.33", "recover": "-0.2"},
        "topic": "web",
        "owner": "marketing@acme.example",
    },
    {
        "name": "The product is silent",
        "metric": "product_events",
        "interval": "PT1H",
        "tz": _ZONE,
        "condition": {"kind": "no_data"},
        "for": "PT3H",
        "renotify_interval": "P1D",
        "severity": "critical",
        "topic": "product",
        "owner": "product@acme.example",
        "to": ["subscribers", "operators"],
    },
    {
        "name": "Few leads in a week",
        "metric": "leads",
        "interval": "P1W",
        "tz": _ZONE,
        "condition": {"kind": "level", "side": "low", "threshold": 20, "recover": 30},
        "topic": "pipeline",
        "owner": "sales@acme.example",
        "message": "{value} in {period}; 30 and more are usual. {link}",
    },
)


def make(found: Mapping[str, str]) -> None:
    """Set the channel up and make each rule, unless that was done, and perhaps changed or undone by somebody since.

    Raises
    ------
    requests.HTTPError
        The API refused the channel.
    """
    administrator = Person(found)
    if not administrator.has(f"/v1/channels/{_CHANNEL}"):
        administrator.post("/v1/channels", channel(found["outside_world"]))
    write(DynamoState(client("dynamodb", found["aws"]), found["state_table"]), datetime.now(UTC) - AGO)


def channel(world: str) -> dict[str, str]:
    """Answer the company's channel, as it is set up: Slack of the outside world."""
    return {
        "name": _CHANNEL,
        "kind": "slack_bot",
        "token": TOKEN,
        "slack_channel": CHANNELS[1],
        "base_url": f"{world}/slack/api/",
    }


def write(state: StateStore, made_at: datetime) -> None:
    """Write each rule as one that was made at an instant; one of its name, or that was deleted, stays as it is."""
    names = {rule.name for rule in rule_state.every(state)}
    for said in RULES:
        rule_id = digest("alerts", said["name"])
        if said["name"] in names or rule_state.read(state, rule_id) is not None:
            continue
        rule = read_rule(said)
        check(rule, METRICS)
        made = replace(rule, id=rule_id, created_at=made_at, created_by=_BY, updated_at=made_at, updated_by=_BY)
        rule_state.write(state, Kept(made))
