"""A real Trino on this machine: its jars by their hashes, one process, statements in, answers out."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BUILT = HERE.parents[1] / ".build" / "oracle"
JARS = HERE / "jars.sha256"


class OracleMissing(Exception):  # noqa: N818 - the message is all that matters
    """Trino cannot be had here; the message says why and what to do."""


Answers = Mapping[str, Mapping[str, Any]]
SIGNATURES = "signatures"


def ask(statements: Iterable[tuple[str, str]]) -> tuple[Answers, Sequence[Mapping[str, Any]]]:
    """Run statements, ``(id, SQL)``, in one Trino.

    Returns
    -------
    what each came to, by its id, and every function and operator as Trino's registry describes them.

    Raises
    ------
    OracleMissing
        Where Trino cannot be had.
    """
    asked = [*({"id": name, "sql": sql} for name, sql in statements), {"id": SIGNATURES, SIGNATURES: True}]
    answers = _told(asked)
    return answers, answers[SIGNATURES][SIGNATURES]


def _told(questions: Sequence[Mapping[str, Any]]) -> Answers:
    classes = prepared()
    path = os.pathsep.join([str(classes), *map(str, sorted((BUILT / "lib").glob("*.jar")))])
    asked = "".join(json.dumps(question) + "\n" for question in questions)
    command = ["java", "-Xmx2g", "-cp", path, "Oracle"]
    with (BUILT / "trino.log").open("w") as log:
        done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, stderr=log, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != asked.count("\n"):
        raise OracleMissing(f"Trino stopped after {len(answers)} statements: see {BUILT / 'trino.log'}")
    return {answer["id"]: answer for answer in answers}


def prepared() -> Path:
    """Fetch what is not there, check every jar against its hash, compile; answer where the class is."""
    for program, package in (("java", "a Java 17 runtime"), ("javac", "a Java 17 compiler"), ("mvn", "Maven")):
        if shutil.which(program) is None:
            raise OracleMissing(f"{program} is not there: install {package}")
    if hashes(BUILT / "lib") != wanted():
        _run(
            [
                "mvn",
                "-q",
                "-B",
                "-f",
                str(HERE / "pom.xml"),
                "dependency:copy-dependencies",
                f"-DoutputDirectory={BUILT / 'lib'}",
            ]
        )
        if (found := hashes(BUILT / "lib")) != wanted():
            odd = sorted({name for name, _ in found.items() ^ wanted().items()})
            raise OracleMissing(f"the jars are not those of {JARS.name}: {', '.join(odd[:5])}")
    classes = BUILT / "classes"
    sources, made = sorted(HERE.glob("*.java")), classes / "Oracle.class"
    if not made.exists() or made.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        _run(["javac", "-cp", f"{BUILT / 'lib'}/*", "-d", str(classes), *map(str, sources)])
    return classes


def wanted() -> dict[str, str]:
    """The hash of every jar that belongs to it."""
    pairs = (line.split() for line in JARS.read_text().splitlines())
    return {name: digest for digest, name in pairs}


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every jar in a folder."""
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OracleMissing(f"{command[0]} failed:\n" + "\n".join((done.stdout + done.stderr).splitlines()[:8]))
