"""The real data; tables that tests write line by line, printed when all have run, on however many processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from hypothesis import settings

from tests.real_data import FOLDER

settings.register_profile("headwater", deadline=None)  # no test is held to a time: a busy machine is no fault
settings.load_profile("headwater")

TABLE = "line of a table"

Write = Callable[[str, str], None]
"""Takes the heading of a table and a line of it."""


@pytest.fixture(scope="session", autouse=True)
def _services_read_once() -> Iterator[None]:
    """Have botocore read what it knows of a service once a process: each session reads it anew, for 0.1 s a client."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data that nobody here wrote."""
    if not FOLDER.is_dir():
        pytest.skip(f"the real data is not at {FOLDER}; set HEADWATER_SHARED_DATA")
    return FOLDER


@pytest.fixture
def write(record_property: Callable[[str, object], None]) -> Write:
    """Write a line into the table with a heading."""
    return lambda heading, line: record_property(TABLE, [heading, line])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print every table, its lines in order."""
    tables: dict[str, list[str]] = {}
    for heading, line in _lines(terminalreporter.stats):
        tables.setdefault(heading, []).append(line)
    for heading, lines in sorted(tables.items()):
        title, _, columns = heading.partition("\n")
        terminalreporter.write_sep("=", title)
        for line in [columns, *sorted(lines)] if columns else sorted(lines):
            terminalreporter.write_line(line)


def _lines(stats: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    for report in (each for reports in stats.values() for each in reports):
        if getattr(report, "when", None) == "call":
            yield from ((value[0], value[1]) for name, value in report.user_properties if name == TABLE)
