"""The configured web sites, read from the lake's sources file and looked at anew every minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import ConfigError, ObjectNotFound, StoreUnavailable
from chalicelib.lake import layout
from chalicelib.sources.beacon_sites import Site, read_sites
from chalicelib.sources.config import parse_sources
from chalicelib.sources.web_beacons import WebBeacons

MAX_AGE: Final = timedelta(minutes=1)

Sites = Mapping[str, Site]


class BeaconSites:
    """The sites by host, remembered for :data:`MAX_AGE`; the last good ones while the file is away or wrong."""

    def __init__(self, store: Callable[[], ObjectStore], clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: Sites | None = None
        self._at: datetime | None = None

    def by_host(self) -> Sites | None:
        """Answer the sites; None where the file has no section for beacons.

        Raises ``ConfigError``, ``StoreUnavailable`` when they cannot be read and never were.
        """
        now = self._clock()
        if self._at is not None and timedelta(0) <= now - self._at < MAX_AGE:
            return self._known
        try:
            self._known = self._read()
        except (ConfigError, StoreUnavailable):
            if self._at is None:
                raise
        self._at = now
        return self._known

    def _read(self) -> Sites | None:
        try:
            text = self._store().get(layout.SOURCES).body.decode()
        except ObjectNotFound:
            return None
        except UnicodeDecodeError as error:
            raise ConfigError(f"{layout.SOURCES} is not UTF-8") from error
        section = parse_sources(text).sections.get(WebBeacons.name)
        return None if section is None else read_sites(section["sites"])
