"""The result files that this server keeps beside S3, the least recently used out first."""

from __future__ import annotations

import shutil
import threading
import uuid
from collections import OrderedDict
from pathlib import Path

from infra.local.athena.errors import invalid_request
from infra.local.athena.objects import ObjectStore
from infra.local.athena.results import Row
from infra.local.athena.spool import ResultFile, ResultWriter, index


class KeptResults:
    """Result files by where they are in S3; one that is not kept any more is fetched again.

    Parameters
    ----------
    folder
        Of this server only; what it had is deleted.
    limit_bytes
        Of all files together; the newest stays, however large.
    """

    def __init__(self, folder: Path, objects: ObjectStore, limit_bytes: int) -> None:
        self._folder = folder
        self._objects = objects
        self._limit = limit_bytes
        self._files: OrderedDict[tuple[str, str], ResultFile] = OrderedDict()
        self._lock = threading.Lock()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def writer(self, is_text: bool) -> ResultWriter:
        """A new file; it is kept once it is given to :meth:`keep`."""
        return ResultWriter(self._folder / uuid.uuid4().hex, is_text)

    def keep(self, bucket: str, key: str, file: ResultFile) -> None:
        """Remember what has been written to S3."""
        with self._lock:
            replaced = self._files.pop((bucket, key), None)
            self._files[bucket, key] = file
            out = [replaced] if replaced else []
            total = sum(kept.size_bytes for kept in self._files.values())
            while total > self._limit and len(self._files) > 1:
                _, evicted = self._files.popitem(last=False)
                total -= evicted.size_bytes
                out.append(evicted)
        for one in out:
            one.path.unlink(missing_ok=True)

    def page(self, bucket: str, key: str, start: int, count: int, is_text: bool) -> tuple[list[Row], int]:
        """``count`` rows from ``start`` on, and how many rows there are.

        Raises
        ------
        ApiError
            ``RESULT_NOT_FOUND`` when the object is gone.
        """
        while True:
            file = self._kept(bucket, key) or self._fetched(bucket, key, is_text)
            try:
                return file.page(start, count), file.rows
            except FileNotFoundError:  # evicted since
                with self._lock:
                    self._files.pop((bucket, key), None)

    def _kept(self, bucket: str, key: str) -> ResultFile | None:
        with self._lock:
            file = self._files.get((bucket, key))
            if file is not None:
                self._files.move_to_end((bucket, key))
            return file

    def _fetched(self, bucket: str, key: str, is_text: bool) -> ResultFile:
        path = self._folder / uuid.uuid4().hex
        if not self._objects.download(bucket, key, path):
            raise invalid_request("Could not find results", "RESULT_NOT_FOUND")
        file = index(path, is_text)
        self.keep(bucket, key, file)
        return file
