"""Whatever becomes of leads and opportunities, in whatever order it is told, the pipeline's cube equals a recount."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.metrics.declared.pipeline import PIPELINE
from tests.unit.metrics.ingested import SETTINGS, Commit, Row, as_ingested, check, roll_up_each, some
from tests.unit.metrics.memory_lake import Lake

# Around a turn of the year, hours apart: steps of one record lie in different days, months and years.
START = datetime(2026, 12, 28, tzinfo=UTC)
instants = st.builds(
    lambda hours, minutes: START + timedelta(hours=hours, minutes=minutes),
    st.integers(0, 200),
    st.sampled_from([0, 0, 14, 15, 59]),
)
lead_ids = st.sampled_from(["L1", "L2", "L3"])
opportunity_ids = st.sampled_from(["O1", "O2"])
steps = st.sampled_from(["raw_lead", "inquiry", "mql", "opportunity", "won", "lost", "other", None])
deleted = st.sampled_from([False, False, False, False, True, None])


def made(record: str) -> datetime:
    """Salesforce never changes when a record was made."""
    return START + timedelta(hours=30 * int(record[1]), minutes=14)


def versions(ids: st.SearchStrategy[str], **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    given = {"record_id": ids, "modified_at": instants, "is_deleted": deleted, "step": steps}
    return st.fixed_dictionaries({**given, **columns}).map(lambda row: {**row, "created_at": made(row["record_id"])})


def changes(kind: str, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "object": st.just(kind),
            "record_id": ids,
            "change_id": st.integers(0, 30).map(lambda n: f"{kind}{n}"),
            "changed_at": instants,
            "from_step": steps if kind == "lead" else st.none(),
            "to_step": steps,
            "is_deleted": deleted,
        }
    )


ROWS = {
    "salesforce_leads": versions(
        lead_ids, lead_source=st.sampled_from(["Web", "Event", None]), country=st.sampled_from(["NP", None])
    ),
    "salesforce_opportunities": versions(
        opportunity_ids,
        lead_source=st.sampled_from(["Web", None]),
        type=st.sampled_from(["New", "Existing"]),
        amount=st.sampled_from([Decimal("1200.50"), Decimal("0.000000001"), Decimal(10) ** 20, None]),
        currency=st.sampled_from(["EUR", "USD"]),
    ),
    "salesforce_stage_changes": changes("lead", lead_ids) | changes("opportunity", opportunity_ids),
}


def identity(row: Row) -> object:
    return row.get("change_id") or (row["record_id"], row["modified_at"])


zones = st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]).map(ZoneInfo)


@SETTINGS
@given(some(ROWS), zones)
def test_the_pipeline_equals_a_recount_after_every_commit(commits: list[Commit], zone: ZoneInfo) -> None:
    roll_up_each(Lake(zone=zone), PIPELINE, as_ingested(commits, identity))


def row(table: str, record: str, at: str, **more: Any) -> Row:
    moment = "changed_at" if table == "salesforce_stage_changes" else "modified_at"
    known = {"record_id": record, moment: datetime.fromisoformat(f"2026-11-{at}:00+00:00"), "is_deleted": False}
    return {**known, **more}


def lead(at: str, step: str, **more: Any) -> Row:
    made_at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    names = {"created_at": made_at, "lead_source": "Web", "country": "NP"}
    return row("salesforce_leads", "L1", at, step=step, **{**names, **more})


def lead_change(number: int, at: str, before: str, after: str) -> Row:
    told = {"object": "lead", "change_id": f"H{number}", "from_step": before, "to_step": after}
    return row("salesforce_stage_changes", "L1", at, **told)


def test_a_record_moves_its_days_and_no_others() -> None:
    lake = Lake()
    lake.publish("salesforce_pipeline", {"salesforce_leads": [lead("02T09:00", "raw_lead")]})
    lake.rollup().run(PIPELINE)

    lake.publish(
        "salesforce_pipeline",
        {
            "salesforce_leads": [lead("20T10:00", "mql")],
            "salesforce_stage_changes": [lead_change(1, "20T10:00", "inquiry", "mql")],
        },
    )
    moved = lake.rollup().run(PIPELINE)
    lake.publish("salesforce_pipeline", {"salesforce_leads": [lead("22T10:00", "mql", country="DE")]})
    renamed = lake.rollup().run(PIPELINE)

    touched = [sorted(str(day) for days in outcome.touched for day in days) for outcome in (moved, renamed)]
    assert touched == [["2026-11-02", "2026-11-20"]] * 2
    check(lake, PIPELINE)
    [base, _] = lake.both_levels(PIPELINE)
    assert [(r["bucket_start"].day, r["country"], r["inquiries"], r["mqls"]) for r in base] == [
        (2, "DE", 1, 0), (20, "DE", 0, 1),
    ]  # fmt: skip


def test_a_deleted_lead_is_gone_from_the_past_too_and_comes_back_when_it_is_restored() -> None:
    lake = Lake()
    lake.publish("salesforce_pipeline", {"salesforce_leads": [lead("02T09:00", "raw_lead")]})
    lake.rollup().run(PIPELINE)
    before = lake.both_levels(PIPELINE)

    lake.publish("salesforce_pipeline", {"salesforce_leads": [lead("20T10:00", "raw_lead", is_deleted=True)]})
    lake.rollup().run(PIPELINE)
    gone = lake.both_levels(PIPELINE)
    lake.publish("salesforce_pipeline", {"salesforce_leads": [lead("21T10:00", "raw_lead")]})
    lake.rollup().run(PIPELINE)

    assert gone == ([], [])
    assert lake.both_levels(PIPELINE) == before
