"""Who follows the company: LinkedIn's followers, X's, YouTube's subscribers, as they stand."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

_S = ColumnType.STRING
_LINKEDIN, _X, _YOUTUBE = "linkedin_followers", "x_accounts", "youtube_channels"

AUDIENCE = Cube(
    name="audience_cube",
    description="Followers, and what there is to see, by network and account",
    dimensions=(
        Column("network", _S, "linkedin, x or youtube"),
        Column("account", _S, "The network's id: LinkedIn's URN, X's id of the account, YouTube's of the channel"),
    ),
    measures=(
        Measure("followers", Adds.LAST, "Followers or subscribers, last look in the bucket; null where hidden"),
        Measure("posts", Adds.LAST, "Posts on X, last look in the bucket"),
        Measure("views", Adds.LAST, "Views of a YouTube channel so far, last look in the bucket"),
        Measure("videos", Adds.LAST, "Videos of a YouTube channel, last look in the bucket"),
    ),
    inputs=MappingProxyType({_LINKEDIN: (_LINKEDIN,), _X: (_X,), _YOUTUBE: (_YOUTUBE,)}),
)

VIDEOS = Cube(
    name="youtube_videos_cube",
    description="Views, likes and comments of YouTube's videos so far",
    dimensions=(
        Column("channel", _S, "YouTube's id of the channel"),
        Column("video", _S, "YouTube's id of the video"),
    ),
    measures=(
        Measure("views", Adds.LAST, "Views so far, last look in the bucket"),
        Measure("likes", Adds.LAST, "Likes so far, last look in the bucket; null where hidden"),
        Measure("comments", Adds.LAST, "Comments so far, last look in the bucket; null where closed"),
    ),
    inputs=MappingProxyType({"youtube_videos": ("youtube_videos",)}),
)

CUBES: Final = (AUDIENCE, VIDEOS)


def _of(network: str, name: str, title: str, unit: str, measure: str, description: str) -> Metric:
    source = {"linkedin": _LINKEDIN, "x": _X, "youtube": _YOUTUBE}[network]
    only = (("network", network),)
    return Metric(name, title, unit, Kind.GAUGE, AUDIENCE.name, measure, source, ("account",), description, only=only)


def _of_videos(name: str, title: str, unit: str, measure: str, description: str) -> Metric:
    dimensions = ("channel", "video")
    return Metric(name, title, unit, Kind.GAUGE, VIDEOS.name, measure, "youtube_videos", dimensions, description)


METRICS: Final = (
    Metric(
        "followers",
        "Followers",
        "followers",
        Kind.GAUGE,
        AUDIENCE.name,
        "followers",
        _LINKEDIN,
        ("network", "account"),
        "Followers on LinkedIn and X and subscribers on YouTube at the end of the period, added up: whoever follows on "
        "two networks counts twice. It is complete up to the network of which the last look is longest ago.",
        also=(_X, _YOUTUBE),
        told_apart="network",
    ),
    _of(
        "linkedin",
        "linkedin_followers",
        "LinkedIn followers",
        "followers",
        "followers",
        "Members who follow the company's organisations on LinkedIn at the end of the period.",
    ),
    _of(
        "x",
        "x_followers",
        "X followers",
        "followers",
        "followers",
        "Followers of the company's accounts on X at the end of the period.",
    ),
    _of(
        "youtube",
        "youtube_subscribers",
        "YouTube subscribers",
        "subscribers",
        "followers",
        "Subscribers of the company's channels at the end of the period. Above 1,000 YouTube rounds to three digits; "
        "channels that hide theirs are left out.",
    ),
    _of(
        "x",
        "x_posts",
        "X posts",
        "posts",
        "posts",
        "Posts of the company's accounts so far, replies and reposts included, at the end of the period.",
    ),
    _of(
        "youtube",
        "youtube_views_total",
        "YouTube views in total",
        "views",
        "views",
        "Views of the company's channels so far, at the end of the period; `youtube_views` has those of the period.",
    ),
    _of(
        "youtube",
        "youtube_videos",
        "YouTube videos",
        "videos",
        "videos",
        "Videos on the company's channels at the end of the period.",
    ),
    _of_videos(
        "youtube_video_views",
        "Views of videos",
        "views",
        "views",
        "Views so far of the videos that are looked at, at the end of the period.",
    ),
    _of_videos(
        "youtube_video_likes",
        "Likes of videos",
        "likes",
        "likes",
        "Likes so far of the videos that are looked at, at the end of the period; those that hide theirs are left out.",
    ),
    _of_videos(
        "youtube_video_comments",
        "Comments on videos",
        "comments",
        "comments",
        "Comments so far on the videos that are looked at, at the end of the period; videos with comments switched off "
        "are left out.",
    ),
)
