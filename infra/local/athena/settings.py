"""What whoever starts the server gives it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the rest of the cloud is, and how much of this machine a query may have.

    ``workgroup_endpoint`` is the Athena API that holds the workgroups (the one CloudFormation created them on).
    """

    glue_endpoint: str
    s3_endpoint: str
    workgroup_endpoint: str
    cache_dir: Path
    region: str = "us-east-1"
    access_key: str = "test"
    secret_key: str = "test"  # noqa: S105 - the local cloud's root key, no secret
    concurrent_queries: int = 4
    threads_per_query: int = 2
    memory_per_query: str = "2GB"
    cache_bytes: int = 4 * 1024**3
    result_cache_bytes: int = 1024**3

    @property
    def memory_bytes(self) -> int:
        """What the server may allocate once it is up: the queries' share, and Arrow, which sets a gigabyte aside."""
        units = {"MB": 10**6, "GB": 10**9}
        share = int(float(self.memory_per_query[:-2]) * units[self.memory_per_query[-2:]])
        return self.concurrent_queries * share + 4 * 10**9
