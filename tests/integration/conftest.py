"""Fixtures of the integration tests: a real local AWS (ministack) on a free port of its own, stopped at the end.

``HEADWATER_CLOUD_PYTHON`` names the interpreter that has ministack; without it the project's ``.local/cloud`` is used,
and made from ``requirements/cloud.txt`` when it is absent.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
START_TIMEOUT_S = 60


@dataclass(frozen=True)
class LocalAws:
    """A running local AWS.

    ``endpoint`` is its URL. The key ``test`` is root there. ``mailbox`` has what people got, a line of JSON each.
    """

    endpoint: str
    region: str = REGION
    access_key: str = "test"
    secret_key: str = "test"
    mailbox: Path = Path("mailbox.jsonl")
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of this AWS; ``options`` go to :func:`boto3.client` (``endpoint_url``: another server).

        One without other options is made once: a test's lake has hundreds of files, and making a client takes longer
        than writing one of them.
        """
        if options.keys() <= {"endpoint_url"}:
            key = service, str(options.get("endpoint_url", self.endpoint))
            if key not in self._clients:
                self._clients[key] = self._made(service, options)
            return self._clients[key]
        return self._made(service, options)

    def _made(self, service: str, options: dict[str, Any]) -> Any:
        defaults = {
            "endpoint_url": self.endpoint,
            "config": Config(retries={"max_attempts": 2}, max_pool_connections=32),
        }
        return self.session().client(service, **(defaults | options))

    def session(self) -> boto3.Session:
        """A boto3 session with the root key; its clients need ``endpoint_url``."""
        return boto3.Session(self.access_key, self.secret_key, region_name=self.region)

    def environment(self) -> dict[str, str]:
        """What a child process needs to use this AWS; the caller's own AWS settings are left out."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return inherited | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when ``url`` answers; fail with the end of the log when the process ends or the time is over."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} did not come up; its log ends with:\n{log.read_text()[-2000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and the workers it started (it leads a session of its own)."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _cloud_python() -> Path:
    named = os.environ.get("HEADWATER_CLOUD_PYTHON")
    if named:
        return Path(named)
    home = ROOT / ".local" / "cloud"
    home.parent.mkdir(exist_ok=True)
    with (home.parent / "cloud.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several workers of pytest-xdist may come here at once
        if not (home / "bin" / "ministack").exists():
            _install(home)
    return home / "bin" / "python"


def _install(home: Path) -> None:
    """Make the environment with uv where it is found, else with venv and pip."""
    lock_file = ROOT / "requirements" / "cloud.txt"
    python = home / "bin" / "python"
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv:
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, home], check=True)
        install = [uv, "pip", "install", "-q", "--python", str(python), "--require-hashes", "-r", str(lock_file)]
    else:
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock_file)]
    subprocess.run(install, check=True)


@contextmanager
def running_local_aws(home: Path) -> Iterator[LocalAws]:
    """A fresh local AWS that keeps its files below ``home`` and ends with the block."""
    port = free_port()
    log = home / "ministack.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": "true",
        "PERSIST_STATE": "0",
        "S3_PERSIST": "1",  # objects on disk rather than in memory
        "S3_DATA_DIR": str(home / "s3"),
        "STATE_DIR": str(home / "state"),
        "LOCAL_MAILBOX": str(home / "mailbox.jsonl"),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(_cloud_python()), "-P", str(ROOT / "infra" / "local" / "aws.py")],
            env=environment,
            cwd=home,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/_ministack/health", process, log)
        yield LocalAws(endpoint=f"http://127.0.0.1:{port}", mailbox=home / "mailbox.jsonl")
    finally:
        stop(process)


@contextmanager
def running_athena(aws: LocalAws, home: Path, *options: str) -> Iterator[str]:
    """A local Athena over a local AWS; its URL."""
    port = free_port()
    log = home / "athena.log"
    command = [sys.executable, "-m", "infra.local.athena", "--port", str(port), "--glue-endpoint", aws.endpoint]
    command += ["--s3-endpoint", aws.endpoint, "--cache-dir", str(home / "cache"), *options]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=aws.environment(), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/health", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A fresh local AWS for the session, with nothing in it but what the tests put there."""
    with running_local_aws(tmp_path_factory.mktemp("local-aws")) as aws:
        yield aws
