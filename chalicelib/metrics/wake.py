"""A batch of messages ("this stream has moved") becomes each cube's roll-up once, however many messages name it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chalicelib.errors import CommitLost, HeadwaterError
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.cubes import CUBES, cubes_of
from chalicelib.metrics.rollup import Outcome

_LOST_RACES = 3


class Runs(Protocol):
    """A :class:`~chalicelib.metrics.rollup.Rollup`."""

    def run(self, cube: Cube, /) -> Outcome:
        """Bring one cube up to date."""
        ...


def roll_up(
    rollup: Runs,
    streams: Mapping[str, str | None],
    *,
    has_time: Callable[[], bool],
    tell: Callable[[str, dict[str, Any]], None],
) -> list[str]:
    """Run the cubes that the messages speak of, and answer the ids of those messages that must come again.

    Parameters
    ----------
    rollup
        Runs one cube.
    streams
        Message id to the stream that has moved (or a cube's own name); None for a message that cannot be read, which
        must come again, and so ends in the dead-letter queue, where somebody sees it.
    has_time
        Whether there is time for another look; without it a message whose cube has more to do comes again.
    tell
        Takes a sentence and facts for the log.
    """
    cubes = {cube.name: cube for stream in streams.values() for cube in _fed_by(stream)}
    unfinished = {name for name, cube in cubes.items() if not _run_until_done(rollup, cube, has_time, tell)}
    return [
        message_id
        for message_id, stream in streams.items()
        if stream is None or any(cube.name in unfinished for cube in _fed_by(stream))
    ]


def _fed_by(stream: str | None) -> tuple[Cube, ...]:
    if stream is None:
        return ()
    return (CUBES[stream],) if stream in CUBES else cubes_of(stream)


def _run_until_done(
    rollup: Runs, cube: Cube, has_time: Callable[[], bool], tell: Callable[[str, dict[str, Any]], None]
) -> bool:
    lost = 0
    while has_time():
        try:
            outcome = rollup.run(cube)
        except CommitLost:  # a twin has moved the cube: look again, most often nothing is left
            lost += 1
            if lost == _LOST_RACES:
                return False
            continue
        except HeadwaterError as error:  # the edge of one cube: the others go on, the message comes again
            tell("cube could not be rolled up", {"cube": cube.name, "error": f"{type(error).__name__}: {error}"})
            return False
        if outcome.seq is not None:
            tell("cube rolled up", {"cube": cube.name, "seq": outcome.seq, "partitions": list(outcome.partitions)})
        if not outcome.more:
            return True
    return False
