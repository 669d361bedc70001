"""A cold start of the API: its import, beside that of the libraries it cannot do without, and its first answer.

Run as ``python -m bench.cold_import``. Each side is a fresh interpreter; what an empty one takes is in the notes. The
first answer is that to ``GET /v1/metrics/downloads``, from a lake of files in a folder. It is held against the same
process that has loaded the module of every route before: what the index of routes spares, and what it puts off.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.harness import Spread, in_turn, machine, versions, write

ROOT = Path(__file__).resolve().parents[1]
RUNS = 20
NOW = datetime(2026, 11, 22, 12, 7, tzinfo=UTC)
APP, LIBRARIES = "import app", "import chalice, boto3"
EVERY = "import app, and every route"
ASKED, ASKED_EVERY = "import app, first answer", "import app, every route, first answer"
ASK = "from bench.cold_import import ask; ask({!r})"


class Folder:
    """A lake in a folder, as far as an answer reads it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Any:
        """Answer an object."""
        from chalicelib.domain.objects import StoredObject
        from chalicelib.errors import ObjectNotFound

        path = self._folder / key
        if not path.is_file():
            raise ObjectNotFound(key)
        return StoredObject(key, path.read_bytes(), f'"{path.stat().st_size}"', NOW)


def ask(lake: str) -> None:
    """Ask what is asked first, in this process."""
    from bench.asking.api import Api, quiet

    with tempfile.TemporaryDirectory() as folder, quiet():
        api = Api(Folder(Path(lake)), Path(folder), now=lambda: NOW)  # type: ignore[arg-type]
        assert json.loads(api.ask("downloads", {"group_by": "product"})["body"])["results"]


def fill(folder: Path) -> None:
    """Publish what the question is answered from."""
    from chalicelib.metrics.declared.downloads import DOWNLOADS
    from tests.unit.metrics.every_cube import publish_all
    from tests.unit.metrics.memory_lake import MemoryStore

    lake = MemoryStore()
    publish_all(lake, NOW - timedelta(hours=1), days=40)
    for info in lake.list(""):
        path = folder / info.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lake.get(info.key).body)
    assert any(DOWNLOADS.name in path.as_posix() for path in folder.rglob("*"))


def fresh(code: str) -> Callable[[], str]:
    """Run code in a fresh interpreter."""

    def run() -> str:
        return subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True, check=True
        ).stdout

    return run


def ratio(took: dict[str, list[float]], one: str, other: str) -> Spread:
    """Answer what one side takes of the other, pair by pair."""
    return Spread.of([x / y for x, y in zip(took[one], took[other], strict=True)])


def loaded() -> dict[str, Any]:
    """Answer what importing the app loads, beside the standard library, and of how many modules it spares us."""
    found = json.loads(fresh("import json, sys, app; print(json.dumps(sorted(sys.modules)))")())
    every = json.loads(fresh("import json, sys, app, chalicelib.api.resources; print(json.dumps(list(sys.modules)))")())
    own = [sum(name.startswith("chalicelib") for name in names) for names in (found, every)]
    tops = sorted({name.split(".")[0] for name in found})
    return {
        "loaded by import app, beside the standard library": [
            top for top in tops if top not in sys.stdlib_module_names and not top.startswith("_")
        ],
        "own modules of import app, and with every route": own,
    }


def main() -> None:
    """Measure, print and write ``bench/results/cold_import.json``."""
    with tempfile.TemporaryDirectory() as lake:
        fill(Path(lake))
        sides = {
            APP: fresh("import app"),
            LIBRARIES: fresh("import chalice, boto3"),
            EVERY: fresh("import app, chalicelib.api.resources"),
            ASKED: fresh(f"import app; {ASK.format(lake)}"),
            ASKED_EVERY: fresh(f"import app, chalicelib.api.resources; {ASK.format(lake)}"),
            "an empty interpreter": fresh("pass"),
            "first use of DuckDB": fresh("import duckdb; duckdb.connect()"),
        }
        took = in_turn(sides, rounds=RUNS)
    write(
        "cold_import",
        {
            "what": "a cold start in a fresh interpreter: the API's import beside its libraries', and its first answer",
            "machine": machine(),
            "versions": versions("chalice", "aws-lambda-powertools", "boto3", "duckdb"),
            "runs": RUNS,
            "unit": "ms",
            "sides": {label: asdict(Spread.of(values)) for label, values in took.items()},
            "ratio": asdict(ratio(took, APP, LIBRARIES)),
            "notes": {
                "the ratio is": f"of {APP} to {LIBRARIES}",
                "ratio of the first answer to that with every route loaded": round(
                    statistics.median(x / y for x, y in zip(took[ASKED], took[ASKED_EVERY], strict=True)), 3
                ),
                "the first answer": "loads DuckDB too, whose first use is a side of its own",
                **loaded(),
            },
        },
    )


if __name__ == "__main__":
    main()
