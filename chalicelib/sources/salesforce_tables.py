"""The tables of the pipeline: versions of leads, opportunities and campaign members, and the changes of steps."""

from __future__ import annotations

from chalicelib.sources.base import Column, ColumnType, Table

_S, _B, _T, _D = ColumnType.STRING, ColumnType.BOOL, ColumnType.TIMESTAMP, ColumnType.DATE
_MONEY, _F = ColumnType.DECIMAL, ColumnType.FLOAT64

_VERSION = (
    Column("modified_at", _T, "When Salesforce last wrote the record (SystemModstamp): a version is a row"),
    Column("record_id", _S, "Salesforce's id of the record, 18 characters"),
    Column("created_at", _T, "When the record was made"),
    Column("is_deleted", _B, "The record was in the recycle bin"),
    Column("status", _S, "The organisation's own word: Status of a lead or a member, StageName of an opportunity"),
    Column("step", _S, "The step of the pipeline that the word is configured to mean; other: not configured"),
)
_OTHER_FIELDS = Column("other_fields", _S, "Every other field that was asked for, custom ones too, as JSON")

LEADS = Table(
    "salesforce_leads",
    "Leads as they were each time that they were pulled",
    (
        *_VERSION,
        Column("lead_source", _S, "Where the lead came from"),
        Column("country", _S, "The lead's country"),
        Column("industry", _S, "The lead's industry"),
        Column("owner_id", _S, "Whose lead it was: a user or a queue"),
        Column("is_converted", _B, "It was made a contact, and perhaps an opportunity"),
        Column("converted_on", _D, "The day of that, in the organisation's zone"),
        Column("converted_opportunity_id", _S, "The opportunity that it was made"),
        Column("converted_account_id", _S, "The account that it was made"),
        Column("converted_contact_id", _S, "The contact that it was made"),
        _OTHER_FIELDS,
    ),
    time_column="modified_at",
    sort_by=("record_id", "modified_at"),
)

OPPORTUNITIES = Table(
    "salesforce_opportunities",
    "Opportunities as they were each time that they were pulled",
    (
        *_VERSION,
        Column("account_id", _S, "The account"),
        Column("campaign_id", _S, "The campaign that is given the credit"),
        Column("lead_source", _S, "Where it came from"),
        Column("type", _S, "New business, existing business, …"),
        Column("amount", _MONEY, "What it is worth, in its currency"),
        Column("currency", _S, "ISO 4217 code: of the record, or the organisation's"),
        Column("probability", _F, "Percent"),
        Column("closes_on", _D, "The day on which it closes or is expected to"),
        Column("is_closed", _B, "Won or lost"),
        Column("is_won", _B, "Won"),
        Column("owner_id", _S, "Whose opportunity it was"),
        _OTHER_FIELDS,
    ),
    time_column="modified_at",
    sort_by=("record_id", "modified_at"),
)

MEMBERS = Table(
    "salesforce_campaign_members",
    "Members of campaigns as they were each time that they were pulled",
    (
        *_VERSION,
        Column("campaign_id", _S, "The campaign"),
        Column("lead_id", _S, "The member, where it is a lead"),
        Column("contact_id", _S, "The member, where it is a contact"),
        Column("has_responded", _B, "The member answered"),
        Column("first_responded_on", _D, "The day of the first answer"),
        _OTHER_FIELDS,
    ),
    time_column="modified_at",
    sort_by=("record_id", "modified_at"),
)

CHANGES = Table(
    "salesforce_stage_changes",
    "Every change of a lead's status or an opportunity's stage, once, as Salesforce's histories tell it",
    (
        Column("changed_at", _T, "When it changed"),
        Column("change_id", _S, "Salesforce's id of the history's row"),
        Column("object", _S, "lead or opportunity"),
        Column("record_id", _S, "The lead or opportunity"),
        Column("from_status", _S, "The word before; null for opportunities, whose history tells only what became"),
        Column("from_step", _S, "The step that it is configured to mean"),
        Column("to_status", _S, "The word after; an opportunity's history has a row also when only its amount changed"),
        Column("to_step", _S, "The step that it is configured to mean; other: not configured"),
        Column("amount", _MONEY, "What the opportunity was worth then"),
        Column("currency", _S, "ISO 4217 code of the amount: of the row, or the organisation's"),
        Column("closes_on", _D, "When the opportunity was expected to close then"),
        Column("changed_by", _S, "The user who changed it"),
        Column("is_deleted", _B, "The history's row was in the recycle bin"),
        _OTHER_FIELDS,
    ),
    time_column="changed_at",
    sort_by=("record_id", "changed_at"),
)

TABLES = (LEADS, OPPORTUNITIES, MEMBERS, CHANGES)
