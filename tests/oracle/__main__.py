"""``make oracle``: the project's statements, a corpus, and Trino's documentation where it is there, in both engines."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.oracle import ours, signatures
from tests.oracle.compare import KNOWN, Verdict, verdict
from tests.oracle.generated import generated
from tests.oracle.project import project
from tests.oracle.record import RECORDED, plainly, recorded, write
from tests.oracle.trino import OracleMissing, ask
from tests.real_data import FOLDER

CORPUS = Path(__file__).parent / "corpus"
DOCUMENTATION = "documentation"
OWN = {"project", *(file.stem for file in CORPUS.glob("*.sql"))}
DOCUMENTED = Path("trino") / "trino_documented_examples.json"


def corpus() -> Iterator[tuple[str, str]]:
    """Every statement, with the name of its file: one a line."""
    for file in sorted(CORPUS.glob("*.sql")):
        for line in file.read_text().splitlines():
            if line and not line.startswith("--"):
                yield file.stem, line


def documented() -> Iterator[tuple[str, str]]:
    """The statements of Trino's documentation; none where the real data is absent."""
    file = FOLDER / DOCUMENTED
    if file.is_file():
        yield from ((DOCUMENTATION, example["sql"]) for example in json.loads(file.read_text()))


def main() -> int:
    """Compare, print the table and everything unexplained; 1 where there is any, 2 where Trino cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="show refused statements and known differences too")
    parser.add_argument(
        "--record",
        action="store_true",
        help="keep Trino's answers to our own statements and the types of its functions",
    )
    parser.add_argument(
        "--random", type=int, default=0, metavar="N", help="compare N statements made by chance as well"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other statements")
    given = parser.parse_args()
    began = time.monotonic()
    statements = [*project(), *corpus(), *documented(), *generated(given.random, given.seed)]
    try:
        answers, listed = ask((str(n), sql) for n, (_, sql) in enumerate(statements))
    except OracleMissing as missing:
        sys.stderr.write(f"no oracle: {missing}\n")
        return 2
    told = {sql: answers[str(n)] for n, (group, sql) in enumerate(statements) if group in OWN}
    if given.record:
        write(told)
        signatures.keep(listed)
    if not signatures.are_kept(listed):
        print(f"Trino's functions are not those in {signatures.RECORDED.name}: run with --record")
        return 1
    if stale := [sql for sql, answer in told.items() if recorded().get(sql) != plainly(sql, answer)]:
        print(f"{len(stale)} of Trino's answers are not those in {RECORDED.name}: run with --record; first: {stale[0]}")
        return 1
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    met: set[str] = set()
    for number, (group, sql) in enumerate(statements):
        own, trino = ours.answer(sql), answers[str(number)]
        found = verdict(sql, own, trino)
        counts[group][found] += 1
        met |= {sql} if found is Verdict.KNOWN else set()
        if found is Verdict.DIFFERENT or (given.all and found is not Verdict.SAME):
            print(f"{found.value}: {sql}\n   ours  {said(own)}\n   Trino {said(trino)}")
    print(f"\n{'':<16}{'statements':>11}" + "".join(f"{kind.value:>20}" for kind in Verdict))
    for group, of in counts.items():
        print(f"{group:<16}{of.total():>11}" + "".join(f"{of[kind]:>20}" for kind in Verdict))
    print(f"{time.monotonic() - began:.0f} s")
    for gone in sorted(KNOWN.keys() - met):
        print(f"no longer a difference, take it out of known_differences.json: {gone}")
    return int(any(of[Verdict.DIFFERENT] for of in counts.values()) or bool(KNOWN.keys() - met))


def said(answer: object) -> str:
    """Write an answer on one line."""
    return json.dumps(answer, ensure_ascii=False)[:240]


if __name__ == "__main__":
    sys.exit(main())
