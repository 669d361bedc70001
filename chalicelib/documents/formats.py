"""The files that a document can be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Format(StrEnum):
    """A kind of file, by what its name ends with."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    PDF = "pdf"


CONTENT_TYPES: Final[Mapping[Format, str]] = MappingProxyType(
    {
        Format.CSV: "text/csv; charset=utf-8; header=present",
        Format.PARQUET: "application/vnd.apache.parquet",
        Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format.PDF: "application/pdf",
    }
)
