"""GitHub's words for what happens in the demo company: webhook payloads and the repository as the API answers it."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.servers.company import STARTS, Company, Happening

EVENT_OF = {
    "star": ("star", "created"),
    "unstar": ("star", "deleted"),
    "fork": ("fork", None),
    "push": ("push", None),
    "pull": ("pull_request", "opened"),
    "merge": ("pull_request", "closed"),
    "issue": ("issues", "opened"),
    "close": ("issues", "closed"),
    "release": ("release", "published"),
}
LOST_WITHIN = timedelta(days=2)
_NAMESPACE = uuid.UUID("6f0f7a50-8f0e-4b7c-9f5e-0f8a7d2f6a11")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook that GitHub sent, or tried to."""

    delivery_id: int
    guid: str
    event: str
    action: str | None
    repository: str
    at: datetime
    body: bytes
    lost: bool


def stamp(at: datetime) -> str:
    """Write an instant as GitHub does."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def repository_json(company: Company, name: str, at: datetime) -> dict[str, Any]:
    """Answer ``GET /repos/{owner}/{repo}`` as of an instant, traps included: watchers_count is the stars."""
    start = next(s for s in STARTS if s.name == name)
    counts = company.stats(name, at)
    owner, _, short = name.partition("/")
    return {
        "id": start.repository_id,
        "node_id": f"R_{start.repository_id:x}",
        "name": short,
        "full_name": name,
        "private": False,
        "owner": {"login": owner, "id": 9_001, "type": "Organization", "site_admin": False},
        "html_url": f"https://github.com/{name}",
        "description": f"{short.title()} of the demo company",
        "fork": False,
        "created_at": "2021-03-01T09:00:00Z",
        "updated_at": stamp(company.last(name, "star", at)),
        "pushed_at": stamp(company.last(name, "push", at)),
        "size": 18_000 + start.repository_id % 97,
        "stargazers_count": counts["stars"],
        "watchers_count": counts["stars"],
        "forks_count": counts["forks"],
        "open_issues_count": counts["open_issues"] + counts["open_pull_requests"],
        "default_branch": "main",
        "archived": False,
        "disabled": False,
        "visibility": "public",
        "subscribers_count": counts["watchers"],
        "network_count": counts["forks"],
    }


def delivery(company: Company, happening: Happening) -> Delivery:
    """Make the delivery of one happening; every so often one of the last two days was lost on its way."""
    event, action = EVENT_OF[happening.kind]
    repository = repository_json(company, happening.repository, happening.at)
    del repository["subscribers_count"], repository["network_count"]
    if event == "star":
        repository["updated_at"] = stamp(happening.at)
    payload: dict[str, Any] = {} if action is None else {"action": action}
    payload |= _subject(company, happening)
    payload |= {
        "repository": repository,
        "organization": {"login": repository["owner"]["login"], "id": repository["owner"]["id"]},
        "sender": _user(happening.actor),
    }
    body = json.dumps(payload, separators=(",", ":")).encode()
    digest = int.from_bytes(hashlib.sha256(body).digest()[:6], "big")
    lost = company.now - LOST_WITHIN < happening.at <= company.now and digest % 9 == 0
    guid = str(uuid.uuid5(_NAMESPACE, f"{company.seed} {happening}"))
    return Delivery(digest, guid, event, action, happening.repository, happening.at, body, lost)


def _subject(company: Company, happening: Happening) -> dict[str, Any]:
    """What an event is about."""
    at, moment = happening.at, stamp(happening.at)
    match happening.kind:
        case "star" | "unstar":
            return {"starred_at": moment if happening.kind == "star" else None}
        case "fork":
            fork = f"{happening.actor}/{happening.repository.partition('/')[2]}"
            return {"forkee": {"full_name": fork, "owner": _user(happening.actor), "fork": True, "created_at": moment}}
        case "push":
            return _push(company, happening)
        case "pull" | "merge":
            return _pull_request(happening)
        case "issue" | "close":
            return {"issue": _issue(happening)}
        case _:
            return {"release": _release(company, happening, at)}


def _user(login: str) -> dict[str, Any]:
    number = int.from_bytes(hashlib.sha256(login.encode()).digest()[:4], "big") % 9_000_000
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {"login": login, "id": number, "type": kind, "site_admin": False}


def _sha(*words: object) -> str:
    return hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()[:40]


def _push(company: Company, happening: Happening) -> dict[str, Any]:
    after = _sha(company.seed, happening)
    commits = [
        {"id": _sha(after, n), "distinct": True, "message": f"Change {n + 1}", "timestamp": stamp(happening.at)}
        for n in range(1 + int(after[:2], 16) % 4)
    ]
    return {
        "ref": "refs/heads/main" if int(after[2], 16) < 11 else f"refs/heads/topic-{after[3:7]}",
        "before": _sha(after, "before"),
        "after": after,
        "created": False,
        "deleted": False,
        "forced": after[7] == "0",
        "commits": commits,
        "head_commit": commits[-1],
        "pusher": {"name": happening.actor},
    }


def _thing(happening: Happening, closed: bool) -> dict[str, Any]:
    """What issues and pull requests share."""
    return {
        "number": happening.number,
        "state": "closed" if closed else "open",
        "user": _user(happening.actor),
        "created_at": stamp(happening.at),
        "updated_at": stamp(happening.at),
        "closed_at": stamp(happening.at) if closed else None,
    }


def _pull_request(happening: Happening) -> dict[str, Any]:
    merged = happening.kind == "merge"
    size = int(_sha(happening.repository, happening.number)[:3], 16)
    return {
        "number": happening.number,
        "pull_request": {
            **_thing(happening, merged),
            "title": f"Pull request {happening.number}",
            "draft": False,
            "merged": merged,
            "merged_at": stamp(happening.at) if merged else None,
            "base": {"ref": "main"},
            "head": {"ref": f"topic-{happening.number}"},
            "additions": size,
            "deletions": size // 3,
            "changed_files": 1 + size % 12,
            "commits": 1 + size % 5,
        },
    }


def _issue(happening: Happening) -> dict[str, Any]:
    closed = happening.kind == "close"
    reason = "completed" if closed else None
    words = {"title": f"Issue {happening.number}", "state_reason": reason, "comments": happening.number % 7}
    return {**_thing(happening, closed), **words}


def _release(company: Company, happening: Happening, at: datetime) -> dict[str, Any]:
    product = happening.repository.partition("/")[2]
    number = int(_sha(company.seed, happening.repository, happening.version)[:7], 16)
    assets = [
        {
            "id": number * 10 + n,
            "name": f"{product}-{happening.version}.{kind}",
            "content_type": "application/octet-stream",
            "size": 9_000_000 + number % 1_000_000,
            "download_count": 0,
            "created_at": stamp(at),
            "updated_at": stamp(at),
        }
        for n, kind in enumerate(("tar.gz", "zip", "whl"))
    ]
    return {
        "id": number,
        "tag_name": f"v{happening.version}",
        "name": happening.version,
        "draft": False,
        "prerelease": False,
        "author": _user(happening.actor),
        "created_at": stamp(at - timedelta(minutes=20)),
        "published_at": stamp(at),
        "assets": assets,
    }
