"""The port to the bucket of results: files up and down, and links that expire. ``chalicelib.aws`` implements it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class ResultFiles(Protocol):
    """The bucket of results. Methods raise ``ObjectNotFound`` and ``StoreUnavailable``."""

    def size(self, key: str) -> int | None:
        """Answer an object's size in bytes, or None when there is none."""
        ...

    def download(self, key: str, path: Path) -> None:
        """Write an object into a file."""
        ...

    def upload(self, path: Path, key: str, content_type: str) -> None:
        """Write a file into an object."""
        ...

    def link(self, key: str, filename: str, seconds: int) -> str:
        """Answer an address from which anybody may download the object for a time."""
        ...
