"""`make help` is the way in: every target is on it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_help_has_one_line_for_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert sorted(re.findall(r"make (\w+) +\S", done.stdout)) == sorted(phony.split())


def test_every_target_but_the_environment_is_on_the_list() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    targets = re.findall(r"^([a-z][\w/]*):", makefile, re.MULTILINE)

    assert set(targets) == set(phony.split())
