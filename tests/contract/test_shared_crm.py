"""Salesforce and Mixpanel over real data that nobody here wrote. Skips, saying so, where that is absent."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import pytest

from chalicelib.sources.mixpanel_events import MixpanelEvents
from chalicelib.sources.salesforce_objects import CURRENCY, OBJECTS
from chalicelib.sources.salesforce_pipeline import SalesforcePipeline
from tests.contract.checks import check_outcome
from tests.contract.shared_crm import (
    MIXPANEL,
    answered,
    count_mixpanel,
    count_salesforce,
    described,
    exported,
    mixpanel_events,
    mixpanel_seed,
    recorded_pages,
    rows,
    seed,
)
from tests.real_data import FOLDER

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not FOLDER.is_dir(),
        reason=f"the real data is not at {FOLDER}; set HEADWATER_SHARED_DATA",
    ),
]
TYPES = {
    "Amount": "currency",
    "Probability": "percent",
    "CloseDate": "date",
    "ConvertedDate": "date",
    "IsDeleted": "boolean",
    "IsConverted": "boolean",
    "IsClosed": "boolean",
    "IsWon": "boolean",
    "CreatedDate": "datetime",
    "SystemModstamp": "datetime",
}


def test_every_event_of_mixpanel_is_taken_and_the_sums_are_those_of_its_provenance() -> None:
    told = json.loads((MIXPANEL / "make-mp-data" / "counts.json").read_text())

    outcomes = exported(mixpanel_events())
    taken = rows(outcomes)

    for outcome in outcomes:
        check_outcome(MixpanelEvents(), outcome)
    assert len(taken) == told["rows"] == 7_883
    assert Counter(row["event"] for row in taken) == told["events_by_name"]
    assert len({row["distinct_id"] for row in taken}) == told["distinct_ids"]
    assert len({row["event_key"] for row in taken}) == told["distinct_insert_ids"]
    assert {row["happened_at"].year for row in taken} >= {2022, 2026}, "some lie years before the others"


def test_the_connectors_rows_of_mixpanel_have_the_columns_that_it_gave_them() -> None:
    taken = rows(exported(list(mixpanel_seed())))

    assert [row["event"] for row in taken] == [
        "plays",
        "playthrough_25",
        "playthrough_25",
        "playthrough_29",
        "playthrough_30",
    ]
    assert taken[0]["happened_at"].isoformat() == "2020-08-01T10:16:46+00:00"
    assert taken[0]["insert_id"] == "pnreuCmtCqgcDgkCaFhymwDgmwajggzaiDdn"
    assert len({row["event_key"] for row in taken}) == 5


def test_every_field_that_is_asked_for_is_one_that_salesforce_describes_with_the_type_that_is_read() -> None:
    for name in ("Lead", "Opportunity"):
        fields = described(name)
        for asked in {"Id", "SystemModstamp", "IsDeleted", *OBJECTS[name].fields} - {CURRENCY}:
            assert asked in fields, asked
            assert fields[asked]["type"] == TYPES.get(asked, fields[asked]["type"])
            texts = {"string", "picklist", "reference", "id"}
            assert asked in TYPES or fields[asked]["type"] in texts
        assert fields["SystemModstamp"]["filterable"]
        assert fields["SystemModstamp"]["sortable"]
        assert fields["Id"]["sortable"]


def test_the_connectors_leads_and_opportunities_are_taken_with_their_custom_fields() -> None:
    (lead,) = rows(answered("Lead", seed("lead")))
    opportunities = rows(answered("Opportunity", seed("opportunity")))

    assert (lead["status"], lead["step"], lead["is_converted"]) == ("Converted", "opportunity", True)
    assert lead["converted_on"].isoformat() == "2019-11-11"
    others = json.loads(lead["other_fields"])
    assert others["UpRegion__c"] is None
    assert len(others) > 300
    assert opportunities[0]["amount"] == Decimal(24_120_000)
    assert {row["step"] for row in opportunities} == {"other"}, "nobody said what its stages mean: kept"


def test_recorded_answers_are_whole_by_their_own_totals() -> None:
    pages = list(recorded_pages())

    assert len(pages) >= 14
    for _, page in pages:
        SalesforcePipeline().judge(page)


def test_every_record_is_taken_or_set_aside_with_a_reason() -> None:
    counted = [*count_mixpanel(), *count_salesforce()]

    for c in counted:
        assert c.received == c.ok + c.rejected + c.duplicates, c.name
        assert len(c.reasons) == c.rejected
        assert all("SystemModstamp" in reason for reason in c.reasons), c.reasons
    sums = {c.name: (c.received, c.ok, c.rejected) for c in counted}
    assert sums["make-mp-data events"] == (7_883, 7_883, 0)
    assert sums["dbt_mixpanel seed"] == (5, 5, 0)
    assert sums["sample Leads.json"][1] == 0, "they were never in an organisation: no id, no times"
    assert sums["dbt_salesforce lead"][1:] == (1, 0)
    assert sums["dbt_salesforce opportunity"][2] == 0
    assert sums["dbt_salesforce opportunity_history"][2] == 0
