"""What the views over Salesforce should show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby

from tests.unit.sql.counting import Row, Shown, Tables, good, groups, take
from tests.unit.sql.rows_lake import day


def states(rows: Iterable[Row]) -> dict[str, Row]:
    """The last version of each record, deleted ones too."""
    newest: dict[str, Row] = {}
    for row in sorted(good(rows), key=lambda row: row["modified_at"]):
        newest[row["record_id"]] = row
    return newest


def alive(rows: Iterable[Row]) -> list[Row]:
    return [row for row in states(rows).values() if row["is_deleted"] is not True]


def lead(row: Row) -> Shown:
    same = ("created_at", "status", "step", "lead_source", "country", "industry", "owner_id", "is_converted")
    return {
        **take(row, *same, "converted_on", "modified_at", lead_id="record_id", contact_id="converted_contact_id"),
        **take(row, opportunity_id="converted_opportunity_id", account_id="converted_account_id"),
        "created_on": day(row["created_at"]),
    }


def opportunity(row: Row) -> Shown:
    same = ("created_at", "step", "account_id", "campaign_id", "lead_source", "type", "amount", "currency")
    more = ("probability", "closes_on", "is_closed", "is_won", "owner_id", "modified_at")
    known = take(row, *same, *more, opportunity_id="record_id", stage="status")
    return {**known, "created_on": day(row["created_at"])}


def member(row: Row) -> Shown:
    same = ("campaign_id", "lead_id", "contact_id", "created_at", "status", "step", "has_responded")
    known = take(row, *same, "first_responded_on", "modified_at", member_id="record_id")
    return {**known, "created_on": day(row["created_at"])}


def history(rows: Iterable[Row], shape: Callable[[Row], Shown]) -> list[Shown]:
    return [{**shape(row), "day": day(row["modified_at"]), "is_deleted": row["is_deleted"]} for row in good(rows)]


def told_changes(tables: Tables, kind: str) -> dict[str, list[Row]]:
    """The changes of each record of a kind, oldest first."""
    rows = [r for r in good(tables["salesforce_stage_changes"]) if r["object"] == kind and not r["is_deleted"]]
    ordered = sorted(rows, key=lambda row: (row["changed_at"], row["change_id"]))
    return groups(ordered, lambda row: row["record_id"])


def deleted(tables: Tables, table: str) -> set[str]:
    return {name for name, row in states(tables[table]).items() if row["is_deleted"]}


def opportunity_stages(tables: Tables) -> list[Shown]:
    found = []
    for record, changes in told_changes(tables, "opportunity").items():
        stays = [next(stay) for _, stay in groupby(changes, key=lambda row: row["to_status"])]
        for stay, after in zip(stays, [*stays[1:], None], strict=True):
            left = after and after["changed_at"]
            found.append(
                take(stay, "amount", "currency", "closes_on", stage="to_status", step="to_step")
                | {
                    "opportunity_id": record,
                    "entered_at": stay["changed_at"],
                    "entered_on": day(stay["changed_at"]),
                    "left_at": left,
                    "days_in_stage": left and (left - stay["changed_at"]) // timedelta(seconds=1) / 86_400,
                    "is_current": left is None,
                }
            )
    gone = deleted(tables, "salesforce_opportunities")
    return [stay for stay in found if stay["opportunity_id"] not in gone]


def pipeline_steps(tables: Tables) -> list[Shown]:
    reached: dict[tuple[str, str, str], datetime] = {}

    def note(kind: str, record: str, step: str | None, at: datetime) -> None:
        if step is not None:
            before = reached.get((kind, record, step))
            reached[kind, record, step] = at if before is None else min(at, before)

    leads = told_changes(tables, "lead")
    for record, state in states(tables["salesforce_leads"]).items():
        changes = leads.get(record)
        note("lead", record, changes[0]["from_step"] if changes else state["step"], state["created_at"])
    for kind in ("lead", "opportunity"):
        for record, changes in told_changes(tables, kind).items():
            for change in changes:
                note(kind, record, change["to_step"], change["changed_at"])
    gone = deleted(tables, "salesforce_leads") | deleted(tables, "salesforce_opportunities")
    return [
        {"object": kind, "record_id": record, "step": step, "reached_at": at, "reached_on": day(at)}
        for (kind, record, step), at in reached.items()
        if record not in gone
    ]
