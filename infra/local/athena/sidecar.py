"""The ``.metadata`` object beside a result: protobuf, one message for each column.

AWS publishes no schema. The numbers of the fields are those that two independent decoders read (burtcorp/athena-jdbc,
``AthenaMetaDataParser``; https://gist.github.com/iconara/4969c247e8abb69600cdbe6f4b20f50b), and which fields a type has
was measured on Athena 3, byte for byte, by the project aoyagikouhei/athena-local (``src/metadata.rs``,
``docs/dev/measurements/metadata.md``). Known from there are SELECT, INSERT, CREATE TABLE AS and DESCRIBE. What Athena
writes for SHOW nobody can read (it looks encrypted); clients accept this form in its place. Of UNLOAD nothing is known:
its rows are told, and no kind of update.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from infra.local.athena.results import ResultColumn

UNKNOWN_NULLABLE = 3
_NUMBERED = {
    "tinyint", "smallint", "integer", "bigint", "double", "float", "decimal", "varchar", "char", "varbinary",
    "timestamp", "timestamp with time zone", "time", "time with time zone",
}  # fmt: skip
_PRECISION, _SCALE, _CASE_SENSITIVE = 7, 8, 10


def sidecar(
    name: str, columns: Sequence[ResultColumn], update_type: str | None = None, update_count: int | None = None
) -> bytes:
    """The object's content.

    Parameters
    ----------
    name
        The engine's name of the query (:func:`engine_name`); for DESCRIBE the id of the execution.
    columns
        The columns of the result; ``rows`` alone for a statement that writes.
    update_type, update_count
        For a statement that writes: Trino's word (``INSERT``, ``CREATE TABLE``) and the rows.

    Examples
    --------
    >>> sidecar("q1", [ResultColumn("n", "integer")]).hex(" ")[:35]
    '0a 02 71 31 22 1d 0a 04 68 69 76 65'
    """
    out = _text(1, name)
    if update_type is not None:
        out += _text(2, update_type)
    if update_count is not None:
        out += _number(3, update_count)
    return out + b"".join(_bytes(4, _column(column)) for column in columns)


def engine_name(query_id: str, submitted: dt.datetime) -> str:
    """A name of the form that Trino gives its queries, always the same for an execution.

    >>> engine_name("6f0ab452-01a7-4d24-9128-216ba996b760", dt.datetime(2026, 9, 17, 8, 53, 44))
    '20260917_085344_28426_6b760'
    """
    return f"{submitted:%Y%m%d_%H%M%S}_{int(query_id[:4], 16):05d}_{query_id[-5:]}"


def _column(column: ResultColumn) -> bytes:
    """One column; a type has a field or has not, whatever its value."""
    told = column.described()
    out = _text(1, told["CatalogName"]) + _text(4, told["Name"]) + _text(5, told["Label"]) + _text(6, told["Type"])
    fields = _fields(told["Type"])
    if _PRECISION in fields:
        out += _number(_PRECISION, told["Precision"])
    if _SCALE in fields:
        out += _number(_SCALE, told["Scale"])
    out += _number(9, UNKNOWN_NULLABLE)
    if _CASE_SENSITIVE in fields:
        out += _number(_CASE_SENSITIVE, int(told["CaseSensitive"]))
    return out


def _fields(kind: str) -> tuple[int, ...]:
    if kind in _NUMBERED:
        return _PRECISION, _SCALE, _CASE_SENSITIVE
    if kind == "date":
        return _SCALE, _CASE_SENSITIVE
    return (_CASE_SENSITIVE,) if kind == "boolean" or kind.startswith("interval") else ()


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first.

    >>> _varint(371)
    b'\\xf3\\x02'
    """
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())
