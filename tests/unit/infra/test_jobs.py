"""``make backfill`` and ``make replay``: what is asked, what is shown, and which exit code says how it ended."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from infra import jobs

JOB: Mapping[str, Any] = {
    "id": "j1",
    "kind": "backfill",
    "source": "mixpanel_events",
    "state": "queued",
    "done": 0,
    "total": 3,
    "rows": 0,
    "error": None,
    "retry_at": None,
    "notes": [],
}
RUNNING = {**JOB, "state": "running", "done": 2, "rows": 20}
DONE = {**JOB, "state": "done", "done": 3, "rows": 30, "notes": ["The range was widened."]}
ASK = ["backfill", "--source", "mixpanel_events", "--from", "2026-08-01", "--to", "2026-11-01"]
AWS = {"HEADWATER_API": "https://api.test/", "HEADWATER_TOKEN": "hw_x"}


class Server:
    """Answers in turn; remembers what was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
        self.answers, self.asked = list(answers), list[tuple[str, str, Any, Mapping[str, str]]]()
        monkeypatch.setattr(requests.Session, "request", self.request)

    def request(self, method: str, url: str, *, json: Any, headers: Mapping[str, str], timeout: float) -> Any:
        self.asked.append((method, url, json, headers))
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return _response(status, body)


def _response(status: int, body: Any) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.raw = io.BytesIO(json.dumps(body).encode())
    return made


def run(*arguments: str, environment: Mapping[str, str] = AWS) -> tuple[int, str]:
    out = io.StringIO()
    code = jobs.main(arguments, environment, out, lambda seconds: None)
    return code, out.getvalue()


def test_a_job_is_asked_for_watched_and_told_in_lines_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server(monkeypatch, (202, JOB), RUNNING, RUNNING, DONE)

    code, said = run(*ASK)

    assert code == jobs.DONE
    assert said.splitlines() == [
        "backfill of mixpanel_events: queued 0/3, 0 rows",
        "backfill of mixpanel_events: running 2/3, 20 rows",
        "backfill of mixpanel_events: done 3/3, 30 rows",
        "The range was widened.",
    ]
    method, url, body, headers = server.asked[0]
    assert (method, url) == ("POST", "https://api.test/v1/sources/mixpanel_events/backfill")
    assert body == {"from": "2026-08-01", "to": "2026-11-01"}
    assert headers["Authorization"] == "Bearer hw_x"
    assert server.asked[1][:2] == ("GET", "https://api.test/v1/jobs/j1")


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "140")
    Server(monkeypatch, (202, JOB), RUNNING, DONE)

    code, said = run(*ASK)

    assert code == jobs.DONE
    assert "3/3" in said
    assert "30 rows" in said
    assert "━" in said


def test_a_lost_answer_is_asked_for_again_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    server = Server(monkeypatch, requests.ConnectionError("lost"), (202, DONE))

    code, _ = run(*ASK, "--again", "1")

    assert code == jobs.DONE
    assert server.asked[0][2]["again"] is True
    keys = {headers["Idempotency-Key"] for _, _, _, headers in server.asked}
    assert len(keys) == 1


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_job_that_ends_otherwise_says_why(monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    Server(monkeypatch, (202, JOB), {**RUNNING, "state": state, "error": "the key was revoked"})

    code, said = run(*ASK)

    assert code == jobs.FAILED
    assert "the key was revoked" in said


def test_a_refusal_names_every_field(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [{"parameter": "from", "detail": "no date"}]
    Server(monkeypatch, (400, {"detail": "One or more fields are wrong.", "errors": errors}))

    code, said = run(*ASK)

    assert code == jobs.REFUSED
    assert "from: no date" in said


def test_an_api_that_is_away_for_long_is_told_and_one_that_hiccups_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    Server(monkeypatch, (202, JOB), (503, {}), requests.ConnectionError("away"), DONE)
    assert run(*ASK)[0] == jobs.DONE

    Server(monkeypatch, (202, JOB), *[requests.ConnectionError("away")] * 200)
    code, said = run(*ASK)

    assert code == jobs.SILENT
    assert "does not answer" in said


def test_ctrl_c_leaves_the_job_at_work_and_says_how_to_cancel_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Server(monkeypatch, (202, JOB), KeyboardInterrupt())

    code, said = run(*ASK)

    assert code == jobs.LEFT
    assert "make backfill CANCEL=j1" in said


def test_a_job_is_cancelled_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(monkeypatch, {**RUNNING, "state": "cancelled"})

    code, said = run("backfill", "--source", "", "--cancel", "j1")

    assert code == jobs.DONE
    assert server.asked[0][:2] == ("DELETE", "https://api.test/v1/jobs/j1")
    assert "cancelled" in said


def test_what_make_run_has_started_is_found_by_its_endpoints(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints.json"
    endpoints.write_text(json.dumps({"api": "http://127.0.0.1:19150/api", "admin_token": "hw_local"}))
    monkeypatch.setattr(jobs, "ENDPOINTS", endpoints)
    server = Server(monkeypatch, (202, DONE))

    code, _ = run("replay", "--source", "github_webhooks", "--from", "", environment={})

    assert code == jobs.DONE
    assert server.asked[0][1] == "http://127.0.0.1:19150/api/v1/sources/github_webhooks/replay"
    assert server.asked[0][2] == {}


@pytest.mark.parametrize("environment", [{}, {"HEADWATER_API": "https://api.test"}])
def test_without_a_system_it_says_how_to_name_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    monkeypatch.setattr(jobs, "ENDPOINTS", tmp_path / "absent.json")
    monkeypatch.setattr(jobs, "ROOT", tmp_path)

    code, said = run(*ASK, environment=environment)

    assert code == jobs.SILENT
    assert "HEADWATER_TOKEN" in said


@pytest.mark.parametrize("arguments", [["backfill"], ["backfill", "--source", "x"], ["replay", "--source", ""]])
def test_a_command_line_that_says_too_little_is_explained(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(*arguments)

    assert "SOURCE=" in capsys.readouterr().err
