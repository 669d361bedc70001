"""A message as a signed webhook, by the Standard Webhooks specification (https://www.standardwebhooks.com). Pure.

Every attempt has the same ``webhook-id``: who keeps the ids that it has seen takes each message once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Final

from chalicelib.outbox.letter import Letter
from chalicelib.outbox.outbox import cut

MOST_BODY: Final = 64 * 1024
_PREFIX: Final = "whsec_"


def read_secret(text: str) -> bytes:
    """Read a signing secret: ``whsec_`` and 24 to 64 bytes in base64.

    Raises ``ValueError`` saying how one is made, without the secret.

    >>> len(read_secret("whsec_" + "A" * 32))
    24
    """
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True) if text.startswith(_PREFIX) else b""
    except binascii.Error:
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError(
            'A signing secret is whsec_ and 24 to 64 bytes in base64: echo "whsec_$(openssl rand -base64 32)".'
        )
    return key


def body_of(letter: Letter) -> bytes:
    """Write what is posted: at most 64 KB, a longer text is cut and leads to the whole."""
    message, most = letter.message, MOST_BODY // 2
    while True:
        data = {
            "id": message.id,
            "kind": message.kind.value,
            "severity": message.severity.value,
            "topic": message.topic,
            "at": message.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "subject": message.subject,
            "short": message.short or message.subject,
            "text": cut(message.text, most, f"\n\n… The rest is too long for a message. {message.link}".rstrip()),
            "link": message.link,
        }
        said = {"type": f"headwater.{message.kind.value}", "timestamp": data["at"], "data": data}
        body = json.dumps(said, ensure_ascii=False).encode()
        if len(body) <= MOST_BODY:
            return body
        most = most * 3 // 4


def signed(key: bytes, webhook_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Answer the headers that go with a body."""
    stamp = str(int(at.timestamp()))
    made = hmac.new(key, b".".join((webhook_id.encode(), stamp.encode(), body)), hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "user-agent": "Headwater",
        "webhook-id": webhook_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }
