"""The tables of the rank tracker: positions as they were checked, and the shares that follow from them."""

from __future__ import annotations

from chalicelib.sources.base import Column, ColumnType, Table

_S, _I, _T, _D = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP, ColumnType.DECIMAL

POSITIONS = Table(
    "rank_tracker_positions",
    "Where pages stand among the results of search engines, by keyword and check",
    (
        Column("checked_at", _T, "When the rank tracker looked; midnight UTC where it names the day only"),
        Column("url", _S, "The tracked page or site"),
        Column("brand", _S, "Its brand, as configured; null where none is: it takes no part in shares"),
        Column("keyword", _S, "What was searched for"),
        Column("engine", _S, "The search engine, as the rank tracker names it; null where it does not"),
        Column("position", _I, "Its place, 1 is the first; null where it was not among the results that are looked at"),
        Column("keyword_weight", _D, "What the keyword weighs in shares, as configured then"),
        Column("click_rate", _D, "The share of searches that click on this place, by the click curve configured then"),
    ),
    time_column="checked_at",
    sort_by=("url", "keyword", "checked_at"),
)

SHARES = Table(
    "rank_tracker_shares",
    "Share of voice: each brand's part of the clicks that all brands can expect, by day",
    (
        Column("day_start", _T, "Start of the UTC day"),
        Column("brand", _S, "The brand"),
        Column(
            "clicks", _D, "Expected clicks: sum of weight x click rate of its keywords, by the last check of the day"
        ),
        Column("clicks_of_all", _D, "Expected clicks of all brands"),
        Column("share", _D, "The part of all clicks, rounded to nine places; null where no brand can expect any"),
        Column("ranked_keywords", _I, "Its keywords that are among the results"),
        Column("tracked_keywords", _I, "Its keywords that were checked"),
    ),
    time_column="day_start",
    sort_by=("day_start", "brand"),
)
