"""Salesforce's objects: which fields are asked of each, which time windows it, and the row that a record becomes.

Histories have no usable ``SystemModstamp`` (a lead's has none, an opportunity's is moved on by the next row): they are
never changed, so ``CreatedDate`` windows them. Source: Salesforce, Object Reference; the describes of Lead and
Opportunity. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.base import Row, Table
from chalicelib.sources.json_fields import day, instant, money, number, text, truth
from chalicelib.sources.records import shown
from chalicelib.sources.salesforce_stages import step_of
from chalicelib.sources.salesforce_tables import CHANGES, LEADS, MEMBERS, OPPORTUNITIES

Record = Mapping[str, Any]
Config = Mapping[str, Any]
CURRENCY = "CurrencyIsoCode"
"""A field that only organisations with several currencies have."""


@dataclass(frozen=True, slots=True)
class SalesforceObject:
    """One object that is asked for.

    Attributes
    ----------
    moment
        The field whose windows are asked for.
    fields
        What is asked of every organisation; the configuration's ``more`` (a key) are asked beside it.
    row
        Makes the row, without ``other_fields``.
    only
        A condition of the query beside the window.
    """

    name: str
    table: Table
    moment: str
    fields: tuple[str, ...]
    row: Callable[[Record, Config], dict[str, Any]]
    more: str = ""
    only: str = ""
    with_currency: bool = False

    def asked(self, config: Config) -> tuple[str, ...]:
        """Name every field of the query, each once."""
        currency = (CURRENCY,) if self.with_currency and config["multi_currency"] else ()
        more = config[self.more] if self.more else ()
        return tuple(dict.fromkeys(("Id", self.moment, "IsDeleted", *self.fields, *currency, *more)))

    def read(self, record: Record, config: Config) -> Row:
        """Make the row of a record. Raises ``SkippableRecordError``."""
        known = {"Id", self.moment, "IsDeleted", "CreatedDate", *self.fields, CURRENCY, "attributes"}
        others = {name: value for name, value in record.items() if name not in known}
        return {**self.row(record, config), "other_fields": shown(others)}


def _lead(record: Record, config: Config) -> dict[str, Any]:
    return {
        **_version(record, "Status", config["lead_statuses"]),
        "lead_source": text(record, "LeadSource"),
        "country": text(record, "Country"),
        "industry": text(record, "Industry"),
        "owner_id": text(record, "OwnerId"),
        "is_converted": truth(record, "IsConverted"),
        "converted_on": day(record, "ConvertedDate"),
        "converted_opportunity_id": text(record, "ConvertedOpportunityId"),
        "converted_account_id": text(record, "ConvertedAccountId"),
        "converted_contact_id": text(record, "ConvertedContactId"),
    }


def _opportunity(record: Record, config: Config) -> dict[str, Any]:
    return {
        **_version(record, "StageName", config["opportunity_stages"]),
        "account_id": text(record, "AccountId"),
        "campaign_id": text(record, "CampaignId"),
        "lead_source": text(record, "LeadSource"),
        "type": text(record, "Type"),
        "amount": money(record, "Amount"),
        "currency": _currency(record, config),
        "probability": number(record, "Probability"),
        "closes_on": day(record, "CloseDate"),
        "is_closed": truth(record, "IsClosed"),
        "is_won": truth(record, "IsWon"),
        "owner_id": text(record, "OwnerId"),
    }


def _member(record: Record, config: Config) -> dict[str, Any]:
    return {
        **_version(record, "Status", config["member_statuses"]),
        "campaign_id": text(record, "CampaignId"),
        "lead_id": text(record, "LeadId"),
        "contact_id": text(record, "ContactId"),
        "has_responded": truth(record, "HasResponded"),
        "first_responded_on": day(record, "FirstRespondedDate"),
    }


def _lead_change(record: Record, config: Config) -> dict[str, Any]:
    before, after = text(record, "OldValue"), text(record, "NewValue")
    return {
        **_change(record, "lead", "LeadId"),
        "from_status": before,
        "from_step": step_of(before, config["lead_statuses"]),
        "to_status": after,
        "to_step": step_of(after, config["lead_statuses"]),
        "amount": None,
        "currency": None,
        "closes_on": None,
    }


def _opportunity_change(record: Record, config: Config) -> dict[str, Any]:
    after = text(record, "StageName")
    return {
        **_change(record, "opportunity", "OpportunityId"),
        "from_status": None,
        "from_step": None,
        "to_status": after,
        "to_step": step_of(after, config["opportunity_stages"]),
        "amount": money(record, "Amount"),
        "currency": _currency(record, config),
        "closes_on": day(record, "CloseDate"),
    }


def _version(record: Record, status: str, meaning: Mapping[str, str]) -> dict[str, Any]:
    found = text(record, status)
    return {
        "modified_at": instant(record, "SystemModstamp"),
        "record_id": text(record, "Id"),
        "created_at": instant(record, "CreatedDate"),
        "is_deleted": truth(record, "IsDeleted"),
        "status": found,
        "step": step_of(found, meaning),
    }


def _change(record: Record, kind: str, parent: str) -> dict[str, Any]:
    of = text(record, parent)
    if not of:
        raise SkippableRecordError(f"{parent}: a change of nothing")
    return {
        "changed_at": instant(record, "CreatedDate"),
        "change_id": text(record, "Id"),
        "object": kind,
        "record_id": of,
        "changed_by": text(record, "CreatedById"),
        "is_deleted": truth(record, "IsDeleted"),
    }


def _currency(record: Record, config: Config) -> str | None:
    return text(record, CURRENCY) or str(config["currency"])


def _words(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_OBJECTS = (
    SalesforceObject(
        "Lead",
        LEADS,
        "SystemModstamp",
        _words("CreatedDate Status LeadSource Country Industry OwnerId IsConverted ConvertedDate")
        + _words("ConvertedOpportunityId ConvertedAccountId ConvertedContactId"),
        _lead,
        more="lead_fields",
    ),
    SalesforceObject(
        "LeadHistory",
        CHANGES,
        "CreatedDate",
        _words("LeadId Field OldValue NewValue CreatedById"),
        _lead_change,
        only="Field = 'Status'",
    ),
    SalesforceObject(
        "Opportunity",
        OPPORTUNITIES,
        "SystemModstamp",
        _words("CreatedDate StageName AccountId CampaignId LeadSource Type Amount Probability")
        + _words("CloseDate IsClosed IsWon OwnerId"),
        _opportunity,
        more="opportunity_fields",
        with_currency=True,
    ),
    SalesforceObject(
        "OpportunityHistory",
        CHANGES,
        "CreatedDate",
        _words("OpportunityId StageName Amount CloseDate Probability ForecastCategory CreatedById"),
        _opportunity_change,
        with_currency=True,
    ),
    SalesforceObject(
        "CampaignMember",
        MEMBERS,
        "SystemModstamp",
        _words("CreatedDate Status CampaignId LeadId ContactId HasResponded FirstRespondedDate"),
        _member,
    ),
)
OBJECTS: Mapping[str, SalesforceObject] = MappingProxyType({each.name: each for each in _OBJECTS})


def wanted(config: Config) -> Sequence[SalesforceObject]:
    """Name the objects that are asked for: members of campaigns only where the configuration wants them."""
    return [each for each in _OBJECTS if each.name != "CampaignMember" or config["campaign_members"]]
