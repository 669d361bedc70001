"""Local copies of published files: fetched whole and in parallel, named by their key, bounded in size.

A published object never changes, so a copy is good for ever; what was not used for longest goes first. Several
processes may share the folder: a copy appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError, RequestError
from chalicelib.lake.published import DataFile

MAX_BYTES: Final = 384 * 1024 * 1024
"""Three quarters of the 512 MB that a Lambda's ``/tmp`` has."""
PARALLEL: Final = 16


class FileCache:
    """Copies of the lake's objects in one folder.

    Parameters
    ----------
    folder
        Made when first needed.
    store
        Where the objects are, asked for when first needed.
    max_bytes
        How much the copies may take together.
    """

    def __init__(self, folder: Path, store: Callable[[], ObjectStore], *, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self._store = store
        self._max_bytes = max_bytes

    def fetch(self, files: Sequence[DataFile]) -> list[Path]:
        """Answer local copies of these files, in their order.

        Raises
        ------
        RequestError
            422 when they are larger than the cache may be.
        StoreUnavailable, ObjectNotFound, IntegrityError
            A file could not be had, or is not the one that was published.
        """
        wanted = sum(file.size_bytes for file in files)
        if wanted > self._max_bytes:
            raise RequestError(
                f"This question reads {wanted:,} bytes; at most {self._max_bytes:,} are read. Ask for a shorter range.",
                status=422,
            )
        paths = [self.path(file) for file in files]
        missing = [(f, p) for f, p in zip(files, paths, strict=True) if not _touch(p, f.size_bytes)]
        if missing:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._evict(sum(file.size_bytes for file, _ in missing), keep=set(paths))
            store = self._store()
            with ThreadPoolExecutor(min(PARALLEL, len(missing))) as pool:
                list(pool.map(lambda one: _copy(store, *one), missing))
        return paths

    def has(self, file: DataFile) -> bool:
        """Answer whether there is a copy of a file."""
        return self.path(file).exists()

    def path(self, file: DataFile) -> Path:
        """Answer where a file's copy is or would be."""
        return self.folder / f"{hashlib.sha256(file.key.encode()).hexdigest()[:40]}.parquet"

    def _evict(self, needed: int, keep: set[Path]) -> None:
        """Delete the copies that were not used for longest until ``needed`` more bytes fit."""
        found = [(p, s) for p in self.folder.glob("*.parquet") if (s := _stat(p)) is not None]
        held = sum(stat.st_size for _, stat in found)
        for path, stat in sorted(found, key=lambda one: one[1].st_mtime_ns):
            if held + needed <= self._max_bytes:
                return
            if path not in keep:
                path.unlink(missing_ok=True)
                held -= stat.st_size


def _copy(store: ObjectStore, file: DataFile, path: Path) -> None:
    body = store.get(file.key).body
    if len(body) != file.size_bytes:
        raise IntegrityError(f"{file.key} has {len(body)} bytes, published were {file.size_bytes}")
    temporary = path.with_suffix(f".{uuid.uuid4().hex}.part")
    temporary.write_bytes(body)
    temporary.replace(path)


def _touch(path: Path, size_bytes: int) -> bool:
    """Mark a copy as used now; False when there is none of this size."""
    try:
        os.utime(path)
        return path.stat().st_size == size_bytes
    except FileNotFoundError:
        return False


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
