"""A message as HTML mail with plain text beside it, and one click to unsubscribe (RFC 8058). Pure."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Final

from chalicelib.outbox.letter import Letter
from chalicelib.outbox.ways import Reader

# A link in a header is not to be broken into lines, nor encoded.
_POLICY: Final = SMTP.clone(max_line_length=990)
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_PAGE: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>'
    '<body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:40rem;margin:1rem auto;padding:0 1rem">'
    '<div style="white-space:pre-wrap">{text}</div></body></html>'
)


def mail(letter: Letter, reader: Reader, sender: str) -> bytes:
    """Write the mail; the address that ends the subscription is the message's own, or the reader's."""
    message = letter.message
    unsubscribe = message.unsubscribe or reader.unsubscribe
    made = EmailMessage(policy=_POLICY)
    made["From"] = f"Headwater <{sender}>"
    made["To"] = reader.address
    made["Subject"] = re.sub(r"\s+", " ", message.subject).strip() or "Headwater"
    made["X-Headwater-Id"] = letter.key
    if unsubscribe:
        made["List-Unsubscribe"] = f"<{unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    footer = "" if not unsubscribe or unsubscribe in message.text else f"\n\n-- \nUnsubscribe: {unsubscribe}\n"
    made.set_content(message.text + footer)
    made.add_alternative(message.html or page(message.text + footer), subtype="html")
    return made.as_bytes()


def page(text: str) -> str:
    """Write plain text as HTML: links can be followed, nothing else in it means anything.

    >>> "<b>" in page("<b>"), 'href="https://a.example/b?c=1&amp;d=2"' in page("See https://a.example/b?c=1&d=2")
    (False, True)
    """
    parts, at = [], 0
    for found in _LINK.finditer(text):
        link = found.group().rstrip(".,;)")
        parts += [escape(text[at : found.start()]), f'<a href="{escape(link)}">{escape(link)}</a>']
        at = found.start() + len(link)
    return _PAGE.format(text="".join(parts) + escape(text[at:]))
