"""A batch of messages ("this stream has moved") becomes each cube's roll-up once, however many messages name it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from chalicelib.errors import CommitLost, HeadwaterError
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.rollup import Outcome

_LOST_RACES = 3


class Runs(Protocol):
    """A :class:`~chalicelib.metrics.rollup.Rollup`."""

    def run(self, cube: Cube, again: Collection[date] = (), /) -> Outcome:
        """Bring one cube up to date."""
        ...


@dataclass(frozen=True, slots=True)
class Moved:
    """What a message says: the stream that has moved, or a cube's name and the UTC days to compute again."""

    stream: str
    again: frozenset[date] = frozenset()

    @classmethod
    def read(cls, body: Mapping[str, Any] | None) -> Moved | None:
        """Read a message's body; None where it cannot be read.

        >>> Moved.read({"stream": "github_cube", "again": ["2026-11-01"]})
        Moved(stream='github_cube', again=frozenset({datetime.date(2026, 11, 1)}))
        >>> Moved.read({"stream": "github_cube", "again": ["soon"]}) is None
        True
        """
        try:
            stream = (body or {})["stream"]
            return cls(stream, frozenset(map(date.fromisoformat, (body or {}).get("again", ()))))
        except (KeyError, TypeError, ValueError):
            return None

    def of(self, cubes: Mapping[str, Cube]) -> tuple[Cube, ...]:
        """Answer the cubes that it speaks of: the one of this name, or those that the stream feeds."""
        if self.stream in cubes:
            return (cubes[self.stream],)
        return tuple(cube for cube in cubes.values() if self.stream in cube.inputs)


def roll_up(
    rollup: Runs,
    messages: Mapping[str, Moved | None],
    cubes: Mapping[str, Cube],
    *,
    has_time: Callable[[], bool],
    tell: Callable[[str, dict[str, Any]], None],
) -> list[str]:
    """Run the cubes that the messages speak of, and answer the ids of those messages that must come again.

    Parameters
    ----------
    rollup
        Runs one cube.
    messages
        By their ids; None for one that cannot be read, which must come again, and so ends in the dead-letter queue,
        where somebody sees it.
    cubes
        Every cube there is, by its name.
    has_time
        Whether there is time for another look; without it a message whose cube has more to do comes again.
    tell
        Takes a sentence and facts for the log.
    """
    again: dict[str, set[date]] = {}
    for message in messages.values():
        for cube in message.of(cubes) if message else ():
            again.setdefault(cube.name, set()).update(message.again if message else ())
    unfinished = {
        name for name, days in again.items() if not _run_until_done(rollup, cubes[name], days, has_time, tell)
    }
    return [
        message_id
        for message_id, message in messages.items()
        if message is None or any(cube.name in unfinished for cube in message.of(cubes))
    ]


def _run_until_done(
    rollup: Runs,
    cube: Cube,
    again: Collection[date],
    has_time: Callable[[], bool],
    tell: Callable[[str, dict[str, Any]], None],
) -> bool:
    lost = 0
    while has_time():
        try:
            outcome = rollup.run(cube, again)
        except CommitLost:  # a twin has moved the cube: look again, most often nothing is left
            lost += 1
            if lost == _LOST_RACES:
                return False
            continue
        except HeadwaterError as error:  # the edge of one cube: the others go on, the message comes again
            tell("cube could not be rolled up", {"cube": cube.name, "error": f"{type(error).__name__}: {error}"})
            return False
        again = ()
        if outcome.seq is not None:
            tell("cube rolled up", {"cube": cube.name, "seq": outcome.seq, "partitions": list(outcome.partitions)})
        if not outcome.more:
            return True
    return False
