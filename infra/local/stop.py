"""``make stop`` and ``make reset``: end what ``make run`` started; reset also forgets the data."""

from __future__ import annotations

import shutil
import sys

from infra.local import processes
from infra.local.places import ENDPOINTS, FOLDER

# The local AWS last: it saves its state when it is told to stop, and the others use it.
ORDER = ("edge", "outbox", "world", "athena", "aws")
# An environment and build stamps are no data.
KEPT = ("cloud", "cloud.stamp")


def stop() -> list[str]:
    """End every process and answer the names of those that ran."""
    ended = [name for name in ORDER if processes.stop(FOLDER / "run" / f"{name}.json")]
    ENDPOINTS.unlink(missing_ok=True)
    shutil.rmtree(FOLDER / "aws" / "tmp", ignore_errors=True)
    return ended


def forget() -> None:
    """Remove all that the local cloud has stored."""
    for entry in FOLDER.iterdir() if FOLDER.is_dir() else ():
        if entry.name in KEPT:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def main() -> int:
    """``stop`` or ``reset``."""
    ended = stop()
    print(f"stopped: {', '.join(ended)}" if ended else "nothing was running")
    if sys.argv[1:] == ["reset"]:
        forget()
        print("forgotten: all data of the local cloud")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
