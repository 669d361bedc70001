"""Which addresses on the internet we post to: public ones over https, and hosts that the deployment names itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

MOST_URL: Final = 2_000
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Place:
    """Where to post: ``target`` is path and query, ``private`` whether the deployment named the host itself."""

    scheme: str
    host: str
    port: int
    target: str
    private: bool

    @property
    def host_header(self) -> str:
        """Answer the host as a request names it."""
        usual = {"https": 443, "http": 80}[self.scheme]
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == usual else f"{name}:{self.port}"


def read_place(url: str, private_hosts: Collection[str] = ()) -> Place:
    """Read an address that people gave.

    Raises ``ValueError`` saying what is wrong with it, without the address: a secret may be in it.

    >>> read_place("https://hooks.example.com/a?b=c").target
    '/a?b=c'
    >>> read_place("http://hooks.example.com/a")
    Traceback (most recent call last):
    ValueError: An address begins with https://.
    """
    if len(url) > MOST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError(f"An address has up to {MOST_URL} printable ASCII characters without blanks.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise ValueError("This is no address.") from error
    private = host in private_hosts
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise ValueError("An address begins with https://.")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("An address is https://host/path, without a user, a password or a fragment.")
    if not private:
        _require_public(host)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), target, private)


def _require_public(host: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if "." not in host.strip(".") or host.endswith((".local", ".localhost", ".internal", ".localhost.")):
            raise ValueError("This host is not on the internet.") from None
        return
    if not is_public(address):
        raise ValueError("This host is not on the internet.")


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, whatever it is wrapped in.

    >>> from ipaddress import ip_address
    >>> [is_public(ip_address(text)) for text in ("8.8.8.8", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1")]
    [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def choose(place: Place, addresses: Iterable[str]) -> str:
    """Choose the address to connect to: every one that the name stands for must be public.

    Raises ``ValueError``.
    """
    found = list(dict.fromkeys(addresses))
    if not found:
        raise ValueError("The host has no address.")
    if not place.private and not all(is_public(ipaddress.ip_address(one.partition("%")[0])) for one in found):
        raise ValueError("The host leads to an address that is not on the internet.")
    return min(found, key=lambda one: ":" in one)  # IPv4 where there is one: a Lambda reaches no other
