"""Lambda packages: wheels and our own code in one zip, the same bytes for the same input."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first instant that a zip can tell
FILE_MODE = 0o100644 << 16
NOT_PACKAGED = {"__pycache__", ".ruff_cache", ".mypy_cache"}
# What installers write for themselves: it differs from machine to machine, and nothing in a Lambda reads it.
INSTALLER_FILES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}

Entries = Mapping[str, Path]
"""Path within the package → file on disk."""


class MissingWheel(Exception):  # noqa: N818 - named as the field names it
    """A locked package has no wheel for the target."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a package will run: ``python`` is ``3.13``, ``platform`` uv's name of it (None: this machine)."""

    name: str
    python: str
    platform: str | None

    @property
    def runtime(self) -> str:
        """Lambda's name of the runtime."""
        return f"python{self.python}"


AWS = Target("aws", "3.13", "x86_64-manylinux_2_28")  # Amazon Linux 2023 has glibc 2.34
LOCAL = Target("local", f"{sys.version_info.major}.{sys.version_info.minor}", None)
TARGETS = {target.name: target for target in (AWS, LOCAL)}


def install_wheels(lock: Path, folder: Path, target: Target, uv: Path) -> None:
    """Unpack the wheels of a hashed lock file into ``folder``, once: a second call with the same lock is free.

    Raises
    ------
    MissingWheel
        uv's own words, which name the package.
    """
    stamp = folder.with_suffix(".stamp")
    wanted = hashlib.sha256(lock.read_bytes() + repr(target).encode()).hexdigest()
    if folder.is_dir() and stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    command = [str(uv), "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command += ["--python", sys.executable, "--python-version", target.python, "--target", str(folder), "-r", str(lock)]
    if target.platform:
        command += ["--python-platform", target.platform]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingWheel(f"{lock.name} for {target.runtime}: {done.stderr.strip()}")
    stamp.write_text(wanted)


def tree(root: Path, *, under: str = "", without: Iterable[str] = ()) -> Iterator[tuple[str, Path]]:
    """Every file below ``root`` as ``(path in the package, file)``, caches and installers' notes left out.

    ``without`` names folders (relative to ``root``) that stay behind.
    """
    left = tuple(f"{name.rstrip('/')}/" for name in without)
    for file in root.rglob("*"):
        inner = file.relative_to(root)
        if not file.is_file() or NOT_PACKAGED & set(inner.parts) or inner.suffix == ".pyc":
            continue
        if inner.parts[0] == "bin" or inner.as_posix().startswith(left):
            continue
        if inner.parent.suffix == ".dist-info" and inner.name in INSTALLER_FILES:
            continue
        yield f"{under}{inner.as_posix()}", file


def digest(entries: Entries) -> str:
    """What the package is made of, in one hash."""
    total = hashlib.sha256()
    for name in sorted(entries):
        total.update(f"{name}\0".encode() + hashlib.sha256(entries[name].read_bytes()).digest())
    return total.hexdigest()


def write_zip(entries: Entries, file: Path) -> int:
    """Write a package and answer its unzipped size in bytes; entries sorted, times and modes fixed.

    Written anew only when its content has changed, since compressing takes seconds.
    """
    stamp = file.with_suffix(".sha256")
    wanted = digest(entries)
    if not (file.is_file() and stamp.is_file() and stamp.read_text() == wanted):
        file.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
            for name in sorted(entries):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.create_system = 3  # Unix, whatever built it
                entry.external_attr = FILE_MODE
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, entries[name].read_bytes())
        stamp.write_text(wanted)
    return sum(path.stat().st_size for path in entries.values())
