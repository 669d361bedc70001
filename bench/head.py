"""The first questions of a cold process: answered ahead, beside the same process that has to compute them.

Run as ``python -m bench.head``. Each side is a fresh interpreter that has imported the API, as a Lambda has before its
first event. It asks what the overview asks of the last 30 days, one question after the other, or for visitors of 90
days beside the 90 before. The lake is in the local S3, so much further away that it is as far as a real one. On one
side there are the answers that the head has kept, on the other none.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.asking.api import Api, quiet
from bench.harness import Spread, machine, versions, write
from chalicelib.aws.clients import client
from chalicelib.aws.s3 import S3Store
from chalicelib.domain.objects import StoredObject
from chalicelib.metrics.declared.web_visits import VISITORS
from tests.page_requests import page

ROOT = Path(__file__).resolve().parents[1]
RUNS, DAYS = 12, 400
NOW = datetime(2026, 11, 22, 12, 7, tzinfo=UTC)
KNOWN = NOW.replace(minute=0)
AWAY_S = 0.02
BRAND = "brand 0"
VISITORS_A_DAY = 500


class Distant(S3Store):
    """A bucket as far away as a real one; what is computed is not kept, so that each process has to."""

    def get(self, key: str) -> StoredObject:
        """Read an object, later."""
        time.sleep(AWAY_S)
        return super().get(key)

    def put(self, key: str, body: bytes, **more: Any) -> str:  # noqa: ARG002 - the port's signature
        """Write nothing."""
        return ""


ASKED = {
    "overview": tuple(page("overview", "UTC", BRAND)),
    "visitors of 90 days": tuple(
        one for one in page("overview", "UTC", BRAND, "90d") if one.body and one.body["metrics"] == ["visitors"]
    )[:1],
}


def ask_as_a_cold_process(asked: str, answers: str) -> dict[str, Any]:
    """Ask, and answer the milliseconds to the first answer and to the last."""
    assert "duckdb" not in sys.modules
    took, served = [], []
    with tempfile.TemporaryDirectory() as folder, quiet():
        begun = time.perf_counter()
        s3 = client("s3")
        api = Api(Distant(s3, "lake"), Path(folder), Distant(s3, answers), lambda: NOW)
        for request in ASKED[asked]:
            answer = api.post(request.body or {})
            took.append((time.perf_counter() - begun) * 1000)
            served.append(json.loads(answer["body"])["meta"]["served_from"])
    return {"first": took[0], "last": took[-1], "served_from": served, "duckdb": "duckdb" in sys.modules}


def in_a_process(environment: dict[str, str], asked: str, answers: str) -> dict[str, Any]:
    """Ask in a fresh interpreter."""
    command = [sys.executable, "-m", "bench.head", asked, answers]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    expected = ["cache", False] if answers == "answers" else ["cube", True]
    assert [*set(found["served_from"]), found["duckdb"]] == expected, found
    return found


def visitors() -> list[dict[str, Any]]:
    """Make the people who came: so many a day of four times as many, seeded."""
    seeded = random.Random(7)
    names = {"site": "acme", "section": "website", "visitor_type": None, "device": "desktop"}
    return [
        {"bucket_start": KNOWN - timedelta(days=back), "member": f"m{seeded.randrange(4 * VISITORS_A_DAY)}", **names}
        for back in range(DAYS)
        for _ in range(VISITORS_A_DAY)
    ]


def fill(s3: Any, home: Path) -> dict[str, Any]:
    """Publish every cube, keep what is asked first, and answer what the first look did and took."""
    from chalicelib.dashboards.first_questions import first_questions
    from chalicelib.metrics.head import Head
    from chalicelib.metrics.query import SeriesQuery
    from chalicelib.metrics.stored import StoredAnswers
    from tests.unit.metrics.every_cube import publish_all
    from tests.unit.metrics.published_cubes import publish

    for bucket in ("lake", "answers", "nothing"):
        s3.create_bucket(Bucket=bucket)
    lake = S3Store(s3, "lake")
    publish_all(lake, KNOWN, DAYS)
    publish(lake, VISITORS, visitors(), dict.fromkeys(VISITORS.inputs, KNOWN), seq=2)
    series = SeriesQuery(lambda: lake, lambda: NOW, home / "head", StoredAnswers(lambda: S3Store(s3, "answers"), print))
    head = Head(series, lambda: first_questions(NOW, ZoneInfo("UTC"), BRAND, series.watermark), print)
    looks = []
    for _ in range(2):
        begun = time.perf_counter()
        look = head.look(lambda: True)
        looks.append({**asdict(look), "ms": round((time.perf_counter() - begun) * 1000, 1)})
    kept = s3.list_objects_v2(Bucket="answers")["Contents"]
    sizes = sorted(one["Size"] for one in kept)
    return {"first look": looks[0], "second look": looks[1], "bytes of an answer, median": sizes[len(sizes) // 2]}


def main() -> None:
    """Measure, print and write ``bench/results/head.json``."""
    from tests.integration.conftest import running_local_aws

    with tempfile.TemporaryDirectory() as folder, running_local_aws(Path(folder)) as aws:
        looks = fill(aws.client("s3"), Path(folder))
        environment = {**os.environ, **aws.environment()}
        took: dict[str, list[float]] = {}
        for asked in ASKED:
            for _ in range(RUNS):
                for label, answers in (("answered ahead", "answers"), ("computed", "nothing")):
                    found = in_a_process(environment, asked, answers)
                    took.setdefault(f"{asked}, its first, {label}", []).append(found["first"])
                    if len(ASKED[asked]) > 1:
                        took.setdefault(f"{asked}, all, {label}", []).append(found["last"])
    pairs = zip(took["overview, its first, computed"], took["overview, its first, answered ahead"], strict=True)
    write(
        "head",
        {
            "what": f"the first questions of a cold process; cubes of {DAYS} days, {1000 * AWAY_S:.0f} ms away",
            "machine": machine(),
            "versions": versions("duckdb", "chalice", "boto3"),
            "runs": RUNS,
            "unit": "ms",
            "sides": {label: asdict(Spread.of(values)) for label, values in took.items()},
            "ratio": asdict(Spread.of([computed / ahead for computed, ahead in pairs])),
            "notes": {
                "the ratio is": "of the overview's first answer, computed to answered ahead",
                "why all of a page gain nothing": "in one process the first computation has fetched what the others "
                "need; an API of Lambdas answers what is asked side by side in processes of their own",
                "the head": looks,
            },
        },
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(ask_as_a_cold_process(*sys.argv[1:])))
    else:
        main()
