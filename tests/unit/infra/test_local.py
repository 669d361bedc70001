"""The local cloud's own programs."""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infra.local import outbox, places, processes, services
from infra.local.aws import Renewed
from infra.local.keys import Keys, keys
from infra.local.places import Port
from infra.local.processes import PortBusy, Service
from tests.servers.__main__ import options


def service(folder: Path, port: int, *command: str) -> Service:
    return Service("thing", command or (sys.executable, "-c", ""), Port(port, "a thing", "THING_PORT"), "/", {}, folder)


def test_secrets_that_begin_with_a_dash_reach_the_outside_world_whole() -> None:
    made = Keys("-t", "-s", "-a", "--webhook-secret", "-p", "-g", "-w")

    command = services.world(places.ports({}), made).command
    given = options().parse_args(command[command.index("tests.servers") + 1 :])

    assert (given.token, given.webhook_secret) == ("-g", "--webhook-secret")
    assert given.live


def test_a_busy_port_is_named_with_its_holder_and_the_variable_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortBusy) as error:
            processes.start(service(tmp_path, port))

    assert f"port {port} for a thing is in use" in str(error.value)
    assert "THING_PORT" in str(error.value)


def test_a_process_is_started_once_and_ended(tmp_path: Path, free_port: int) -> None:
    thing = service(tmp_path, free_port, sys.executable, "-c", "import time; time.sleep(60)")

    first, second = processes.start(thing), processes.start(thing)
    ended, ended_again = processes.stop(thing.note), processes.stop(thing.note)

    assert (first, second) == (True, False)
    assert (ended, ended_again) == (True, False)


def test_a_process_in_an_older_version_is_started_anew(tmp_path: Path, free_port: int) -> None:
    old = service(tmp_path, free_port, sys.executable, "-c", "import time; time.sleep(60)")
    new = replace(old, version="2")
    processes.start(old)
    before = processes.running(old.note)

    started = processes.start(new)

    after = processes.running(new.note)
    processes.stop(new.note)
    assert started
    assert after not in (None, before)


def test_a_note_about_another_process_with_that_number_is_not_believed(tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    note.write_text(json.dumps({"pid": 1, "command": "something else"}))

    assert processes.running(note) is None
    assert processes.stop(note) is False


def test_a_service_that_ends_at_once_says_what_it_wrote(tmp_path: Path, free_port: int) -> None:
    thing = service(tmp_path, free_port, sys.executable, "-c", "raise SystemExit('no such luck')")
    processes.start(thing)

    with pytest.raises(processes.DidNotStart, match="no such luck"):
        processes.wait(thing, seconds=10)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused_by_its_variables_name(text: str) -> None:
    with pytest.raises(places.PortNotANumber, match="HEADWATER_EDGE_PORT"):
        places.ports({"HEADWATER_EDGE_PORT": text})


def test_keys_are_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    made = keys(tmp_path / "keys.json")

    assert keys(tmp_path / "keys.json") == made
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_the_outbox_shows_messages_to_programs_and_safely_to_people(tmp_path: Path) -> None:
    file = tmp_path / "outbox.jsonl"
    sent = {
        "MessageId": "1",
        "TopicArn": "arn:aws:sns:x:1:alerts",
        "Subject": "<script>",
        "Message": "a & b",
        "Timestamp": "t",
    }
    file.write_text(json.dumps(outbox.as_message(json.dumps(sent))) + "\n")

    got = {"id": "1", "at": "t", "topic": "alerts", "protocol": "sms", "to": "+49<b>", "subject": "", "message": "s"}
    alone = {**got, "id": "2", "protocol": "email", "to": "ada@acme.example", "subject": "Confirm", "message": "press"}

    messages = outbox.kept(file)
    page = outbox.page(messages, [got, alone])

    assert "&lt;script&gt;" in page and "<script>" not in page
    assert "To: +49&lt;b&gt; (sms)" in page and "As it came by sms" in page
    assert "To: ada@acme.example (email)" in page and "press" in page
    assert [(m["topic"], m["subject"], m["message"]) for m in messages] == [("alerts", "<script>", "a & b")]


def test_the_outbox_shows_what_came_to_slack_and_to_webhooks(monkeypatch: pytest.MonkeyPatch) -> None:
    post = {"ts": "1.5", "at": "2026-11-26T12:00:00.000+00:00", "channel": "C1", "text": "*Fell &amp; <b>*\nLook"}
    file = {**post, "ts": "1.6", "thread_ts": "1.5", "text": "", "files": [{"name": "a.pdf"}]}
    hook = {
        "id": "msg_1",
        "at": "2026-11-26T12:00:01.000+00:00",
        "said": {"type": "t", "data": {"subject": "S", "text": "T"}},
    }
    told = {"http://w/slack/messages": {"messages": [post, file]}, "http://w/hooks/": {"messages": {"crm": [hook]}}}
    monkeypatch.setattr(outbox, "told_by", lambda address: told[address])

    page = outbox.page([], outbox.of_channels("http://w"))

    assert page.index("To: crm (webhook)") < page.index("Fell &amp; &lt;b&gt;")
    assert "To: C1 (slack)" in page
    assert "[file] a.pdf" in page


def test_a_server_that_does_not_answer_shows_nothing() -> None:
    assert outbox.told_by("http://127.0.0.1:9/x") == {}


def test_a_renewed_token_tells_the_groups_that_a_person_is_in_now() -> None:
    cognito: Any = ModuleType("cognito")
    cognito._get_pool_unscoped = lambda _: {"_users": {"ada": {"_groups": ["sql"]}}}
    cognito._fake_token = lambda *_, **said: said.get("groups")
    Renewed(cognito).install()
    renewed, first = "TokenGeneration_RefreshTokens", "TokenGeneration_HostedAuth"

    assert cognito._fake_token("s", "pool", "c", "id", username="ada", trigger_source=renewed) == ["sql"]
    assert cognito._fake_token("s", "pool", "c", "id", "ada", groups=["read"], trigger_source=first) == ["read"]
