"""The company's web sites: which hosts are theirs, who may send beacons for them, and what is website and what is blog.

Pure: reads the key ``sites`` of the section ``[web_beacons]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
_PREFIX = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?/[^\s?#]*")
_KEYS = ("id", "hosts", "origins", "sections", "first_party_id")


@dataclass(frozen=True, slots=True)
class Site:
    """One web site: visitors of two sites are never the same visitor.

    ``sections`` are prefixes of host and path with the section they begin, longest first.
    """

    id: str
    hosts: frozenset[str]
    origins: frozenset[str]
    sections: tuple[tuple[str, str], ...]
    first_party_id: bool

    def section(self, host: str, path: str) -> str | None:
        """Answer the section of a page: that of the longest prefix; a prefix ends where a part of the path ends.

        Examples
        --------
        >>> sites = read_sites([{"id": "acme", "hosts": ["acme.example"],
        ...                      "sections": {"website": ["acme.example/"], "blog": ["acme.example/blog"]}}])
        >>> [sites["acme.example"].section("acme.example", path) for path in ("/blog/post", "/blogger", "/")]
        ['blog', 'website', 'website']
        """
        page = f"{host}{path}"
        for prefix, name in self.sections:
            if page == prefix or page.startswith(prefix if prefix.endswith("/") else f"{prefix}/"):
                return name
        return None


def read_sites(value: Iterable[Mapping[str, Any]]) -> dict[str, Site]:
    """Read configured sites; answer them by host. They have passed :func:`check_sites`."""
    found: dict[str, Site] = {}
    for said in value:
        hosts = frozenset(said["hosts"])
        prefixes = [(p, name) for name, begin in said.get("sections", {}).items() for p in begin]
        site = Site(
            said["id"],
            hosts,
            frozenset(said.get("origins") or (f"https://{host}" for host in hosts)),
            tuple(sorted(prefixes, key=lambda pair: (-len(pair[0]), pair))),
            said.get("first_party_id", False),
        )
        found |= dict.fromkeys(hosts, site)
    return found


def check_sites(value: Any) -> str | None:
    """Look at the key ``sites``; answer what to do about it, or None.

    Examples
    --------
    >>> check_sites([{"id": "acme", "hosts": ["https://acme.example"]}])
    'hosts of acme: write each as in "www.example.com", in lower case'
    """
    if not isinstance(value, list) or not value:
        return "write a list of sites between brackets, each between braces"
    ids: list[str] = []
    hosts: list[str] = []
    for site in value:
        if problem := _problem(site):
            return problem
        ids.append(site["id"])
        hosts += site["hosts"]
    if len(set(ids)) < len(ids) or len(set(hosts)) < len(hosts):
        return "give each id to one site, and each host to one site"
    return None


def _problem(site: Any) -> str | None:
    """Look at one site."""
    if not isinstance(site, dict) or not isinstance(name := site.get("id"), str) or not _ID.fullmatch(name):
        return 'give each site an id of lower-case letters, digits and "-", such as "acme"'
    if unknown := sorted(site.keys() - set(_KEYS)):
        return f"{name} has no key {unknown[0]}: use {', '.join(_KEYS)}"
    if not _texts(site.get("hosts"), _HOST):
        return f'hosts of {name}: write each as in "www.example.com", in lower case'
    if "origins" in site and not _texts(site["origins"], _ORIGIN):
        return f'origins of {name}: write each as in "https://www.example.com"'
    sections = site.get("sections", {})
    if not isinstance(sections, dict) or not all(
        _ID.fullmatch(section) and _texts(prefixes, _PREFIX) for section, prefixes in sections.items()
    ):
        return f'sections of {name}: write each with what its pages begin with, as in blog = ["www.example.com/blog"]'
    if prefixed := [p for v in sections.values() for p in v if p.partition("/")[0] not in site["hosts"]]:
        return f"sections of {name}: {prefixed[0]} begins with none of its hosts"
    if not isinstance(site.get("first_party_id", False), bool):
        return f"first_party_id of {name}: write true or false"
    return None


def _texts(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) and pattern.fullmatch(v) for v in value)


def origin_of(address: str) -> str | None:
    """Answer the origin of a page's address (of a ``Referer``), in lower case; None where it has none.

    >>> origin_of("https://Acme.example/blog?x=1"), origin_of("about:blank")
    ('https://acme.example', None)
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
