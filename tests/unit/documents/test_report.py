"""PDF: everything is said, tables page with their headings, nothing is cut without a word; read back by pypdf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from chalicelib.documents import report
from chalicelib.documents.document import Cell, Chart, Column, Document, Excerpt, Sheet, Style
from chalicelib.errors import RequestError
from tests.unit.documents import samples

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def pages(document: Document, folder: Path) -> list[str]:
    report.write(document, path := folder / "t.pdf")
    return [page.extract_text() for page in PdfReader(path).pages]


def fonts(path: Path) -> Iterator[DictionaryObject]:
    for page in PdfReader(path).pages:
        yield from (font.get_object() for font in page["/Resources"]["/Font"].values())  # type: ignore[index]


def numbers(rows: int) -> Document:
    columns = (samples.START, Column("value", "BIGINT", "Leads", "leads"))
    return Document("t", (Sheet("Leads", columns, ((samples.FIRST, at) for at in range(rows)), "by day"),))


def test_what_it_is_stands_before_any_number(tmp_path: Path) -> None:
    first = pages(samples.report(), tmp_path)[0]

    for name, said in samples.FACTS:
        assert name in first
        assert said in first
    assert "Some buckets are partial." in first
    assert f"The tables have all {3 * len(samples.NAMES) + 3 + 4} rows." in first
    assert "the 8 largest of 16 lines are drawn" in first
    assert first.index("Headwater: =three") < first.index("Time zone") < first.index("Ελληνικά")


def test_every_page_of_a_table_has_its_headings_and_a_number(tmp_path: Path) -> None:
    found = pages(numbers(200), tmp_path)

    assert len(found) > 3
    for at, text in enumerate(found, 1):
        assert "Start" in text
        assert f"Page {at} of {len(found)}" in text
        assert "t · Leads" in text
    assert re.findall(r"2026-10-01\n(\d+)\n", "".join(found)) == [str(at) for at in range(200)]


def test_letters_it_lacks_are_marked_and_told(tmp_path: Path) -> None:
    text = "\n".join(pages(samples.report(), tmp_path))

    assert "emoji ▯ ▯▯▯▯ ▯▯" in text
    assert "Characters that are shown as ▯ are not printed here" in text
    assert "Ελληνικά" in text
    assert "Кириллица" in text
    assert "<b>&amp;</b>" in text
    assert "=cmd()|' /C calc'!A0" in text


def test_values_are_rounded_for_reading(tmp_path: Path) -> None:
    text = "\n".join(pages(samples.report(), tmp_path))

    for shown in ("1,234,567.89 EUR", "1,234,568 JPY", "1,234,567.891 KWD", "12.50%", "2026-10-25 02:00 +01:00"):
        assert shown in text
    assert "Numbers are rounded for reading" in text


def test_long_texts_wrap_and_longer_ones_say_that_they_are_cut(tmp_path: Path) -> None:
    columns = (Column("name", "VARCHAR"), Column("n", "BIGINT"))
    text = "".join(pages(Document("t", (Sheet("s", columns, [("y" * 300, 1), ("z" * 500, 2)]),)), tmp_path))

    assert text.count("y") >= 300
    assert 399 <= text.count("z") < 420
    assert "Texts of more than 400 characters end with …" in text


def test_every_font_is_embedded(tmp_path: Path) -> None:
    report.write(samples.report(), path := tmp_path / "t.pdf")

    found = list(fonts(path))
    assert {"DejaVuSansCondensed" in str(font["/BaseFont"]) for font in found} == {True}
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in found)  # type: ignore[operator]


def test_charts_are_vectors(tmp_path: Path) -> None:
    report.write(samples.report(), path := tmp_path / "t.pdf")

    assert not [image for page in PdfReader(path).pages for image in page.images]
    assert b" l S" in PdfReader(path).pages[0].get_contents().get_data()  # type: ignore[union-attr]


def test_parts_are_in_the_outline(tmp_path: Path) -> None:
    report.write(samples.report(), path := tmp_path / "t.pdf")

    titles = [one["/Title"] for one in PdfReader(path).outline]  # type: ignore[call-overload,index]
    assert titles == ["Downloads", "Won", "Bounce rate"]


def test_too_many_rows_are_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_ROWS", 20)
    report.write(numbers(20), tmp_path / "t.pdf")

    with pytest.raises(RequestError, match=r"up to 20 rows.*longer interval.*XLSX, CSV or Parquet"):
        report.write(numbers(21), tmp_path / "t.pdf")


def test_of_an_excerpt_the_first_or_last_rows_are_printed_and_how_many_there_are(tmp_path: Path) -> None:
    (sheet,) = numbers(2_000).sheets
    values = [[at, at] for at in range(2_000)]
    columns = (Column("at", "BIGINT", "At"), sheet.columns[1])
    for excerpt, said, there, absent in (
        (Excerpt(3), "The first 3 of 2,000 rows.", "0 1 2", "1999"),
        (Excerpt(3, last=True), "The last 3 of 2,000 rows.", "1997 1998 1999", "1996"),
    ):
        one = replace(sheet, columns=columns, rows=iter(values), excerpt=excerpt, chart=Chart("at", ("value",)))
        (text,) = pages(Document("t", (one,)), tmp_path)

        assert said in text
        assert "Long tables show some of their rows" in text
        words = text.split()
        assert all(word in words for word in there.split())
        assert absent not in words


def test_an_excerpt_of_what_is_short_is_all_of_it(tmp_path: Path) -> None:
    (sheet,) = numbers(3).sheets

    (text,) = pages(Document("t", (replace(sheet, excerpt=Excerpt(3)),)), tmp_path)

    assert "The tables have all 3 rows." in text


def test_a_cell_is_shown_as_its_own_column_says(tmp_path: Path) -> None:
    share, euro = Column("s", "DOUBLE", style=Style.SHARE), Column("m", "DOUBLE", style=Style.MONEY, currency="EUR")
    columns = (Column("figure", "VARCHAR", "Figure"), Column("value", "DOUBLE", "Value"))
    rows = [("Rate", Cell(0.25, share)), ("Won", Cell(Decimal("1234.5"), euro)), ("New", Cell(None, euro))]

    (text,) = pages(Document("t", (Sheet("Summary", columns, rows),)), tmp_path)

    assert "25.00%" in text
    assert "1,234.50 EUR" in text
    assert "–" in text


def test_sheets_that_flow_share_a_page_and_stay_beside_their_charts(tmp_path: Path) -> None:
    sheets = tuple(replace(numbers(4).sheets[0], title=f"Sheet {n}") for n in range(4))

    parted = pages(Document("t", sheets), tmp_path)
    fresh = tuple(replace(numbers(4).sheets[0], title=f"Sheet {n}") for n in range(4))
    flowing = pages(Document("t", fresh, flowing=True), tmp_path)

    assert len(flowing) == 1
    assert len(parted) == 4


def test_too_many_columns_are_refused_too(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{at}", "BIGINT") for at in range(60))

    with pytest.raises(RequestError, match="60 columns are more than a page can hold"):
        report.write(Document("t", (Sheet("s", columns, [tuple(range(10**6, 10**6 + 60))]),)), tmp_path / "t.pdf")


@pytest.mark.parametrize(
    "values", [[], [7], [0, 0, 0], [-5 * 10**12, 10**12], [None, None], [None, 3, None], [1, 2, None, 4]]
)
def test_whatever_the_values_there_is_a_page(values: list[int | None], tmp_path: Path) -> None:
    rows = [(date(2026, 1, at + 1), value) for at, value in enumerate(values)]
    columns = (samples.START, Column("value", "BIGINT", "Net", "followers"))

    text = "".join(pages(Document("t", (Sheet("Net", columns, rows, "h", Chart("start", ("value",))),)), tmp_path))

    assert ("There are no rows." in text) == (not values)
    assert all(f"{value:,}" in text for value in values if value is not None)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=40), st.none() | FLOATS), max_size=6))
def test_no_text_and_no_number_breaks_it(tmp_path: Path, rows: list[tuple[str, float | None]]) -> None:
    columns = (Column("name", "VARCHAR"), Column("value", "DOUBLE", "Share", style=Style.SHARE))
    sheet = Sheet("s", columns, rows, "<i>", Chart("name", ("value",)))

    assert pages(Document("<b>", (sheet,), (("<", ">"),), ("&",)), tmp_path)


def test_the_same_document_is_the_same_file(tmp_path: Path) -> None:
    report.write(samples.report(), one := tmp_path / "1.pdf")
    report.write(samples.report(), two := tmp_path / "2.pdf")

    assert one.read_bytes() == two.read_bytes()
