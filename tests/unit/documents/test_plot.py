"""What is drawn of a table."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.documents import plot
from chalicelib.documents.document import Chart, Column, Sheet
from chalicelib.documents.plot import Gathering, Plot

COLUMNS = (
    Column("start", "DATE"),
    Column("name", "VARCHAR"),
    Column("value", "BIGINT", "Leads"),
    Column("before", "BIGINT"),
)


def gathered(
    rows: list[tuple[object, ...]], values: tuple[str, ...] = ("value",), by: tuple[str, ...] = ("name",)
) -> Plot:
    sheet = Sheet("Leads", COLUMNS, rows)
    gathering = Gathering(sheet, Chart("start", values, by))
    for row in rows:
        gathering.take(row)
    return gathering.plot()


DAYS = [date(2026, 1, day) for day in (1, 2, 3)]


def test_lines_share_their_places_and_have_gaps() -> None:
    rows = [(DAYS[0], "a", 1, 0), (DAYS[1], "b", 2, 0), (DAYS[2], "a", None, 0), (DAYS[2], None, 3, 0)]

    assert gathered(rows) == Plot(
        tuple(DAYS), (("a", (1, None, None)), ("b", (None, 2, None)), ("(none)", (None, None, 3)))
    )


def test_values_are_lines_of_their_own() -> None:
    assert gathered([(DAYS[0], "a", 1, 5)], ("value", "before"), ()).lines == (("Leads", (1,)), ("before", (5,)))


def test_the_largest_are_drawn_and_the_rest_is_told() -> None:
    rows = [(DAYS[0], f"n{at}", at, 0) for at in range(10)]

    drawn = gathered(rows)
    assert [name for name, _ in drawn.lines] == [f"n{at}" for at in range(2, 10)]
    assert drawn.notes == ("Leads: the 8 largest of 10 lines are drawn; the table has all.",)


def test_names_that_look_the_same_are_told_apart() -> None:
    rows = [(DAYS[0], "x" * 50 + str(at), at + 1, 0) for at in range(2)]

    assert [name for name, _ in gathered(rows).lines] == ["x" * 39 + "…", "x" * 39 + "… [2]"]


def test_too_many_points_are_no_chart_and_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot, "MAX_POINTS", 5)

    drawn = gathered([(DAYS[at % 3], f"n{at}", at, 0) for at in range(9)])
    assert drawn.lines == ()
    assert "no chart" in drawn.notes[0]


def test_nothing_known_is_nothing_drawn() -> None:
    assert gathered([(DAYS[0], "a", None, None)]) == Plot((DAYS[0],), ())


def test_what_is_not_complete_is_not_drawn_and_told() -> None:
    sheet = Sheet("Leads", (*COLUMNS, Column("partial", "BOOLEAN")), [])
    gathering = Gathering(sheet, Chart("start", ("value",), unfinished="partial"))
    for row in [(DAYS[0], "a", 7, 0, False), (DAYS[1], "a", 1, 0, True)]:
        gathering.take(row)

    drawn = gathering.plot()
    assert (drawn.places, drawn.lines) == ((DAYS[0],), (("Leads", (7,)),))
    assert drawn.notes == ("Leads: what is not complete yet is in the table, and not drawn.",)


def test_the_rest_has_a_line_of_its_own() -> None:
    sheet = Sheet("Leads", (*COLUMNS, Column("other", "BOOLEAN")), [])
    gathering = Gathering(sheet, Chart("start", ("value",), ("name",), rest="other"))
    for row in [(DAYS[0], None, 7, 0, False), (DAYS[0], None, 1, 0, True)]:
        gathering.take(row)

    assert gathering.plot().lines == (("(none)", (7,)), ("(other)", (1,)))
