"""The real records of Salesforce and events of Mixpanel as our sources would be answered them, and what they become."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from chalicelib.sources.base import Accepted, Outcome, Page, Request, Window
from chalicelib.sources.mixpanel_events import MixpanelEvents
from chalicelib.sources.salesforce_pipeline import SalesforcePipeline
from tests.contract.shared_counts import NOW, Counted, count
from tests.real_data import FOLDER

SALESFORCE = FOLDER / "salesforce"
MIXPANEL = FOLDER / "mixpanel_amplitude"
EVER = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
CONFIG: Mapping[str, Any] = {
    "time_zone": "UTC",
    "currency": "USD",
    "multi_currency": False,
    "lead_statuses": {"Open - Not Contacted": "raw_lead", "Converted": "opportunity"},
    "opportunity_stages": {},
    "member_statuses": {},
}
_MOMENTS = {"_fivetran_synced": "SystemModstamp", "_fivetran_start": "SystemModstamp"}
_NOT_OURS = re.compile(r"_(file|line|fivetran\w*)")


def exported(events: Sequence[Any]) -> list[Outcome]:
    """Read events as one answer of Mixpanel."""
    body = b"".join(json.dumps(event).encode() + b"\n" for event in events)
    page = Page(Request("GET", "https://data.mixpanel.test/api/2.0/export"), 200, {}, body, NOW)
    MixpanelEvents().judge(page)
    return list(MixpanelEvents().parse([page], EVER, CONFIG))


def mixpanel_events() -> list[dict[str, Any]]:
    """The generator's events, in the shape of the raw export."""
    return [json.loads(line) for line in (MIXPANEL / "make-mp-data/export_shape.jsonl").read_text().splitlines()]


def mixpanel_seed() -> Iterator[dict[str, Any]]:
    """The connector's rows, put back into the shape of the raw export that they were made of."""
    with (MIXPANEL / "fivetran-dbt_mixpanel/integration_tests/seeds/event.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC)
            known = {"time": int(at.timestamp()), "distinct_id": row["distinct_id"], "$insert_id": row["insert_id"]}
            known["mp_processing_time_ms"] = int(row["mp_processing_time_ms"])
            yield {"event": row["name"], "properties": {**json.loads(row["properties"]), **known}}


def count_mixpanel() -> list[Counted]:
    """Count Mixpanel's events."""
    found = {"make-mp-data events": mixpanel_events(), "dbt_mixpanel seed": list(mixpanel_seed())}
    return [count(name, len(events), exported(events)) for name, events in found.items()]


def answered(name: str, records: Sequence[Any]) -> list[Outcome]:
    """Read records as one answer of Salesforce to the query of an object."""
    asked = Request("GET", f"https://acme.my.test/services/data/v66.0/queryAll#object={name}")
    body = json.dumps({"totalSize": len(records), "done": True, "records": list(records)}).encode()
    return list(SalesforcePipeline().parse([Page(asked, 200, {}, body, NOW)], EVER, CONFIG))


def seed(name: str) -> list[dict[str, Any]]:
    """The connector's rows of a table, with the API's names, types and instants instead of the connector's.

    Where it kept no SystemModstamp, the instant of its own version stands for it.
    """
    path = SALESFORCE / "fivetran-dbt_salesforce/integration_tests/seeds" / f"sf_{name}_data.csv"
    with path.open(newline="") as file:
        return [{_name(key): _value(key, value) for key, value in _kept(row)} for row in csv.DictReader(file)]


def _kept(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    moment = next((key for key in ("system_modstamp", "_fivetran_start", "_fivetran_synced") if key in row), "")
    return ((key, value) for key, value in row.items() if key == moment or not _NOT_OURS.fullmatch(key))


def _name(key: str) -> str:
    custom, key = key.endswith("_c"), _MOMENTS.get(key, key.removesuffix("_c"))
    return "".join(part[:1].upper() + part[1:] for part in key.split("_")) + ("__c" if custom else "")


def _value(key: str, value: str) -> Any:
    if value.lower() in {"", "true", "false"}:
        return {"": None, "true": True, "false": False}[value.lower()]
    if key in {"close_date", "converted_date"}:
        return value[:10]
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", value):
        return f"{value.replace(' ', 'T')}Z"
    return json.loads(value) if key in {"amount", "probability"} else value


def sample_leads() -> dict[str, list[dict[str, Any]]]:
    """Salesforce's own sample leads, as they are loaded into an organisation: they have no id yet, and no times."""
    folder = SALESFORCE / "trailheadapps-easy-spaces-lwc/data"
    with (folder / "Lead_Data.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {"Leads.json": json.loads((folder / "Leads.json").read_text())["records"], "Lead_Data.csv": rows}


def recorded_pages() -> Iterator[tuple[str, Page]]:
    """Every recorded answer to a query, as received: of other objects than ours."""
    asked = Request("GET", "https://acme.my.test/services/data/v66.0/queryAll#object=Lead")
    for file in sorted((SALESFORCE / "cumulusci").rglob("*.yaml")):
        for number, recorded in enumerate(_interactions(file)):
            if "request" in recorded and "/query/?q=" in recorded["request"]["uri"]:
                body = recorded["response"]["body"]["string"].encode()
                yield f"{file.stem[:28]} {number}", Page(asked, 200, {}, body, NOW)


def _interactions(file: Path) -> Sequence[Mapping[str, Any]]:
    found = yaml.safe_load(file.read_text())
    return found.get("interactions", [found]) if isinstance(found, dict) else []


def described(name: str) -> dict[str, Mapping[str, Any]]:
    """The fields of an object, as Salesforce described them."""
    file = SALESFORCE / "cumulusci/cumulusci/tests/shared_cassettes" / f"GET_sobjects_{name}_describe.yaml"
    (recorded,) = _interactions(file)
    return {field["name"]: field for field in json.loads(recorded["response"]["body"]["string"])["fields"]}


def count_salesforce() -> list[Counted]:
    """Count Salesforce's records: samples, the connector's rows, recorded answers."""
    found = [count(f"sample {name}", len(leads), answered("Lead", leads)) for name, leads in sample_leads().items()]
    for name, of in (("lead", "Lead"), ("opportunity", "Opportunity"), ("opportunity_history", "Opportunity")):
        found.append(count(f"dbt_salesforce {name}", len(seed(name)), answered(of, seed(name))))
    for name, page in recorded_pages():
        records = json.loads(page.body)["records"]
        found.append(count(name, len(records), SalesforcePipeline().parse([page], EVER, CONFIG)))
    return found


def rows(outcomes: Sequence[Outcome]) -> list[Mapping[str, Any]]:
    """The rows of what was taken."""
    return [row for outcome in outcomes if isinstance(outcome, Accepted) for _, row in outcome.rows]
