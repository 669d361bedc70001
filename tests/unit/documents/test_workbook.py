"""Excel: typed cells, no formula, native charts, everything that was said, read back by openpyxl."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from chalicelib.documents import workbook
from chalicelib.documents.cells import MAX_TEXT
from chalicelib.documents.document import Chart, Column, Document, Sheet
from chalicelib.errors import RequestError
from tests.unit.documents import samples


def read(document: Document, folder: Path) -> Workbook:
    workbook.write(document, path := folder / "t.xlsx")
    return openpyxl.load_workbook(path)


def about(book: Workbook) -> list[tuple[Any, ...]]:
    return list(book["About"].iter_rows(values_only=True))


def test_hostile_names_survive_and_none_is_a_formula(tmp_path: Path) -> None:
    book = read(samples.report(), tmp_path)

    names = [row[2].value for row in book["Downloads"].iter_rows(min_row=4, max_row=3 + len(samples.NAMES))]
    assert names == list(samples.NAMES)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_sheet_a_metric_with_what_it_covers_above_its_headings(tmp_path: Path) -> None:
    book = read(samples.report(), tmp_path)

    assert book.sheetnames == ["Downloads", "Won", "Bounce rate", "Chart data", "About"]
    sheet = book["Downloads"]
    assert [sheet.cell(row, 1).value for row in (1, 2)] == ["Downloads", "2026-10-01 to 2026-10-04 · by day"]
    assert [cell.value for cell in sheet[3]] == ["Start", "End (exclusive)", "Version", "Downloads", "Partial"]
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == f"A3:E{3 + 3 * len(samples.NAMES)}"
    assert sheet.print_title_rows == "$1:$3"


def test_cells_have_their_types_and_formats(tmp_path: Path) -> None:
    book = read(samples.report(), tmp_path)

    first = book["Downloads"][4]
    assert [cell.value for cell in first] == [
        datetime.fromisoformat("2026-10-01"), datetime.fromisoformat("2026-10-02"), samples.NAMES[0], 0, False,
    ]  # fmt: skip
    assert [first[at].number_format for at in (0, 3)] == ["yyyy-mm-dd", "#,##0"]
    amounts = [row[2] for row in book["Won"].iter_rows(min_row=4)]
    assert [cell.number_format for cell in amounts] == ["#,##0.00 [$EUR]", "#,##0 [$JPY]", "#,##0.000 [$KWD]"]
    assert [cell.value for cell in amounts] == ["1234567.891234567"] * 3  # more digits than Excel keeps stay text
    shares = [row[1] for row in book["Bounce rate"].iter_rows(min_row=4)]
    assert [cell.value for cell in shares] == [0, 0.125, 0.25, 0.375]
    assert {cell.number_format for cell in shares} == {"0.00%"}


def test_hours_stand_as_the_clocks_of_their_zone_show_them(tmp_path: Path) -> None:
    book = read(samples.report(), tmp_path)

    starts = [row[0].value for row in book["Bounce rate"].iter_rows(min_row=4)]
    assert [start.hour for start in starts] == [1, 2, 2, 3]


def test_charts_are_native_and_draw_what_the_table_has(tmp_path: Path) -> None:
    book = read(samples.report(), tmp_path)

    (chart,) = book["Downloads"]._charts
    assert len(chart.series) == 8
    assert chart.series[0].val.numRef.f == "'Chart data'!$B$2:$B$4"
    data = [[cell.value for cell in row[:9]] for row in book["Chart data"].iter_rows(max_row=4)]
    assert data[0][0] == "Downloads"
    assert data[1][0] == datetime.fromisoformat("2026-10-01")
    drawn = {name: values for name, *values in zip(*data, strict=True)}
    assert drawn["Кириллица"] == [12000, None, 12002]
    assert len(book["Bounce rate"]._charts) == 1
    assert book["Won"]._charts == []


def test_everything_that_is_said_is_on_about(tmp_path: Path) -> None:
    said = about(read(samples.report(), tmp_path))

    assert said[0] == ("Title", "Headwater: =three")
    assert set(samples.FACTS) <= set(said)
    assert ("Rows on Won", "3") in said
    assert ("Note", "Some buckets are partial.") in said
    assert ("Note", "Downloads: the 8 largest of 16 lines are drawn; the table has all.") in said


def test_a_sheet_that_is_full_goes_on_in_another_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 10)  # three of them are above the rows

    book = read(Document("t", (Sheet("Leads", (Column("n", "BIGINT"),), ((n,) for n in range(17)), "all"),)), tmp_path)

    assert book.sheetnames == ["Leads", "Leads (2)", "Leads (3)", "About"]
    tabs = [book[name] for name in book.sheetnames[:3]]
    assert [row[0].value for tab in tabs for row in tab.iter_rows(min_row=4)] == list(range(17))
    assert [tab["A3"].value for tab in tabs] == ["n"] * 3
    assert max(tab.max_row for tab in tabs) == 10
    assert ("Note", "Leads: more rows than one tab takes; they go on over 3 tabs.") in about(book)


def test_rows_that_fill_a_tab_exactly_need_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 10)

    book = read(Document("t", (Sheet("Leads", (Column("n", "BIGINT"),), ((n,) for n in range(9))),)), tmp_path)

    assert book.sheetnames == ["Leads", "About"]


def test_no_rows_are_a_sheet_of_headings(tmp_path: Path) -> None:
    sheet = Sheet("Leads", (Column("start", "DATE"), Column("n", "BIGINT")), [], "none", Chart("start", ("n",)))

    book = read(Document("t", (sheet,)), tmp_path)

    assert book["Leads"].max_row == 3
    assert book["Leads"]._charts == []


def test_dates_before_excels_first_are_text(tmp_path: Path) -> None:
    book = read(Document("t", (Sheet("s", (Column("d", "DATE"),), [(date(1850, 1, 1),)]),)), tmp_path)

    assert book["s"]["A2"].value == "1850-01-01"


def test_more_than_excel_or_the_time_allows_is_refused(tmp_path: Path) -> None:
    long = Sheet("s", (Column("t", "VARCHAR"),), [("x" * (MAX_TEXT + 1),)])
    with pytest.raises(RequestError, match=r"32,768 characters.*CSV or Parquet"):
        workbook.write(Document("t", (long,)), tmp_path / "t.xlsx")

    with pytest.raises(RequestError, match="takes 40 cells"):
        workbook.write(samples.report(), tmp_path / "t.xlsx", max_cells=40)
