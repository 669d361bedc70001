"""The pipeline counted again in plain Python: each record's life told from its versions and changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]
Floor = Callable[[datetime], datetime]

LEAD_STEPS = {
    "raw_lead": ("raw_leads",),
    "inquiry": ("inquiries",),
    "mql": ("mqls",),
    "opportunity": ("leads_converted",),
    "lost": ("leads_lost",),
}
OPPORTUNITY_STEPS = {
    "opportunity": ("opportunities",),
    "won": ("opportunities_won", "opportunities_closed"),
    "lost": ("opportunities_lost", "opportunities_closed"),
}
WORTH = {"opportunity": "opportunity_amount", "won": "won_amount"}
COUNTS = ("leads", *(name for names in LEAD_STEPS.values() for name in names), "opportunities", "opportunities_won",
          "opportunities_lost", "opportunities_closed")  # fmt: skip


def sound(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not row.get("id_conflict")]


def as_they_are(rows: Iterable[Row]) -> dict[str, Row]:
    """The last version of each record."""
    found: dict[str, Row] = {}
    for row in sound(rows):
        standing = found.get(row["record_id"])
        if standing is None or row["modified_at"] > standing["modified_at"]:
            found[row["record_id"]] = row
    return found


def lives(tables: Tables, kind: str) -> dict[str, list[Row]]:
    """The changes of each record of a kind, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sound(tables.get("salesforce_stage_changes", ())):
        if row["object"] == kind and not row["is_deleted"]:
            found[row["record_id"]].append(row)
    return {name: sorted(of, key=lambda r: (r["changed_at"], r["change_id"])) for name, of in found.items()}


def first_times(states: Iterable[tuple[str | None, datetime]]) -> dict[str, datetime]:
    """When each step was first reached; states may come in any order."""
    found: dict[str, datetime] = {}
    for step, at in states:
        if step is not None and at < found.get(step, datetime.max.replace(tzinfo=at.tzinfo)):
            found[step] = at
    return found


def pipeline(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Walk through the leads, then through the opportunities, and note what each came to."""
    cube: dict[tuple[Any, ...], dict[str, Any]] = {}
    for at, names, measures in (*_leads(tables), *_opportunities(tables)):
        empty = {**dict.fromkeys(COUNTS, 0), "opportunity_amount": Decimal(0), "won_amount": Decimal(0)}
        bucket = cube.setdefault((floor(at), *names), empty)
        for measure, amount in measures.items():
            bucket[measure] += amount
    key = ("bucket_start", "lead_source", "country", "type", "currency")
    return [{**dict(zip(key, at, strict=True)), **measures} for at, measures in cube.items()]


Noted = tuple[datetime, tuple[Any, ...], Mapping[str, Any]]


def _leads(tables: Tables) -> Iterator[Noted]:
    leads, changes = as_they_are(tables.get("salesforce_leads", ())), lives(tables, "lead")
    for name in leads.keys() | changes.keys():
        lead = leads.get(name, {})
        if lead.get("is_deleted"):
            continue
        names = (lead.get("lead_source"), lead.get("country"), None, None)
        of = changes.get(name, [])
        states = [(change["to_step"], change["changed_at"]) for change in of]
        if lead:
            yield lead["created_at"], names, {"leads": 1}
            states.append((of[0]["from_step"] if of else lead["step"], lead["created_at"]))
        for step, at in first_times(states).items():
            if step in LEAD_STEPS:
                yield at, names, dict.fromkeys(LEAD_STEPS[step], 1)


def _opportunities(tables: Tables) -> Iterator[Noted]:
    known = as_they_are(tables.get("salesforce_opportunities", ()))
    for name, changes in lives(tables, "opportunity").items():
        now = known.get(name, {})
        if now.get("is_deleted"):
            continue
        names = (now.get("lead_source"), None, now.get("type"), now.get("currency"))
        for step, at in first_times((change["to_step"], change["changed_at"]) for change in changes).items():
            if step in OPPORTUNITY_STEPS:
                counted: dict[str, Any] = dict.fromkeys(OPPORTUNITY_STEPS[step], 1)
                if step in WORTH:
                    counted[WORTH[step]] = now.get("amount") or Decimal(0)
                yield at, names, counted
