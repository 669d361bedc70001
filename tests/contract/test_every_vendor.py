"""The fault matrix: every pulled source beside its vendor's test server, through every fault of the wire.

The table is printed when the tests have run. A vendor and a source that are registered are in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.sources.base import Page, PullSource
from tests.conftest import Write
from tests.contract.fault_cells import FAULTS, HEADING, OF_THE_DATA, suffer, suffer_data
from tests.contract.story import PULLED, Story, pulled
from tests.servers.world import World


@pytest.mark.parametrize("source", PULLED, ids=lambda s: s.name)
def test_the_table_is_the_vendors_ledger_and_its_bill_the_least_possible(
    source: PullSource, served: tuple[World, str]
) -> None:
    story = Story(source, *served)

    story.live(timedelta(days=3))

    for book, truth in story.books():
        assert truth
        assert story.rows(book) == truth
    assert dict(story.vendor.bill.billed) == dict(story.vendor.minimum(story.now))
    assert story.outbox.subjects == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: str(f["kind"]))
@pytest.mark.parametrize("source", PULLED, ids=lambda s: s.name)
def test_a_fault_loses_nothing_doubles_nothing_and_is_told_once(
    source: PullSource, fault: Mapping[str, Any], served: tuple[World, str], write: Write
) -> None:
    cell = suffer(Story(source, *served), fault)

    write(HEADING, cell.line())
    assert cell.complaints() == []


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name, kinds in OF_THE_DATA.items() for kind in kinds], ids=str
)
def test_a_fault_of_the_data_loses_nothing_doubles_nothing_and_is_told_once_if_at_all(
    name: str, kind: str, served: tuple[World, str], write: Write
) -> None:
    cell = suffer_data(Story(pulled(name), *served), kind)

    write(HEADING, cell.line())
    assert cell.complaints() == []


NO_LOGIN = "(?!.*token).*"
"""The engine judges what a login answers, not the source."""


@pytest.mark.parametrize("kind", ["cut_short", "html"])
@pytest.mark.parametrize("source", PULLED, ids=lambda s: s.name)
def test_a_source_that_believes_every_answer_turns_its_cell_red(
    source: PullSource, kind: str, served: tuple[World, str]
) -> None:
    cell = suffer(Story(credulous(source), *served), {"kind": kind, "path": NO_LOGIN})

    assert any(complaint.startswith("silent: ") for complaint in cell.complaints()), cell.line()


def credulous(source: PullSource) -> PullSource:
    """The same source with a seeded mistake: it never looks whether an answer is whole, nor whether there is more."""

    class Credulous(type(source)):  # type: ignore[misc]
        def judge(self, page: Page) -> None:
            """Accept whatever came."""

        def follow(self, page: Page) -> tuple[()]:
            return ()

    return Credulous()
