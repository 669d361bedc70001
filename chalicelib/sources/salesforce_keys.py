"""What may be configured of Salesforce, how it is checked, and how long a version of its API is served. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from chalicelib.sources import keys
from chalicelib.sources.salesforce_stages import statuses

_VERSION = re.compile(r"([3-9]\d|1\d\d)\.0", re.ASCII)
_SERVED_FOR_YEARS = 3


def api_version(value: Any) -> str | None:
    """Accept a version of the API.

    >>> api_version("v66.0")
    'write a version between quotes, such as "66.0"'
    """
    good = isinstance(value, str) and _VERSION.fullmatch(value)
    return None if good else 'write a version between quotes, such as "66.0"'


def percent(value: Any) -> str | None:
    """Accept a share in percent."""
    good = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100
    return None if good else "write a whole number from 1 to 100"


def currency(value: Any) -> str | None:
    """Accept the code of a currency."""
    good = isinstance(value, str) and re.fullmatch(r"[A-Z]{3}", value)
    return None if good else 'write the three letters of ISO 4217, such as "EUR"'


def truth(value: Any) -> str | None:
    """Accept true or false."""
    return None if isinstance(value, bool) else "write true or false"


def field(value: Any) -> str | None:
    """Accept the API name of a field; that of a parent may stand before it.

    >>> field("MQL Date")
    'write the API name of a field, such as "MQL_Date__c"'
    """
    good = isinstance(value, str) and re.fullmatch(r"[A-Za-z]\w*(\.[A-Za-z]\w*){0,4}", value, re.ASCII)
    return None if good else 'write the API name of a field, such as "MQL_Date__c"'


def served_until(version: str) -> datetime:
    """Answer until when Salesforce promises to serve a version: three years from its release (End-of-Life Policy).

    Releases are in February, June and October; 60.0 is that of February 2024.

    >>> served_until("66.0").isoformat()
    '2029-02-01T00:00:00+00:00'
    """
    releases = int(version.partition(".")[0]) - 60
    return datetime(2024 + releases // 3 + _SERVED_FOR_YEARS, 2 + 4 * (releases % 3), 1, tzinfo=UTC)


_FIELDS = keys.list_of(field, empty=True)

KEYS = (
    keys.Key("base_url", keys.url, "the organisation's own address (My Domain)"),
    keys.Key("token_url", keys.url, "where tokens are had: the same host, /services/oauth2/token"),
    keys.Key("api_version", api_version, "the version of the REST API", "66.0"),
    keys.Key("lead_statuses", statuses, "each Status of leads with its step of the pipeline"),
    keys.Key("opportunity_stages", statuses, "each StageName of opportunities with its step"),
    keys.Key("member_statuses", statuses, "each Status of campaign members with its step", {}),
    keys.Key("campaign_members", truth, "whether members of campaigns are pulled too", False),
    keys.Key("lead_fields", _FIELDS, "further fields of leads, kept as JSON", []),
    keys.Key("opportunity_fields", _FIELDS, "further fields of opportunities", []),
    keys.Key("currency", currency, "the organisation's currency, of amounts that name none"),
    keys.Key("multi_currency", truth, "whether the organisation has several currencies", False),
    keys.Key("calls_per_day", keys.positive, "how many calls may be made a day, over all runs", 5_000),
    keys.Key(
        "daily_limit_percent",
        percent,
        "stop when everybody used so much of a day's calls",
        80,
    ),
    keys.start(),
)
