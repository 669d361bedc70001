"""The query of sessions and the pure function agree: on made-up visits, and on 10,000 real hits of a web site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.aws.athena import literal
from chalicelib.domain.sessions import SILENCE, Visit, sessions
from chalicelib.domain.visitors import Salts, days, name
from chalicelib.metrics import statements
from infra.local.athena.engine import Engine
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.translate import Context, to_duckdb
from tests.real_data import FOLDER
from tests.unit.metrics.memory_lake import RawTables, without_zones

HITS = FOLDER / "web_clickstream/elastic-examples/apache_logs"
LINE = re.compile(r'(\S+) \S+ \S+ \[([^\]]+)\] ".*" \d+ \S+ "[^"]*"(?: "(.*?)"?)?\s*')
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
SITE = "acme"


def named(events: Iterable[tuple[str, str, str, datetime]]) -> list[Visit]:
    """Name visitors as the API does; one event is (name, address, user agent, time)."""
    found = []
    for event, address, agent, at in events:
        today, before = days(at)
        salts = Salts(str(today).encode().ljust(32), None if before is None else str(before).encode().ljust(32))
        visitor = name(salts, SITE, address, agent)
        found.append(Visit(event, visitor.name, at, visitor.before))
    return found


def by_query(visits: Iterable[Visit], folder: Path) -> list[tuple[str, datetime, datetime, int]]:
    """What the statement answers in the local Athena's engine."""
    raw = RawTables()
    raw.rows["web_events"] = [
        {
            "event_id": visit.event_id,
            "kind": "view",
            "occurred_at": visit.at,
            "site": SITE,
            "visitor": visit.visitor,
            "visitor_before": visit.visitor_before,
        }
        for visit in visits
    ]
    statement = statements.query("web_sessions")
    bound = statement.bind({"first_day": "2000-01-01", "last_day": "2100-01-01"})
    parsed = parse(statement.sql, [literal(value) for value in bound])
    check(parsed.tree)
    sql = to_duckdb(parsed.tree, Context(datetime.now(UTC)))
    engine = Engine(folder, threads=1, memory="1GB")
    engine.connection.register("web_events", without_zones(raw.arrow("web_events")))
    engine.prepare(sql)
    rows: list[dict[str, Any]] = pa.table(engine.run(sql).to_arrow_table()).to_pylist()
    return sorted(
        (row["session"], row["started_at"].replace(tzinfo=UTC), row["ended_at"].replace(tzinfo=UTC), row["events"])
        for row in rows
    )


def by_function(visits: Iterable[Visit]) -> list[tuple[str, datetime, datetime, int]]:
    return sorted((found.name, found.start, found.end, len(found.events)) for found in sessions(visits))


@given(
    st.lists(
        st.tuples(st.sampled_from(["198.51.100.1", "198.51.100.2"]), st.integers(0, 3 * 24 * 60)),
        max_size=40,
        unique=True,
    )
)
@settings(max_examples=30)
def test_the_query_and_the_function_agree(tmp_path_factory: pytest.TempPathFactory, minutes: list[Any]) -> None:
    events = [(f"{a}-{m}", a, "Firefox", MONDAY + timedelta(minutes=m)) for a, m in minutes]
    visits = named(events)

    assert by_query(visits, tmp_path_factory.mktemp("engine")) == by_function(visits)


def test_a_session_over_many_midnights_is_one_in_the_query_too(tmp_path: Path) -> None:
    visits = named((f"m-{n:04}", "198.51.100.1", "monitor", MONDAY + timedelta(minutes=20 * n)) for n in range(72 * 25))

    assert by_query(visits, tmp_path) == by_function(visits)
    assert len(by_function(visits)) == 1


@pytest.mark.shared_data
def test_ten_thousand_real_hits_have_the_sessions_of_somebody_who_knows_the_addresses(tmp_path: Path) -> None:
    if not HITS.is_file():
        pytest.skip(f"{HITS} is not there (HEADWATER_SHARED_DATA)")
    events = []
    for number, line in enumerate(HITS.read_text(encoding="utf-8", errors="replace").splitlines()):
        match = LINE.fullmatch(line)
        assert match is not None, f"line {number + 1} is not a combined log line"
        at = datetime.strptime(match[2], "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC)
        events.append((f"{number:05}", match[1], match[3] or "", at))
    assert len(events) == 10_000
    known = known_sessions(events)
    found = by_function(named(events))
    assert by_query(named(events), tmp_path / "as recorded") == found
    assert sorted((start, end, count) for _, start, end, count in found) == known

    # They were all recorded in the sixth minute of an hour; half a minute after midnight they become half before it.
    events = [(event, address, agent, at - timedelta(minutes=5, seconds=30)) for event, address, agent, at in events]
    known = known_sessions(events)
    found = by_function(named(events))
    assert by_query(named(events), tmp_path / "over midnight") == found
    assert sorted((start, end, count) for _, start, end, count in found) == known
    assert any(start.date() < end.date() for start, end, _ in known), "none crosses midnight: this shows too little"


def known_sessions(events: list[tuple[str, str, str, datetime]]) -> list[tuple[datetime, datetime, int]]:
    """Sessions of (address, user agent), which nobody but this test knows."""
    found: list[list[Any]] = []
    last: dict[tuple[str, str], list[Any]] = {}
    for _, address, agent, at in sorted(events, key=lambda event: event[3]):
        session = last.get((address, agent))
        if session is None or at - session[1] >= SILENCE:
            session = last[address, agent] = [at, at, 0]
            found.append(session)
        session[1], session[2] = at, session[2] + 1
    return sorted((start, end, count) for start, end, count in found)
