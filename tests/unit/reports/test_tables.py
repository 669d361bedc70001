"""Tables for people hold what the answer holds: groups side by side, short headings, money by its currency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.documents.document import Sheet
from chalicelib.documents.formats import Format
from chalicelib.errors import RequestError
from chalicelib.exports.sheets import document
from chalicelib.metrics.answer import Answer
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.pipeline import PIPELINE
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS
from chalicelib.reports import parts
from chalicelib.reports.making import question_of
from chalicelib.reports.parameters import resolve
from chalicelib.reports.report import Asked
from chalicelib.reports.tables import BESIDE, REST, UNNAMED, for_people
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import publish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = datetime(2026, 11, 16, tzinfo=UTC)


class Lake:
    """Downloads of some versions, and what is asked of them."""

    def __init__(self, folder: Path, versions: Sequence[str | None]) -> None:
        self.store = MemoryStore()
        rows = [
            {
                "bucket_start": FIRST + timedelta(days=day),
                "version": version,
                "product": None,
                "is_bot": False,
                "downloads": 10 * day + at + 1,
                "download_bytes": 1,
            }
            for day in range(5)
            for at, version in enumerate(versions)
            if (day + at) % 3
        ]
        publish(self.store, DOWNLOADS, rows, {"s3_access_logs": NOW})
        self.series = SeriesQuery(lambda: self.store, lambda: NOW, folder)

    def asked(self, **query: Any) -> tuple[Question, Answer]:
        said = {"metrics": ["downloads"], "from": "2026-11-16", "to": "2026-11-21", **query}
        question = question_of(Asked("t", said), METRICS, NOW, self.series.earliest)
        return question, self.series.answer(self.series.prepare(question))


def table(question: Question, answer: Answer, *, beside: bool) -> Sheet:
    sheet = document(question, Format.XLSX, lambda: answer).sheets[0]
    return for_people(sheet, question, question.metrics[0], is_whole=not answer.meta["partial"], beside=beside)


def cells(sheet: Sheet) -> Iterator[tuple[Any, str, Any]]:
    for row in sheet.rows:
        for column, value in zip(sheet.columns[1:], row[1:], strict=True):
            yield row[0], column.title, value


@pytest.mark.parametrize("versions", [("3.5", "3.4"), ("3.5", None), ("b", "a", "c", "d", "e", "f")])
def test_groups_side_by_side_are_those_of_the_answer(tmp_path: Path, versions: Sequence[str | None]) -> None:
    question, answer = Lake(tmp_path, versions).asked(group_by=["version"])

    found = {(at, name): value for at, name, value in cells(table(question, answer, beside=True))}

    told = {(row[0].date(), UNNAMED if row[2] is None else row[2]): row[3] for row in answer.rows()}
    assert {place: value for place, value in found.items() if place in told} == told
    assert len({at for at, _ in found}) == 5
    assert len({name for _, name in found}) == len(versions)


def test_the_rest_stands_last(tmp_path: Path) -> None:
    question, answer = Lake(tmp_path, ("1", "2", "3", "4")).asked(group_by=["version"], top=2)

    sheet = table(question, answer, beside=True)

    assert [column.title for column in sheet.columns][-1] == REST
    assert len(sheet.columns) == 4
    assert sheet.chart is not None
    assert sheet.chart.values == tuple(column.name for column in sheet.columns[1:])


def test_more_groups_than_can_be_read_stay_one_below_the_other(tmp_path: Path) -> None:
    versions = [str(n) for n in range(BESIDE + 1)]
    question, answer = Lake(tmp_path, versions).asked(group_by=["version"])

    sheet = table(question, answer, beside=True)

    assert [column.title for column in sheet.columns] == ["Day", "Version", "Downloads"]
    assert len(list(sheet.rows)) == 5 * (BESIDE + 1)


def test_a_workbook_keeps_its_rows(tmp_path: Path) -> None:
    question, answer = Lake(tmp_path, ("1", "2")).asked(group_by=["version"])

    assert [column.title for column in table(question, answer, beside=False).columns] == ["Day", "Version", "Downloads"]


def test_what_is_not_complete_is_marked_and_not_drawn(tmp_path: Path) -> None:
    question, answer = Lake(tmp_path, ("1", "2")).asked(group_by=["version"], to="2026-11-24")

    sheet = table(question, answer, beside=True)

    assert sheet.columns[-1].name == "partial"
    assert sheet.chart is not None
    assert sheet.chart.unfinished == "partial"
    assert [row[0] for row in sheet.rows if row[-1]] == [date(2026, 11, 22), date(2026, 11, 23)]


def test_headings_say_what_the_heading_above_does_not(tmp_path: Path) -> None:
    question, answer = Lake(tmp_path, ("1",)).asked(compare="previous_period", interval="P1W")

    sheet = table(question, answer, beside=True)

    assert [column.heading for column in sheet.columns] == ["Week from", "Downloads", "Before", "Change", "Change in %"]


def test_money_stands_under_its_currency(tmp_path: Path) -> None:
    store = MemoryStore()
    empty: dict[str, Any] = {key.name: None for key in PIPELINE.keys} | {m.name: 0 for m in PIPELINE.measures}
    amount = METRICS["won_amount"].measure
    rows = [
        {**empty, "bucket_start": FIRST, "currency": currency, amount: Decimal(value)}
        for currency, value in (("EUR", "10.5"), ("JPY", "700"))
    ]
    publish(store, PIPELINE, rows, {"salesforce_pipeline": NOW})
    series = SeriesQuery(lambda: store, lambda: NOW, tmp_path)
    asked = Asked("Won", {"metrics": ["won_amount"], "from": "2026-11-16", "to": "2026-11-18"})
    question = question_of(asked, METRICS, NOW, series.earliest)
    answer = series.answer(series.prepare(question))

    (sheet,) = parts.of_question("Won", question, answer, Format.PDF).sheets()
    told = parts.of_question("Won", question, answer, Format.PDF).figures

    assert {(c.title, c.currency) for c in sheet.columns[1:]} >= {("EUR", "EUR"), ("JPY", "JPY")}
    assert {figure.said for figure in told} >= {"10.50 EUR", "700 JPY"}


def test_a_figure_is_compared_with_nothing_where_nobody_counted(tmp_path: Path) -> None:
    question, answer = Lake(tmp_path, ("1",)).asked(compare="year")

    (figure,) = parts.of_question("Downloads", question, answer, Format.PDF).figures

    assert (figure.before, figure.change) == (None, "")
    assert figure.said == "73 (nothing was counted before 2026-11-17)"


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("last_week", "2026-11-09", "2026-11-15"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("4w", "2026-10-19", "2026-11-15"),
        ("ytd", "2026-01-01", "2026-11-22"),
    ],
)
def test_days_of_a_period_in_words(word: str, first: str, last: str) -> None:
    found = resolve([{"first_day_of": word}, "x", {"last_day_of": word}], NOW, PARIS)

    assert found.values == ({"date": first}, "x", {"date": last})


@pytest.mark.parametrize("word", ["all", "24h", "soon", 7, None, ["last_week"]])
def test_what_has_no_first_day_is_refused_by_its_place(word: Any) -> None:
    with pytest.raises(RequestError) as refused:
        resolve([1, {"first_day_of": word}], NOW, PARIS)

    assert [one["parameter"] for one in refused.value.errors] == ["parameters[1]"]


@given(st.integers(0, 2_000_000), st.sampled_from(["UTC", "Europe/Paris", "Pacific/Kiritimati", "America/New_York"]))
def test_the_days_of_last_week_are_a_week_whenever_it_is_read(minutes: int, name: str) -> None:
    at, now = ZoneInfo(name), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = resolve([{"first_day_of": "last_week"}, {"last_day_of": "last_week"}], now, at)

    first, last = (date.fromisoformat(value["date"]) for value in found.values)
    assert (first.isoweekday(), last - first) == (1, timedelta(days=6))
    assert timedelta(0) < now.astimezone(at).date() - last <= timedelta(days=7)
