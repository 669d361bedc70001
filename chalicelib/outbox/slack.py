"""Slack: a message as a bot's, with its files in the thread, or through an incoming webhook.

A bot's message carries our key of it as metadata (https://docs.slack.dev/messaging/message-metadata/), so what a dead
sender had posted is found again in the channel's history. An incoming webhook tells nothing: in doubt it is sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from chalicelib.errors import HeadwaterError, NoAnswer, NotTaken
from chalicelib.outbox.letter import Letter
from chalicelib.outbox.message import File
from chalicelib.outbox.outbox import cut
from chalicelib.outbox.posting import retry_after

API: Final = "https://slack.com/api/"
EVENT: Final = "headwater_message"
MOST_TEXT: Final = 12_000
"""Bytes; Slack cuts at 40,000 characters, and people stop reading long before."""
_PAGES: Final = 10
_LOOK_BACK: Final = timedelta(minutes=5)
_TIMEOUT_S: Final = 10
_NEVER_SENT: Final = (ConnectionRefusedError,)
_A_PERSON: Final = frozenset(
    {
        "access_denied",
        "account_inactive",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "token_expired",
        "token_revoked",
    }
)
_BAD_MESSAGE: Final = frozenset({"msg_too_long", "no_text", "metadata_too_large", "invalid_arguments"})
_CANNOT_LOOK: Final = frozenset({"missing_scope", "no_permission", "access_denied"})


def text_of(letter: Letter) -> str:
    """Write a message as Slack takes it: nothing in it is a command or a mention.

    >>> escaped("<!channel> & all")
    '&lt;!channel&gt; &amp; all'
    """
    message = letter.message
    text = cut(message.text, MOST_TEXT, f"\n\n… The rest is too long for a message. {message.link}".rstrip())
    return f"*{_one_line(escaped(message.subject))}*\n{escaped(text)}"


def escaped(text: str) -> str:
    """Escape the three characters that are Slack's own (https://docs.slack.dev/messaging/formatting-message-text/)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("*", "∗")


class Bot:
    """A bot in one Slack channel.

    Parameters
    ----------
    read_file
        Reads a file that goes with a message; None where it cannot be had.
    log
        Is told of files that Slack would not take.
    """

    def __init__(
        self,
        token: str,
        channel: str,
        read_file: Callable[[File], bytes | None],
        log: Callable[[str], None],
        base_url: str = API,
    ) -> None:
        # A client of its own accord tries again when an answer was lost: the message would be there twice.
        self._client = WebClient(token=token, base_url=base_url or API, timeout=_TIMEOUT_S, retry_handlers=[])
        self._channel = channel
        self._read_file = read_file
        self._log = log

    def send(self, letter: Letter) -> str:
        """Post a message and its files, whatever of them is not there yet; answer Slack's id of the message.

        Raises ``NotTaken``, ``NoAnswer``.
        """
        there = self._find(letter) if letter.doubtful else None
        ts = there or self._post(letter)
        if letter.message.files:
            self._upload_missing(letter, ts, self._names(ts) if there else frozenset())
        return ts

    def _post(self, letter: Letter) -> str:
        answer = _asked(
            lambda: self._client.chat_postMessage(
                channel=self._channel,
                text=text_of(letter),
                metadata={"event_type": EVENT, "event_payload": {"id": letter.key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer["ts"])

    def _find(self, letter: Letter) -> str | None:
        """Look for the message in the channel's history. Raises ``NoAnswer`` where it cannot be known now."""
        cursor, oldest = "", str((letter.begun_at - _LOOK_BACK).timestamp())
        for _ in range(_PAGES):
            try:
                answer = _asked(lambda: self._history(oldest, cursor))  # noqa: B023 - called at once
            except NotTaken as error:
                if _code(error) in _CANNOT_LOOK:
                    self._log(f"Slack does not let us look whether a message is there ({error}): it is sent again")
                    return None
                raise NoAnswer(f"It could not be looked up: {error}") from error
            for message in answer.get("messages", []):
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("id") == letter.key:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise NoAnswer("The channel has too many messages to look through.")

    def _history(self, oldest: str, cursor: str) -> Any:
        return self._client.conversations_history(
            channel=self._channel, oldest=oldest, include_all_metadata=True, limit=200, cursor=cursor or None
        )

    def _names(self, ts: str) -> frozenset[str]:
        """Answer the files that are in the thread of a message."""
        try:
            answer = _asked(lambda: self._client.conversations_replies(channel=self._channel, ts=ts, limit=100))
        except NotTaken as error:
            raise NoAnswer(f"Its files could not be looked up: {error}") from error
        replies = answer.get("messages", [])
        return frozenset(str(file.get("name")) for reply in replies for file in reply.get("files") or ())

    def _upload_missing(self, letter: Letter, ts: str, there: frozenset[str]) -> None:
        """Upload files into the message's thread; the text has links to them, so one that is refused is only logged."""
        for file in _missing(letter.message.files, there):
            try:
                content = self._read_file(file)
            except HeadwaterError as error:
                raise NoAnswer(f"{file.filename} could not be read: {error}") from error
            if content is None:
                self._log(f"{file.filename} is too large or gone: message {letter.message.id} has its link only")
                continue
            try:
                _asked(lambda: self._upload(file, content, ts))  # noqa: B023 - called at once
            except NotTaken as error:
                if error.retry_after is not None:
                    raise NoAnswer(f"{file.filename} is still to be uploaded: {error}") from error
                self._log(f"{file.filename} was not taken by Slack ({error}): the message has its link only")

    def _upload(self, file: File, content: bytes, ts: str) -> Any:
        return self._client.files_upload_v2(
            channel=self._channel, content=content, filename=file.filename, title=file.title, thread_ts=ts
        )


def _missing(files: Sequence[File], there: frozenset[str]) -> list[File]:
    return [file for file in files if file.filename not in there]


def _asked(ask: Callable[[], Any]) -> Mapping[str, Any]:
    """Ask Slack once. Raises ``NotTaken``, ``NoAnswer``."""
    try:
        answer = ask()
    except SlackApiError as error:
        raise _refused(error) from error
    except URLError as error:
        if isinstance(error.reason, _NEVER_SENT):
            raise NotTaken("Slack was not reached.") from error
        raise NoAnswer(f"Slack did not answer: {type(error.reason).__name__}.") from error
    except (SlackRequestError, OSError, HTTPException, ValueError) as error:
        raise NoAnswer(f"Slack did not answer: {type(error).__name__}.") from error
    found: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    return found


def _refused(error: SlackApiError) -> NotTaken | NoAnswer:
    response = error.response
    status, headers = int(response.status_code or 0), {k.lower(): v for k, v in response.headers.items()}
    code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return NotTaken(
            "ratelimited", retry_after=retry_after(str(headers.get("retry-after", ""))) or timedelta(seconds=30)
        )
    if status >= 500 or code in ("internal_error", "fatal_error", "request_timeout", "service_unavailable"):
        return NoAnswer(f"Slack: {status} {code[:80]}")
    return NotTaken(f"{code[:80]}: Slack refused.", for_good=code in _BAD_MESSAGE, call_a_person=code in _A_PERSON)


def _code(error: NotTaken) -> str:
    return str(error).partition(":")[0]
