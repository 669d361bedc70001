"""From an answer to its envelope: rows as JSON, in order, by pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.api.context import Context
from chalicelib.api.envelope import CACHE_CONTROL, etag, matches, not_modified
from chalicelib.api.paging import Page, bad_cursor, link, read_cursor, write_cursor
from chalicelib.api.routes import Call, Reply
from chalicelib.domain.faults import Fault, fault
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError
from chalicelib.metrics.answer import Answer, AnswerColumn, Holds, Role
from chalicelib.metrics.describe import columns
from chalicelib.metrics.question import Question
from chalicelib.metrics.standing import Prepared

Names = Callable[[AnswerColumn], str]
_SCOPE: Final = "question"
_FLAT: Final = {Role.VALUE: "value", Role.BEFORE: "before", Role.CHANGE: "change", Role.CHANGE_RATIO: "change_ratio"}


def named(column: AnswerColumn) -> str:
    """Name a value by its metric: ``downloads``, ``downloads_before``."""
    return column.name


def flat(column: AnswerColumn) -> str:
    """Name a value by its role, where there is one metric: ``value``, ``before``."""
    return column.name if column.role is None else _FLAT[column.role]


@dataclass(frozen=True, slots=True)
class Wish:
    """How the rows are wanted: in what order, how many, from where on."""

    order: tuple[str, ...] = ()
    limit: int | None = None
    cursor: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Wish:
        """Read it from parsed parameters."""
        return cls(values.get("order", ()), values.get("limit"), values.get("cursor"))


def reply(
    call: Call, context: Context, question: Question, wish: Wish, names: Names, envelope: Callable[..., dict[str, Any]]
) -> Reply:
    """Answer a question, or 304 where the client has the answer already.

    Raises
    ------
    RequestError
        400: no such order or cursor. 409: the data has changed since the page before. Else as the question's.
    """
    _require_order(question, wish, names)
    question.require_few_buckets()
    prepared = context.series.prepare(question)
    tag = etag(prepared.tag, wish.order, wish.limit, wish.cursor, names.__name__)
    if matches(call.headers, tag):
        return not_modified(tag)
    first = _begin(prepared, wish)
    answer = context.series.answer(prepared)
    rows = as_rows(answer, names)
    if wish.order:
        rows = ordered(rows, wish.order, {names(one) for one in answer.columns if one.holds is Holds.NUMBER})
    page = _page(prepared, rows, wish, first)
    body = {"results": page.items, **_totals(answer, names, question), **envelope(answer, page)}
    following = link(call, page) if call.query else {}
    return Reply(body, headers={"ETag": tag, "Cache-Control": CACHE_CONTROL, **following})


def meta_of(answer: Answer, page: Page) -> dict[str, Any]:
    """Answer what the answer tells of its data, where it was served from, and whether more rows follow."""
    return {
        **answer.meta,
        "served_from": answer.served_from,
        "truncated": page.next_cursor is not None,
        "next_cursor": page.next_cursor,
    }


def as_rows(answer: Answer, names: Names) -> list[dict[str, Any]]:
    """Answer the rows as objects by name; money is exact still, until it is written as JSON."""
    keys = [names(column) for column in answer.columns]
    found: list[dict[str, Any]] = []
    end = ""
    for bucket in answer.buckets:  # each begins where the one before has ended
        start = end or _stamp(bucket.start, answer.zone)
        end = _stamp(bucket.end, answer.zone)
        found += [dict(zip(keys, (start, end, *row, bucket.partial), strict=True)) for row in bucket.rows]
    return found


def _stamp(at: datetime, zone: ZoneInfo) -> str:
    return at.isoformat() if zone.key == "UTC" else at.astimezone(zone).isoformat()


def _totals(answer: Answer, names: Names, question: Question) -> dict[str, Any]:
    if not question.totals:
        return {}
    keys = [names(column) for column in answer.total_columns]
    return {"totals": [dict(zip(keys, row, strict=True)) for row in answer.totals]}


def ordered(rows: Sequence[dict[str, Any]], order: Sequence[str], numbers: Collection[str]) -> list[dict[str, Any]]:
    """Sort rows by names of theirs, ``-`` before one for downwards; null is last either way, equal rows stay in order.

    >>> [row["v"] for row in ordered([{"v": 1}, {"v": None}, {"v": "30"}], ["-v"], {"v"})]
    ['30', 1, None]
    """
    found = list(rows)
    for name in reversed(order):
        plain = name.removeprefix("-")
        sortable = Decimal if plain in numbers else datetime.fromisoformat if plain in ("start", "end") else str
        there = [(sortable(row[plain]), row) for row in found if row[plain] is not None]
        there.sort(key=itemgetter(0), reverse=name.startswith("-"))
        found = [*(row for _, row in there), *(row for row in found if row[plain] is None)]
    return found


def _require_order(question: Question, wish: Wish, names: Names) -> None:
    known = [names(column) for column in columns(question)] if wish.order else []
    errors: list[Fault] = []
    for name in wish.order:
        try:
            one_of(name.removeprefix("-"), known, "column")
        except ValueError as error:
            errors.append(fault("order", error))
    if errors:
        raise RequestError("One or more parameters are wrong.", errors=tuple(errors))


def _begin(prepared: Prepared, wish: Wish) -> int:
    """Read a cursor: the place in the rows, bound to the question and to the version of its data."""
    if wish.cursor is None:
        return 0
    given = read_cursor(_SCOPE, wish.cursor)
    if not isinstance(given, list) or len(given) != 3 or not isinstance(given[0], int):
        raise bad_cursor()
    place, question, version = given
    if question != _digest(_asked(prepared.question), wish.order):
        raise bad_cursor()
    if version != _digest(prepared.key):
        raise RequestError(
            "The data or the range has moved on since the page before: begin again without a cursor.", status=409
        )
    return int(place)


def _page(prepared: Prepared, rows: list[dict[str, Any]], wish: Wish, first: int) -> Page:
    if wish.limit is None:
        return Page(rows, None, len(rows))
    end = first + wish.limit
    position = [end, _digest(_asked(prepared.question), wish.order), _digest(prepared.key)]
    return Page(rows[first:end], write_cursor(_SCOPE, position) if end < len(rows) else None, wish.limit)


def _asked(question: Question) -> tuple[str, ...]:
    """Answer what tells a question from others, whenever it is asked: its range moves on."""
    name, _, _, *others = question.key
    return (name, *others)


def _digest(*parts: object) -> str:
    said = json.dumps(parts, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
