"""Addresses of people, read from what somebody wrote. Pure."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.subscriptions.subscription import Protocol

# A valid e-mail address of the HTML standard (https://html.spec.whatwg.org/#valid-e-mail-address), which browsers hold
# a field against; and a domain of at least two parts, for nobody has mail at one.
_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(rf"({_LOCAL})@({_LABEL}(?:\.{_LABEL})+)")
_PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164: up to 15 digits, the country's first
_FILLING: Final = re.compile(r"[ ().-]")


def read_address(protocol: Protocol, given: str) -> str:
    """Read an e-mail address or a phone number, as the protocol has it.

    Raises
    ------
    ValueError
        It is none; says what one looks like.

    Examples
    --------
    >>> read_address(Protocol.EMAIL, " Ada.Lovelace@ACME.example ")
    'Ada.Lovelace@acme.example'
    >>> read_address(Protocol.SMS, "+49 (171) 234-5678")
    '+491712345678'
    >>> read_address(Protocol.SMS, "0171 2345678")
    Traceback (most recent call last):
    ValueError: A phone number begins with + and the country: '+491712345678'.
    """
    return _phone(given.strip()) if protocol is Protocol.SMS else _email(given.strip())


def _email(given: str) -> str:
    match = _EMAIL.fullmatch(given) if len(given) <= 254 else None
    if match is None or len(match[1]) > 64:
        raise ValueError("An e-mail address looks like 'ada@acme.example': ASCII, at most 254 characters.")
    return f"{match[1]}@{match[2].lower()}"


def _phone(given: str) -> str:
    plain = _FILLING.sub("", given) if len(given) <= 40 else ""
    if not _PHONE.fullmatch(plain):
        raise ValueError("A phone number begins with + and the country: '+491712345678'.")
    return plain
