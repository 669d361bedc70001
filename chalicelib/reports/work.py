"""Works a run off: its parts, its file, and word of it, each once as far as that can be had from a queue of twins.

The end is written down before anybody is told, and the message's id and words are those of what is written: whoever
dies at whichever moment, the next one goes on from there, and the same message is put into the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from chalicelib.documents import delivery, writing
from chalicelib.domain.clock import Clock
from chalicelib.domain.records import WorkState
from chalicelib.domain.result_files import ResultFiles
from chalicelib.domain.state import StateStore
from chalicelib.errors import RequestError, StoreUnavailable
from chalicelib.outbox.message import Teller
from chalicelib.reports import periods, runs
from chalicelib.reports.composing import compose, notes, problems
from chalicelib.reports.figures import lines
from chalicelib.reports.making import Maker, StillAtWork
from chalicelib.reports.parts import Made, missing
from chalicelib.reports.runs import Run
from chalicelib.reports.telling import message_of

OF_THE_DATA: Final = (RequestError, ArithmeticError, TypeError, ValueError)
"""What writing can raise for the values of a part: more than the format holds, or what nobody has thought of."""


@dataclass(frozen=True, slots=True)
class Work:
    """Where runs are read, made and told of."""

    state: StateStore
    results: ResultFiles
    maker: Maker
    teller: Teller
    key: Callable[[], bytes]
    clock: Clock

    def do(self, report: str, run_id: str, until: datetime) -> Run | None:
        """Make a run, or go on where somebody died; answer how it ended, None when there is nothing to be done.

        Parameters
        ----------
        until
            So long statements are waited for.

        Raises
        ------
        StillAtWork
            A statement needs longer: the run is queued again, whoever called puts its message back.
        StoreUnavailable
            Somebody else may be at it, or nobody can say now: the message comes again.
        """
        found = runs.read(self.state, report, run_id)
        if found is None or (found.state.is_final and found.told):
            return None
        given_up = found.as_of(self.clock())
        if given_up.state.is_final:
            return self._told(given_up if found.state.is_final else self._written(given_up))
        if found.is_at_work(self.clock()):
            raise StoreUnavailable(f"run {run_id} of {report} is being made already")
        begun = self._written(replace(found, state=WorkState.RUNNING, started_at=self.clock()))
        try:
            made = self._made(begun, until)
        except StillAtWork:
            self._written(replace(begun, state=WorkState.QUEUED, started_at=self.clock()))
            raise
        return self._told(self._written(made))

    def _made(self, run: Run, until: datetime) -> Run:
        with TemporaryDirectory(prefix="headwater-report-") as folder:
            parts = self.maker.make(run, Path(folder), until)
            if all(part.problem for part in parts):
                return self._failed(run, parts)
            try:
                size = self._put(run, parts)
            except OF_THE_DATA:
                parts = [self._checked(run, part, Path(folder)) for part in parts]
                if all(part.problem for part in parts):
                    return self._failed(run, parts)
                size = self._put(run, parts)
        period = periods.first(part.period for part in parts)
        told = [lines(p.title, p.figures, "" if p.period == period else p.period) for p in parts]
        done = replace(
            run,
            size_bytes=size,
            lines=tuple(line for one in told for line in one),
            period=period,
            notes=tuple(notes([replace(part, problem="") for part in parts])),
            problems=tuple(problems(parts)),
        )
        return done.ended(WorkState.DONE, self.clock())

    def _failed(self, run: Run, parts: Sequence[Made]) -> Run:
        said = "No part of it could be made."
        return replace(run, error=said, problems=tuple(problems(parts))).ended(WorkState.FAILED, self.clock())

    def _put(self, run: Run, parts: Sequence[Made]) -> int:
        return delivery.put(self.results, run.key, run.content.form, compose(run, parts, self.clock()))

    def _checked(self, run: Run, part: Made, folder: Path) -> Made:
        """Answer a part as it is where it can be written, else why it is missing."""
        try:
            writing.write(compose(run, [part], self.clock()), run.content.form, folder / "alone")
        except RequestError as error:
            return missing(part.title, error.detail)
        except OF_THE_DATA as error:
            self.maker.warn(f"report {run.report}, '{part.title}': {error!r}")
            return missing(part.title, "It could not be written; that was logged. Tell whoever runs Headwater.")
        return part

    def _told(self, run: Run) -> Run:
        """Put word of a run into the outbox, if people are to be told, and write that down."""
        if run.told:
            return run
        if run.send:
            self.teller.put(message_of(run, self.key()))
        return self._written(replace(run, told=True))

    def _written(self, run: Run) -> Run:
        written = runs.update(self.state, run)
        if written is None:
            raise StoreUnavailable(f"somebody else is at run {run.id} of {run.report}")
        return written
