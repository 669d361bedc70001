"""Read ``config/sources.toml``: which sources run, and what each is told. Pure: the text is handed in.

A source without a section does not run. Every message names the line, the key, and what to do.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from chalicelib.errors import ConfigError
from chalicelib.sources.base import Source
from chalicelib.sources.keys import REQUIRED, Configured
from chalicelib.sources.registry import SOURCES


@dataclass(frozen=True, slots=True)
class SourcesConfig:
    """The sections of the sources file by source name, every default filled in, read-only."""

    sections: Mapping[str, Mapping[str, Any]]

    def section(self, name: str) -> Mapping[str, Any]:
        """Answer one source's section, the ``config`` of its parser.

        Raises
        ------
        ConfigError
            The source has no section, so it does not run.
        """
        try:
            return self.sections[name]
        except KeyError as error:
            raise ConfigError(f"config/sources.toml has no section [{name}]: add one to run this source") from error

    @property
    def enabled(self) -> tuple[str, ...]:
        """Names of the sources that run, in the file's order."""
        return tuple(self.sections)


def parse_sources(text: str, sources: Mapping[str, Source] = SOURCES) -> SourcesConfig:
    """Parse and validate the sources file.

    Parameters
    ----------
    text
        The TOML text.
    sources
        The registry to validate against.

    Raises
    ------
    ConfigError
        Every problem, one a line, in one message.

    Examples
    --------
    >>> parse_sources("[youtub]")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    chalicelib.errors.ConfigError: sources.toml, line 1: [youtub] is no source: use one of github_repository_stats, ...
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"sources.toml is not TOML: {error}") from error
    problems = [p for name, section in document.items() for p in _problems(name, section, text, sources)]
    if problems:
        raise ConfigError("\n".join(problems))
    return SourcesConfig(
        MappingProxyType({name: _filled(sources[name], section) for name, section in document.items()})
    )


def _problems(name: str, section: Any, text: str, sources: Mapping[str, Source]) -> Iterator[str]:
    """Yield what is wrong with one section."""
    source = sources.get(name)
    if source is None or not isinstance(section, Mapping):
        yield f"{_place(text, name)}: [{name}] is no source: use one of {', '.join(sorted(sources))}"
        return
    known = {key.name: key for key in _keys(source)}
    for unknown in section.keys() - known.keys():
        yield f"{_place(text, name, unknown)}: [{name}] has no key {unknown}: use one of {', '.join(known)}"
    for key in known.values():
        if key.name not in section:
            if key.default is REQUIRED:
                yield f"{_place(text, name)}: [{name}] needs the key {key.name}: {key.description}"
        elif advice := key.check(section[key.name]):
            yield f"{_place(text, name, key.name)}: [{name}] {key.name}: {advice}"


def _filled(source: Source, section: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the defaults of the absent keys in."""
    return MappingProxyType({key.name: section.get(key.name, key.default) for key in _keys(source)})


def _keys(source: Source) -> tuple[Any, ...]:
    return source.keys if isinstance(source, Configured) else ()


def _place(text: str, section: str, key: str | None = None) -> str:
    """Name the line of a section's header, or of a key below it."""
    header = re.compile(rf"\s*\[\[?\s*\"?{re.escape(section)}\"?\s*[\].]")
    wanted = re.compile(rf"\s*\"?{re.escape(key or '')}\"?\s*[=.]|\s*\[[^\]]*\.\s*\"?{re.escape(key or '')}\"?\s*\]")
    found: int | None = None
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if header.match(line):
            found = found or number
            inside = True
        elif line.lstrip().startswith("["):
            inside = False
        if found and key and inside and wanted.match(line):
            return f"sources.toml, line {number}"
    return f"sources.toml, line {found or 1}"
