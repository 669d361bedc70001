"""What the views over networks, media and search should show."""

from __future__ import annotations

from tests.unit.sql.counting import Shown, Tables, good, groups, last_looks, take
from tests.unit.sql.rows_lake import day


def followers(tables: Tables) -> list[Shown]:
    told = (
        ("linkedin", "linkedin_followers", "organisation", None, "followers"),
        ("x", "x_accounts", "account_id", "username", "followers"),
        ("youtube", "youtube_channels", "channel_id", "title", "subscribers"),
    )
    return [
        {
            "day": day(row["observed_at"]),
            "network": network,
            "account_id": row[account],
            "account_name": name and row[name],
            "followers": row[count],
            "observed_at": row["observed_at"],
        }
        for network, table, account, name, count in told
        for row in last_looks(tables[table], account)
    ]


def follower_gains(tables: Tables) -> list[Shown]:
    linkedin = [
        take(row, "day", account_id="organisation", organic_gained="organic_gain", paid_gained="paid_gain")
        | {"network": "linkedin", "gained": row["organic_gain"] + row["paid_gain"], "lost": None}
        for row in good(tables["linkedin_follower_days"])
    ]
    return linkedin + [
        take(row, "day", account_id="channel_id", gained="subscribers_gained", lost="subscribers_lost")
        | {"network": "youtube", "organic_gained": None, "paid_gained": None}
        for row in good(tables["youtube_channel_days"])
    ]


def segments(tables: Tables) -> list[Shown]:
    looks = last_looks(tables["linkedin_follower_segments"], "organisation")
    last = {(row["organisation"], row["observed_at"]) for row in looks}
    return [
        take(row, "facet", "segment", "observed_at", account_id="organisation", followers="organic_followers")
        | {"day": day(row["observed_at"])}
        for row in good(tables["linkedin_follower_segments"])
        if (row["organisation"], row["observed_at"]) in last
    ]


def videos(tables: Tables) -> list[Shown]:
    same = ("video_id", "channel_id", "title", "published_at", "views", "likes", "comments", "observed_at")
    looks = last_looks(tables["youtube_videos"], "video_id")
    return [{**take(row, *same), "day": day(row["observed_at"])} for row in looks]


def channel_days(tables: Tables) -> list[Shown]:
    same = ("day", "channel_id", "views", "watch_time_minutes", "average_view_percentage", "subscribers_gained")
    more = ("subscribers_lost", "likes", "comments", "shares", "answered_at")
    rows = good(tables["youtube_channel_days"])
    return [take(row, *same, *more, average_view_duration_seconds="average_view_duration_s") for row in rows]


def mentions(tables: Tables) -> list[Shown]:
    same = ("published_at", "document_id", "url", "title", "source_name", "source_type", "country_code")
    more = ("language_code", "reach", "engagement", "sentiment")
    found = []
    for rows in groups(good(tables["meltwater_mentions"]), lambda row: row["document_id"]).values():
        first = min(rows, key=lambda row: row["search_id"])
        searches = ",".join(sorted({row["search_id"] for row in rows}))
        found.append({**take(first, *same, *more), "day": day(first["published_at"]), "searches": searches})
    return found


def rankings(tables: Tables) -> list[Shown]:
    same = ("brand", "url", "keyword", "engine", "position", "keyword_weight", "click_rate", "checked_at")
    looks = last_looks(tables["rank_tracker_positions"], "url", "keyword", "engine", at="checked_at")
    return [{**take(row, *same), "day": day(row["checked_at"])} for row in looks]


def shares(tables: Tables) -> list[Shown]:
    same = ("brand", "clicks", "clicks_of_all", "share", "ranked_keywords", "tracked_keywords")
    return [{**take(row, *same), "day": day(row["day_start"])} for row in good(tables["rank_tracker_shares"])]
