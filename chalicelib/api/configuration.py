"""What is configured to be pulled, read from the lake's sources file and looked at anew every minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import ConfigError, ObjectNotFound, StoreUnavailable
from chalicelib.lake import layout
from chalicelib.sources.beacon_sites import Site, read_sites
from chalicelib.sources.config import parse_sources
from chalicelib.sources.rank_tracker_positions import RankTrackerPositions
from chalicelib.sources.web_beacons import WebBeacons

MAX_AGE: Final = timedelta(minutes=1)

Sections = Mapping[str, Mapping[str, Any]]
Sites = Mapping[str, Site]


class Configuration:
    """The sections, remembered for :data:`MAX_AGE`; the last good ones while the file is away or wrong.

    Every method raises ``ConfigError``, ``StoreUnavailable`` when the file cannot be read and never was.
    """

    def __init__(self, store: Callable[[], ObjectStore], clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: Sections = {}
        self._sites: Sites | None = None
        self._at: datetime | None = None

    def sites(self) -> Sites | None:
        """Answer the web sites that beacons are taken for, by host; None where the file has no section for them."""
        self._look()
        return self._sites

    def brands(self) -> tuple[str, ...]:
        """Answer the brands whose places in search are tracked, in the order of the file; none without a section."""
        section = self._look().get(RankTrackerPositions.name)
        return () if section is None else tuple(dict.fromkeys(section["brands"].values()))

    def _look(self) -> Sections:
        now = self._clock()
        if self._at is None or not timedelta(0) <= now - self._at < MAX_AGE:
            try:
                self._known = self._read()
                beacons = self._known.get(WebBeacons.name)
                self._sites = None if beacons is None else read_sites(beacons["sites"])
            except (ConfigError, StoreUnavailable):
                if self._at is None:
                    raise
            self._at = now
        return self._known

    def _read(self) -> Sections:
        try:
            text = self._store().get(layout.SOURCES).body.decode()
        except ObjectNotFound:
            return {}
        except UnicodeDecodeError as error:
            raise ConfigError(f"{layout.SOURCES} is not UTF-8") from error
        return parse_sources(text).sections
