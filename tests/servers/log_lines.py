"""One S3 server access-log line of any of the four generations, as S3 would write it. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
BUCKET = "acme-downloads"
HOST = f"{BUCKET}.s3.us-east-1.amazonaws.com"
_HEX = "0123456789ABCDEF"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request to the bucket that serves the company's downloads."""

    at: datetime
    ip: str
    agent: str
    operation: str
    key: str
    status: int
    sent: int | None
    size: int | None
    error: str = "-"
    uri: str | None = None
    referer: str = "-"


def line(hit: Hit, generation: int, chance: random.Random) -> str:
    """Write a hit as a line of 24, 25, 26 or 27 fields."""
    request = "".join(chance.choices(_HEX, k=16))
    host_id = "".join(chance.choices(_BASE64, k=75)) + "="
    method = hit.operation.split(".")[1]
    uri = hit.uri if hit.uri is not None else f"{method} /{hit.key} HTTP/1.1"
    took = 8 + (hit.sent or 0) // 40_000 + chance.randrange(25)
    fields = [
        OWNER,
        BUCKET,
        hit.at.strftime("[%d/%b/%Y:%H:%M:%S +0000]"),
        hit.ip,
        "-",
        request,
        hit.operation,
        hit.key or "-",
        f'"{uri}"',
        str(hit.status),
        hit.error,
        "-" if hit.sent is None else str(hit.sent),
        "-" if hit.size is None else str(hit.size),
        str(took),
        str(max(1, took // 2)),
        f'"{hit.referer}"',
        f'"{hit.agent}"',
        "-",
        host_id,
        "-",
        "TLS_AES_128_GCM_SHA256",
        "-",
        HOST,
        "TLSv1.3",
        "-",
        "-",
        "us-east-1",
    ]
    return " ".join(fields[:generation])
