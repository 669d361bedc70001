"""S3's event notifications about the log bucket, read into pointers for the inbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.errors import SkippableRecordError
from chalicelib.ingest.inbox import Pointer


def pointers(notification: Mapping[str, Any], bucket: str) -> Iterator[Pointer]:
    """Name the objects that a notification says were created in ``bucket``; empty objects and folders are left out.

    S3 also sends a test event when notifications are switched on; it names nothing. Keys are form-encoded by S3.

    Raises
    ------
    SkippableRecordError
        It is no S3 notification at all.

    Examples
    --------
    >>> event = {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "logs"},
    ...          "object": {"key": "access/2026+a%2Bb", "eTag": "e1", "size": 7}}}
    >>> list(pointers({"Records": [event]}, "logs"))
    [Pointer(key='access/2026 a+b', etag='e1', size_bytes=7)]
    >>> list(pointers({"Service": "Amazon S3", "Event": "s3:TestEvent"}, "logs"))
    []
    """
    if notification.get("Event") == "s3:TestEvent":
        return
    try:
        for record in notification["Records"]:
            found = record["s3"]["object"]
            created = record["eventName"].startswith("ObjectCreated:") and record["s3"]["bucket"]["name"] == bucket
            if created and int(found.get("size", 0)) > 0:
                yield Pointer(unquote_plus(found["key"]), found.get("eTag", ""), int(found["size"]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SkippableRecordError(f"not a notification of S3: {error!r}") from error
