"""Rows of source tables, with what matters to a test given and the rest made up."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def request(at: datetime, *, complete: bool = True, **given: Any) -> dict[str, Any]:
    """A line of an access log that is a download, whole or in part."""
    return {
        "requested_at": at,
        "remote_ip": "192.0.2.1",
        "user_agent": "curl/8",
        "key": "app/3.5.0/app.zip",
        "product": "app",
        "version": "3.5.0",
        "is_bot": False,
        "is_download": True,
        "is_complete": complete,
        "is_partial": not complete,
        "bytes_sent": 100 if complete else 40,
        "request_id": f"r{at.timestamp()}",
        **given,
    }
