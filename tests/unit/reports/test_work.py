"""A run is made and told once, whoever dies when; what one part lacks costs no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from chalicelib.documents import workbook
from chalicelib.documents.document import Sheet
from chalicelib.documents.formats import Format
from chalicelib.domain.queries import ExecutionState, ResultColumn
from chalicelib.domain.records import WorkState
from chalicelib.errors import PreconditionFailed, StoreUnavailable
from chalicelib.outbox.message import OPERATORS, Kind, Severity
from chalicelib.outbox.sharing import opened
from chalicelib.reports import runs
from chalicelib.reports.making import StillAtWork
from chalicelib.reports.report import Asked, Saved, Selected
from chalicelib.reports.runs import Run
from tests.unit.api.world import MemoryState
from tests.unit.reports.room import BY_VERSION, COUNTED, DOWNLOADS_LAST_WEEK, KEY, NOW, Room
from tests.unit.sql.disk_results import DiskResults


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_the_pdf_has_every_part_and_what_it_comes_to(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK, BY_VERSION)

    ended = room.do()

    assert ended == room.stands()
    assert (ended.state, ended.told, ended.problems) == (WorkState.DONE, True, ())
    assert ended.size_bytes == room.file(ended).stat().st_size
    text = text_of(room.file(ended))
    assert "Weekly downloads" in text
    assert "16 to 22 November 2026" in text
    assert "840" in text, "5 an hour, 168 hours"
    assert ended.lines == (
        "Downloads: 840 (+0.0%; the period before: 840)",
        "By version:",
        "- 3.5: 504",
        "- 3.4: 336",
    )


def test_the_message_says_what_it_comes_to_and_leads_to_the_file(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK)

    ended = room.do()

    assert ended is not None
    (message,) = room.messages()
    assert message.id == "report/weekly-downloads/2026-11-23"
    assert (message.kind, message.topic, message.severity) == (Kind.REPORT, "weekly-downloads", Severity.INFO)
    assert message.to == ("subscribers", "channel:team")
    assert message.subject == "Weekly downloads: 16 to 22 November 2026"
    assert "Downloads: 840 (+0.0%; the period before: 840)" in message.text
    assert message.link in message.text
    token = message.link.rpartition("/")[2]
    given = opened(KEY, token, NOW + timedelta(days=13, hours=23))
    assert (given.subject, given.nonce) == (ended.key, "weekly-downloads-2026-11-23.pdf")
    (file,) = message.files
    assert (file.key, file.filename) == (ended.key, given.nonce)


def test_the_workbook_has_numbers_that_are_numbers(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK, BY_VERSION, form=Format.XLSX)

    ended = room.do()

    assert ended is not None
    book = openpyxl.load_workbook(room.file(ended))
    assert book.sheetnames == ["Summary", "Downloads", "By version", "Chart data", "About"]
    summary = [[cell.value for cell in row] for row in book["Summary"].iter_rows(min_row=3)]
    assert summary[0] == ["Part", "Figure", "Value", "Before", "Change"]
    assert summary[1] == ["Downloads", "", 840, 840, 0]
    assert book["Summary"]["E4"].number_format == "0.00%"
    days = [row[0].value.date().isoformat() for row in book["Downloads"].iter_rows(min_row=4)]
    assert (days[0], days[-1]) == ("2026-11-16", "2026-11-22"), "no end, no mark of what is not complete: all is"


def test_a_late_run_is_about_the_same_period(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK)
    room.now += timedelta(hours=2, minutes=50)

    ended = room.do()

    assert ended is not None
    assert ended.period == "16 to 22 November 2026"


def test_a_part_that_cannot_be_had_says_why_and_costs_no_other(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK, Asked("Gone", {"metrics": ["no_more"]}), Saved("Old", "thrown_away"))

    ended = room.do()

    assert ended is not None
    assert ended.state is WorkState.DONE
    assert [one.partition(":")[0] for one in ended.problems] == ["'Gone' is missing", "'Old' is missing"]
    assert "no metric 'no_more'" in ended.problems[0]
    assert "'Gone' is missing" in text_of(room.file(ended))
    (message,) = room.messages()
    assert message.severity is Severity.WARNING
    assert "Missing in this report" in message.text


def test_where_nothing_can_be_had_it_has_failed_and_the_operators_are_told_once(room: Room) -> None:
    room.asked(Asked("Gone", {"metrics": ["no_more"]}))

    ended = room.do()

    assert ended is not None
    assert (ended.state, ended.size_bytes) == (WorkState.FAILED, 0)
    assert not room.file(ended).exists()
    (message,) = room.messages()
    assert (message.to, message.severity) == ((OPERATORS,), Severity.WARNING)
    assert "no metric 'no_more'" in message.text
    assert room.do() is None
    assert len(room.messages()) == 1


def test_a_part_that_the_format_does_not_hold_is_missing_and_the_rest_is_there(room: Room) -> None:
    names = [f"a_column_of_some_length_{n}" for n in range(40)]
    room.athena_answers([ResultColumn(name, "double") for name in names], [["1.5"] * 40] * 2)
    room.asked(DOWNLOADS_LAST_WEEK, COUNTED)

    ended = room.do()

    assert ended is not None
    assert ended.state is WorkState.DONE
    (problem,) = ended.problems
    assert "40 columns are more than a page can hold" in problem
    assert "840" in text_of(room.file(ended))


def test_a_statement_is_run_as_peoples_are_and_its_rows_are_drawn_by_day(room: Room) -> None:
    columns = [ResultColumn("day", "date"), ResultColumn("n", "bigint")]
    room.athena_answers(columns, [["2026-11-20", "7"], ["2026-11-21", "9"]])
    statement = Selected("By day", "SELECT day, downloads AS n FROM v_downloads WHERE product = ?", ("it's",))
    room.asked(statement, form=Format.XLSX)

    ended = room.do()

    assert ended is not None
    assert ended.problems == ()
    ((sql, literals),) = room.engine.started.values()
    assert sql.startswith(statement.sql)
    assert literals == ("'it''s'",)
    book = openpyxl.load_workbook(room.file(ended))
    assert [[c.value for c in row] for row in book["By day"].iter_rows(min_row=3)][:2][1][1] == 7
    assert book["By day"]._charts


@pytest.mark.parametrize("form", [Format.XLSX, Format.PDF])
@pytest.mark.parametrize(
    "lines",
    [
        [["2026-11-20", "7.5"], ["", "9"]],
        [["2026-11-20", "7.5"], ["2026-11-20", "9"]],
        [["2026-11-20", "NaN"], ["2026-11-21", "Infinity"]],
    ],
    ids=["no day", "twice", "no number"],
)
def test_what_cannot_be_drawn_is_a_table_alone(room: Room, form: Format, lines: list[list[str]]) -> None:
    room.athena_answers([ResultColumn("day", "date"), ResultColumn("n", "double")], lines)
    room.asked(Selected("By day", "SELECT day, 1e0 AS n FROM v_downloads"), form=form)

    ended = room.do()

    assert ended is not None
    assert ended.problems == ()
    if form is Format.XLSX:
        assert not openpyxl.load_workbook(room.file(ended))["By day"]._charts


def test_what_nobody_has_thought_of_costs_its_part_alone(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.athena_answers([ResultColumn("n", "bigint")], [["1"], ["2"]])
    room.asked(DOWNLOADS_LAST_WEEK, COUNTED, form=Format.XLSX)
    whole = workbook.Work.add

    def broken(work: workbook.Work, sheet: Sheet) -> None:
        if sheet.title == COUNTED.title and sheet.columns[0].name == "n":
            raise TypeError("no such thing")
        whole(work, sheet)

    monkeypatch.setattr(workbook.Work, "add", broken)
    ended = room.do()

    assert ended is not None
    assert ended.problems[0].startswith("'All of them' is missing: It could not be written")
    assert "840" in ended.lines[0]
    assert "no such thing" in room.warned[0]


def test_where_there_is_no_value_none_is_made_up(room: Room) -> None:
    nothing = Asked("Stars", {"metrics": ["stars"], "range": "last_week"})
    early = Asked(
        "Early", {"metrics": ["downloads"], "from": "2020-01-01", "to": "2020-01-08", "group_by": ["version"]}
    )
    room.asked(DOWNLOADS_LAST_WEEK, nothing, early)

    ended = room.do()

    assert ended is not None
    assert "Stars: not known (nothing of github_repository_stats is published yet)" in ended.lines
    assert "Early (1 to 7 January 2020): not known (there is no value in this period)" in ended.lines


def test_a_result_of_one_row_is_a_figure(room: Room) -> None:
    room.athena_answers([ResultColumn("n", "bigint")], [["4120"]])
    room.asked(COUNTED)

    ended = room.do()

    assert ended is not None
    assert ended.lines == ("All of them: 4,120",)


def test_a_statement_that_is_refused_is_no_more_than_its_part(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK, Selected("Bad", "SELECT * FROM secrets"))

    ended = room.do()

    assert ended is not None
    (problem,) = ended.problems
    assert "There is no table or view 'secrets'" in problem
    assert room.engine.started == {}


def test_a_statement_that_fails_says_why(room: Room) -> None:
    room.engine.ending, room.engine.reason = ExecutionState.FAILED, "DIVISION_BY_ZERO: / by zero"
    room.asked(DOWNLOADS_LAST_WEEK, COUNTED)

    ended = room.do()

    assert ended is not None
    assert ended.problems == ("'All of them' is missing: The query failed: DIVISION_BY_ZERO: / by zero",)


def test_a_statement_that_needs_longer_is_found_again(room: Room) -> None:
    room.engine.looks = 10**6
    room.asked(COUNTED)

    with pytest.raises(StillAtWork):
        room.do()
    assert room.stands().state is WorkState.QUEUED
    room.engine.looks = 0
    room.athena_answers([ResultColumn("n", "bigint")], [["1"]])
    ended = room.do()

    assert ended is not None
    assert ended.state is WorkState.DONE
    assert len(room.engine.started) == 1


def test_more_rows_than_a_report_takes_are_told(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.reports.parts.MOST_ROWS", 1)
    room.athena_answers([ResultColumn("n", "bigint")], [["1"], ["2"]])
    room.asked(DOWNLOADS_LAST_WEEK, COUNTED)

    ended = room.do()

    assert ended is not None
    assert "aggregate further" in ended.problems[0]


def test_who_asked_for_himself_alone_tells_nobody(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK, send=False)

    ended = room.do()

    assert ended is not None
    assert (ended.state, room.messages()) == (WorkState.DONE, [])
    assert room.do() is None


def test_while_somebody_is_at_it_the_message_comes_again(room: Room) -> None:
    runs.update(room.state, replace(room.asked(DOWNLOADS_LAST_WEEK), state=WorkState.RUNNING, started_at=NOW))

    with pytest.raises(StoreUnavailable, match="already"):
        room.do()
    room.now += runs.WORK_CAP
    ended = room.do()
    assert ended is not None
    assert ended.state is WorkState.DONE


def test_one_that_nobody_ends_has_failed_after_its_time_and_is_told(room: Room) -> None:
    room.asked(DOWNLOADS_LAST_WEEK)
    room.now += runs.TIME_CAP

    ended = room.do()

    assert ended is not None
    assert (ended.state, ended.told) == (WorkState.FAILED, True)
    (message,) = room.messages()
    assert "within 3 hours" in message.text


class Died(BaseException):
    """The process was killed here."""


class Dying:
    """Counts calls that have an effect, and dies before or after one of them."""

    def __init__(self, at: int, *, before: bool) -> None:
        self.left, self.before = at, before

    def __call__(self, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self.left -= 1
        if self.left == 0 and self.before:
            raise Died
        last = self.left == 0
        try:
            answer = call(*given, **named)
        except PreconditionFailed:
            if last:
                raise Died from None
            raise
        if last:
            raise Died
        return answer


class DyingState:
    """A state whose writes may be the last thing that happens."""

    def __init__(self, state: MemoryState, dying: Dying) -> None:
        self._state, self._dying = state, dying

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        return self._state.get(pk, sk)

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        return self._state.query(pk)

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        self._dying(self._state.put, pk, sk, item, expected_version=expected_version)

    def delete(self, pk: str, sk: str) -> None:
        self._dying(self._state.delete, pk, sk)


class DyingResults(DiskResults):
    """Files whose upload may be the last thing that happens."""

    def __init__(self, folder: Path, dying: Dying) -> None:
        super().__init__(folder)
        self._dying = dying

    def upload(self, path: Path, key: str, content_type: str) -> None:
        self._dying(super().upload, path, key, content_type)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 10))
def test_who_dies_at_any_effect_leaves_one_file_and_one_message(tmp_path: Path, at: int, *, before: bool) -> None:
    room = Room(tmp_path)
    room.asked(DOWNLOADS_LAST_WEEK)
    dying = Dying(at, before=before)
    results = DyingResults(room.results.folder, dying)
    mortal = room.worker(state=DyingState(room.memory, dying), results=results)
    until = room.now + timedelta(minutes=4)

    died = False
    try:
        mortal.do("weekly-downloads", "2026-11-23", until)
    except Died:
        died = True
    words_before = [message.text for message in room.messages()]
    room.now += runs.WORK_CAP
    room.do()

    run: Run = room.stands()
    assert (run.state, run.told) == (WorkState.DONE, True)
    assert room.file(run).stat().st_size == run.size_bytes
    assert len(room.messages()) == 1
    if words_before:
        assert [message.text for message in room.messages()] == words_before
    assert room.do() is None
    assert died or dying.left > 0, "every effect was died at"
    assert at < 9 or dying.left > 0, "there are more effects than are tried here"
