"""What each view should show, counted from the raw rows in plain Python, without SQL and without looking at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.unit.sql import recount_github as github
from tests.unit.sql import recount_networks as networks
from tests.unit.sql import recount_sales as sales
from tests.unit.sql import recount_visits as visits
from tests.unit.sql.counting import Shown, Tables

RECOUNTS: Mapping[str, Callable[[Tables], list[Shown]]] = {
    "v_campaign_members": lambda tables: [
        sales.member(row) for row in sales.alive(tables["salesforce_campaign_members"])
    ],
    "v_downloads": visits.downloads,
    "v_follower_gains": networks.follower_gains,
    "v_followers": networks.followers,
    "v_github_activity": github.activity,
    "v_github_events": github.github_events,
    "v_github_issues": github.issues,
    "v_github_pull_requests": github.pull_requests,
    "v_github_releases": github.releases,
    "v_github_repositories": github.repositories,
    "v_lead_history": lambda tables: sales.history(tables["salesforce_leads"], sales.lead),
    "v_leads": lambda tables: [sales.lead(row) for row in sales.alive(tables["salesforce_leads"])],
    "v_linkedin_follower_segments": networks.segments,
    "v_mentions": networks.mentions,
    "v_opportunities": lambda tables: [
        sales.opportunity(row) for row in sales.alive(tables["salesforce_opportunities"])
    ],
    "v_opportunity_history": lambda tables: sales.history(tables["salesforce_opportunities"], sales.opportunity),
    "v_opportunity_stages": sales.opportunity_stages,
    "v_pipeline_steps": sales.pipeline_steps,
    "v_product_events": visits.product_events,
    "v_rankings": networks.rankings,
    "v_share_of_voice": networks.shares,
    "v_web_events": visits.web_events,
    "v_web_page_views": visits.page_views,
    "v_web_sessions": visits.web_sessions,
    "v_youtube_channel_days": networks.channel_days,
    "v_youtube_videos": networks.videos,
}
"""Every view by its name."""
