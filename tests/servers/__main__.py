"""Serve the outside world: ``python -m tests.servers --port 18300 --seed 7 --now 2026-11-22T00:00:00Z``."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from tests.servers.deliveries import Target
from tests.servers.world import World

DEMO_TOKEN = "demo-token"


def instant(value: str) -> datetime:
    """Read an instant; ``now`` is the present one."""
    return datetime.now(UTC) if value == "now" else datetime.fromisoformat(value).astimezone(UTC)


def anchor_of(noted: Path, now: datetime) -> datetime:
    """Answer where the company's history ends; it is noted once in a file, so that a restart keeps the company."""
    if not noted.exists():
        noted.write_text(json.dumps({"anchor": now.isoformat()}))
    return datetime.fromisoformat(json.loads(noted.read_text())["anchor"])


def options() -> argparse.ArgumentParser:
    """Answer what can be said on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--now", type=instant, default="now", help="ISO 8601, or now")
    parser.add_argument("--frozen", action="store_true", help="the clock stands still until it is turned")
    parser.add_argument("--token", default=DEMO_TOKEN, help="what the API accepts")
    parser.add_argument("--webhook-url", help="where redeliveries go, and with --live what happens from now on")
    parser.add_argument("--webhook-secret", default="")
    parser.add_argument("--live", action="store_true", help="post webhooks as things happen")
    parser.add_argument("--anchor-file", type=Path, help="where the end of the company's history is noted, once")
    return parser


def main() -> None:
    """Serve until a signal ends it."""
    given = options().parse_args()
    target = Target(given.webhook_url, given.webhook_secret)
    anchor = anchor_of(given.anchor_file, given.now) if given.anchor_file else given.now
    running = not given.frozen
    world = World(
        given.seed, given.now, token=given.token, anchor=anchor, target=target, live=given.live, running=running
    )
    listen = {"host": "127.0.0.1", "port": given.port, "interface": "asgi3"}
    uvicorn.run(world.app, **listen, log_level="warning", access_log=False, date_header=False)


if __name__ == "__main__":
    main()
