"""What each shipped query should answer, counted in plain Python from what the views should show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.unit.sql.counting import Tables, groups
from tests.unit.sql.recount import RECOUNTS
from tests.unit.sql.rows_lake import partition

Given = Mapping[str, Any]
Answered = list[dict[str, Any]]


def shown(tables: Tables, view: str, given: Given, by: str = "day") -> Answered:
    """What a view shows of the period."""
    rows = RECOUNTS[view](tables)
    return [row for row in rows if row[by] and given["first_day"] <= row[by] <= given["last_day"]]


def week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month(day: date) -> date:
    return day.replace(day=1)


def total(values: Iterable[Any]) -> Any:
    """A sum as SQL has it: null of nothing known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def percentile_half(values: Sequence[Any]) -> Any:
    """The lower median of what is known."""
    known = sorted(value for value in values if value is not None)
    return known[max(0, -(-len(known) // 2) - 1)] if known else None


def table(groups_of: Mapping[tuple[Any, ...], Any], names: str, make: Callable[[Any], Mapping[str, Any]]) -> Answered:
    """One row a group: its key under these names, and what ``make`` says of it."""
    return [dict(zip(names.split(), key, strict=True)) | make(of) for key, of in groups_of.items()]


def pipeline_by_stage_and_month(tables: Tables, given: Given) -> Answered:
    rows = [row for row in shown(tables, "v_opportunities", given, "closes_on") if not row["is_closed"]]
    found = groups(rows, lambda row: (month(row["closes_on"]), row["stage"], row["currency"]))
    return table(
        found, "month stage currency", lambda of: {"opportunities": len(of), "amount": total(r["amount"] for r in of)}
    )


def pipeline_steps_by_month(tables: Tables, given: Given) -> Answered:
    rows = shown(tables, "v_pipeline_steps", given, "reached_on")
    found = Counter((month(row["reached_on"]), row["object"], row["step"]) for row in rows)
    return table(found, "month object step", lambda count: {"records": count})


def lead_conversion_by_source(tables: Tables, given: Given) -> Answered:
    opportunities = {row["opportunity_id"]: row for row in RECOUNTS["v_opportunities"](tables)}

    def made(leads: Answered) -> dict[str, Any]:
        became = [opportunities[lead["opportunity_id"]] for lead in leads if lead["opportunity_id"] in opportunities]
        converted = sum(lead["is_converted"] for lead in leads)
        return {
            "leads": len(leads),
            "converted": converted,
            "opportunities": len(became),
            "won": sum(one["is_won"] for one in became),
            "conversion": converted / len(leads),
        }

    found = groups(shown(tables, "v_leads", given, "created_on"), lambda row: (row["lead_source"] or "unknown",))
    return table(found, "source", made)


def days_in_stage(tables: Tables, given: Given) -> Answered:
    rows = [row for row in shown(tables, "v_opportunity_stages", given, "entered_on") if row["left_at"]]

    def made(stays: Answered) -> dict[str, Any]:
        days = [stay["days_in_stage"] for stay in stays]
        mean = sum(days) / len(days)
        return {"stays": len(days), "median_days": percentile_half(days), "mean_days": mean, "longest_days": max(days)}

    return table(groups(rows, lambda row: (row["stage"],)), "stage", made)


def downloads_by_version_and_week(tables: Tables, given: Given) -> Answered:
    rows = shown(tables, "v_downloads", given)
    found = groups(rows, lambda row: (week(row["day"]), row["product"], row["version"]))
    return table(found, "week product version", lambda of: {"downloads": sum(row["downloads"] for row in of)})


def top_pages(tables: Tables, given: Given) -> Answered:
    def made(events: Answered) -> dict[str, Any]:
        views = [event for event in events if event["kind"] == "view"]
        seconds = sum(event["engaged_seconds"] or 0.0 for event in events)
        visitors = len({view["visitor"] for view in views})
        return {"views": len(views), "visitors": visitors, "engaged_seconds": float(seconds)}

    return table(
        groups(shown(tables, "v_web_events", given), lambda row: (row["site"], row["path"])), "site path", made
    )


def new_and_returning_visitors(tables: Tables, given: Given) -> Answered:
    def made(views: Answered) -> dict[str, Any]:
        by: dict[Any, set[str]] = defaultdict(set)
        for view in views:
            by[view["is_returning"]].add(view["visitor"])
        return {
            "visitors": len(set().union(*by.values())),
            "new_visitors": len(by[False]),
            "returning_visitors": len(by[True]),
            "unknown_visitors": len(by[None]),
        }

    return table(
        groups(shown(tables, "v_web_page_views", given), lambda row: (row["day"], row["site"])), "day site", made
    )


def funnel_to_first_value(tables: Tables, given: Given) -> Answered:
    events = [e for e in RECOUNTS["v_product_events"](tables) if e["origin"] == given["origin"] and e["person_id"]]
    started: dict[str, Any] = {}
    for event in sorted(events, key=lambda e: e["happened_at"]):
        if event["event"] == given["first_event"] and given["first_day"] <= event["day"] <= given["last_day"]:
            started.setdefault(event["person_id"], event["happened_at"])
    took: dict[tuple[date], list[float | None]] = defaultdict(list)
    for person, at in started.items():
        after = [
            e["happened_at"] - at
            for e in events
            if e["person_id"] == person
            and e["event"] == given["second_event"]
            and timedelta() <= e["happened_at"] - at < timedelta(days=given["within_days"])
        ]
        took[week(at.date()),].append(min(after) // timedelta(seconds=1) / 3600 if after else None)

    def made(hours: list[float | None]) -> dict[str, Any]:
        reached = sum(hour is not None for hour in hours)
        rate = reached / len(hours)
        return {"started": len(hours), "reached": reached, "rate": rate, "median_hours": percentile_half(hours)}

    return table(took, "week", made)


def retention_by_week(tables: Tables, given: Given) -> Answered:
    weeks: dict[str, set[date]] = defaultdict(set)
    for event in shown(tables, "v_product_events", given):
        if event["origin"] == given["origin"] and event["person_id"]:
            weeks[event["person_id"]].add(week(event["day"]))
    found = Counter((min(of), (one - min(of)).days // 7) for of in weeks.values() for one in of)
    return table(found, "cohort weeks_later", lambda count: {"people": count})


def share_of_voice_by_week(tables: Tables, given: Given) -> Answered:
    def made(days: Answered) -> dict[str, Any]:
        clicks, of_all = (sum(day[name] for day in days) for name in ("clicks", "clicks_of_all"))
        return {"clicks": clicks, "share": float(clicks) / float(of_all) if of_all else None}

    found = groups(shown(tables, "v_share_of_voice", given), lambda row: (week(row["day"]), row["brand"]))
    return table(found, "week brand", made)


def followers_over_time(tables: Tables, given: Given) -> Answered:
    found = groups(shown(tables, "v_followers", given), lambda row: (row["day"], row["network"]))
    return table(
        found, "day network", lambda of: {"accounts": len(of), "followers": total(row["followers"] for row in of)}
    )


def mention_sentiment_by_week(tables: Tables, given: Given) -> Answered:
    found = groups(shown(tables, "v_mentions", given), lambda row: (week(row["day"]), row["sentiment"]))
    return table(found, "week sentiment", lambda of: {"mentions": len(of), "reach": total(row["reach"] for row in of)})


def rank_changes(tables: Tables, given: Given) -> Answered:
    def made(checks: Answered) -> dict[str, Any]:
        ordered = sorted(checks, key=lambda check: check["checked_at"])
        first, last = ordered[0]["position"], ordered[-1]["position"]
        climbed = None if first is None or last is None else first - last
        return {"first_position": first, "last_position": last, "climbed": climbed}

    names = ("brand", "url", "keyword", "engine")
    found = groups(shown(tables, "v_rankings", given), lambda row: tuple(row[name] for name in names))
    return table(found, " ".join(names), made)


def release_effect_on_downloads(tables: Tables, given: Given) -> Answered:
    downloads = [row for row in RECOUNTS["v_downloads"](tables) if row["product"] == given["product"]]
    found = []
    for release in shown(tables, "v_github_releases", given, "published_on"):
        if release["repository"] == given["repository"] and not release["prerelease"]:
            days = [((row["day"] - release["published_on"]).days, row["downloads"]) for row in downloads]
            found.append(
                {
                    "tag_name": release["tag_name"],
                    "published_on": release["published_on"],
                    "week_before": sum(count for after, count in days if -7 <= after < 0),
                    "week_after": sum(count for after, count in days if 0 <= after < 7),
                }
            )
    return found


def video_views_gained(tables: Tables, given: Given) -> Answered:
    def made(looks: Answered) -> dict[str, Any]:
        first, last = (f(looks, key=lambda look: look["observed_at"]) for f in (min, max))
        return {"title": last["title"], "gained": last["views"] - first["views"], "views": last["views"]}

    return table(groups(shown(tables, "v_youtube_videos", given), lambda row: (row["video_id"],)), "video_id", made)


def pull_request_hours(tables: Tables, given: Given) -> Answered:
    def made(of: Answered) -> dict[str, Any]:
        merged = sum(one["merged"] for one in of)
        return {"opened": len(of), "merged": merged, "median_hours": percentile_half([o["hours_to_merge"] for o in of])}

    rows = shown(tables, "v_github_pull_requests", given, "created_on")
    return table(groups(rows, lambda row: (month(row["created_on"]), row["repository"])), "month repository", made)


def sources_without_new_rows(tables: Tables, given: Given) -> Answered:
    found = []
    for name in SOURCE_TABLES:
        days = [partition(name, row)[1] for row in tables.get(name, ()) if partition(name, row)[1] >= given["since"]]
        newest = date.fromisoformat(max(days)) if days else None
        ago = None if newest is None else (given["today"] - newest).days
        found.append({"source_table": name, "newest_day": newest, "days_ago": ago})
    return found


SOURCE_TABLES = (
    "github_events",
    "github_repository_stats",
    "linkedin_follower_days",
    "linkedin_follower_segments",
    "linkedin_followers",
    "meltwater_mentions",
    "mixpanel_events",
    "product_events",
    "rank_tracker_positions",
    "s3_access_requests",
    "salesforce_leads",
    "salesforce_opportunities",
    "web_events",
    "x_accounts",
    "youtube_channel_days",
    "youtube_channels",
    "youtube_videos",
)

SAVED: Mapping[str, Callable[[Tables, Given], Answered]] = {
    one.__name__: one
    for one in (
        pipeline_by_stage_and_month,
        pipeline_steps_by_month,
        lead_conversion_by_source,
        days_in_stage,
        downloads_by_version_and_week,
        top_pages,
        new_and_returning_visitors,
        funnel_to_first_value,
        retention_by_week,
        share_of_voice_by_week,
        followers_over_time,
        mention_sentiment_by_week,
        rank_changes,
        release_effect_on_downloads,
        video_views_gained,
        pull_request_hours,
        sources_without_new_rows,
    )
}
"""Every shipped query by its id."""
