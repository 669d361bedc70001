"""Whatever is sent: it is refused with places, or it is a dashboard that reads the same again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.dashboards.faults import MOST
from chalicelib.dashboards.questions import Known
from chalicelib.dashboards.reading import read_dashboard
from chalicelib.dashboards.widgets import CONTENT, QUESTION, WIDGET, Kind, whole
from chalicelib.domain.periods import Interval
from chalicelib.errors import RequestError
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.transforms import FORMS

KNOWN = Known(METRICS, datetime(2026, 11, 26, 10, tzinfo=UTC), lambda where: None)

SCALARS = st.none() | st.booleans() | st.integers(-5, 400) | st.floats(allow_nan=False) | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)
RANGES = st.sampled_from(["30d", "24h", "ytd", "all", "soon", {"from": "2026-01-01", "to": "2026-02-01"}])


def either(*good: Any) -> st.SearchStrategy[Any]:
    """Something that may do, or anything at all."""
    return st.sampled_from(good) | ANYTHING


def fields(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=known) | st.dictionaries(st.sampled_from([*known, "else"]), ANYTHING)


QUESTIONS = fields(
    {
        "metrics": st.lists(st.sampled_from([*sorted(METRICS), "no_metric"]), min_size=1, max_size=2) | ANYTHING,
        "group_by": st.lists(st.sampled_from(["version", "lead_source", "brand", "currency", "x"]), max_size=2),
        "filter": either(None, 'version is "1"', "currency is null", "version is"),
        "top": either(None, 5),
        "interval": either(None, *(one.value for one in Interval)),
        "compare": either(None, *(one.value for one in Versus)),
        "transform": either(None, *FORMS),
        "range": RANGES | ANYTHING,
    }
)
WIDGETS = fields(
    {
        "id": either("w1", "w2"),
        "kind": either(*(one.value for one in Kind)),
        "title": st.text(max_size=5),
        "width": either(1, 12),
        "height": either(1, 6),
        "question": st.none() | QUESTIONS | ANYTHING,
        "text": either(None, "x"),
        "target": either(None, "100.5"),
    }
)
CONTENTS = fields(
    {
        "name": st.text(max_size=5),
        "description": st.text(max_size=5),
        "range": RANGES | ANYTHING,
        "tz": either(None, "Europe/Paris"),
        "widgets": st.lists(WIDGETS, max_size=4) | ANYTHING,
    }
)


@settings(max_examples=400)
@given(CONTENTS)
def test_it_is_refused_with_places_or_reads_the_same_again(content: dict[str, Any]) -> None:
    try:
        found = read_dashboard(content, KNOWN)
    except RequestError as refused:
        assert refused.status == 400
        assert 0 < len(refused.errors) < MOST * 3
        assert all(one["parameter"] and one["detail"] for one in refused.errors)
        return
    assert read_dashboard(found, KNOWN) == found
    assert json.loads(json.dumps(found)) == found
    assert set(found) == set(CONTENT)
    assert all(set(one) == set(WIDGET) for one in found["widgets"])


LINES = {"kind": "line", "width": 6, "height": 2, "title": ""}
ASKED = st.sampled_from(sorted(METRICS)).flatmap(
    lambda name: st.fixed_dictionaries(
        {
            "metrics": st.just([name]),
            "group_by": st.lists(st.sampled_from(METRICS[name].dimensions), max_size=1),
            "compare": st.sampled_from([None, "previous_period", "year"]),
            "interval": st.sampled_from([None, "P1D", "P1W"]),
            "range": st.sampled_from([None, "7d", "12w", "ytd"]),
        }
    )
)


@settings(max_examples=100)
@given(st.lists(ASKED, min_size=1, max_size=5))
def test_what_every_metric_can_be_asked_is_taken(questions: list[dict[str, Any]]) -> None:
    widgets = [{**LINES, "id": f"w{at}", "question": question} for at, question in enumerate(questions)]

    found = read_dashboard({"name": "Mine", "widgets": widgets}, KNOWN)

    assert [one["question"]["metrics"] for one in found["widgets"]] == [one["metrics"] for one in questions]


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from([*QUESTION, "later"]), SCALARS | st.lists(st.text(max_size=3), max_size=2)))
def test_what_stands_is_never_asked_whether_it_is_right(question: dict[str, Any]) -> None:
    lists = {name: question[name] for name in ("metrics", "group_by") if isinstance(question.get(name), list)}
    kept = {"name": "Old", "widgets": [{"id": "w1", "kind": "line", "question": {**question, "metrics": [], **lists}}]}
    kept["widgets"][0]["question"] |= {"group_by": lists.get("group_by", [])}  # type: ignore[index]
    stands = whole(kept)

    assert read_dashboard({**stands, "name": "New"}, KNOWN, kept)["widgets"] == stands["widgets"]
