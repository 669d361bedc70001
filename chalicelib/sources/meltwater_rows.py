"""Meltwater's documents as rows: what every kind of source has in columns, all the rest as it came."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.base import Accepted, Column, ColumnType, Outcome, Rejected, Row, Table, Window
from chalicelib.sources.json_fields import at, instant, items, text, whole
from chalicelib.sources.records import digest, shown

_S, _I, _T = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP

MENTIONS = Table(
    "meltwater_mentions",
    "Documents of the saved searches: news, blogs, posts",
    (
        Column("published_at", _T, "When it was published"),
        Column("search_id", _S, "The saved search that found it; a document of two searches is two rows"),
        Column("document_id", _S, "Meltwater's id of the document"),
        Column("url", _S, "Its address"),
        Column("title", _S, "Its title"),
        Column("source_name", _S, "The medium or site that published it"),
        Column("source_type", _S, "The kind of the source: news, blog, social, …"),
        Column("country_code", _S, "The country of the source"),
        Column("language_code", _S, "The language of the document"),
        Column("reach", _I, "How many people it can reach, as Meltwater estimates; null where it does not"),
        Column("engagement", _I, "Likes, shares and comments together; null where Meltwater does not say"),
        Column("sentiment", _S, "positive, neutral, negative or unknown, as Meltwater judges"),
        Column("matched_keywords", _S, "The search's words that are in it: a JSON list"),
        Column("other_fields", _S, "Every field of the document, as JSON, as it came"),
    ),
    time_column="published_at",
    sort_by=("search_id", "published_at", "document_id"),
)


def accept(documents: Sequence[Any], search: str, window: Window) -> Iterator[Outcome]:
    """Read the documents of a page.

    A document of the very instant at which the window ends belongs to the next window, whether or not the service
    counts the end of a range in: it is left to that one.
    """
    for number, document in enumerate(documents, 1):
        where = f"search {search}, document {number}"
        try:
            row = _row(document, search)
            if row["published_at"] == window.end:
                continue
            if not window.start <= row["published_at"] < window.end:
                raise SkippableRecordError(f"published_date: {row['published_at'].isoformat()} was not asked for")
        except SkippableRecordError as error:
            yield Rejected(str(error), where, shown(document))
            continue
        yield Accepted(f"{search}/{row['document_id']}", digest(row), ((MENTIONS.name, row),))


def _row(document: Any, search: str) -> Row:
    if not isinstance(document, dict):
        raise SkippableRecordError("a document was expected")
    published, identity = instant(document, "published_date"), text(document, "id")
    if published is None or not identity:
        raise SkippableRecordError("id, published_date: a document needs both")
    return {
        "published_at": published,
        "search_id": search,
        "document_id": identity,
        "url": text(document, "url"),
        "title": text(document, "content.title"),
        "source_name": text(document, "source.name"),
        "source_type": text(document, "source.type"),
        "country_code": text(document, "location.country_code"),
        "language_code": text(document, "enrichments.language_code"),
        "reach": _count(document, "source.metrics.reach"),
        "engagement": _count(document, "metrics.engagement.total"),
        "sentiment": text(document, "enrichments.sentiment"),
        "matched_keywords": _keywords(document),
        "other_fields": json.dumps(document, sort_keys=True),
    }


def _count(document: Mapping[str, Any], path: str) -> int | None:
    value = whole(document, path)
    if value is not None and value < 0:
        raise SkippableRecordError(f"{path}: a count was expected, not {value}")
    return value


def _keywords(document: Mapping[str, Any]) -> str | None:
    if at(document, "matched.keywords") is None:
        return None
    return json.dumps(items(document, "matched.keywords"))
