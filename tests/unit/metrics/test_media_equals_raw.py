"""Mentions and places in search equal a recount, whatever comes, late, twice or contradicting itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.metrics.declared.mentions import MENTIONS
from chalicelib.metrics.declared.seo import SEO
from tests.unit.metrics.ingested import SETTINGS, Commit, Row, as_ingested, roll_up_each, some
from tests.unit.metrics.memory_lake import Lake

START = datetime(2026, 12, 31, tzinfo=UTC)
zones = st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]).map(ZoneInfo)
unknown = st.none() | st.integers(0, 10**6)


def published(document: int) -> datetime:
    """A document is of one instant, whichever search found it."""
    return START + timedelta(minutes=(document * 397) % 4000)


documents = st.fixed_dictionaries(
    {
        "document_id": st.integers(0, 12),
        "search_id": st.sampled_from(["11", "12", "9"]),
        "source_type": st.sampled_from(["news", "blog"]),
        "country_code": st.sampled_from(["NP", None]),
        "language_code": st.just("en"),
        "reach": unknown,
        "engagement": unknown,
        "sentiment": st.sampled_from(["positive", "neutral", "negative", "unknown", None]),
    }
).map(lambda row: {**row, "published_at": published(row["document_id"]), "document_id": f"d{row['document_id']}"})


@SETTINGS
@given(some({"meltwater_mentions": documents}), zones)
def test_mentions_equal_a_recount_after_every_commit(commits: list[Commit], zone: ZoneInfo) -> None:
    ingested = as_ingested(commits, lambda row: (row["search_id"], row["document_id"]))

    roll_up_each(Lake(zone=zone), MENTIONS, ingested)


brands = st.sampled_from(["Acme", "Rival"])
SEARCH: dict[str, st.SearchStrategy[Row]] = {
    "rank_tracker_shares": st.fixed_dictionaries(
        {
            "day_start": st.integers(0, 4).map(lambda day: START + timedelta(days=day)),
            "brand": brands,
            "clicks": st.integers(0, 10**6).map(lambda n: Decimal(n) / 1000),
            "ranked_keywords": st.integers(0, 9),
            "tracked_keywords": st.integers(0, 9),
        }
    ),
    "rank_tracker_positions": st.fixed_dictionaries(
        {
            "checked_at": st.integers(0, 20).map(lambda n: START + timedelta(hours=5 * n)),
            "brand": brands | st.none(),
            "keyword": st.sampled_from(["pipeline", "etl"]),
            "engine": st.sampled_from(["google", None]),
            "position": st.sampled_from([1, 10, 11, None]),
        }
    ).map(lambda row: {**row, "url": f"{row['brand']}.example"}),
}


def identity(row: Row) -> object:
    return tuple(row.get(name) for name in ("day_start", "brand", "url", "keyword", "engine", "checked_at"))


@SETTINGS
@given(some(SEARCH), zones)
def test_places_in_search_equal_a_recount_after_every_commit(commits: list[Commit], zone: ZoneInfo) -> None:
    roll_up_each(Lake(zone=zone), SEO, as_ingested(commits, identity))
