"""Every source, once. A new one is a module beside this, a line here, and a folder of fixtures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.sources.base import Source
from chalicelib.sources.github_repository_stats import GithubRepositoryStats
from chalicelib.sources.github_webhooks import GithubWebhooks
from chalicelib.sources.linkedin_follower_days import LinkedinFollowerDays
from chalicelib.sources.linkedin_follower_segments import LinkedinFollowerSegments
from chalicelib.sources.linkedin_followers import LinkedinFollowers
from chalicelib.sources.meltwater_mentions import MeltwaterMentions
from chalicelib.sources.mixpanel_events import MixpanelEvents
from chalicelib.sources.product_events import ProductEvents
from chalicelib.sources.rank_tracker_positions import RankTrackerPositions
from chalicelib.sources.s3_access_logs import S3AccessLogs
from chalicelib.sources.salesforce_pipeline import SalesforcePipeline
from chalicelib.sources.web_beacons import WebBeacons
from chalicelib.sources.x_accounts import XAccounts
from chalicelib.sources.youtube_analytics import YoutubeAnalytics
from chalicelib.sources.youtube_channels import YoutubeChannels
from chalicelib.sources.youtube_videos import YoutubeVideos

_ALL: tuple[Source, ...] = (
    GithubWebhooks(),
    S3AccessLogs(),
    GithubRepositoryStats(),
    ProductEvents(),
    WebBeacons(),
    XAccounts(),
    MeltwaterMentions(),
    RankTrackerPositions(),
    YoutubeChannels(),
    YoutubeAnalytics(),
    YoutubeVideos(),
    SalesforcePipeline(),
    LinkedinFollowers(),
    LinkedinFollowerDays(),
    MixpanelEvents(),
    LinkedinFollowerSegments(),
)

SOURCES: Mapping[str, Source] = MappingProxyType({source.name: source for source in _ALL})
"""By name, which is also the name of the source's stream and of its section in ``config/sources.toml``."""
