"""Python loads this at its start, where it stands on ``PYTHONPATH``: pyarrow's S3 finds the local cloud.

PyAthena's ``ArrowCursor`` reads results by pyarrow's own S3 client, made without an address
(``_create_s3_file_system`` in ``pyathena/arrow/result_set.py``), and that client does not read ``AWS_ENDPOINT_URL``.
In AWS nothing of this is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any


class _WithAddress(MetaPathFinder):
    """Give ``pyarrow.fs.S3FileSystem`` the address of ``AWS_ENDPOINT_URL`` when the module is first imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "pyarrow.fs" or "AWS_ENDPOINT_URL" not in os.environ:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(Loader):
    def __init__(self, inner: Loader) -> None:
        self._inner = inner

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._inner.exec_module(module)
        original = module.S3FileSystem

        def local(**given: Any) -> Any:
            return original(**{"endpoint_override": os.environ["AWS_ENDPOINT_URL"], **given})

        module.S3FileSystem = local  # type: ignore[attr-defined]


if __name__ == "sitecustomize":  # loaded at the start, not as a module of the tests
    sys.meta_path.insert(0, _WithAddress())
