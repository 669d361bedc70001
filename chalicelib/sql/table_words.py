"""What the catalog says of the tables beside what their sources declare: what one row is, and which columns tell of
people. Units follow from the names of columns, which name theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.sources.base import Column, ColumnType

GRAINS: Final[Mapping[str, str]] = {
    "github_events": "one row an event",
    "github_stars": "one row a star that was given or taken back",
    "github_forks": "one row a fork",
    "github_pushes": "one row a push",
    "github_pull_requests": "one row an event of a pull request",
    "github_issues": "one row an event of an issue",
    "github_releases": "one row an event of a release",
    "github_release_assets": "one row a file of a release and event of the release",
    "github_repository_stats": "one row a repository and hour",
    "s3_access_requests": "one row a request",
    "product_events": "one row an event, and one for each contradiction of it",
    "web_events": "one row an event, and one for each contradiction of it",
    "mixpanel_events": "one row an event and window in which Mixpanel took it in",
    "youtube_channels": "one row a channel and hour",
    "youtube_videos": "one row a video and hour",
    "youtube_channel_days": "one row a channel and day",
    "x_accounts": "one row an account and six hours",
    "linkedin_followers": "one row an organisation and six hours",
    "linkedin_follower_days": "one row an organisation and day",
    "linkedin_follower_segments": "one row an organisation, facet, segment and day",
    "salesforce_leads": "one row a lead and version of it",
    "salesforce_opportunities": "one row an opportunity and version of it",
    "salesforce_campaign_members": "one row a member of a campaign and version of it",
    "salesforce_stage_changes": "one row a change",
    "meltwater_mentions": "one row a document and saved search",
    "rank_tracker_positions": "one row a page, keyword, search engine and check",
    "rank_tracker_shares": "one row a brand and day",
}

PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    "s3_access_requests": frozenset({"remote_ip", "requester", "request_uri", "referer", "user_agent", "extra"}),
    "product_events": frozenset({"user_id", "anonymous_id", "session_id", "properties", "other_fields"}),
    "web_events": frozenset({"first_party_id", "properties"}),
    "mixpanel_events": frozenset({"distinct_id", "user_id", "device_id", "current_url", "referrer", "properties"}),
    "salesforce_leads": frozenset({"owner_id", "converted_contact_id", "other_fields"}),
    "salesforce_opportunities": frozenset({"owner_id", "other_fields"}),
    "salesforce_campaign_members": frozenset({"contact_id", "other_fields"}),
    "salesforce_stage_changes": frozenset({"changed_by", "other_fields"}),
    "meltwater_mentions": frozenset({"other_fields"}),
    "github_events": frozenset({"sender", "payload"}),
    "github_stars": frozenset({"sender"}),
    "github_forks": frozenset({"sender", "fork", "fork_owner"}),
    "github_pushes": frozenset({"sender", "pusher"}),
    "github_pull_requests": frozenset({"sender", "author"}),
    "github_issues": frozenset({"sender", "author"}),
    "github_releases": frozenset({"sender", "author"}),
    "github_release_assets": frozenset({"sender"}),
}
"""Columns that name people, or may hold what names them."""

_IDENTITIES: Final = frozenset({"number", "release_id", "asset_id", "http_status", "browser_version"})
_NAMED: Final[Mapping[str, str]] = {
    "amount": "money, in currency",
    "opportunity_amount": "money, in currency",
    "won_amount": "money, in currency",
    "probability": "percent, 0 to 100",
    "average_view_percentage": "percent, 0 to 100",
    "position": "place",
    "keyword_weight": "weight",
    "click_rate": "share of searches, 0 to 1",
    "clicks": "expected clicks",
    "clicks_of_all": "expected clicks",
    "share": "share, 0 to 1",
    "reach": "people",
    "additions": "lines",
    "deletions": "lines",
    "size_kib": "KiB",
    "bytes_sent": "bytes",
}
_ENDINGS: Final = (("_bytes", "bytes"), ("_ms", "milliseconds"), ("_s", "seconds"), ("_minutes", "minutes"))
_NUMBERS: Final = (ColumnType.INT64, ColumnType.FLOAT64, ColumnType.DECIMAL)


def unit_of(column: Column) -> str | None:
    """Answer the unit of a column of a source's table or a cube; None of what is not measured.

    >>> unit_of(Column("size_bytes", ColumnType.INT64, "")), unit_of(Column("title", ColumnType.STRING, ""))
    ('bytes', None)
    """
    if column.type not in _NUMBERS or column.name in _IDENTITIES:
        return None
    ending = next((unit for end, unit in _ENDINGS if column.name.endswith(end)), None)
    return _NAMED.get(column.name) or ending or ("count" if column.type is ColumnType.INT64 else None)
