"""Followers, videos and the networks' days equal a recount, whatever comes, late, twice or restated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.metrics.declared.audience import AUDIENCE, VIDEOS
from chalicelib.metrics.declared.audience_days import LINKEDIN_DAYS, YOUTUBE_DAYS
from tests.unit.metrics.ingested import SETTINGS, Commit, Row, as_ingested, check, roll_up_each, some
from tests.unit.metrics.memory_lake import Lake

START = datetime(2026, 12, 31, 20, tzinfo=UTC)
instants = st.integers(-600, 600).map(lambda minutes: START + timedelta(minutes=5 * minutes))
counts = st.integers(0, 5000)
hidden = st.none() | counts
looks = {"observed_at": instants, "window_start": instants}
LOOKS: dict[str, st.SearchStrategy[Row]] = {
    "linkedin_followers": st.fixed_dictionaries(
        {**looks, "organisation": st.sampled_from(["urn:1", "urn:2"]), "followers": counts}
    ),
    "x_accounts": st.fixed_dictionaries(
        {**looks, "account_id": st.sampled_from(["7", "8"]), "followers": counts, "posts": counts}
    ),
    "youtube_channels": st.fixed_dictionaries(
        {**looks, "channel_id": st.just("UC1"), "subscribers": hidden, "views": counts, "videos": counts}
    ),
}
VIDEO_LOOKS: dict[str, st.SearchStrategy[Row]] = {
    "youtube_videos": st.fixed_dictionaries(
        {**looks, "channel_id": st.just("UC1"), "video_id": st.sampled_from(["v1", "v2"]), "views": counts}
        | {"likes": hidden, "comments": hidden}
    ),
}
zones = st.sampled_from(["UTC", "Asia/Kathmandu", "America/Los_Angeles"]).map(ZoneInfo)


def identity(row: Row) -> object:
    """A snapshot is one account's of one window."""
    names = ("organisation", "account_id", "video_id", "channel_id")
    return next(row[name] for name in names if name in row), row["window_start"]


@SETTINGS
@given(some(LOOKS), zones)
def test_followers_equal_a_recount_after_every_commit(commits: list[Commit], zone: ZoneInfo) -> None:
    lake = Lake(zone=zone)
    roll_up_each(lake, AUDIENCE, as_ingested(commits, identity))


@SETTINGS
@given(some(VIDEO_LOOKS), zones)
def test_videos_equal_a_recount_after_every_commit(commits: list[Commit], zone: ZoneInfo) -> None:
    roll_up_each(Lake(zone=zone), VIDEOS, as_ingested(commits, identity))


# Both changes of California's clocks, and a turn of the year.
days = st.builds(
    lambda first, ahead: first + timedelta(days=ahead),
    st.sampled_from([date(2026, 3, 6), date(2026, 10, 30), date(2026, 12, 30)]),
    st.integers(0, 4),
)
channel_days = st.fixed_dictionaries(
    {
        "day": days,
        "channel_id": st.sampled_from(["UC1", "UC2"]),
        "views": st.integers(-100, 10**9),
        "watch_time_minutes": st.integers(0, 10**7).map(lambda eighths: eighths / 8),
        **dict.fromkeys(("subscribers_gained", "subscribers_lost", "likes", "comments", "shares"), counts),
    }
)


@SETTINGS
@given(st.lists(st.lists(channel_days, min_size=1, max_size=8), min_size=1, max_size=4), zones)
def test_youtubes_days_equal_a_recount_of_what_it_said_last(commits: list[list[Row]], zone: ZoneInfo) -> None:
    lake = Lake(zone=zone)

    for rows in commits:
        said = {(row["day"], row["channel_id"]): row for row in rows}.values()
        restated = {row["day"] for row in said}
        standing = lake.raw.rows["youtube_channel_days"]
        lake.raw.rows["youtube_channel_days"] = [row for row in standing if row["day"] not in restated]
        lake.publish("youtube_analytics", {"youtube_channel_days": list(said)})
        lake.rollup().run(YOUTUBE_DAYS)

        check(lake, YOUTUBE_DAYS)


follower_days = st.fixed_dictionaries(
    {"day": days, "organisation": st.sampled_from(["urn:1", "urn:2"]), "organic_gain": counts, "paid_gain": counts}
)


@SETTINGS
@given(some({"linkedin_follower_days": follower_days}), zones)
def test_linkedins_days_equal_a_recount_after_every_commit(commits: list[Commit], zone: ZoneInfo) -> None:
    ingested = as_ingested(commits, lambda row: (row["organisation"], row["day"]))

    roll_up_each(Lake(zone=zone), LINKEDIN_DAYS, ingested)
