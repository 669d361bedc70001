"""The bucket of results, in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path


class DiskResults:
    """One folder; keys are paths in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.uploads: list[str] = []

    def size(self, key: str) -> int | None:
        path = self.folder / key
        return path.stat().st_size if path.exists() else None

    def download(self, key: str, path: Path) -> None:
        shutil.copy(self.folder / key, path)

    def upload(self, path: Path, key: str, content_type: str) -> None:
        self.uploads.append(content_type)
        (self.folder / key).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, self.folder / key)

    def link(self, key: str, filename: str, seconds: int) -> str:
        return f"https://results/{key}?name={filename}&for={seconds}"
