"""A lake in the local AWS: raw rows, committed; cubes, rolled up by the local Athena; the same rows through Athena."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.asking.rows import DAYS, END, START, events, requests
from chalicelib.metrics import statements
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.web_visits import SESSIONS, VISITORS
from tests.integration.athena.conftest import Lake
from tests.integration.athena.test_cubes import Deployed
from tests.integration.conftest import running_athena, running_local_aws

RESULTS = "answers"
DAY = timedelta(days=1)


@contextmanager
def running(home: Path) -> Iterator[Deployed]:
    """Fill a lake and roll it up; it ends with the block."""
    with running_local_aws(home) as aws, running_athena(aws, home) as athena:
        for bucket in ("lake", RESULTS):
            aws.client("s3").create_bucket(Bucket=bucket)
        aws.client("glue").create_database(DatabaseInput={"Name": "lake"})
        place = {"ResultConfiguration": {"OutputLocation": "s3://lake/results/"}}
        aws.client("athena", endpoint_url=athena).create_work_group(Name="lake", Configuration=place)
        deployed = Deployed(Lake(aws, athena, "lake", "lake", "lake"), ZoneInfo("UTC"))
        deployed.publish("s3_access_logs", {"s3_access_requests": list(requests())})
        deployed.publish("web_beacons", {"web_events": list(events())})
        for cube in (DOWNLOADS, VISITORS, SESSIONS):
            deployed.rollup.run(cube)
        yield deployed


def through_athena(lake: Lake, cube: str, select: str) -> list[Any]:
    """Answer a SELECT over what a cube's statement makes of raw rows, as a client of Athena does; one column."""
    statement, client = statements.load(cube), lake.athena
    days = {"first_day": START, "last_day": END - DAY, "read_from": START - DAY, "read_to": END}
    values = [f"'{value}'" for value in statement.bind({name: f"{at:%Y-%m-%d}" for name, at in days.items()})]
    query = client.start_query_execution(
        QueryString=select.format(cube=f"(\n{statement.sql})"),
        QueryExecutionContext={"Database": lake.database},
        WorkGroup=lake.workgroup,
        ExecutionParameters=values,
    )["QueryExecutionId"]
    while (status := client.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"])["State"] in (
        "QUEUED",
        "RUNNING",
    ):
        time.sleep(0.005)
    assert status["State"] == "SUCCEEDED", status
    rows = client.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"][1:]
    assert len(rows) == DAYS
    return [float(row["Data"][1]["VarCharValue"]) for row in rows]
