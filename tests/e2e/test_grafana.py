"""Every panel of the dashboard asks what Athena or the SQL endpoint answers with rows, with an analyst's rights."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyathena import connect

from tests.e2e.conftest import REGION, ROOT, run_sql
from tests.e2e.grafana_macros import Shown, expand, put_in_days

pytestmark = pytest.mark.deployed

BOARD = json.loads((ROOT / "docs" / "connect" / "grafana" / "dashboards" / "headwater.json").read_text())
NUMBERS = {"tinyint", "smallint", "integer", "bigint", "real", "float", "double"}
"""What the plugin hands on as a number; a decimal is text to it (``pkg/athena/driver/rows.go``)."""
TIMES = {"date", "timestamp", "timestamp with time zone"}


def panels(kind: str) -> list[Any]:
    """Answer the panels of a kind of data source, named by their titles."""
    return [
        pytest.param(panel, id=panel["title"])
        for panel in BOARD["panels"]
        if panel["datasource"]["type"].startswith(kind)
    ]


@pytest.fixture(scope="session")
def shown() -> Shown:
    """The time that the dashboard opens with: ``now-30d`` to ``now``."""
    now = datetime.now(UTC)
    return Shown(now - timedelta(days=30), now)


@pytest.fixture(scope="session")
def athena(endpoints: dict[str, str]) -> Callable[[str], tuple[dict[str, str], list[tuple[Any, ...]]]]:
    """Run a statement as the plugin would, with an analyst's key: types by column, and rows."""
    connection = connect(
        work_group=endpoints["sql_workgroup"],
        schema_name=endpoints["database"],
        region_name=REGION,
        endpoint_url=endpoints["athena"],
        aws_access_key_id=endpoints["analyst_key_id"],
        aws_secret_access_key=endpoints["analyst_secret"],
    )

    def run(sql: str) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
        cursor = connection.cursor().execute(sql)
        return {name: kind for name, kind, *_ in cursor.description or ()}, list(cursor.fetchall())

    return run


@pytest.mark.parametrize("panel", panels("grafana-athena"))
def test_a_panel_over_athena_has_something_to_show(
    panel: dict[str, Any], shown: Shown, athena: Callable[[str], tuple[dict[str, str], list[tuple[Any, ...]]]]
) -> None:
    (target,) = panel["targets"]

    kinds, rows = athena(expand(target["rawSQL"], shown))

    assert rows
    assert any(kind in NUMBERS for kind in kinds.values())
    assert all(value is not None for value in rows[0])
    if target["format"] == 0:
        moments = [row[list(kinds).index("time")] for row in rows]
        assert kinds["time"] in TIMES
        assert moments == sorted(moments)
        assert len(set(moments)) > 7


@pytest.mark.parametrize("panel", panels("yesoreyeram-infinity"))
def test_a_panel_over_the_endpoint_has_something_to_show(
    panel: dict[str, Any], shown: Shown, endpoints: dict[str, str]
) -> None:
    (target,) = panel["targets"]
    body = put_in_days(target["url_options"]["data"], shown)

    answer = run_sql(endpoints["api"], endpoints["sql_token"], json.loads(body))

    assert (target["url"], target["url_options"]["body_content_type"]) == ("/v1/sql", "application/json")
    rows = answer.json()[target["root_selector"]]
    assert rows
    assert not answer.json()["meta"]["truncated"]
    for column in target["columns"]:
        kinds = {
            type(value) for row in rows if (value := row[column["selector"]]) is not None
        }  # a hidden count is null
        assert kinds
        assert kinds <= {"number": {int, float}, "string": {str}, "timestamp": {str}}[column["type"]]
