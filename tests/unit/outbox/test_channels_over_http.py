"""Slack and webhooks over HTTP, against receivers that behave as theirs: taken once, told clearly, never led astray."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3
import uvicorn
from standardwebhooks.webhooks import Webhook

from chalicelib.domain.clock import system_clock
from chalicelib.errors import ConfigError, NoAnswer, NotTaken
from chalicelib.outbox import webhook
from chalicelib.outbox.channels import Channel, ChannelKind
from chalicelib.outbox.letter import Letter
from chalicelib.outbox.message import File
from chalicelib.outbox.posting import post
from chalicelib.outbox.sending import ChannelSender
from tests.servers.receivers import HOOK_SECRET
from tests.servers.slack import CHANNELS, HOOK, TOKEN
from tests.servers.world import World
from tests.unit.outbox.memory import message

NOW = datetime.now(UTC)
HOSTS = frozenset({"127.0.0.1"})


class Served:
    """The outside world on a port of its own."""

    def __init__(self) -> None:
        self.world = World(7, NOW, token="t")
        config = uvicorn.Config(self.world.app, host="127.0.0.1", port=0, log_level="error", interface="asgi3")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def fault(self, which: str, kind: str, times: int = 1) -> None:
        said = json.dumps({"kind": kind, "times": times, "seconds": 7})
        assert urllib3.request("POST", f"{self.url}/{which}/_faults", body=said).status == 200


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    served = Served()
    yield served
    served.server.should_exit = True
    served.thread.join(10)


@pytest.fixture
def served(running: Served) -> Served:
    running.world.slack.messages.clear()
    running.world.slack.uploads.clear()
    running.world.slack.trouble.times = running.world.hooks.trouble.times = 0
    running.world.hooks.taken.clear()
    running.world.hooks.requests.clear()
    return running


def channel(kind: ChannelKind, served: Served, **said: Any) -> Channel:
    made = Channel(
        "dev",
        kind,
        True,
        60,
        NOW,
        "ada",
        "channel/dev/1",
        slack_channel=CHANNELS[0],
        base_url=f"{served.url}/slack/api/",
    )
    return replace(made, **said)


class Secrets:
    def __init__(self, **values: str) -> None:
        self.values = values

    def get(self, name: str) -> dict[str, str]:
        if name != "channel/dev/1":
            raise ConfigError(f"no secret {name!r}")
        return self.values


def sender(served: Served, files: dict[str, bytes] | None = None, **secrets: str) -> ChannelSender:
    given = {"token": TOKEN, "url": f"{served.url}/slack{HOOK}", "signing_secret": HOOK_SECRET, **secrets}
    kept = files or {}
    return ChannelSender(Secrets(**given), lambda file: kept.get(file.key), HOSTS, system_clock, print)


def letter(name: str = "a", *, doubtful: bool = False, **said: Any) -> Letter:
    return Letter(message(name, **said), "channel:dev", "2026-11-26", "attempt", doubtful, NOW)


def hooks(served: Served) -> list[dict[str, Any]]:
    return served.world.hooks.taken.get("acme", [])


# -------------------------------------------------------------------- webhooks


def to_hook(served: Served, one: Letter, **secrets: str) -> str:
    said = {"url": f"{served.url}/hooks/acme", **secrets}
    return sender(served, **said).send(one, channel(ChannelKind.WEBHOOK, served))


def test_a_webhook_is_signed_so_that_the_specifications_own_library_takes_it(served: Served) -> None:
    sent = to_hook(served, letter())

    [taken] = hooks(served)
    assert taken["id"] == sent
    assert taken["said"]["type"] == "headwater.alert"
    assert taken["said"]["data"]["text"] == message("a").text


def test_a_second_attempt_has_the_same_id_and_is_one_message(served: Served) -> None:
    served.fault("hooks", "deaf")
    with pytest.raises(NoAnswer):
        to_hook(served, letter())

    to_hook(served, letter(doubtful=True))

    assert len(hooks(served)) == 1
    assert served.world.hooks.requests["acme"] == 2


def test_a_signature_is_that_of_the_specifications_own_library() -> None:
    secret, at, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, UTC), '{"test": 1}'

    made = webhook.signed(webhook.read_secret(secret), "msg_1", at, body.encode())

    assert made["webhook-signature"] == Webhook(secret).sign("msg_1", at, body)


@pytest.mark.parametrize(
    ("kind", "expected"), [("down", NoAnswer), ("unavailable", NotTaken), ("rate_limit", NotTaken), ("deaf", NoAnswer)]
)
def test_what_goes_wrong_with_a_receiver_is_told_apart(served: Served, kind: str, expected: type[Exception]) -> None:
    served.fault("hooks", kind)

    with pytest.raises(expected) as caught:
        to_hook(served, letter())

    if kind == "rate_limit":
        assert isinstance(caught.value, NotTaken)
        assert caught.value.retry_after == timedelta(seconds=7)


def test_a_wrong_signing_secret_calls_a_person(served: Served) -> None:
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()

    with pytest.raises(NotTaken, match="401") as caught:
        to_hook(served, letter(), signing_secret=other)

    assert caught.value.call_a_person
    assert hooks(served) == []


def test_a_long_text_is_cut_to_64_kb(served: Served) -> None:
    to_hook(served, letter(text="é\n" * 40_000, link="https://numbers.example.com/r"))

    [taken] = hooks(served)
    assert len(json.dumps(taken["said"], ensure_ascii=False).encode()) <= webhook.MOST_BODY
    assert taken["said"]["data"]["text"].endswith("https://numbers.example.com/r")


def test_nobody_who_listens_is_surely_not_taken(served: Served) -> None:
    with pytest.raises(NotTaken, match="not reached"):
        post("http://127.0.0.1:9/x", b"{}", {}, HOSTS)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["fd00::1"], ["::ffff:127.0.0.1"]],
)
def test_a_name_that_leads_to_a_place_of_our_own_is_not_posted_to(addresses: list[str]) -> None:
    with pytest.raises(NotTaken, match="not on the internet") as caught:
        post("https://hooks.example.com/x", b"{}", {}, HOSTS, lambda host, port: addresses)

    assert caught.value.call_a_person


def test_a_redirect_is_not_followed(served: Served) -> None:
    """GitHub's part of the world redirects nothing, so the receiver here is a bare one."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked = []

    class Redirects(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Redirects)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(NotTaken, match="redirects are not followed"):
        post(f"http://127.0.0.1:{server.server_port}/x", b"{}", {}, HOSTS)
    server.shutdown()

    assert asked == ["/x"]


# -------------------------------------------------------------------- Slack


def by_bot(served: Served, one: Letter, files: dict[str, bytes] | None = None, **secrets: str) -> str:
    return sender(served, files, **secrets).send(one, channel(ChannelKind.SLACK_BOT, served))


def test_a_bot_posts_a_message_and_nothing_in_it_is_a_command(served: Served) -> None:
    ts = by_bot(served, letter(subject="<!channel> *fell*", text="a < b & c <@U1>"))

    [there] = served.world.slack.messages
    assert there["ts"] == ts
    assert there["text"] == "*&lt;!channel&gt; ∗fell∗*\na &lt; b &amp; c &lt;@U1&gt;"


@pytest.mark.parametrize("kind", ["deaf", "down"])
def test_a_bot_that_died_or_was_not_answered_looks_before_it_posts_again(served: Served, kind: str) -> None:
    served.fault("slack", kind)
    with pytest.raises(NoAnswer):
        by_bot(served, letter())

    by_bot(served, letter(doubtful=True))

    assert len(served.world.slack.messages) == 1


def test_a_bot_finds_its_message_among_many(served: Served) -> None:
    by_bot(served, letter("first"))
    for at in range(450):
        served.world.slack._keep(CHANNELS[0], f"noise {at}")

    by_bot(served, letter("first", doubtful=True))

    assert len(served.world.slack.messages) == 451


FILES = (File("reports/a.pdf", "a.pdf", "A"), File("reports/b.xlsx", "b.xlsx", "B"))


def in_thread(served: Served, ts: str) -> list[str]:
    return [f["name"] for m in served.world.slack.messages if m.get("thread_ts") == ts for f in m.get("files", ())]


def test_files_come_into_the_messages_thread(served: Served) -> None:
    ts = by_bot(served, letter(files=FILES), {"reports/a.pdf": b"%PDF-1.7", "reports/b.xlsx": b"PK"})

    assert in_thread(served, ts) == ["a.pdf", "b.xlsx"]
    assert [one["content"] for one in served.world.slack.uploads.values()] == [b"%PDF-1.7", b"PK"]


@pytest.mark.parametrize("call", range(1, 8))
@pytest.mark.parametrize("kind", ["deaf", "down", "rate_limit"])
def test_whatever_call_fails_the_message_and_each_file_come_once(served: Served, call: int, kind: str) -> None:
    files = {"reports/a.pdf": b"%PDF-1.7", "reports/b.xlsx": b"PK"}
    trouble, seen = served.world.slack.trouble, 0

    def after(request: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == call:
            trouble.kind, trouble.times = kind, 1

    with counting(served, after):
        try:
            by_bot(served, letter(files=FILES), files)
        except NoAnswer:
            doubtful = True
        except NotTaken:
            doubtful = False
        else:
            doubtful = True
    trouble.times = 0
    ts = by_bot(served, letter(files=FILES, doubtful=doubtful), files)

    assert sorted(in_thread(served, ts)) == ["a.pdf", "b.xlsx"]
    assert sum("text" in m and bool(m["text"]) for m in served.world.slack.messages) == 1


class counting:  # noqa: N801 - reads as a statement
    """Tell of every request to Slack before it is handled."""

    def __init__(self, served: Served, before: Any) -> None:
        self.served, self.before, self.app = served, before, served.world._control

    def __enter__(self) -> None:
        async def counted(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["path"].startswith("/slack/"):
                self.before(scope)
            await self.app(scope, receive, send)

        self.served.world._control = counted  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        self.served.world._control = self.app


def test_a_file_that_is_gone_or_too_large_costs_not_the_message(served: Served) -> None:
    ts = by_bot(served, letter(files=FILES), {"reports/b.xlsx": b"PK"})

    assert in_thread(served, ts) == ["b.xlsx"]


@pytest.mark.parametrize(("secrets", "code"), [({"token": "xoxb-other"}, "invalid_auth")])
def test_what_a_person_has_to_mend_is_said(served: Served, secrets: dict[str, str], code: str) -> None:
    with pytest.raises(NotTaken, match=code) as caught:
        by_bot(served, letter(), **secrets)
    assert caught.value.call_a_person

    with pytest.raises(NotTaken, match="channel_not_found") as caught:
        sender(served).send(letter(), channel(ChannelKind.SLACK_BOT, served, slack_channel="C404"))
    assert caught.value.call_a_person


def test_slack_asks_us_to_wait(served: Served) -> None:
    served.fault("slack", "rate_limit")

    with pytest.raises(NotTaken) as caught:
        by_bot(served, letter())

    assert caught.value.retry_after == timedelta(seconds=7)


def test_an_incoming_webhook_takes_text(served: Served) -> None:
    sender(served).send(letter(), channel(ChannelKind.SLACK_WEBHOOK, served))

    [there] = served.world.slack.messages
    assert there["text"].startswith("*[Headwater] downloads fell below 100*\n")

    with pytest.raises(NotTaken, match="404: no_service") as caught:
        sender(served, url=f"{served.url}/slack/services/other").send(
            letter(), channel(ChannelKind.SLACK_WEBHOOK, served)
        )
    assert caught.value.call_a_person
