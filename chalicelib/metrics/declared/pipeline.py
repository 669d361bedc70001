"""Leads and opportunities: when they first reached each step of the pipeline, from Salesforce."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure, Touches
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

_S = ColumnType.STRING
SOURCE: Final = "salesforce_pipeline"

PIPELINE = Cube(
    name="pipeline_cube",
    description="Leads and opportunities, when they first reached each step",
    dimensions=(
        Column("lead_source", _S, "Where the lead or opportunity came from, as the record says now"),
        Column("country", _S, "The lead's country; null of opportunities"),
        Column("type", _S, "The opportunity's type (new business, …); null of leads"),
        Column("currency", _S, "ISO 4217 code of the opportunity's amount; null of leads"),
    ),
    measures=(
        Measure("leads", Adds.SUM, "Leads made"),
        Measure("raw_leads", Adds.SUM, "Leads that were first a raw lead"),
        Measure("inquiries", Adds.SUM, "Leads that were first an inquiry"),
        Measure("mqls", Adds.SUM, "Leads that were first marketing qualified"),
        Measure("leads_converted", Adds.SUM, "Leads that first reached the step opportunity: converted"),
        Measure("leads_lost", Adds.SUM, "Leads that first reached the step lost: disqualified"),
        Measure("opportunities", Adds.SUM, "Opportunities that first reached the step opportunity"),
        Measure("opportunities_won", Adds.SUM, "Opportunities that were first won"),
        Measure("opportunities_lost", Adds.SUM, "Opportunities that were first lost"),
        Measure("opportunities_closed", Adds.SUM, "Opportunities that were first won, and those that were first lost"),
        Measure("opportunity_amount", Adds.SUM, "What those of opportunities are worth now", ColumnType.DECIMAL),
        Measure("won_amount", Adds.SUM, "What those of opportunities_won are worth now", ColumnType.DECIMAL),
    ),
    inputs=MappingProxyType({SOURCE: ("salesforce_leads", "salesforce_opportunities", "salesforce_stage_changes")}),
    touches=Touches.RECORDS,
)

CUBES: Final = (PIPELINE,)

_FIRST = "Counted once, when it was first there; deleted ones are left out."


def _leads(name: str, title: str, unit: str, description: str) -> Metric:
    dimensions = ("lead_source", "country")
    return Metric(name, title, unit, Kind.COUNTER, PIPELINE.name, name, SOURCE, dimensions, f"{description} {_FIRST}")


def _opportunities(name: str, title: str, description: str) -> Metric:
    dimensions = ("lead_source", "type", "currency")
    said = f"{description} {_FIRST}"
    return Metric(name, title, "opportunities", Kind.COUNTER, PIPELINE.name, name, SOURCE, dimensions, said)


def _amount(name: str, title: str, description: str) -> Metric:
    return Metric(
        name,
        title,
        "money",
        Kind.COUNTER,
        PIPELINE.name,
        name,
        SOURCE,
        ("lead_source", "type", "currency"),
        f"{description} As the amounts stand now, in their own currencies, which are never added up; an opportunity "
        "without an amount adds none, deleted ones are left out.",
        apart=("currency",),
    )


METRICS: Final = (
    Metric(
        "leads",
        "Leads",
        "leads",
        Kind.COUNTER,
        PIPELINE.name,
        "leads",
        SOURCE,
        ("lead_source", "country"),
        "Leads made in the period, whatever their step. Deleted ones are left out.",
    ),
    _leads("raw_leads", "Raw leads", "leads", "Leads that became a raw lead in the period."),
    _leads("inquiries", "Inquiries", "leads", "Leads that became an inquiry in the period."),
    _leads("mqls", "MQLs", "leads", "Leads that became marketing qualified in the period."),
    _leads("leads_converted", "Leads converted", "leads", "Leads that reached the step opportunity in the period."),
    _leads("leads_lost", "Leads lost", "leads", "Leads that were given up in the period."),
    _opportunities(
        "opportunities",
        "Opportunities",
        "Opportunities that reached the step opportunity in the period: Salesforce's opportunities, not the leads that "
        "they were (`leads_converted`).",
    ),
    _opportunities("opportunities_won", "Opportunities won", "Opportunities that were won in the period."),
    _opportunities("opportunities_lost", "Opportunities lost", "Opportunities that were lost in the period."),
    _amount("opportunity_amount", "Opportunity amount", "What the period's `opportunities` are worth."),
    _amount("won_amount", "Amount won", "What the period's `opportunities_won` are worth."),
    Metric(
        "mqls_per_lead",
        "MQLs per lead",
        "MQLs per lead",
        Kind.RATIO,
        PIPELINE.name,
        "mqls",
        SOURCE,
        ("lead_source", "country"),
        "The period's `mqls` divided by its `leads`: of the same period, not of the same people, so it can be above 1.",
        denominator="leads",
    ),
    Metric(
        "win_rate",
        "Win rate",
        "share",
        Kind.RATIO,
        PIPELINE.name,
        "opportunities_won",
        SOURCE,
        ("lead_source", "type", "currency"),
        "Of the opportunities that were closed in the period, the share that was won: `opportunities_won` divided by "
        "it and `opportunities_lost`. One that was lost and won later counts as both.",
        denominator="opportunities_closed",
    ),
)
