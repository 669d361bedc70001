"""CSV: read back by another reader as what was written, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.documents import csv_file
from chalicelib.documents.document import Column, Document, Sheet
from tests.unit.documents import samples

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def test_hostile_names_survive_and_none_is_a_formula(tmp_path: Path) -> None:
    csv_file.write(Document("t", (samples.by_name(1),)), path := tmp_path / "t.csv")

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows[0] == ["start", "end", "version", "value", "partial"]
    assert [row[2].removeprefix("'") for row in rows[1:]] == [name or "" for name in samples.NAMES]
    assert not any(row[2].startswith(DANGEROUS) for row in rows[1:])
    assert rows[1][:2] == ["2026-10-01", "2026-10-02"]
    assert rows[1][4] == "true"


def test_it_is_what_rfc_4180_and_utf_8_say(tmp_path: Path) -> None:
    csv_file.write(Document("t", (samples.by_name(1),)), path := tmp_path / "t.csv")

    content = path.read_bytes()
    assert content.startswith(b"start,end,version,value,partial\r\n2026-10-01,")  # no byte order mark
    assert content.endswith(b"\r\n")
    assert content.decode()
    read = duckdb.read_csv(str(path), header=True, all_varchar=True).fetchall()
    assert len(read) == len(samples.NAMES)


def test_times_have_their_offset_and_money_every_digit(tmp_path: Path) -> None:
    csv_file.write(Document("t", (samples.hours(),)), hours := tmp_path / "h.csv")
    csv_file.write(Document("t", (samples.money(),)), money := tmp_path / "m.csv")

    assert [line[:25] for line in hours.read_text().splitlines()[2:4]] == [
        "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00",
    ]  # fmt: skip
    assert money.read_text().splitlines()[1] == "2026-10-01,EUR,1234567.891234567"


def test_only_one_sheet_fits(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too many values"):
        csv_file.write(samples.report(), tmp_path / "t.csv")


@given(st.lists(st.tuples(st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.integers())))
def test_any_text_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, int]]) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    columns = (Column("name", "VARCHAR"), Column("n", "BIGINT"))
    csv_file.write(Document("t", (Sheet("s", columns, rows),)), path)

    with path.open(encoding="utf-8", newline="") as file:
        _, *read = csv.reader(file, strict=True)
    texts = [name or "" for name, _ in rows]
    assert [row[0] for row in read] == ["'" + text if text.startswith(DANGEROUS) else text for text in texts]
    assert [row[1] for row in read] == [str(n) for _, n in rows]


def test_a_negative_number_is_no_formula() -> None:
    assert list(csv_file.lines(Sheet("s", (Column("=n", "BIGINT"),), [(-1,)]))) == [["'=n"], [-1]]
    assert csv_file.cell(date(2026, 1, 2)) == "2026-01-02"
