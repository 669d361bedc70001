"""The running system's tables are its vendors' own books, row for row."""

from __future__ import annotations

import pytest

from tests.ledger import read

pytestmark = pytest.mark.deployed


def test_every_table_is_its_vendors_book_and_every_bill_the_least_possible(endpoints: dict[str, str]) -> None:
    tables, paid = read(endpoints)

    print("", *(each.line() for each in [*tables, *paid]), sep="\n")
    assert tables
    assert [each.line() for each in tables if not each.equal] == []
    assert [each.line() for each in paid if not each.least] == []
