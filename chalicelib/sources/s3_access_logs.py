"""S3 server access logs: who requested what, and which of it was a download of a product.

One item is one log object. Product and version come from the configured pattern of object keys. "Once per download" is
applied by the downloads cube's SQL over the columns ``is_download``, ``is_complete`` and ``is_partial``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import unquote

from chalicelib.errors import SkippableRecordError
from chalicelib.sources import keys
from chalicelib.sources.access_log_line import parse_line
from chalicelib.sources.access_log_table import REQUESTS
from chalicelib.sources.base import Accepted, Item, Record, Rejected, Table
from chalicelib.sources.bots import bot_test

GET_OPERATIONS = frozenset({"REST.GET.OBJECT", "WEBSITE.GET.OBJECT"})


class S3AccessLogs:
    """An arriving source; one item is one log object with many lines."""

    name: ClassVar[str] = "s3_access_logs"
    title: ClassVar[str] = "S3 access logs"
    tables: ClassVar[tuple[Table, ...]] = (REQUESTS,)
    lateness: ClassVar[timedelta] = timedelta(hours=2)
    heartbeat: ClassVar[timedelta] = timedelta(minutes=15)
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("log_prefix", keys.text, "where in the log bucket the logs are", ""),
        keys.Key(
            "key_pattern",
            keys.pattern("version"),
            "a regular expression of the object keys that are products, with the group version and perhaps product",
        ),
        keys.Key(
            "not_bots",
            keys.list_of(keys.pattern(), empty=True),
            "regular expressions of user agents that are people's, whatever crawler-user-agents says",
            [],
        ),
        keys.silent_after(24),
    )

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Record]:
        """Read every line of one log object; empty lines are no records."""
        reader = _LineReader(item.attributes.get("key", item.key), config)
        for number, line in enumerate(_decoded(item.body).split("\n"), start=1):
            if line and (line := line.rstrip("\r")):
                try:
                    yield reader.read(line)
                except SkippableRecordError as error:
                    yield Rejected(str(error), f"line {number}", line)


class _LineReader:
    """Reads the lines of one log object: remembers what its keys mean."""

    def __init__(self, log_object: str, config: Mapping[str, Any]) -> None:
        self._log_object = log_object
        self._pattern = re.compile(config["key_pattern"])
        self._is_bot = bot_test(config.get("not_bots", ()))
        self._products: dict[str, tuple[str | None, str | None]] = {}

    def read(self, line: str) -> Accepted:
        """Turn a line into its row. Raises ``SkippableRecordError``."""
        row = parse_line(line)
        key = row["key"]
        decoded = decode_key(key, row["request_uri"]) if key and "%" in key else key
        product, version = self._product(decoded) if decoded else (None, None)
        status = row["http_status"]
        answered = row["operation"] in GET_OPERATIONS and (status == 200 or status == 206)
        size = row["object_size_bytes"]
        complete = answered and status == 200 and size is not None and row["bytes_sent"] >= size
        row["key_decoded"] = decoded
        row["product"] = product
        row["version"] = version
        row["is_bot"] = self._is_bot(row["user_agent"])
        row["is_download"] = answered and version is not None
        row["is_complete"] = complete
        row["is_partial"] = answered and not complete
        row["log_object"] = self._log_object
        event_id = f"{row['request_id']}-{row['operation']}-{key}"
        fingerprint = hashlib.blake2b(line.encode(), digest_size=16).hexdigest()
        return Accepted(event_id, fingerprint, ((REQUESTS.name, row),))

    def _product(self, key: str) -> tuple[str | None, str | None]:
        """Answer product and version of a key, None where it is no product."""
        if key not in self._products:
            match = self._pattern.search(key)
            groups = match.groupdict() if match else {}
            self._products[key] = (groups.get("product"), groups.get("version"))
        return self._products[key]


def decode_key(key: str, request_uri: str | None) -> str:
    """Answer the object's name behind a percent-encoded key.

    S3 writes some keys encoded once and some twice. What the client asked for decides: when decoding twice gives the
    path of the request, twice it was; a name that really holds ``%20`` is left alone.

    Examples
    --------
    >>> decode_key("a%2520b.zip", "GET /a%20b.zip HTTP/1.1")
    'a b.zip'
    >>> decode_key("a%2520b.zip", "GET /a%2520b.zip HTTP/1.1")
    'a%20b.zip'
    """
    once = unquote(key)
    words = (request_uri or "").split(" ")
    if "%" not in once or len(words) < 2:
        return once
    path, twice = unquote(words[1].partition("?")[0]), unquote(once)
    return twice if path.endswith(f"/{twice}") and not path.endswith(f"/{once}") else once


def _decoded(body: bytes) -> str:
    """Decode a log object; a byte that is not UTF-8 is kept as ``\\xNN``, so that its line survives."""
    return body.decode("utf-8", "backslashreplace")
