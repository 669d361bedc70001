"""The ``.metadata`` object: the bytes that Athena itself has written."""

from __future__ import annotations

from infra.local.athena.results import ResultColumn
from infra.local.athena.sidecar import sidecar

#: https://stackoverflow.com/questions/55991018: a file of Athena's, whose only column is an array.
ARRAY_FILE = (
    "0a1b32303139303432335f3132353132385f30303030315f656874757222190a046869766522036172792a03617279320561727261794803"
)


def fields(data: bytes) -> list[tuple[int, int | bytes]]:
    """The fields of a protobuf message: varints as numbers, the rest as bytes."""
    found: list[tuple[int, int | bytes]] = []
    at = 0

    def varint() -> int:
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            found.append((tag >> 3, varint()))
        else:
            size = varint()
            found.append((tag >> 3, data[at : at + size]))
            at += size
    return found


def column(name: str, kind: str) -> dict[int, int | bytes]:
    """The fields of the one column of a sidecar."""
    (_, message) = fields(sidecar("q", [ResultColumn(name, kind)]))[1]
    assert isinstance(message, bytes)
    return dict(fields(message))


def test_a_file_of_athenas_comes_out_byte_for_byte() -> None:
    assert sidecar("20190423_125128_00001_ehtur", [ResultColumn("ary", "array")]).hex() == ARRAY_FILE


def test_numbers_tell_precision_scale_and_case() -> None:
    told = {7: 10, 8: 2, 9: 3, 10: 0}

    assert column("price", "decimal(10,2)") == {1: b"hive", 4: b"price", 5: b"price", 6: b"decimal"} | told


def test_a_type_has_a_field_or_has_not_whatever_its_value() -> None:
    kinds = ("bigint", "varchar", "timestamp", "date", "boolean", "array", "string", "json")

    present = {kind: sorted(set(column("c", kind)) - {1, 4, 5, 6, 9}) for kind in kinds}

    assert present == {
        "bigint": [7, 8, 10],
        "varchar": [7, 8, 10],
        "timestamp": [7, 8, 10],
        "date": [8, 10],
        "boolean": [10],
        "array": [],
        "string": [],
        "json": [],
    }


def test_long_names_and_other_letters_are_counted_in_bytes() -> None:
    name = "é" * 100

    assert column(name, "varchar")[4] == name.encode()
    assert column(name, "varchar")[7] == 2**31 - 1


def test_a_statement_that_writes_tells_its_kind_and_its_rows_even_none() -> None:
    data = sidecar("q", [ResultColumn("rows", "bigint")], "INSERT", 0)

    assert fields(data)[:3] == [(1, b"q"), (2, b"INSERT"), (3, 0)]
