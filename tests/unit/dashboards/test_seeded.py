"""The pages of the site: every question of every widget can be answered, and the pages are laid out without holes."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.dashboards.questions import Known
from chalicelib.dashboards.reading import read_dashboard
from chalicelib.dashboards.seeded import FOLDER, ORDER, of_company, seeded
from chalicelib.dashboards.widgets import COLUMNS, CONTENT, Kind
from chalicelib.errors import RequestError
from chalicelib.metrics.registry import METRICS

KNOWN = Known(METRICS, datetime(2026, 11, 26, 10, tzinfo=UTC), lambda where: None)
WIDGETS = [(name, widget) for name in ORDER for widget in of_company(name, 'Acme "& Sons"')["widgets"]]


def given(name: str, brand: str | None = "Acme") -> dict[str, Any]:
    return deepcopy({field: value for field, value in of_company(name, brand).items() if field in CONTENT})


def test_every_file_is_a_page() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(ORDER) == sorted(seeded())


@pytest.mark.parametrize("name", ORDER)
def test_a_page_is_a_dashboard_that_anybody_could_save(name: str) -> None:
    assert read_dashboard(given(name), KNOWN) == given(name)


@pytest.mark.parametrize(("name", "widget"), WIDGETS, ids=[f"{name}-{widget['id']}" for name, widget in WIDGETS])
def test_every_widget_asks_what_can_be_answered_and_says_what_it_shows(name: str, widget: dict[str, Any]) -> None:
    assert widget["title"]
    read_dashboard({"name": name, "widgets": [widget]}, KNOWN)


def test_the_check_can_fail() -> None:
    content = given("overview")
    content["widgets"][0]["question"]["metrics"] = ["mqsl"]

    with pytest.raises(RequestError) as refused:
        read_dashboard(content, KNOWN)

    assert [one["parameter"] for one in refused.value.errors] == ["widgets[0].question.metrics[0]"]


@pytest.mark.parametrize("brand", ["Acme", None])
@pytest.mark.parametrize("name", ORDER)
def test_rows_are_filled(name: str, brand: str | None) -> None:
    widgets = of_company(name, brand)["widgets"]
    column = 0
    for widget in widgets:
        assert column + widget["width"] <= COLUMNS or brand is None, f"there is a hole before {widget['id']}"
        column = (column + widget["width"]) % COLUMNS

    assert column == 0 or brand is None
    assert widgets


def test_the_overview_has_headlines_what_is_firing_and_how_fresh_it_is() -> None:
    kinds = [widget["kind"] for widget in seeded()["overview"]["widgets"]]

    assert kinds.count(Kind.TILE) == 8
    assert {Kind.ALERTS, Kind.SOURCES} <= set(kinds)


def test_the_own_brand_is_asked_for_by_its_name_whatever_is_in_it() -> None:
    widgets = of_company("seo", 'Acme "& Sons"')["widgets"]

    assert widgets[0]["question"]["filter"] == 'brand is "Acme \\"& Sons\\""'
    assert not any("$" in (widget["question"]["filter"] or "") for widget in widgets)


def test_without_a_brand_nothing_is_asked_about_it() -> None:
    widgets = of_company("seo", None)["widgets"]

    assert widgets
    assert not any("brand" in (widget["question"]["filter"] or "") for widget in widgets)
