"""The ledger's comparison sees a row that is lost, doubled or changed, and a call that was paid in vain."""

from __future__ import annotations

import pytest

from tests.ledger import Compared, Paid, Row

BOOK: list[Row] = [("a", 1), ("b", None), ("c", "1.5")]


@pytest.mark.parametrize(
    ("lake", "equal"),
    [
        (BOOK, True),
        (BOOK[::-1], True),
        (BOOK[1:], False),
        ([*BOOK, BOOK[0]], False),
        ([*BOOK[1:], BOOK[1]], False),
        ([*BOOK[1:], ("a", 2)], False),
        ([*BOOK[1:], ("a", "1")], False),
        ([], False),
    ],
    ids=["same", "another order", "lost", "doubled", "one lost, one doubled", "changed", "another type", "nothing"],
)
def test_two_tables_are_equal_only_row_by_row(lake: list[Row], equal: bool) -> None:
    compared = Compared("t", lake, BOOK)

    assert compared.equal is equal
    assert compared.line().endswith("equal" if equal else "DIFFERS")


@pytest.mark.parametrize(
    ("billed", "least"), [({"calls": 3}, True), ({"calls": 3, "units": 0}, True), ({"calls": 4}, False), ({}, False)]
)
def test_a_bill_is_the_least_only_when_nothing_more_was_paid(billed: dict[str, int], least: bool) -> None:
    assert Paid("v", billed, {"calls": 3}, {}).least is least
