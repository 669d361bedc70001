"""The one standard suite: whatever is in the registry passes it, or the build fails. No source is named here."""

from __future__ import annotations

import ast
import inspect
import json
import random
import re
import sys
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.errors import FatalSourceError, RetriableSourceError, SourceError
from chalicelib.sources.base import Accepted, ArrivingSource, PullSource, Rejected, Source
from chalicelib.sources.keys import Configured
from chalicelib.sources.registry import SOURCES
from tests.contract.cases import Case, cases_of
from tests.contract.checks import check_outcome, plain

ROOT = Path(__file__).parents[2]
ALL = [pytest.param(source, id=name) for name, source in SOURCES.items()]
EVERY = [case for source in SOURCES.values() for case in cases_of(source)]
CASES = [pytest.param(case, id=f"{case.source.name}: {case.name}") for case in EVERY]
PULLED = [pytest.param(case, id=f"{case.source.name}: {case.name}") for case in EVERY if case.pages]
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
FUZZ = settings(max_examples=60, suppress_health_check=list(HealthCheck))
IO_MODULES = frozenset(
    {"os", "io", "time", "socket", "subprocess", "pathlib", "shutil", "tempfile", "threading", "asyncio", "random"}
    | {"secrets", "urllib.request", "http", "requests", "urllib3", "boto3", "botocore", "pyarrow", "pandas", "duckdb"}
)


def module_tree(source: Source) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[type(source).__module__]))


@pytest.mark.parametrize("source", ALL)
def test_it_is_one_of_the_two_shapes_under_its_own_name(source: Source) -> None:
    assert isinstance(source, PullSource) != isinstance(source, ArrivingSource)
    assert SOURCES[source.name] is source
    assert NAME.fullmatch(source.name)
    assert source.title


@pytest.mark.parametrize("source", ALL)
def test_its_tables_are_well_made_and_its_own(source: Source) -> None:
    others = {table.name for other in SOURCES.values() if other is not source for table in other.tables}

    for table in source.tables:
        names = [column.name for column in table.columns]
        assert NAME.fullmatch(table.name)
        assert all(NAME.fullmatch(name) for name in names)
        assert len(set(names)) == len(names)
        assert {table.time_column, *table.sort_by} <= set(names)
        assert table.description
        assert all(column.description for column in table.columns)
        assert table.name not in others
        assert "dt" not in names, "dt is the partition's"


@pytest.mark.parametrize("source", ALL)
def test_its_folder_of_fixtures_shows_what_every_source_has_to_show(source: Source) -> None:
    shown = {what for case in cases_of(source) for what in case.shows}

    assert shown >= {"good", "bad", "unknown fields"}


@pytest.mark.parametrize("case", CASES)
def test_a_case_comes_out_as_it_says(case: Case) -> None:
    outcomes = case.parse()

    assert len(outcomes) == len(case.outcomes)
    for outcome, expected in zip(outcomes, case.outcomes, strict=True):
        if "rejected" in expected:
            assert isinstance(outcome, Rejected), outcome
            assert expected["rejected"] in outcome.reason
            assert outcome.where == expected["where"]
        else:
            assert isinstance(outcome, Accepted), outcome
            assert outcome.event_id == expected.get("event_id", outcome.event_id)
            assert [name for name, _ in outcome.rows] == [name for name, _ in expected["rows"]]
            for (_, row), (_, columns) in zip(outcome.rows, expected["rows"], strict=True):
                assert {name: plain(row[name]) for name in columns} == columns


@pytest.mark.parametrize("case", CASES)
def test_every_row_fits_its_table(case: Case) -> None:
    for outcome in case.parse():
        check_outcome(case.source, outcome)


@pytest.mark.parametrize("case", CASES)
def test_the_same_input_has_the_same_outcome(case: Case) -> None:
    assert case.parse() == case.parse()


@pytest.mark.parametrize("case", CASES)
@given(st.data())
@FUZZ
def test_poison_is_set_aside_and_never_raises(case: Case, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(case.bodies) - 1)) if case.bodies else 0
    body = data.draw(st.one_of(st.binary(max_size=200), wounded(case.bodies[at]), altered(case.bodies[at])))

    for outcome in case.with_body(at, body).parse():
        check_outcome(case.source, outcome)


@st.composite
def wounded(draw: st.DrawFn, body: bytes) -> bytes:
    """A body of which something is cut out, put in, or changed."""
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 40)))
    return body[:start] + draw(st.binary(max_size=12)) + body[end:]


@st.composite
def altered(draw: st.DrawFn, body: bytes) -> bytes:
    """A JSON body in which one value became another; any other body with its lines shuffled."""
    try:
        value = json.loads(body)
    except ValueError:
        lines = body.split(b"\n")
        draw(st.randoms(use_true_random=False)).shuffle(lines)
        return b"\n".join(lines)
    places = list(paths(value))
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
    new = draw(scalars | st.lists(scalars, max_size=2) | st.dictionaries(st.text(max_size=5), scalars, max_size=2))
    return json.dumps(replaced(value, draw(st.sampled_from(places)), new)).encode()


def paths(value: Any, before: tuple[Any, ...] = ()) -> Any:
    """Every place in a JSON value."""
    yield before
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from paths(inner, (*before, step))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A JSON value with another one at a place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("case", PULLED)
def test_a_truncated_answer_is_a_failure(case: Case) -> None:
    source = case.source
    assert isinstance(source, PullSource)
    chance = random.Random(case.name)

    for page in case.pages:
        if page.status == 200 and page.body.startswith((b"{", b"[")):
            cuts = {0, 1, len(page.body) - 1, *(chance.randrange(len(page.body)) for _ in range(20))}
            for at in cuts - ends_of_lines(case, page.body):
                with pytest.raises(RetriableSourceError):
                    source.judge(replace(page, body=page.body[:at]))


def ends_of_lines(case: Case, body: bytes) -> set[int]:
    """Where an export of lines is whole to whoever reads it: only its announced length can tell that it was cut there.

    Such a source has a case of an export without lines; the fetch layer's tests cut answers that announce their length.
    """
    if not any(page.body == b"" for other in cases_of(case.source) for page in other.pages):
        return set()
    return {0, *(at + 1 for at, byte in enumerate(body) if byte == ord("\n"))}


@pytest.mark.parametrize("case", PULLED)
@given(status=st.integers(100, 599), body=st.binary(max_size=60), headers=st.dictionaries(st.text(), st.text()))
@FUZZ
def test_any_answer_is_judged_by_our_own_errors_only(
    case: Case, status: int, body: bytes, headers: dict[str, str]
) -> None:
    source = case.source
    assert isinstance(source, PullSource)
    page = replace(case.pages[0], status=status, body=body, headers=headers)

    try:
        source.judge(page)
        source.follow(page)
    except SourceError as error:
        assert isinstance(error, RetriableSourceError | FatalSourceError)
        assert str(error)


@pytest.mark.parametrize("case", PULLED)
def test_requests_are_data_and_credentials_come_last(case: Case) -> None:
    source = case.source
    assert isinstance(source, PullSource)
    assert case.window is not None

    first = source.requests(case.window, case.config)

    assert first == source.requests(case.window, case.config)
    assert len({(r.url, tuple(sorted(r.params.items()))) for r in first}) == len(first)
    for request in first:
        assert request.url.startswith(case.config["base_url"])
        if source.credential is not None:
            secret = {"token": "s3cret", "access_token": "s3cret", "username": "u", "password": "s3cret"}
            authorised = source.authorise(request, secret)
            assert "s3cret" not in repr(request)
            assert "s3cret" in repr(authorised) or b64encode(b"u:s3cret").decode() in repr(authorised)
            assert replace(authorised, headers=request.headers, params=request.params) == request


@pytest.mark.parametrize("source", ALL)
def test_it_is_pure(source: Source) -> None:
    tree = module_tree(source)
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    called = {n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
    named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}

    assert not {name for name in imported if name in IO_MODULES or name.split(".")[0] in IO_MODULES}
    assert not called & {"now", "today", "utcnow"}
    assert "open" not in named


@pytest.mark.parametrize("source", ALL)
def test_its_page_names_every_table_column_and_key(source: Source) -> None:
    page = ROOT / "docs" / "sources" / f"{source.name}.md"
    assert page.is_file(), f"write {page.relative_to(ROOT)}"
    words = set(re.findall(r"`([^`\n]+)`", page.read_text()))
    wanted = {table.name for table in source.tables} | {c.name for table in source.tables for c in table.columns}
    assert isinstance(source, Configured)
    wanted |= {key.name for key in source.keys}

    assert sorted(wanted - words) == []


@pytest.mark.parametrize("source", ALL)
def test_what_it_can_be_told_is_in_the_shipped_configuration(source: Source) -> None:
    text = (ROOT / "config" / "sources.toml").read_text()
    assert isinstance(source, Configured)

    assert f"[{source.name}]" in text
    for key in source.keys:
        assert re.search(rf"^{key.name} = ", text, re.MULTILINE), f"{key.name} is not shown in config/sources.toml"
