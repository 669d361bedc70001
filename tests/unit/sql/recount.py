"""What each view should show, counted from the raw rows in plain Python, without SQL and without looking at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from tests.unit.sql.rows_lake import day

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
Shown = dict[str, Any]


def good(rows: Iterable[Row]) -> list[Row]:
    """Rows that contradict no other."""
    return [row for row in rows if not row["id_conflict"]]


def take(row: Row, *names: str, **renamed: str) -> Shown:
    """Some columns of a row, others under another name."""
    return {name: row[name] for name in names} | {name: row[column] for name, column in renamed.items()}


def groups(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Rows by what ``key`` says of them."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def first_of_each(rows: Iterable[Row], key: Callable[[Row], Any], by: str) -> list[Row]:
    """The earliest row of each identity; an unknown time is the latest."""
    late = datetime.max.replace(tzinfo=UTC)
    return [min(same, key=lambda row: row[by] or late) for same in groups(rows, key).values()]


def last_of_each(rows: Iterable[Row], key: Callable[[Row], Any], by: Callable[[Row], Any]) -> list[Row]:
    """The latest row of each identity."""
    return [max(same, key=by) for same in groups(rows, key).values()]


# Salesforce


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


# the web


def human_events(tables: Tables) -> list[Row]:
    """Events of people, each once."""
    people = [row for row in good(tables["web_events"]) if not row["is_bot"]]
    return first_of_each(people, lambda row: (row["site"], row["kind"], row["event_id"]), "received_at")


_PAGE = ("site", "host", "path", "section", "title", "referrer", "visitor", "first_party_id", "browser", "os", "device")


def on_page(row: Row) -> Shown:
    today, since = day(row["occurred_at"]), row["first_seen_on"]
    return {**take(row, *_PAGE), "day": today, "is_returning": None if since is None else since < today}


def page_views(tables: Tables) -> list[Shown]:
    campaign = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
    return [
        {**on_page(row), **take(row, *campaign, viewed_at="occurred_at", view_id="event_id")}
        for row in human_events(tables)
        if row["kind"] == "view"
    ]


def web_events(tables: Tables) -> list[Shown]:
    same = ("event_id", "kind", "view_id", "target", "name", "properties")
    return [
        {**on_page(row), **take(row, *same, happened_at="occurred_at", engaged_seconds="duration_s")}
        for row in human_events(tables)
    ]


def web_sessions(tables: Tables) -> list[Shown]:
    by_visitor = groups(human_events(tables), lambda row: (day(row["occurred_at"]), row["site"], row["visitor"]))
    found = []
    for events in by_visitor.values():
        visit: list[Row] = []
        for event in sorted(events, key=lambda row: row["occurred_at"]):
            if visit and event["occurred_at"] - visit[-1]["occurred_at"] >= timedelta(minutes=30):
                found.append(visit)
                visit = []
            visit.append(event)
        found.append(visit)
    return [session(visit) for visit in found]


def session(visit: Sequence[Row]) -> Shown:
    first, start, end = visit[0], visit[0]["occurred_at"], visit[-1]["occurred_at"]
    views = [row["path"] for row in visit if row["kind"] == "view"]
    since_midnight = start - start.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        **take(first, "site", "visitor", "referrer", "utm_source", "utm_medium", "utm_campaign", "device"),
        "day": day(start),
        "session_id": first["event_id"],
        "started_at": start,
        "ended_at": end,
        "duration_seconds": (end - start).total_seconds(),
        "page_views": len(views),
        "events": len(visit),
        "engaged_seconds": sum(row["duration_s"] or 0.0 for row in visit),
        "entry_path": views[0] if views else None,
        "exit_path": views[-1] if views else None,
        "began_before_midnight": since_midnight < timedelta(minutes=30) and any(row["visitor_before"] for row in visit),
    }


# the product


def product_events(tables: Tables) -> list[Shown]:
    posted = good(tables["product_events"])
    exported = good(tables["mixpanel_events"])
    found = [
        take(row, "source", "event", "event_id", "user_id", "anonymous_id", "account_id", "session_id", "properties")
        | {
            "origin": "product",
            "happened_at": row["occurred_at"],
            "person_id": row["anonymous_id"] if row["user_id"] is None else row["user_id"],
        }
        for row in first_of_each(posted, lambda row: (row["source"], row["event_id"]), "received_at")
    ]
    found += [
        take(row, "happened_at", "event", "user_id", "properties", source="library", event_id="event_key")
        | take(row, person_id="distinct_id", anonymous_id="device_id")
        | {"origin": "mixpanel", "account_id": None, "session_id": None}
        for row in first_of_each(exported, lambda row: row["event_key"], "processed_at")
    ]
    return [{**event, "day": day(event["happened_at"])} for event in found]


def downloads(tables: Tables) -> list[Shown]:
    found: dict[Any, Shown] = {}
    for row in tables["downloads_cube_day"]:
        key = (day(row["bucket_start"]), row["product"], row["version"])
        empty = {"downloads": 0, "download_bytes": 0, "bot_downloads": 0, "bot_download_bytes": 0}
        sums = found.setdefault(key, dict(zip(("day", "product", "version"), key, strict=True)) | empty)
        kind = "bot_" if row["is_bot"] else ""
        sums[f"{kind}downloads"] += row["downloads"]
        sums[f"{kind}download_bytes"] += row["download_bytes"]
    return list(found.values())


# networks, media, search


def last_looks(rows: Iterable[Row], *identity: str, at: str = "observed_at") -> list[Row]:
    """The last look at each thing on each day."""
    return last_of_each(good(rows), lambda row: (day(row[at]), *(row[n] for n in identity)), lambda row: row[at])


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


# GitHub


def repositories(tables: Tables) -> list[Shown]:
    same = ("repository", "stars", "forks", "watchers", "open_issues", "open_pull_requests", "size_kib")
    looks = last_looks(tables["github_repository_stats"], "repository")
    return [{**take(row, *same, "pushed_at", "observed_at"), "day": day(row["observed_at"])} for row in looks]


def activity(tables: Tables) -> list[Shown]:
    same = ("repository", "stars_added", "stars_removed", "forks_added", "pushes", "commits_pushed")
    more = ("pull_requests_opened", "pull_requests_merged", "issues_opened", "issues_closed", "releases_published")
    rows = tables["github_cube_day"]
    return [{**take(row, *same, *more, events="github_events"), "day": day(row["bucket_start"])} for row in rows]


def github_events(tables: Tables) -> list[Shown]:
    same = ("event_id", "event", "action", "repository", "sender", "received_at")
    rows = first_of_each(good(tables["github_events"]), lambda row: row["event_id"], "received_at")
    return [{**take(row, *same, happened_at="occurred_at"), "day": day(row["occurred_at"])} for row in rows]


def newest(tables: Tables, table: str, identity: str) -> list[Row]:
    """The last state of each release, pull request or issue that GitHub told."""
    rows = first_of_each(good(tables[table]), lambda row: row["event_id"], "received_at")
    return last_of_each(rows, lambda row: (row["repository"], row[identity]), lambda row: row["occurred_at"])


def releases(tables: Tables) -> list[Shown]:
    same = ("repository", "release_id", "tag_name", "name", "prerelease", "author", "published_at", "asset_count")
    return [
        {**take(row, *same), "published_on": day(row["published_at"])}
        for row in newest(tables, "github_releases", "release_id")
        if row["action"] not in ("deleted", "unpublished") and not row["draft"] and row["published_at"]
    ]


def hours(row: Row, end: str) -> float | None:
    return row[end] and (row[end] - row["created_at"]) // timedelta(seconds=1) / 3600


def pull_requests(tables: Tables) -> list[Shown]:
    same = ("repository", "number", "title", "state", "draft", "merged", "author", "base_ref", "created_at")
    more = ("updated_at", "closed_at", "merged_at", "additions", "deletions", "changed_files")
    return [
        take(row, *same, *more, commits="commit_count")
        | {"created_on": day(row["created_at"]), "hours_to_merge": hours(row, "merged_at")}
        for row in newest(tables, "github_pull_requests", "number")
    ]


def issues(tables: Tables) -> list[Shown]:
    same = ("repository", "number", "title", "state", "state_reason", "author", "created_at", "updated_at")
    return [
        take(row, *same, "closed_at", comments="comment_count")
        | {"created_on": day(row["created_at"]), "hours_to_close": hours(row, "closed_at")}
        for row in newest(tables, "github_issues", "number")
        if row["action"] not in ("deleted", "transferred")
    ]


RECOUNTS: Mapping[str, Callable[[Tables], list[Shown]]] = {
    "v_campaign_members": lambda tables: [member(row) for row in alive(tables["salesforce_campaign_members"])],
    "v_downloads": downloads,
    "v_follower_gains": follower_gains,
    "v_followers": followers,
    "v_github_activity": activity,
    "v_github_events": github_events,
    "v_github_issues": issues,
    "v_github_pull_requests": pull_requests,
    "v_github_releases": releases,
    "v_github_repositories": repositories,
    "v_lead_history": lambda tables: history(tables["salesforce_leads"], lead),
    "v_leads": lambda tables: [lead(row) for row in alive(tables["salesforce_leads"])],
    "v_linkedin_follower_segments": segments,
    "v_mentions": mentions,
    "v_opportunities": lambda tables: [opportunity(row) for row in alive(tables["salesforce_opportunities"])],
    "v_opportunity_history": lambda tables: history(tables["salesforce_opportunities"], opportunity),
    "v_opportunity_stages": opportunity_stages,
    "v_pipeline_steps": pipeline_steps,
    "v_product_events": product_events,
    "v_rankings": rankings,
    "v_share_of_voice": shares,
    "v_web_events": web_events,
    "v_web_page_views": page_views,
    "v_web_sessions": web_sessions,
    "v_youtube_channel_days": channel_days,
    "v_youtube_videos": videos,
}
"""Every view by its name."""
