"""The outbox: every message that SNS would have sent to people, as a page and as JSON.

A queue that only the local cloud has is subscribed to the topics (post_deploy). It is drained into a file of one JSON
object a line, so messages outlive the processes.
"""

from __future__ import annotations

import argparse
import html
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import uvicorn
from botocore.exceptions import BotoCoreError, ClientError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

QUEUE = "headwater-local-outbox"
PAUSE_SECONDS = 2.0

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="10"><title>Outbox</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border: 1px solid #8884; border-radius: 8px; padding: .5rem 1rem; margin: 1rem 0; }}
h2 {{ font-size: 1rem; margin: 0; }} time {{ color: #666; font-size: .85rem; }} pre {{ white-space: pre-wrap; }}
</style></head>
<body><h1>Outbox</h1><p>{count} that SNS would have sent to people. As JSON: <a href="/messages">/messages</a></p>
{messages}</body></html>
"""


def as_message(body: str) -> dict[str, Any]:
    """What SNS put into the queue, as one line of the outbox; a body that is not SNS's is kept as it is.

    >>> as_message('{"MessageId": "1", "TopicArn": "a:alerts", "Subject": "Hi", "Message": "There", "Timestamp": "t"}')
    {'id': '1', 'at': 't', 'topic': 'alerts', 'subject': 'Hi', 'message': 'There', 'attributes': {}}
    """
    try:
        sent = json.loads(body)
    except json.JSONDecodeError:
        sent = None
    if not isinstance(sent, dict) or "Message" not in sent:
        return {"id": "", "at": "", "topic": "", "subject": "", "message": body, "attributes": {}}
    return {
        "id": sent.get("MessageId", ""),
        "at": sent.get("Timestamp", ""),
        "topic": str(sent.get("TopicArn", "")).rpartition(":")[2],
        "subject": sent.get("Subject") or "",
        "message": sent["Message"],
        "attributes": {name: value.get("Value") for name, value in (sent.get("MessageAttributes") or {}).items()},
    }


def kept(file: Path) -> list[dict[str, Any]]:
    """Every message so far, oldest first."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def drain(sqs: Any, file: Path) -> Iterator[None]:
    """Move messages from the queue to the file, one receipt a step; written before it is deleted."""
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5)
        known = {message["id"] for message in kept(file)}
        for received in answer.get("Messages", []):
            message = as_message(received["Body"])
            if not message["id"] or message["id"] not in known:
                with file.open("a") as out:
                    out.write(json.dumps(message) + "\n")
            sqs.delete_message(QueueUrl=url, ReceiptHandle=received["ReceiptHandle"])
        yield


def drain_for_ever(file: Path) -> None:
    """The background thread: whatever the queue does (it may not exist yet), try again."""
    sqs = boto3.client("sqs")
    while True:
        try:
            for _ in drain(sqs, file):
                pass
        except (BotoCoreError, ClientError):
            time.sleep(PAUSE_SECONDS)


def page(messages: list[dict[str, Any]]) -> str:
    """The page for people, newest first; what a message says is shown, never interpreted."""
    articles = "".join(
        f"<article><h2>{html.escape(str(m['subject'] or '(no subject)'))}</h2>"
        f"<time>{html.escape(str(m['at']))} · {html.escape(str(m['topic']))}</time>"
        f"<pre>{html.escape(str(m['message']))}</pre></article>"
        for m in reversed(messages)
    )
    count = "1 message" if len(messages) == 1 else f"{len(messages)} messages"
    return PAGE.format(count=count, messages=articles or "<p>Nothing yet: all is well.</p>")


def application(file: Path) -> Starlette:
    """``GET /`` for people, ``GET /messages`` for programs."""

    def show(_: Request) -> HTMLResponse:
        return HTMLResponse(
            page(kept(file)), headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        )

    def messages(_: Request) -> JSONResponse:
        return JSONResponse({"messages": kept(file)})

    return Starlette(routes=[Route("/", show), Route("/messages", messages)])


def main() -> None:
    """Serve and drain until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    options = parser.parse_args()
    threading.Thread(target=drain_for_ever, args=(options.file,), daemon=True).start()
    uvicorn.run(application(options.file), host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
