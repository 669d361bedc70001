"""A message as it goes out to one destination: the site's address written in, bounded for what carries it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.outbox.message import SITE, Message
from chalicelib.outbox.outbox import cut

MOST_SNS: Final = 120 * 1024
"""Bytes of a message to SNS, which takes 256 KB: the receipt has it all once more, escaped, and SQS takes no more."""
MOST_SMS: Final = 459
"""Characters: three parts of a long SMS."""
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for one destination.

    Parameters
    ----------
    message
        With the site's own address in it.
    attempt
        Names this attempt.
    doubtful
        An attempt before may have been taken: look first, where that can be.
    begun_at
        When the first attempt was made.
    """

    message: Message
    to: str
    day: str
    attempt: str
    doubtful: bool
    begun_at: datetime

    @property
    def key(self) -> str:
        """Name the letter for those who take it, the same at every attempt.

        >>> from datetime import UTC
        >>> from chalicelib.outbox.message import Kind, Severity
        >>> at = datetime(2026, 11, 26, tzinfo=UTC)
        >>> said = Message("a", at, Kind.ALERT, "t", Severity.INFO, "s", "t", ())
        >>> Letter(said, "channel:x", "2026-11-26", "1", False, at).key
        'msg_34a7c1f3207aa573eaf52a89'
        """
        return f"msg_{hashlib.sha256(f'{self.message.id} {self.to}'.encode()).hexdigest()[:24]}"

    @property
    def marks(self) -> dict[str, str]:
        """Answer what a receipt has to carry, so that it is known whose it is."""
        return {"message_id": self.message.id, "day": self.day, "destination": self.to}


def at_site(text: str, site: str) -> str:
    """Write the site's own address into a text; without one, addresses are relative to the site.

    >>> at_site(f"Look: {SITE}/a", "https://numbers.example.com/"), at_site(f"Look: {SITE}/a", "")
    ('Look: https://numbers.example.com/a', 'Look: /a')
    """
    return text.replace(SITE, site.rstrip("/"))


def with_site(message: Message, site: str) -> Message:
    """Write the site's own address in.

    >>> from datetime import UTC
    >>> from chalicelib.outbox.message import Kind, Severity
    >>> at = datetime(2026, 11, 26, tzinfo=UTC)
    >>> said = Message("a", at, Kind.ALERT, "t", Severity.INFO, "s", f"Look: {SITE}/a", ())
    >>> with_site(said, "https://numbers.example.com/").text
    'Look: https://numbers.example.com/a'
    """
    written: dict[str, Any] = {
        name: at_site(getattr(message, name), site)
        for name in ("subject", "text", "short", "html", "link", "unsubscribe")
    }
    return replace(message, **written)


def short_of(message: Message) -> str:
    """Answer the line for a phone."""
    return cut((message.short or message.subject).replace("\n", " "), MOST_SMS, "…")


def for_sns(message: Message, *, sms: bool) -> str:
    """Write the JSON that SNS takes (``MessageStructure=json``): mail gets the text, a phone its line."""
    room = MOST_SNS
    while True:
        text = cut(message.text, room, f"\n\n… The rest is too long for a message. {message.link}".rstrip())
        said = {"default": text or message.subject, **({"sms": short_of(message)} if sms else {})}
        written = json.dumps(said, ensure_ascii=False)
        if len(written.encode()) <= MOST_SNS:
            return written
        room = room * 3 // 4


def attributes(letter: Letter, audience: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Write what SNS filters by and what a receipt carries."""
    message = letter.message
    plain = {**letter.marks, "kind": message.kind.value, "severity": message.severity.value, "topic": message.topic}
    return {
        "audience": {"DataType": "String.Array", "StringValue": json.dumps(list(audience))},
        **{name: {"DataType": "String", "StringValue": value} for name, value in plain.items() if value},
    }


def parts_of_sms(text: str) -> int:
    """Answer as how many SMS a line is sent and paid for (GSM 03.38: 160 or 153 characters each, else 70 or 67).

    >>> parts_of_sms("x" * 160), parts_of_sms("x" * 161), parts_of_sms("ё" * 70), parts_of_sms("ё" * 71)
    (1, 2, 1, 2)
    """
    if all(letter in _GSM or letter in _GSM_TWICE for letter in text):
        length = sum(2 if letter in _GSM_TWICE else 1 for letter in text)
        alone, joined = 160, 153
    else:
        length, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)
