"""Slack, as far as messages and files go: incoming webhooks, chat.postMessage, histories, and uploads in three steps.

``GET /slack/messages`` tells what arrived, oldest first. Answers have the shapes of https://docs.slack.dev/reference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.servers.clock import VirtualClock
from tests.servers.receivers import KEPT, Trouble

TOKEN = "xoxb-local-bot"
HOOK = "/services/T0000/B0000/local"
CHANNELS = ("C0000000001", "C0000000002")


@dataclass
class Slack:
    """One workspace; its clock is the world's."""

    clock: VirtualClock
    messages: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    trouble: Trouble = field(default_factory=Trouble)
    _last: float = 0.0

    def routes(self) -> list[Route]:
        """What is served, below ``/slack``."""
        methods = {
            "auth.test": self._auth,
            "chat.postMessage": self._post,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete,
        }
        return [
            Route("/_faults", self.trouble.set, methods=["POST"]),
            Route("/messages", self._show),
            Route("/services/{rest:path}", self.trouble.guards(self._hook), methods=["POST"]),
            Route("/upload/{id}", self.trouble.guards(self._upload), methods=["POST"]),
            *(
                Route(f"/api/{name}", self.trouble.guards(self._asked(do)), methods=["POST"])
                for name, do in methods.items()
            ),
        ]

    def _asked(self, do: Any) -> Any:
        async def asked(request: Request) -> Response:
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                return JSONResponse({"ok": False, "error": "invalid_auth"})
            said: dict[str, Any] = await _said(request)
            if "channel" in said and said["channel"] not in CHANNELS:
                return JSONResponse({"ok": False, "error": "channel_not_found"})
            return JSONResponse({"ok": True, **do(said, request)})

        return asked

    def _auth(self, said: dict[str, Any], request: Request) -> dict[str, Any]:
        return {"team": "Acme", "user": "headwater", "bot_id": "B0001"}

    def _post(self, said: dict[str, Any], request: Request) -> dict[str, Any]:
        message = self._keep(said["channel"], said["text"], metadata=said.get("metadata"), thread=said.get("thread_ts"))
        return {"channel": said["channel"], "ts": message["ts"], "message": message}

    def _history(self, said: dict[str, Any], request: Request) -> dict[str, Any]:
        oldest = float(said.get("oldest") or 0)
        found = [m for m in self.messages if m["channel"] == said["channel"] and float(m["ts"]) > oldest]
        found = [m for m in reversed(found) if m.get("thread_ts") in (None, m["ts"])]
        return self._paged(found, said, metadata=bool(said.get("include_all_metadata")))

    def _replies(self, said: dict[str, Any], request: Request) -> dict[str, Any]:
        found = [m for m in self.messages if said["ts"] in (m["ts"], m.get("thread_ts"))]
        return self._paged(found, said, metadata=False)

    @staticmethod
    def _paged(found: list[dict[str, Any]], said: dict[str, Any], *, metadata: bool) -> dict[str, Any]:
        first, limit = int(said.get("cursor") or 0), int(said.get("limit") or 100)
        page = [
            m if metadata else {k: v for k, v in m.items() if k != "metadata"} for m in found[first : first + limit]
        ]
        more = first + limit < len(found)
        return {
            "messages": page,
            "has_more": more,
            "response_metadata": {"next_cursor": str(first + limit) if more else ""},
        }

    def _upload_url(self, said: dict[str, Any], request: Request) -> dict[str, Any]:
        made = f"F{len(self.uploads) + 1:010}"
        self.uploads[made] = {"name": said["filename"], "length": int(said["length"]), "content": None}
        return {"file_id": made, "upload_url": str(request.base_url.replace(path=f"/slack/upload/{made}"))}

    async def _upload(self, request: Request) -> Response:
        upload, body = self.uploads.get(request.path_params["id"]), await request.body()
        if upload is None or len(body) != upload["length"]:
            return PlainTextResponse("no such upload, or another length", 400)
        upload["content"] = body
        return PlainTextResponse(f"OK - {len(body)}")

    def _complete(self, said: dict[str, Any], request: Request) -> dict[str, Any]:
        asked = said["files"] if isinstance(said["files"], list) else json.loads(said["files"])
        files = [{"id": f["id"], "title": f["title"], "name": self.uploads[f["id"]]["name"]} for f in asked]
        if any(self.uploads[f["id"]]["content"] is None for f in files):
            return {"ok": False, "error": "file_not_found"}
        self._keep(said["channel_id"], said.get("initial_comment") or "", thread=said.get("thread_ts"), files=files)
        return {"files": files}

    async def _hook(self, request: Request) -> Response:
        if request.path_params["rest"] != HOOK.removeprefix("/services/"):
            return PlainTextResponse("no_service", 404)
        try:
            text = (await request.json())["text"]
        except (ValueError, KeyError, TypeError):
            return PlainTextResponse("invalid_payload", 400)
        self._keep(CHANNELS[0], text)
        return PlainTextResponse("ok")

    async def _show(self, request: Request) -> Response:
        return JSONResponse({"messages": self.messages})

    def _keep(
        self, channel: str, text: str, *, metadata: Any = None, thread: Any = None, files: Any = ()
    ) -> dict[str, Any]:
        self._last = max(self._last + 0.000001, self.clock().timestamp())
        at = datetime.fromtimestamp(self._last, UTC).isoformat(timespec="milliseconds")
        message: dict[str, Any] = {
            "type": "message",
            "channel": channel,
            "ts": f"{self._last:.6f}",
            "text": text,
            "at": at,
        }
        if metadata:
            message["metadata"] = json.loads(metadata) if isinstance(metadata, str) else metadata
        if thread:
            message["thread_ts"] = thread
        if files:
            message["files"] = list(files)
        self.messages.append(message)
        del self.messages[:-KEPT]
        return message


async def _said(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        said: dict[str, Any] = json.loads(body)
        return said
    return dict(parse_qsl(body.decode()))
