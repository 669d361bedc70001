"""``python -m infra.local.athena --port 4567 --glue-endpoint http://127.0.0.1:4566 --s3-endpoint http://127.0.0.1:4566``."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvicorn

from infra.local.athena.limits import limit_memory
from infra.local.athena.server import build
from infra.local.athena.settings import Settings


def read_arguments(
    arguments: Sequence[str], environment: Mapping[str, str], spare: Path
) -> tuple[Settings, str, int, str]:
    """Settings, host, port and log level; AWS's own variables give region and key, ``spare`` is a folder to use."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.athena", description="A local Amazon Athena.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4567)
    parser.add_argument("--glue-endpoint", required=True, help="where the catalog is")
    parser.add_argument("--s3-endpoint", required=True, help="where the data is")
    parser.add_argument("--workgroup-endpoint", help="the Athena API that has the workgroups; default: as Glue's")
    parser.add_argument("--region", default=environment.get("AWS_DEFAULT_REGION", "us-east-1"))
    parser.add_argument("--cache-dir", type=Path, help="for fetched objects; default: a temporary folder")
    parser.add_argument("--concurrent-queries", type=int, default=4)
    parser.add_argument("--threads-per-query", type=int, default=2)
    parser.add_argument("--memory-per-query", default="2GB")
    parser.add_argument("--result-cache-bytes", type=int, default=1024**3, help="of results kept beside S3")
    parser.add_argument("--log-level", default="warning", choices=["debug", "info", "warning", "error"])
    given = parser.parse_args(arguments)
    settings = Settings(
        glue_endpoint=given.glue_endpoint,
        s3_endpoint=given.s3_endpoint,
        workgroup_endpoint=given.workgroup_endpoint or given.glue_endpoint,
        cache_dir=given.cache_dir or spare,
        region=given.region,
        access_key=environment.get("AWS_ACCESS_KEY_ID", "test"),
        secret_key=environment.get("AWS_SECRET_ACCESS_KEY", "test"),
        concurrent_queries=given.concurrent_queries,
        threads_per_query=given.threads_per_query,
        memory_per_query=given.memory_per_query,
        result_cache_bytes=given.result_cache_bytes,
    )
    return settings, given.host, given.port, given.log_level


def main() -> None:
    """Serve until told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again after its shutdown: clean up then
    with tempfile.TemporaryDirectory(prefix="local-athena-") as spare:
        serve(*read_arguments(sys.argv[1:], os.environ, Path(spare)))


def serve(settings: Settings, host: str, port: int, level: str) -> None:
    """Listen and answer."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("botocore").setLevel("WARNING")
    limit_memory(settings.memory_bytes)
    uvicorn.run(build(settings), host=host, port=port, log_level=level, access_log=False)


if __name__ == "__main__":
    main()
