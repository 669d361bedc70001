"""What media and networks write of the company, from Meltwater."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

_S = ColumnType.STRING
SOURCE: Final = "meltwater_mentions"

MENTIONS = Cube(
    name="mentions_cube",
    description="What is written of the company, each document once",
    dimensions=(
        Column("source_type", _S, "The kind of the source: news, blog, social, …"),
        Column("country_code", _S, "The country of the source"),
        Column("language_code", _S, "The language of the document"),
        Column("sentiment", _S, "positive, neutral, negative or unknown, as Meltwater judges"),
    ),
    measures=(
        Measure("mentions", Adds.SUM, "Documents, each once however many searches found it"),
        Measure("reach", Adds.SUM, "How many people they can reach, where Meltwater estimates it"),
        Measure("engagement", Adds.SUM, "Likes, shares and comments, where Meltwater tells them"),
        Measure("sentiment_balance", Adds.SUM, "Positive documents less negative ones"),
        Measure("judged", Adds.SUM, "Documents that were judged positive, neutral or negative"),
    ),
    inputs=MappingProxyType({SOURCE: (SOURCE,)}),
)

CUBES: Final = (MENTIONS,)

_OF_SOURCES = ("source_type", "country_code", "language_code")
_DIMENSIONS = (*_OF_SOURCES, "sentiment")
_ONCE = "A document that several searches found counts once."


def _judged(sentiment: str) -> Metric:
    return Metric(
        f"{sentiment}_mentions",
        f"{sentiment.capitalize()} mentions",
        "mentions",
        Kind.COUNTER,
        MENTIONS.name,
        "mentions",
        SOURCE,
        _OF_SOURCES,
        f"Documents of the period that Meltwater judges {sentiment}. {_ONCE}",
        only=(("sentiment", sentiment),),
    )


METRICS: Final = (
    Metric(
        "mentions",
        "Mentions",
        "mentions",
        Kind.COUNTER,
        MENTIONS.name,
        "mentions",
        SOURCE,
        _DIMENSIONS,
        f"Documents of the saved searches that were published in the period. {_ONCE}",
    ),
    Metric(
        "mention_reach",
        "Reach of mentions",
        "people",
        Kind.COUNTER,
        MENTIONS.name,
        "reach",
        SOURCE,
        _DIMENSIONS,
        "How many people the period's mentions can reach, as Meltwater estimates; people whom several reach count "
        "as often. Mentions without an estimate add none.",
    ),
    Metric(
        "mention_engagement",
        "Engagement with mentions",
        "reactions",
        Kind.COUNTER,
        MENTIONS.name,
        "engagement",
        SOURCE,
        _DIMENSIONS,
        "Likes, shares and comments of the period's mentions, as they were when Meltwater was asked. Mentions of which "
        "it tells none add none.",
    ),
    _judged("positive"),
    _judged("negative"),
    Metric(
        "net_sentiment",
        "Net sentiment",
        "balance, -1 to 1",
        Kind.RATIO,
        MENTIONS.name,
        "sentiment_balance",
        SOURCE,
        _OF_SOURCES,
        "Positive less negative mentions, divided by those that were judged positive, neutral or negative: 1 where all "
        "are positive, -1 where all are negative. Mentions of unknown sentiment are left out.",
        denominator="judged",
    ),
)
