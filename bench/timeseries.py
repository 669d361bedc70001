"""A warm ``GET /v1/metrics/…`` of 90 days by day in the handler, beside DuckDB alone, and raw rows through Athena.

Run as ``python -m bench.timeseries``. The handler is everything that a warm Lambda does between API Gateway's event and
its answer: Chalice, the token, validation, the manifest (asked of S3 again after two seconds), DuckDB, empty buckets,
the envelope, JSON and the log line; what it remembers of answers is emptied before every run. DuckDB alone is the plain
query over the day level's files with ``fetchall``. Athena's path is the cube's statement and the same sums over raw
rows, by a client of the local Athena: what every question would cost without cubes. All three answer the same.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.asking.api import Api, quiet
from bench.asking.lake import RESULTS, running, through_athena
from bench.asking.parts import parts
from bench.asking.rows import DAYS, DOWNLOADS_A_DAY, END, START, VISITS_A_DAY
from bench.harness import Spread, in_turn, machine, versions, write
from chalicelib.aws.s3 import S3Store
from chalicelib.domain.periods import Interval
from chalicelib.domain.zones import zone
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.web_visits import SESSIONS, VISITORS
from chalicelib.metrics.manifests import files_between
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS
from tests.integration.athena.test_cubes import Deployed

RUNS, EVERY = 200, 20
ASKED = {"from": START.date().isoformat(), "to": END.date().isoformat(), "interval": "P1D"}


@dataclass(frozen=True)
class Asked:
    """A metric, its cube, and its value and rows in SQL that both engines read."""

    metric: str
    cube: Cube
    value: str
    where: str = "true"

    @property
    def raw(self) -> str:
        """Answer the question to the cube's statement over raw rows."""
        return (
            f"SELECT date_trunc('day', bucket_start) AS day, {self.value} AS value FROM {{cube}} AS cube "
            f"WHERE {self.where} GROUP BY 1 ORDER BY 1"
        )

    def plain(self, files: list[str]) -> str:
        """Answer the question to the files of the day level."""
        start, end = (f"TIMESTAMPTZ '{at.isoformat()}'" for at in (START, END))
        return (
            f"SELECT epoch_us(bucket_start) AS day, {self.value} AS value FROM read_parquet({files}) "
            f"WHERE bucket_start >= {start} AND bucket_start < {end} AND {self.where} GROUP BY 1 ORDER BY 1"
        )


QUESTIONS = (
    Asked("downloads", DOWNLOADS, "sum(downloads)", "NOT is_bot"),
    Asked("visitors", VISITORS, "count(DISTINCT member)"),
    Asked("bounce_rate", SESSIONS, "CAST(sum(one_page_sessions) AS double) / sum(sessions)"),
)


class Bench:
    """The three ways to an answer, over one lake."""

    def __init__(self, deployed: Deployed, home: Path) -> None:
        self.lake, self.store = deployed.lake, deployed.store
        results = S3Store(self.lake.aws.client("s3"), RESULTS)
        self.warm = Api(self.store, home / "warm")
        self.filling = Api(self.store, home / "filling", results)
        self.cold = Api(self.store, home / "never filled", results)
        self.plain = duckdb.connect()

    def sides(self, asked: Asked) -> dict[str, Callable[[], Any]]:
        """Prepare the ways of one question, those that are measured often first."""
        manifest = self.warm.context.series.manifests.get(asked.cube.name)
        assert manifest is not None
        found = files_between(manifest, asked.cube.days.name, START, END)
        sql = asked.plain([str(path) for path in self.warm.context.series.reader.files.fetch(found)])
        series = self.filling.context.series
        question = Question((METRICS[asked.metric],), START, END, Interval.P1D, zone("UTC"))
        assert series.keep(series.prepare(question))
        return {
            "handler": lambda: self.warm.ask_anew(asked.metric, ASKED),
            "DuckDB alone": lambda: self.plain.execute(sql).fetchall(),
            "from memory": lambda: self.warm.ask(asked.metric, ASKED),
            "kept in S3": lambda: self.cold.ask_anew(asked.metric, ASKED),
            "raw via Athena": lambda: through_athena(self.lake, asked.cube.name, asked.raw),
        }


def require_the_same(sides: dict[str, Callable[[], Any]]) -> None:
    """Hold all ways to the same values, and to the way that they say they are."""
    by_handler = [json.loads(sides[name]()["body"]) for name in ("handler", "from memory")]
    kept = json.loads(sides["kept in S3"]()["body"])
    assert [body["meta"]["served_from"] for body in (*by_handler, kept)] == ["cube", "cache", "cache"]
    told = [[row["value"] for row in body["results"]] for body in (*by_handler, kept)]
    told += [[row[1] for row in sides["DuckDB alone"]()], sides["raw via Athena"]()]
    for values in told:
        assert len(values) == DAYS
        assert all(math.isclose(a, b, rel_tol=1e-12) for a, b in zip(values, told[0], strict=True))


def measure(bench: Bench, asked: Asked) -> dict[str, Any]:
    """Measure one question every way, in turn."""
    sides = bench.sides(asked)
    require_the_same(sides)
    seldom = {"raw via Athena": EVERY}
    took = in_turn(sides, rounds=RUNS, warmup=5, every=seldom)
    pairs = zip(took["handler"], took["DuckDB alone"], strict=True)
    return {
        "sides": {label: asdict(Spread.of(values)) for label, values in took.items()},
        "ratio": asdict(Spread.of([ours / plain for ours, plain in pairs])),
    }


def variants(bench: Bench) -> dict[str, float]:
    """Answer the medians of other forms of the first question."""
    new_york = {**ASKED, "from": "2026-08-25", "to": "2026-11-21", "tz": "America/New_York"}
    sides = {
        "grouped by version": lambda: bench.warm.ask_anew("downloads", {**ASKED, "group_by": "version"}),
        "beside the period before": lambda: bench.warm.ask_anew("downloads", {**ASKED, "compare": "previous_period"}),
        "America/New_York (15-minute level)": lambda: bench.warm.ask_anew("downloads", new_york),
    }
    return {label: round(Spread.of(took).median, 3) for label, took in in_turn(sides, rounds=RUNS // 4).items()}


def main() -> None:
    """Measure, print and write ``bench/results/timeseries.json``."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as deployed:
        bench = Bench(deployed, Path(folder))
        with quiet():
            found = {asked.metric: measure(bench, asked) for asked in QUESTIONS}
            other = variants(bench)
            made_of = parts(bench.warm, "downloads", ASKED)
    write(
        "timeseries",
        {
            "what": f"GET /v1/metrics/…, {DAYS} days by day (UTC), every way in turn in one process",
            "machine": machine(),
            "versions": versions("duckdb", "chalice", "aws-lambda-powertools", "boto3"),
            "runs": RUNS,
            "unit": "ms",
            "sides": {f"{m}, {side}": spread for m, one in found.items() for side, spread in one["sides"].items()},
            "ratio": found["downloads"]["ratio"],
            "notes": {
                "the ratio is": "of downloads, the handler to DuckDB alone, pair by pair",
                "ratios of the others": {m: one["ratio"] for m, one in found.items() if m != "downloads"},
                "the handler's time with downloads is made of": made_of,
                "the handler with downloads, medians, ms": other,
                "raw rows": {"downloads a day": DOWNLOADS_A_DAY, "visits a day": VISITS_A_DAY},
                "raw via Athena": f"measured in every {EVERY}th round; the local one, its objects cached",
                "kept in S3": "by the head, of a process that has no file; the local S3 takes 2 to 3 ms for a request",
            },
        },
    )


if __name__ == "__main__":
    main()
