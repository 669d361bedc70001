"""Records that were set aside, as they stand in ``rejected/``: read back, and which of a commit still are."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.ingest.intake import ROWS
from chalicelib.lake import layout
from chalicelib.sources.base import Item

NOT_KEPT = "they were set aside before what is needed to read them again was kept beside them"
NO_BODY = "their rows fit no table, and what they were read from was not kept"
NO_ITEM = "what they point at was gone when they came"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One line. ``ordinal`` is the record's place in the commit that received it; ``line`` is the line as it stands."""

    line: bytes
    fields: Mapping[str, Any]

    @property
    def ordinal(self) -> int | None:
        """The record's place in its commit, from 0; None in a line of before places were kept."""
        return self.fields.get("ordinal")

    @property
    def origin(self) -> str:
        """Where the record came from."""
        return str(self.fields["origin"])

    @property
    def obstacle(self) -> str | None:
        """Why what arrived cannot be read again; None when it can."""
        if self.ordinal is None:
            return NOT_KEPT
        if self.fields.get("encoding") == ROWS:
            return NO_BODY
        return None if "item" in self.fields else NO_ITEM

    def item(self) -> Item:
        """Answer the item that alone gives this record, as it would have arrived."""
        kept, raw = self.fields["item"], self.fields["raw"]
        body = b64decode(raw) if self.fields["encoding"] == "base64" else raw.encode()
        return Item(self.origin, body, kept["attributes"], datetime.fromisoformat(kept["received_at"]))


def latest(store: ObjectStore, stream: str) -> dict[int, str]:
    """Answer, by the commit that received them, the key of the records that are still set aside."""
    found = (item.key for item in store.list(layout.rejected_of(stream)))
    return {layout.rejected_origin(key): key for key in sorted(found)}


def read(store: ObjectStore, key: str) -> list[SetAside]:
    """Read the records of one object. Raises ``IntegrityError``."""
    try:
        lines = gzip.decompress(store.get(key).body).splitlines()
        return [SetAside(line, json.loads(line)) for line in lines]
    except (ValueError, OSError, EOFError) as error:
        raise IntegrityError(f"{key} cannot be read: {error}") from error
