"""A workbook in LibreOffice, which reads it by itself: the same values, no formula, charts that are drawn."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from chalicelib.documents import workbook
from tests.unit.documents import samples

OFFICE = shutil.which("soffice") or ""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not OFFICE, reason="LibreOffice (soffice) is not here")]
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"

Convert = Callable[[str], Path]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert the sample workbook and answer the folder of what came of it."""
    folder = tmp_path_factory.mktemp("office")
    workbook.write(samples.report(), book := folder / "t.xlsx")

    def to(kind: str) -> Path:
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        command = [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(book)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return folder

    return to


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_it_reads_the_values_that_were_written(convert: Convert) -> None:
    folder = convert(EVERY_SHEET)

    downloads = rows_of(folder / "t-Downloads.csv")
    assert downloads[2] == ["Start", "End (exclusive)", "Version", "Downloads", "Partial"]
    assert [row[2] for row in downloads[3 : 3 + len(samples.NAMES)]] == [name or "" for name in samples.NAMES]
    assert [row[0] for row in downloads[3:]] == [f"2026-10-0{at}" for at in (1, 2, 3) for _ in samples.NAMES]
    assert downloads[4][3].replace(",", "") == "1000"  # some locales set no commas
    shares = [row[1] for row in rows_of(folder / "t-Bounce rate.csv")[3:]]
    assert [float(share.removesuffix("%")) for share in shares] == [0, 12.5, 25, 37.5]
    about = rows_of(folder / "t-About.csv")
    assert ["Filters", "=1+1"] in about


def test_it_draws_the_charts(convert: Convert) -> None:
    pages = PdfReader(convert("pdf") / "t.pdf").pages

    text = "\n".join(page.extract_text() for page in pages)
    assert "2026-10-01 to 2026-10-04 · by day" in text
    assert "Кириллица" in text
