"""A question that is written down is read as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.periods import Interval
from chalicelib.domain.shifts import Shift
from chalicelib.errors import RequestError
from chalicelib.metrics.comparison import Comparison, Match, Versus
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.question import Question, Top
from chalicelib.metrics.question_json import read_question, write_question
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.transforms import FORMS, parse_transform
from tests.unit.metrics.test_filters import FILTERS

ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns")
INSTANTS = st.integers(0, 10**6).map(lambda at: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=15) * at)
SHIFTS = st.builds(
    Shift, st.integers(0, 24), st.integers(0, 400), st.integers(0, 95).map(lambda n: timedelta(minutes=15 * n))
)
NAMES = st.lists(st.sampled_from(sorted(METRICS)), min_size=1, max_size=4, unique=True)
QUESTIONS = st.builds(
    Question,
    NAMES.map(lambda names: tuple(METRICS[name] for name in names)),
    INSTANTS,
    INSTANTS,
    st.sampled_from(list(Interval)),
    st.sampled_from(ZONES).map(ZoneInfo),
    st.lists(st.sampled_from(["version", "product"]), unique=True).map(tuple),
    where=st.none() | FILTERS,
    comparison=st.none() | st.builds(Comparison, st.sampled_from(Versus), st.sampled_from(Match), SHIFTS),
    transform=st.none() | st.sampled_from(FORMS).map(parse_transform),
    top=st.none() | st.builds(Top, st.integers(1, 100), st.sampled_from(sorted(METRICS)), st.booleans()),
    totals=st.booleans(),
    notes=st.lists(st.text()).map(tuple),
)


@settings(max_examples=200)
@given(QUESTIONS)
def test_a_question_survives_json(question: Question) -> None:
    written = json.loads(json.dumps(write_question(question)))

    assert read_question(written, METRICS) == question


def test_a_metric_that_is_gone_or_means_something_else_is_told() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    written = write_question(Question((METRICS["stars"],), start, start, Interval.P1D, ZoneInfo("UTC")))

    with pytest.raises(RequestError, match="no metric stars any more"):
        read_question(written, {})
    other = replace(METRICS["stars"], own=DOWNLOADS, cube="own_stars_2_cube")
    with pytest.raises(RequestError, match="stars means something else now"):
        read_question(written, {"stars": other})
