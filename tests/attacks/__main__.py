"""``python -m tests.attacks --generated 50000``: every attack and query at both doors; 1 if one is not right."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable

from tests.attacks.children import Attack, Report, run
from tests.attacks.corpus import hostile, legitimate
from tests.attacks.generate import statements
from tests.attacks.outcome import Kind
from tests.attacks.verdicts import complaint

SHARED_ENGINE = 200
EVERY = 1_000


def main() -> int:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--generated", type=int, default=2_000, help="how many generated statements (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="of the generator (default 1)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--kind", help="only this kind of attack, or of legitimate query")
    given = parser.parse_args()
    began = time.monotonic()
    written = [attack for kind in hostile() for attack in kind.attacks]
    written += [Attack(f"legitimate: {kind}", sql) for kind, queries in legitimate().items() for _, sql in queries]
    if given.kind:
        written = [attack for attack in written if attack.kind.endswith(given.kind)]
    table = _Table()
    table.take(run(written, given.jobs), len(written))
    if not given.kind:
        table.take(run(statements(given.generated, given.seed), given.jobs, SHARED_ENGINE), given.generated)
    table.show()
    print(f"{time.monotonic() - began:.0f} s")
    return int(table.failed)


class _Table:
    """What came of the attacks, by kind."""

    def __init__(self) -> None:
        self.failed = 0
        self._athena: dict[str, Counter[Kind]] = defaultdict(Counter)
        self._endpoint: dict[str, Counter[str]] = defaultdict(Counter)

    def take(self, reports: Iterable[Report], expected: int) -> None:
        """Count reports as they come, and tell of each that is wrong."""
        for number, report in enumerate(reports, start=1):
            kind = report.attack.kind
            self._athena[kind][report.athena.kind] += 1
            self._endpoint[kind]["let in" if report.let_in else "refused"] += 1
            self._endpoint[kind]["bad"] += report.endpoint.is_bad
            if wrong := complaint(report):
                self.failed += 1
                print(f"{kind}: {wrong}\n    {report.attack.sql[:400]!r} {report.attack.parameters or ''}", flush=True)
            if number % EVERY == 0 or number == expected:
                print(f"  {number:,} of {expected:,}", file=sys.stderr, flush=True)

    def show(self) -> None:
        """Print it."""
        head = "".join(f"{name:>15}" for name in Kind) + f"{'endpoint: let in':>18}{'refused':>9}{'bad':>5}"
        print(f"{'local Athena':<46}{'statements':>10}{head}")
        for kind, counts in self._athena.items():
            door = self._endpoint[kind]
            row = "".join(f"{counts[name]:>15}" for name in Kind)
            print(f"{kind:<46}{counts.total():>10}{row}{door['let in']:>18}{door['refused']:>9}{door['bad']:>5}")
        total = sum(self._athena.values(), Counter())
        bad = sum(door["bad"] for door in self._endpoint.values())
        kept = "".join(f"{total[name]:>15}" for name in Kind)
        print(f"{'all':<46}{total.total():>10}{kept}{'':>27}{bad:>5}")
        print(f"{self.failed} statements got through, broke something or were refused wrongly")


if __name__ == "__main__":
    sys.exit(main())
