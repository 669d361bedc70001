"""The port to small mutable state, looked up by key: what DynamoDB does, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from chalicelib.errors import PreconditionFailed


class StateStore(Protocol):
    """One table of items under ``(pk, sk)``; every write is conditional, so that no update is lost.

    An item is a mapping of strings, integers, booleans, ``None`` and lists or mappings of these. Items that are read
    carry ``version``, a positive integer that each write counts up by one.
    """

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        """Read one item, or None. Raises ``StoreUnavailable``."""
        ...

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        """Write one item whole; its new version is ``expected_version + 1``, or 1.

        ``expected_version`` is the version that was read, or None to create only. Raises ``PreconditionFailed`` when
        another writer was faster, ``StoreUnavailable`` when the effect is unknown.
        """
        ...

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        """Read every item of ``pk`` in the order of ``sk``; items carry ``sk`` beside ``version``."""
        ...

    def delete(self, pk: str, sk: str) -> None:
        """Delete an item; deleting what is not there is no error. Raises ``StoreUnavailable``."""
        ...


def wrote(state: StateStore, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> bool:
    """Write one item as ``put`` does; False when another writer was faster. Raises ``StoreUnavailable``."""
    try:
        state.put(pk, sk, item, expected_version=expected_version)
    except PreconditionFailed:
        return False
    return True
