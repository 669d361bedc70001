"""Set-aside records read again by today's parser: what has become good, and why the rest has not.

What arrived is read from the line itself, which holds an item that alone gives the record. What was pulled is read from
its raw pages, all of them in their order, since a record can depend on the others; it is known by its place.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.objects import ObjectStore
from chalicelib.ingest.fetching import read_pages
from chalicelib.ingest.identity import ID_BYTES, BatchIdentities, identity_of
from chalicelib.ingest.seal import outcomes_of
from chalicelib.ingest.set_aside import NOT_KEPT, SetAside
from chalicelib.lake import layout
from chalicelib.lake.steps import Step
from chalicelib.sources.base import Accepted, ArrivingSource, Outcome, PullSource, Source, each_record

STILL_BAD = "they are still bad"
OTHERS = (
    "today's parser and configuration find other records in the raw pages than were found then: put the section of the "
    "configuration back as it was, or mend the parser"
)
RESTATED = "they belong to a restated table, where a day is one object: backfill the range with 'again'"


@dataclass
class Reread:
    """What came of the records of one commit: outcomes to take by their line, lines to keep, and why those are kept."""

    good: list[tuple[SetAside, Sequence[Outcome]]] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    def keep(self, record: SetAside, reason: str) -> None:
        """Leave a record where it is."""
        self.kept.append(record.line)
        self.reasons[reason] += 1

    def judge(self, record: SetAside, outcomes: Sequence[Outcome], restated: frozenset[str]) -> None:
        """Take a record that is good now, or keep it."""
        accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
        if not accepted:
            self.keep(record, STILL_BAD)
        elif any(table in restated for outcome in accepted for table, _ in outcome.rows):
            self.keep(record, RESTATED)
        else:
            self.good.append((record, outcomes))


def restated_tables(source: Source) -> frozenset[str]:
    """Name the restated tables of a source."""
    return frozenset(table.name for table in source.tables if table.restated)


def reread_arrived(source: ArrivingSource, config: Mapping[str, Any], records: Iterable[SetAside]) -> Reread:
    """Read records that arrived again, each by itself."""
    found, restated = Reread(), restated_tables(source)
    for record in records:
        if record.obstacle is not None:
            found.keep(record, record.obstacle)
        else:
            found.judge(record, outcomes_of(source, record.item(), config), restated)
    return found


def reread_pulled(
    store: ObjectStore,
    source: PullSource,
    config: Mapping[str, Any],
    step: Step,
    records: Sequence[SetAside],
    first: Sequence[SetAside],
    known: BatchIdentities,
) -> Reread:
    """Read the window of a pull again and take the records that were set aside, by their places.

    Parameters
    ----------
    step
        The commit that received them.
    records, first
        What is set aside now, and what was when the commit was made.
    known
        Is told the identities of all records of the window that are rows already.
    """
    found, wanted = Reread(), {record.ordinal: record for record in records}
    then = {record.ordinal for record in first}
    if step.raw is None or not step.good or None in then:
        for record in records:
            found.keep(record, NOT_KEPT)
        return found
    again: dict[int, Outcome] = {}
    digest, same, count = hashlib.blake2b(digest_size=16), True, 0
    keys = sorted(entry.key for entry in store.list(step.raw))
    window = layout.window_of(layout.raw_window_name(step.raw))
    for ordinal, outcome in enumerate(each_record(source.parse(read_pages(store, keys), window, config))):
        count += 1
        if ordinal in wanted:
            again[ordinal] = outcome
        elif isinstance(outcome, Accepted):
            identity = identity_of(outcome)
            known.add(identity)
            if ordinal not in then:
                digest.update(identity[:ID_BYTES])
        else:
            same = same and ordinal in then
    same = same and count == step.counts.received and digest.hexdigest() == step.good
    restated = restated_tables(source)
    for place, record in wanted.items():
        if same and place is not None:
            found.judge(record, (again[place],), restated)
        else:
            found.keep(record, OTHERS)
    return found
