"""Result files beside S3: fetched when they are asked for, evicted when there are too many."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.local.athena.errors import ApiError
from infra.local.athena.kept_results import KeptResults
from infra.local.athena.objects import ObjectStore


class Bucket(ObjectStore):
    """Objects that can be downloaded; it counts how often."""

    def __init__(self, objects: Mapping[str, bytes]) -> None:
        self._objects = dict(objects)
        self.downloads: list[str] = []

    def download(self, bucket: str, key: str, path: Path) -> bool:
        """Write one to a file."""
        self.downloads.append(key)
        if key in self._objects:
            path.write_bytes(self._objects[key])
        return key in self._objects


CSV = b'"n"\n"1"\n'


def test_a_file_that_is_not_kept_is_fetched_once(tmp_path: Path) -> None:
    bucket = Bucket({"a": CSV})
    kept = KeptResults(tmp_path / "kept", bucket, limit_bytes=100)

    pages = [kept.page("b", "a", start, 1, is_text=False) for start in (0, 1, 2)]

    assert pages == [([["n"]], 2), ([["1"]], 2), ([], 2)]
    assert bucket.downloads == ["a"]


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    bucket = Bucket(dict.fromkeys("abc", CSV))
    kept = KeptResults(tmp_path / "kept", bucket, limit_bytes=2 * len(CSV))

    for key in "abaca":
        kept.page("b", key, 0, 1, is_text=False)
    kept.page("b", "b", 0, 1, is_text=False)

    assert bucket.downloads == ["a", "b", "c", "b"]
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_what_was_just_written_stays_however_large(tmp_path: Path) -> None:
    bucket = Bucket({})
    kept = KeptResults(tmp_path / "kept", bucket, limit_bytes=0)

    with kept.writer(is_text=True) as out:
        out.write([["one"], ["two"]])
        kept.keep("b", "a", out.result())

    assert kept.page("b", "a", 0, 10, is_text=True) == ([["one"], ["two"]], 2)
    assert bucket.downloads == []


def test_a_file_that_vanished_is_fetched_again(tmp_path: Path) -> None:
    bucket = Bucket({"a": CSV})
    kept = KeptResults(tmp_path / "kept", bucket, limit_bytes=100)
    kept.page("b", "a", 0, 1, is_text=False)

    for file in (tmp_path / "kept").iterdir():
        file.unlink()

    assert kept.page("b", "a", 1, 1, is_text=False) == ([["1"]], 2)


def test_what_s3_has_not_is_not_found(tmp_path: Path) -> None:
    kept = KeptResults(tmp_path / "kept", Bucket({}), limit_bytes=100)

    with pytest.raises(ApiError, match="Could not find results") as missing:
        kept.page("b", "a", 0, 1, is_text=False)

    assert missing.value.code == "RESULT_NOT_FOUND"
