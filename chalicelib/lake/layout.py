"""Every key of the lake bucket, built and read here and nowhere else.

A *folder* is one version of a partition: ``v00000000`` until the first compaction, then the ``seq`` of the commit that
replaced it. A partition's location is one folder, so folders lie beside each other and never inside each other.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from chalicelib.sources.base import Window

SOURCES = "config/sources.toml"
"""What to pull, for every source; deploy puts it there."""
SIGN_IN = "config/sign-in.json"
"""Whose user pool and client people sign in by; deploy puts it there."""

_STAGE = re.compile(r"stage/(?P<stream>[^/]+)/(?P<seq>\d{8})/(?P<attempt>[^/]+)/.+")
_DATA = re.compile(
    r"lake/(?P<table>[^/]+)/(?P<partition>[^/]+)/v(?P<folder>\d{8})/(?P<stream>.+?)(-(?P<seq>\d{8}))?\.parquet"
)
_CUBE = re.compile(r"lake/[^/]+/(month|year)=[^/]+/(?P<seq>\d{8})-[^/]+/")
_STAMP = "%Y%m%dT%H%M%SZ"


def stamp(instant: datetime) -> str:
    """Write an instant as it stands in keys.

    >>> stamp(datetime(2026, 11, 22, 10, tzinfo=UTC))
    '20261122T100000Z'
    """
    return instant.astimezone(UTC).strftime(_STAMP)


def day(instant: datetime) -> str:
    """Name the ``dt`` partition of an instant: its UTC date.

    >>> day(datetime(2026, 11, 22, 10, tzinfo=UTC))
    'dt=2026-11-22'
    """
    return f"dt={instant.astimezone(UTC):%Y-%m-%d}"


# The log


def commits(stream: str) -> str:
    """Name the prefix of a stream's commits."""
    return f"ctl/commits/{stream}/"


def commit(stream: str, seq: int) -> str:
    """Name one commit."""
    return f"{commits(stream)}{seq:08d}.json"


def published(stream: str) -> str:
    """Name the object that says how far a stream is visible."""
    return f"ctl/published/{stream}.json"


def folder_pointer(stream: str, table: str, partition: str) -> str:
    """Name the object that says which folder of a compacted partition is current."""
    return f"ctl/folders/{stream}/{table}/{partition}.json"


# What comes in


def inbox(stream: str, digest: str = "") -> str:
    """Name an inbox object, or the prefix of all of a stream."""
    return f"inbox/{stream}/{digest}"


def window_name(window: Window) -> str:
    """Name a window as it stands in keys; names sort by time.

    >>> window_name(Window(datetime(2026, 11, 22, 10, tzinfo=UTC), datetime(2026, 11, 22, 11, tzinfo=UTC)))
    '20261122T100000Z-20261122T110000Z'
    """
    return f"{stamp(window.start)}-{stamp(window.end)}"


def raw(stream: str) -> str:
    """Name the prefix of a stream's raw pages."""
    return f"raw/{stream}/"


def raw_after(stream: str, start: datetime) -> str:
    """Name the place in a listing after which all windows begin at or after ``start``."""
    return f"{raw(stream)}{stamp(start)}"


def window_of(name: str) -> Window:
    """Read a window from its name.

    >>> window_of("20261122T100000Z-20261122T110000Z").end.hour
    11
    """
    start, end = (datetime.strptime(part, _STAMP).replace(tzinfo=UTC) for part in name.split("-"))
    return Window(start, end)


def raw_window_name(key: str) -> str:
    """Read a window's name from a raw page's key."""
    return key.split("/")[2]


def raw_window(stream: str, window: Window) -> str:
    """Name the prefix of a window's raw pages."""
    return f"raw/{stream}/{window_name(window)}/"


def raw_page(stream: str, window: Window, fetch: int, page: int) -> str:
    """Name one page as received: the ``page``-th of the ``fetch``-th try, both from 1."""
    return f"{raw_window(stream, window)}{fetch:04d}/{page:05d}.json.gz"


def raw_fetch(key: str) -> int:
    """Read the number of the fetch from a raw page's key."""
    return int(key.split("/")[3])


# What is staged


def stage(stream: str, seq: int | None = None, attempt: str = "", name: str = "") -> str:
    """Name a staged object, or the prefix of an attempt, of a commit, or of a stream."""
    if seq is None:
        return f"stage/{stream}/"
    return f"stage/{stream}/{seq:08d}/{attempt}/{name}" if attempt else f"stage/{stream}/{seq:08d}/"


def stage_seq(key: str) -> int:
    """Read the ``seq`` of a staged object's key. Raises ``ValueError``."""
    match = _STAGE.fullmatch(key)
    if match is None:
        raise ValueError(f"{key!r} is not the key of a staged object")
    return int(match["seq"])


def rejected(stream: str, seq: int) -> str:
    """Name the records that a commit has set aside."""
    return f"rejected/{stream}/{seq:08d}.jsonl.gz"


def replayed(stream: str, origin: int, seq: int) -> str:
    """Name the records of commit ``origin`` that are still set aside after the replay that is commit ``seq``.

    Sorted after ``rejected(stream, origin)`` and before that of the next commit: the last of an origin holds.
    """
    return f"rejected/{stream}/{origin:08d}.replayed-{seq:08d}.jsonl.gz"


def rejected_of(stream: str) -> str:
    """Name the prefix of all records that a stream has set aside."""
    return f"rejected/{stream}/"


def rejected_origin(key: str) -> int:
    """Read the commit that received the records, from the key of what is set aside."""
    return int(key.split("/")[2].partition(".")[0])


def replay_seq(key: str) -> int:
    """Read the commit that is the replay, from the key of what it has left aside.

    >>> replay_seq(replayed("github_webhooks", 7, 41))
    41
    """
    return int(key.rpartition(".replayed-")[2].partition(".")[0])


def seen(stream: str) -> str:
    """Name the prefix of a stream's identity index."""
    return f"seen/{stream}/"


def seen_segment(stream: str, seq: int, attempt: str, of: date) -> str:
    """Name the segment of a UTC day that an attempt at a commit has written."""
    return f"{seen(stream)}{seq:08d}-{attempt}-{of.isoformat()}"


def seen_seq(key: str) -> int:
    """Read the ``seq`` of a segment's key."""
    return int(key.split("/")[2].partition("-")[0])


# What is visible


def table(name: str) -> str:
    """Name the prefix of a table."""
    return f"lake/{name}/"


def folder(table_name: str, partition: str, version: int = 0) -> str:
    """Name one folder of a partition: the location that the catalog holds.

    >>> folder("stars", "dt=2026-11-22", 41)
    'lake/stars/dt=2026-11-22/v00000041/'
    """
    return f"lake/{table_name}/{partition}/v{version:08d}/"


def data(location: str, stream: str, seq: int) -> str:
    """Name a commit's file in a folder."""
    return f"{location}{stream}-{seq:08d}.parquet"


def restated(location: str, stream: str) -> str:
    """Name the one file of a restated partition."""
    return f"{location}{stream}.parquet"


def parse_data(key: str) -> tuple[str, str, int, int | None]:
    """Read ``(table, partition, folder version, seq)`` from a data file's key; ``seq`` is None for restated ones.

    >>> parse_data("lake/stars/dt=2026-11-22/v00000000/github-00000007.parquet")
    ('stars', 'dt=2026-11-22', 0, 7)
    """
    match = _DATA.fullmatch(key)
    if match is None:
        raise ValueError(f"{key!r} is not the key of a data file")
    return match["table"], match["partition"], int(match["folder"]), int(match["seq"]) if match["seq"] else None


# Cubes


def cube_folder(cube: str, partition: str, seq: int, attempt: str) -> str:
    """Name one version of a cube's partition (``"month=2026-11"``, ``"year=2026"``).

    >>> cube_folder("downloads_cube", "month=2026-11", 41, "ab12")
    'lake/downloads_cube/month=2026-11/00000041-ab12/'
    """
    return f"lake/{cube}/{partition}/{seq:08d}-{attempt}/"


def cube_file(folder_key: str, cube: str) -> str:
    """Name the one file of a version of a cube's partition.

    >>> cube_file("lake/downloads_cube/month=2026-11/00000041-ab12/", "downloads_cube")
    'lake/downloads_cube/month=2026-11/00000041-ab12/downloads_cube.parquet'
    """
    return f"{folder_key}{cube}.parquet"


def parse_cube_file(key: str) -> tuple[str, int]:
    """Read the folder and its ``seq`` from the key of anything in a version of a cube's partition.

    Raises ``ValueError`` when it is no such key.

    >>> parse_cube_file("lake/downloads_cube/month=2026-11/00000041-ab12/downloads_cube.parquet")
    ('lake/downloads_cube/month=2026-11/00000041-ab12/', 41)
    """
    match = _CUBE.match(key)
    if match is None:
        raise ValueError(f"{key!r} is not in a version of a cube's partition")
    return match[0], int(match["seq"])
