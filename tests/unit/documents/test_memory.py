"""Memory stays flat, however many rows there are: four times as many take no more."""

from __future__ import annotations

import pytest

from bench.exports import LIMIT_MB, in_a_process
from chalicelib.documents.formats import Format
from tests.conftest import Write


@pytest.mark.parametrize(("form", "rows"), [(Format.CSV, 25_000), (Format.XLSX, 10_000), (Format.PARQUET, 25_000)])
def test_rows_do_not_gather_in_memory(form: Format, rows: int, write: Write) -> None:
    few, many = in_a_process(form, rows), in_a_process(form, 4 * rows)

    write("exports: memory at the most, MB", f"{form.value:8} {few['peak_mb']:>6} {many['peak_mb']:>6}")
    assert many["peak_mb"] < few["peak_mb"] * 1.15  # as a list they would take 400 bytes a row more
    assert many["peak_mb"] < LIMIT_MB
