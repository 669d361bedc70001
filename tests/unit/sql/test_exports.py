"""A result as CSV, Parquet and Excel: the same values, typed, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from chalicelib.documents.formats import Format
from chalicelib.domain.queries import ResultColumn
from chalicelib.errors import RequestError
from chalicelib.sql import exports
from chalicelib.sql.exports import export
from chalicelib.sql.runs import Run
from tests.unit.sql.disk_results import DiskResults

KINDS = {
    "n": "bigint", "price": "decimal(38,9)", "share": "double", "ok": "boolean", "day": "date", "at": "timestamp",
    "name": "varchar", "tags": "array",
}  # fmt: skip
COLUMNS = [ResultColumn(name, kind) for name, kind in KINDS.items()]
FULL = [
    "9007199254740993", "12.500000000", "0.1", "true", "2026-11-22", "2026-11-22 10:00:00.250",
    '=cmd("x"), é 🙂\nb', "[a, b]",
]  # fmt: skip
EMPTY = ["1", "0.000000001", "NaN", "false", "1850-01-01", "2026-01-01 00:00:00.000", "", "[]"]
NULLS: list[str | None] = [None] * 8


def athenas_line(row: list[str | None]) -> str:
    return ",".join("" if v is None else '"' + v.replace('"', '""') + '"' for v in row) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> DiskResults:
    lines = [list(KINDS), FULL, EMPTY, NULLS]
    (tmp_path / "r.csv").write_text("".join(athenas_line(list(line)) for line in lines))
    return DiskResults(tmp_path)


@pytest.fixture
def run() -> Run:
    asked = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return Run("id1", "own", "ann", "SELECT '=1'", "", ("'x'",), asked, ("visits",), output="r.csv", scanned_bytes=5)


def test_parquet_has_every_value_in_its_type(files: DiskResults, run: Run) -> None:
    key = export(files, run, COLUMNS, Format.PARQUET)

    rows = duckdb.sql(f"SELECT * FROM '{files.folder / key}'").fetchall()
    assert rows[0][:6] == (
        9007199254740993, Decimal("12.500000000"), 0.1, True, date(2026, 11, 22),
        datetime.fromisoformat("2026-11-22 10:00:00.250"),
    )  # fmt: skip
    assert rows[0][6:] == ('=cmd("x"), é 🙂\nb', "[a, b]")
    assert rows[1][6] == ""
    assert rows[2] == (None,) * 8


def test_csv_is_read_back_the_same_and_a_formula_is_text(files: DiskResults, run: Run) -> None:
    key = export(files, run, COLUMNS, Format.CSV)

    with (files.folder / key).open(newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == list(KINDS)
    assert rows[1] == [
        "9007199254740993", "12.500000000", "0.1", "true", "2026-11-22", "2026-11-22T10:00:00.250",
        '\'=cmd("x"), é 🙂\nb', "[a, b]",
    ]  # fmt: skip
    assert rows[3] == [""] * 8
    assert files.uploads == ["text/csv; charset=utf-8; header=present"]


def test_the_names_of_columns_are_no_formulas_either(files: DiskResults, run: Run) -> None:
    named = [ResultColumn("=1+1", "bigint"), *COLUMNS[1:]]

    key = export(files, run, named, Format.CSV)

    assert (files.folder / key).read_text().splitlines()[0].startswith("'=1+1,price")


def test_a_workbook_has_typed_cells_and_says_what_was_asked(files: DiskResults, run: Run) -> None:
    key = export(files, run, COLUMNS, Format.XLSX)

    book = openpyxl.load_workbook(files.folder / key)
    cells: list[list[Any]] = [[cell.value for cell in row] for row in book["Result"].iter_rows()]
    assert cells[0] == list(KINDS)
    assert cells[1][0] == "9007199254740993"  # more digits than Excel keeps
    assert cells[1][1:6] == [
        12.5,
        0.1,
        True,
        datetime.fromisoformat("2026-11-22"),
        datetime.fromisoformat("2026-11-22T10:00:00.250"),
    ]
    assert cells[1][6] == '=cmd("x"), é 🙂\nb'
    assert book["Result"].cell(2, 7).data_type == "s"
    assert cells[2][4] == "1850-01-01"
    assert cells[2][2] == "nan"
    assert len(cells) == 3  # a row of nulls has no cells
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Query"] == "SELECT '=1'"
    assert all(cell.data_type == "s" for row in book["About"].iter_rows() for cell in row)
    assert (about["Asked by"], about["Rows on Result"], about["Cost (USD)"]) == ("ann", "3", "0.000050")


def test_a_file_is_made_once(files: DiskResults, run: Run) -> None:
    first = export(files, run, COLUMNS, Format.CSV)

    assert export(files, run, COLUMNS, Format.CSV) == first
    assert len(files.uploads) == 1


def test_what_is_too_large_is_refused_and_never_cut(
    files: DiskResults, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MAX_ROWS", 2)
    with pytest.raises(RequestError, match="more than 2 rows"):
        export(files, run, COLUMNS, Format.PARQUET)
    monkeypatch.undo()
    monkeypatch.setattr(exports, "MAX_RESULT_BYTES", 10)
    with pytest.raises(RequestError, match="files are made of up to 10"):
        export(files, run, COLUMNS, Format.PARQUET)
    monkeypatch.undo()
    monkeypatch.setattr(exports, "MAX_CELLS", 23)
    with pytest.raises(RequestError, match="A workbook takes"):
        export(files, run, COLUMNS, Format.XLSX)
    assert files.uploads == []
