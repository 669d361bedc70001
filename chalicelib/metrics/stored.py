"""Answers that took long, kept in the bucket of results for processes that have just begun.

Reading one costs an object, where computing it anew in a cold process costs all files of its range and the start of
DuckDB. So a warm process, which has the files, does not look. An answer is named by its question, the version of its
data, and the code and declarations that made it: a new release, or a commit that touches the data, makes a new name,
and nothing has ever to be deleted but by age.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import chalicelib
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import ObjectNotFound, StoreError
from chalicelib.metrics.answer import Bucket, Row
from chalicelib.metrics.keeping import Computed

PREFIX: Final = "answers/"
WORTH: Final = timedelta(milliseconds=100)
"""What took longer is kept: several times what it costs to read it."""
_MONEY: Final = "decimal"


class StoredAnswers:
    """The answers in a bucket. Whatever is wrong with it, questions are answered without: ``warn`` is told.

    Parameters
    ----------
    store
        The bucket, asked for when first needed.
    warn
        Takes a sentence for the log.
    """

    def __init__(self, store: Callable[[], ObjectStore], warn: Callable[[str], None]) -> None:
        self._store, self._warn = store, warn

    def get(self, key: Sequence[str]) -> Computed | None:
        """Answer what is kept, None where there is nothing."""
        try:
            return decode(self._store().get(name(key)).body)
        except ObjectNotFound:
            return None
        except (StoreError, ValueError, KeyError, TypeError, EOFError, OSError) as error:
            self._warn(f"a kept answer could not be read: {error!r}")
            return None

    def has(self, key: Sequence[str]) -> bool:
        """Answer whether there is an answer. Raises ``StoreUnavailable``."""
        try:
            self._store().head(name(key))
        except ObjectNotFound:
            return False
        return True

    def write(self, key: Sequence[str], computed: Computed) -> None:
        """Keep an answer. Raises ``StoreUnavailable``."""
        self._store().put(name(key), encode(computed), content_type="application/gzip")

    def put(self, key: Sequence[str], computed: Computed) -> None:
        """Keep an answer where that can be."""
        try:
            self.write(key, computed)
        except StoreError as error:
            self._warn(f"an answer could not be kept: {error!r}")


def name(key: Sequence[str]) -> str:
    """Name the object of an answer."""
    said = json.dumps([code(), *key]).encode()
    return f"{PREFIX}{hashlib.sha256(said).hexdigest()}.json.gz"


@cache
def code() -> str:
    """Answer a digest of the code that answers questions, declarations of metrics and cubes included."""
    root = Path(chalicelib.__file__).parent
    files = [path for part in ("metrics", "domain", "sources") for path in (root / part).rglob("*.py")]
    said = hashlib.sha256()
    for path in sorted(files):
        said.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return said.hexdigest()


def encode(computed: Computed) -> bytes:
    """Write an answer; the same answer is the same bytes."""
    body = {
        "buckets": [[b.start.isoformat(), b.end.isoformat(), b.partial, *b.rows] for b in computed.buckets],
        "totals": list(computed.totals),
        "warnings": list(computed.warnings),
        "computed_at": computed.computed_at.isoformat(),
        "since": [None if at is None else at.isoformat() for at in computed.since],
    }
    return gzip.compress(json.dumps(body, separators=(",", ":"), default=_money).encode(), 1, mtime=0)


def decode(body: bytes) -> Computed:
    """Read what :func:`encode` wrote. Raises ``ValueError``, ``KeyError``, ``TypeError``, ``EOFError``, ``OSError``."""
    found = json.loads(gzip.decompress(body), object_hook=_from_money)
    buckets = [
        Bucket(datetime.fromisoformat(start), datetime.fromisoformat(end), partial, _rows(rows))
        for start, end, partial, *rows in found["buckets"]
    ]
    computed_at = datetime.fromisoformat(found["computed_at"])
    since = tuple(None if at is None else datetime.fromisoformat(at) for at in found["since"])
    return Computed(buckets, _rows(found["totals"]), found["warnings"], computed_at, since)


def _rows(found: Sequence[Any]) -> list[Row]:
    return [tuple(row) for row in found]


def _money(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {_MONEY: str(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")


def _from_money(found: dict[str, Any]) -> Any:
    return Decimal(found[_MONEY]) if found.keys() == {_MONEY} else found
