"""The outbox: every message that SNS took, and what people got of it, as a page and as JSON.

A queue that only the local cloud has is subscribed to the topics (post_deploy). It is drained into a file of one JSON
object a line, so messages outlive the processes. What came to whom, in which words, the local SNS writes into a mailbox
(:mod:`infra.local.aws`); HTML mail the local SES keeps itself, and what came to Slack and to webhooks the test servers
of the outside world.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
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
:root {{ color-scheme: light dark; }} summary {{ cursor: pointer; }}
pre, p {{ overflow-wrap: anywhere; }} pre {{ white-space: pre-wrap; }}
h2 {{ font-size: 1rem; margin: 0; }} time, .to {{ color: light-dark(#555, #aaa); font-size: .85rem; }}
</style></head>
<body><h1>Outbox</h1><p>{count} that SNS took, and what came to whom. As JSON: <a href="/messages">/messages</a> and
<a href="/mail">/mail</a></p>
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


def mail_of_ses(address: str) -> list[dict[str, Any]]:
    """HTML mail as the local SES keeps it, in the form of the mailbox; nothing while it does not answer."""
    told = told_by(f"{address}/_ministack/ses/messages")
    return [as_mail(one) for of_account in told.get("messages", {}).values() for one in of_account]


def told_by(address: str) -> dict[str, Any]:
    """What a server of ours tells; nothing while it does not answer."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own
            told = json.load(answer)
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def of_channels(world: str) -> list[dict[str, Any]]:
    """What came to Slack and to webhooks, in the form of the mailbox."""
    slack = [as_slack(one) for one in told_by(f"{world}/slack/messages").get("messages", [])]
    hooks = told_by(f"{world}/hooks/").get("messages", {})
    return slack + [as_hook(name, one) for name, taken in hooks.items() for one in taken]


def as_slack(one: dict[str, Any]) -> dict[str, Any]:
    """A message of Slack as the mailbox has mail; its first line is its subject.

    >>> as_slack({"ts": "1.5", "at": "t", "channel": "C1", "text": "*Hi*\\nThere"})["message"]
    'There'
    """
    first, _, rest = one["text"].partition("\n")
    files = "".join(f"\n[file] {file['name']}" for file in one.get("files", ()))
    return {
        "id": f"slack {one['ts']}",
        "at": one["at"],
        "topic": "Slack, in the thread" if "thread_ts" in one else "Slack",
        "protocol": "slack",
        "to": one["channel"],
        "subject": html.unescape(first.strip("*")) or "(a file)",
        "message": html.unescape(rest) + files,
        "html": "",
        "link": "",
    }


def as_hook(name: str, one: dict[str, Any]) -> dict[str, Any]:
    """A webhook as the mailbox has mail."""
    said = one["said"].get("data", {})
    return {
        "id": f"{name} {one['id']}",
        "at": one["at"],
        "topic": one["said"].get("type", "webhook"),
        "protocol": "webhook",
        "to": name,
        "subject": said.get("subject", ""),
        "message": said.get("text", ""),
        "html": "",
        "link": said.get("link", ""),
    }


def as_mail(one: dict[str, Any]) -> dict[str, Any]:
    """A mail of SES as the mailbox has those of SNS.

    >>> as_mail({"MessageId": "1", "To": ["a@x.y"], "Subject": "Hi", "BodyText": "There", "Timestamp": 0})["to"]
    'a@x.y'
    """
    return {
        "id": one["MessageId"],
        "at": datetime.fromtimestamp(one["Timestamp"], UTC).isoformat(timespec="milliseconds"),
        "topic": "SES",
        "protocol": "html_email",
        "to": ", ".join(one["To"]),
        "subject": one["Subject"],
        "message": one.get("BodyText") or "",
        "html": one.get("BodyHtml") or "",
        "link": "",
    }


def page(messages: list[dict[str, Any]], mail: list[dict[str, Any]]) -> str:
    """The page for people, newest first; what a message says is shown, never interpreted.

    Of a message that SNS took it says who got it, and in which words where these are others; mail that is not of such a
    message (a request to confirm, mail of SES) stands by itself.
    """
    got: dict[str, list[dict[str, Any]]] = {}
    for one in mail:
        got.setdefault(one["id"], []).append(one)
    articles = [(str(one["at"]), _article(one, got.pop(one["id"], []))) for one in messages]
    articles += [(str(one["at"]), _article(one, [one])) for alone in got.values() for one in alone]
    shown = "".join(article for _, article in sorted(articles, key=lambda pair: pair[0], reverse=True))
    count = "1 message" if len(messages) == 1 else f"{len(messages)} messages"
    return PAGE.format(count=count, messages=shown or "<p>Nothing yet: all is well.</p>")


def words_of(text: str) -> str:
    """A text as HTML: escaped, its addresses links, as mail programs show them.

    >>> words_of("<b> http://x.y/?a=1&b=2")
    '&lt;b&gt; <a href="http://x.y/?a=1&amp;b=2" rel="noreferrer">http://x.y/?a=1&amp;b=2</a>'
    """
    pieces = re.split(r"(https?://[^\s<>\"']+)", text)
    shown = [html.escape(piece) for piece in pieces]
    return "".join(f'<a href="{one}" rel="noreferrer">{one}</a>' if at % 2 else one for at, one in enumerate(shown))


def _article(one: dict[str, Any], got: list[dict[str, Any]]) -> str:
    to = ", ".join(f"{mail['to']} ({mail['protocol']})" for mail in got) or "nobody who subscribed by e-mail or SMS"
    other = {str(mail["message"]): mail["protocol"] for mail in got if mail["message"] != one["message"]}
    words = "".join(
        f"<details><summary>As it came by {html.escape(protocol)}</summary><pre>{words_of(text)}</pre></details>"
        for text, protocol in other.items()
    )
    return (
        f"<article><h2>{html.escape(str(one['subject'] or '(no subject)'))}</h2>"
        f"<time>{html.escape(str(one['at']))} · {html.escape(str(one['topic']))}</time>"
        f'<p class="to">To: {html.escape(to)}</p><pre>{words_of(str(one["message"]))}</pre>{words}</article>'
    )


def application(file: Path, mailbox: Path, aws: str = "", world: str = "") -> Starlette:
    """``GET /`` for people; ``GET /messages`` (what SNS took) and ``GET /mail`` (what people got) for programs."""

    def received() -> list[dict[str, Any]]:
        return [*kept(mailbox), *(mail_of_ses(aws) if aws else []), *(of_channels(world) if world else [])]

    def show(_: Request) -> HTMLResponse:
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return HTMLResponse(page(kept(file), received()), headers=policy)

    def messages(_: Request) -> JSONResponse:
        return JSONResponse({"messages": kept(file)})

    def mail(request: Request) -> JSONResponse:
        to = request.query_params.get("to")
        return JSONResponse({"mail": [one for one in received() if to in (None, one["to"])]})

    return Starlette(routes=[Route("/", show), Route("/messages", messages), Route("/mail", mail)])


def main() -> None:
    """Serve and drain until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--mailbox", type=Path, required=True)
    parser.add_argument("--world", default="", help="where the receivers of channels are")
    options = parser.parse_args()
    threading.Thread(target=drain_for_ever, args=(options.file,), daemon=True).start()
    served = application(options.file, options.mailbox, os.environ.get("AWS_ENDPOINT_URL", ""), options.world)
    uvicorn.run(served, host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
