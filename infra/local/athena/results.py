"""Results as Athena writes and serves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = Sequence[str | None]
_PRECISION = {
    "varchar": (2147483647, 0, True), "bigint": (19, 0, False), "integer": (10, 0, False), "smallint": (5, 0, False),
    "tinyint": (3, 0, False), "double": (17, 0, False), "float": (17, 0, False), "date": (0, 0, False),
    "timestamp": (3, 0, False), "timestamp with time zone": (3, 0, False), "time": (3, 0, False),
    "time with time zone": (3, 0, False), "varbinary": (1073741824, 0, False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result; ``type`` as Athena shows it."""

    name: str
    type: str

    def described(self) -> dict[str, Any]:
        """``ColumnInfo``."""
        kind, precision, scale, case = self.type, 0, 0, False
        if kind.startswith("decimal("):
            digits = kind[8:-1].split(",")
            kind, precision, scale = "decimal", int(digits[0]), int(digits[1])
        elif kind in _PRECISION:
            precision, scale, case = _PRECISION[kind]
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": kind,
            "Precision": precision,
            "Scale": scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": case,
        }


def csv_line(row: Row) -> str:
    """One line of the result file: every value in double quotes, null as nothing at all.

    >>> csv_line(["a", None, "", 'say "hi" now'])
    '"a",,"","say ""hi"" now"\\n'
    """
    return ",".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in row) + "\n"


def text_line(row: Row) -> str:
    r"""One line of the ``.txt`` file of a DDL statement, without its end.

    >>> text_line(["dt", None, "string"])
    'dt\t\tstring'
    """
    return "\t".join(value or "" for value in row)


def api_row(row: Row) -> dict[str, Any]:
    """``Row``: a null has no ``VarCharValue``."""
    return {"Data": [{} if value is None else {"VarCharValue": value} for value in row]}
