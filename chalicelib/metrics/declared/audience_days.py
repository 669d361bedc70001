"""What the networks tell of whole days only: YouTube's views and watch time, LinkedIn's new followers."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

CALIFORNIA: Final = "America/Los_Angeles"
"""The zone of YouTube's days."""

YOUTUBE_DAYS = Cube(
    name="youtube_days_cube",
    description="What each day of a YouTube channel came to, at the day's beginning in California",
    dimensions=(Column("channel", ColumnType.STRING, "YouTube's id of the channel"),),
    measures=(
        Measure("views", Adds.SUM, "Views; below zero where YouTube took views back"),
        Measure("watch_time_ms", Adds.SUM, "Time watched, of YouTube's minutes"),
        Measure("subscribers_gained", Adds.SUM, "Subscribers won"),
        Measure("subscribers_lost", Adds.SUM, "Subscribers lost"),
        Measure("subscribers_net", Adds.SUM, "Subscribers won less those lost"),
        Measure("likes", Adds.SUM, "Likes given, less those taken back"),
        Measure("comments", Adds.SUM, "Comments written"),
        Measure("shares", Adds.SUM, "Uses of the share button"),
    ),
    inputs=MappingProxyType({"youtube_analytics": ("youtube_channel_days",)}),
)

LINKEDIN_DAYS = Cube(
    name="linkedin_days_cube",
    description="Followers that organisations won on LinkedIn, at the beginning of each UTC day",
    dimensions=(Column("account", ColumnType.STRING, "LinkedIn's URN of the organisation"),),
    measures=(
        Measure("followers_gained", Adds.SUM, "Followers won"),
        Measure("organic_gained", Adds.SUM, "Followers won without advertising"),
        Measure("paid_gained", Adds.SUM, "Followers won by advertising"),
    ),
    inputs=MappingProxyType({"linkedin_follower_days": ("linkedin_follower_days",)}),
)

CUBES: Final = (YOUTUBE_DAYS, LINKEDIN_DAYS)

_DAYS = "Days are California's; YouTube restates the last two weeks, and these numbers with them."


def _youtube(name: str, title: str, unit: str, measure: str, description: str, divisor: int = 1) -> Metric:
    return Metric(
        f"youtube_{name}",
        title,
        unit,
        Kind.COUNTER,
        YOUTUBE_DAYS.name,
        measure,
        "youtube_analytics",
        ("channel",),
        f"{description} {_DAYS}",
        divisor=divisor,
        days_of=CALIFORNIA,
    )


def _linkedin(name: str, title: str, measure: str, description: str) -> Metric:
    return Metric(
        f"linkedin_{name}",
        title,
        "followers",
        Kind.COUNTER,
        LINKEDIN_DAYS.name,
        measure,
        "linkedin_follower_days",
        ("account",),
        f"{description} LinkedIn tells no losses, so gains do not add up to the followers.",
        days_of="UTC",
    )


METRICS: Final = (
    _youtube("views", "YouTube views", "views", "views", "Views in the period; YouTube takes views back later."),
    _youtube("watch_time", "YouTube watch time", "minutes", "watch_time_ms", "Minutes watched in the period.", 60_000),
    Metric(
        "youtube_average_view_duration",
        "Average view duration",
        "seconds",
        Kind.RATIO,
        YOUTUBE_DAYS.name,
        "watch_time_ms",
        "youtube_analytics",
        ("channel",),
        f"Seconds watched of a view: the period's watch time divided by its views. {_DAYS}",
        denominator="views",
        divisor=1000,
        days_of=CALIFORNIA,
    ),
    _youtube(
        "subscribers_gained", "Subscribers won", "subscribers", "subscribers_gained", "Subscribers won in the period."
    ),
    _youtube(
        "subscribers_lost", "Subscribers lost", "subscribers", "subscribers_lost", "Subscribers lost in the period."
    ),
    _youtube(
        "subscribers_net",
        "Subscribers won, net",
        "subscribers",
        "subscribers_net",
        "Subscribers won in the period, less those lost.",
    ),
    _youtube("likes", "YouTube likes", "likes", "likes", "Likes given in the period, less those taken back."),
    _youtube("comments", "YouTube comments", "comments", "comments", "Comments written in the period."),
    _youtube("shares", "YouTube shares", "shares", "shares", "Uses of the share button in the period."),
    _linkedin(
        "followers_gained",
        "LinkedIn followers won",
        "followers_gained",
        "Followers that organisations won on LinkedIn.",
    ),
    _linkedin(
        "followers_gained_organic",
        "LinkedIn followers won, organic",
        "organic_gained",
        "Followers that organisations won on LinkedIn without advertising.",
    ),
    _linkedin(
        "followers_gained_paid",
        "LinkedIn followers won, paid",
        "paid_gained",
        "Followers that organisations won on LinkedIn by advertising.",
    ),
)
