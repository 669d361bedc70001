"""Flat JSON records of one shape to rows: a whole list at once where all are good, one by one where one is not. Pure.

For sources with many records. What comes out is the same either way; only the cost differs, by some ten times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.base import Accepted, Batch, ColumnType, Outcome, Record, Rejected, Table
from chalicelib.sources.json_fields import instant, number, read_object, text, truth, whole
from chalicelib.sources.records import shown

_TAKE: Mapping[ColumnType, Callable[[Mapping[str, Any], str], Any]] = {
    ColumnType.STRING: text,
    ColumnType.INT64: whole,
    ColumnType.FLOAT64: number,
    ColumnType.BOOL: truth,
    ColumnType.TIMESTAMP: instant,
}


_last: tuple[bytes, Mapping[str, Any]] = (b"", {})


def json_page(body: bytes) -> Mapping[str, Any]:
    """Read the JSON object of a page; judging, following and parsing the same page read it once.

    Whole numbers beyond 64 bits come as floats, which no column of whole numbers takes. Nobody may change what is
    answered. Raises ``SkippableRecordError`` as :func:`chalicelib.sources.json_fields.read_object` does.

    >>> json_page(b'{"records": [], "next": null}')
    {'records': [], 'next': None}
    """
    global _last
    known, found = _last
    if known is not body:
        found = _read(body)
        _last = body, found
    return found


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return read_object(body)  # which says what is wrong, and takes half a surrogate pair that orjson does not
    return found if isinstance(found, dict) else read_object(body)


@dataclass(frozen=True)
class RecordForm:
    """Records whose fields are the columns of a table, by the same names; ``identity`` names the one that tells them.

    Fields that are no column are known by the record's fingerprint only.

    Examples
    --------
    >>> from chalicelib.sources.base import Column
    >>> columns = (Column("id", ColumnType.STRING, "…"), Column("at", ColumnType.TIMESTAMP, "…"))
    >>> form = RecordForm(Table("views", "…", columns, "at", ("at",)), "id")
    >>> good = {"id": "a", "at": "2026-11-25T10:00:00Z"}
    >>> [type(outcome).__name__ for outcome in form.read([good, good], "page 1")]
    ['Batch']
    >>> [type(outcome).__name__ for outcome in form.read([good, {"id": 7}], "page 1")]
    ['Accepted', 'Rejected']
    """

    table: Table
    identity: str

    def read(self, records: Sequence[Any], where: str) -> Iterator[Outcome]:
        """Answer what becomes of a list of records; ``where`` names it for people."""
        batch = self._batch(records, where) if records else None
        if batch is not None:
            yield batch
        else:
            yield from self._each(records, where)

    def _batch(self, records: Sequence[Any], where: str) -> Batch | None:
        """Put the records side by side; None where one of them has another shape."""
        names = [column.name for column in self.table.columns]
        try:
            values = zip(*map(itemgetter(*names), records), strict=True)
        except (KeyError, TypeError):
            return None
        columns = dict(zip(names, values, strict=True))
        ids = columns[self.identity]
        if set(map(type, ids)) != {str} or "" in ids:
            return None
        return Batch(self.table.name, ids, contents(records), columns, lambda: self._each(records, where))

    def _each(self, records: Sequence[Any], where: str) -> Iterator[Record]:
        for number_, record in enumerate(records, 1):
            try:
                yield self._accept(record)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"{where}, record {number_}", shown(record))

    def _accept(self, record: Any) -> Accepted:
        if not isinstance(record, dict):
            raise SkippableRecordError("a record was expected")
        identity = text(record, self.identity)
        if not identity:
            raise SkippableRecordError(f"{self.identity}: a record needs one")
        row = {column.name: _TAKE[column.type](record, column.name) for column in self.table.columns}
        if row[self.table.time_column] is None:
            raise SkippableRecordError(f"{self.table.time_column}: a record needs one")
        return Accepted(identity, content(record).decode(), ((self.table.name, row),))


def contents(records: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """Answer the whole content of each record as JSON, whatever the order of its fields."""
    try:
        return [orjson.dumps(record, option=orjson.OPT_SORT_KEYS) for record in records]
    except orjson.JSONEncodeError:
        return [content(record) for record in records]


def content(record: Mapping[str, Any]) -> bytes:
    """Answer the whole content of one record."""
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # half a surrogate pair, or a number beyond 64 bits
        return shown(record).encode()
