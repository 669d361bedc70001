"""The bodies of channels: each field read, every mistake named at once; no secret is repeated in what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError
from chalicelib.outbox.channels import MOST_A_MINUTE, NAME, SECRETS, ChannelKind
from chalicelib.outbox.places import read_place
from chalicelib.outbox.webhook import read_secret

USUAL_A_MINUTE: Final = 60
_PLAIN: Final = ("enabled", "per_minute")
_OF_BOT: Final = ("slack_channel", "base_url")
_SLACK_HOSTS: Final = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_SLACK_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{8,20}\Z")
_TOKEN: Final = re.compile(r"xoxb-[!-~]{1,495}\Z")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a channel; fields that were not given are not in ``plain`` and ``secret``."""

    name: str
    kind: ChannelKind
    plain: Mapping[str, Any]
    secret: Mapping[str, str]

    @property
    def shown(self) -> str:
        """Answer what of the secret may be shown."""
        if self.kind is ChannelKind.SLACK_BOT:
            return f"xoxb-…{self.secret['token'][-4:]}"
        return urlsplit(self.secret["url"]).hostname or ""


def read_new(given: Mapping[str, Any], hosts: Collection[str]) -> Wish:
    """Read a channel that is to be made. Raises ``RequestError`` 400 naming every field that is wrong."""
    errors: list[Fault] = []
    kind = _kind(given.get("kind"), errors)
    name = given.get("name")
    if not isinstance(name, str) or not NAME.match(name):
        detail = "1 to 40 small letters, digits and - are needed, a letter or digit first, such as 'sales-alerts'."
        errors.append({"parameter": "name", "detail": detail})
    found = _fields({k: v for k, v in given.items() if k not in ("name", "kind")}, kind, hosts, errors, is_new=True)
    if errors or kind is None:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return _wish(str(name), kind, found)


def read_change(given: Mapping[str, Any], name: str, kind: ChannelKind, hosts: Collection[str]) -> Wish:
    """Read what is to be changed. Raises ``RequestError`` 400 naming every field that is wrong."""
    errors: list[Fault] = []
    found = _fields(given, kind, hosts, errors, is_new=False)
    secret = [field for field in SECRETS[kind] if field in found]
    if secret and len(secret) < len(SECRETS[kind]):
        missing = next(field for field in SECRETS[kind] if field not in found)
        errors.append({"parameter": missing, "detail": f"Give all of a secret anew: {', '.join(SECRETS[kind])}."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return _wish(name, kind, found)


def _wish(name: str, kind: ChannelKind, found: Mapping[str, Any]) -> Wish:
    secret = {field: found[field] for field in SECRETS[kind] if field in found}
    return Wish(name, kind, {field: value for field, value in found.items() if field not in secret}, secret)


def _kind(given: Any, errors: list[Fault]) -> ChannelKind | None:
    try:
        if not isinstance(given, str):
            raise ValueError(f"One of {', '.join(ChannelKind)} is needed.")
        return ChannelKind(one_of(given, ChannelKind, "kind"))
    except ValueError as error:
        errors.append(fault("kind", error))
        return None


def _fields(
    given: Mapping[str, Any], kind: ChannelKind | None, hosts: Collection[str], errors: list[Fault], *, is_new: bool
) -> dict[str, Any]:
    """Read all fields but name and kind; of an unknown kind only whether there are such fields."""
    every = {name for names in SECRETS.values() for name in names}
    known = (*_PLAIN, *_OF_BOT, *every) if kind is None else (*_PLAIN, *SECRETS[kind], *_own(kind))
    errors += unknown_names(given, (*(("name", "kind") if is_new else ()), *known))
    if kind is None:
        return {}
    needed = (*SECRETS[kind], *(("slack_channel",) if kind is ChannelKind.SLACK_BOT else ())) if is_new else ()
    readers = _readers(kind, hosts)
    found: dict[str, Any] = {}
    for field in known:
        if field not in given:
            if field in needed:
                errors.append({"parameter": field, "detail": f"It is needed for a {kind.value}."})
            continue
        try:
            found[field] = readers[field](given[field])
        except ValueError as error:
            errors.append(fault(field, error))
    return found


def _own(kind: ChannelKind) -> tuple[str, ...]:
    return _OF_BOT if kind is ChannelKind.SLACK_BOT else ()


def _readers(kind: ChannelKind, hosts: Collection[str]) -> dict[str, Callable[[Any], Any]]:
    slack = kind is ChannelKind.SLACK_WEBHOOK
    return {
        "enabled": _enabled,
        "per_minute": _per_minute,
        "url": lambda given: _url(given, hosts, slack=slack),
        "token": _token,
        "signing_secret": _signing_secret,
        "slack_channel": _slack_channel,
        "base_url": lambda given: _base_url(given, hosts),
    }


def _enabled(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError("true or false is needed.")
    return given


def _per_minute(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_A_MINUTE:
        raise ValueError(f"A whole number from 1 to {MOST_A_MINUTE} is needed.")
    return given


def _url(given: Any, hosts: Collection[str], *, slack: bool) -> str:
    if not isinstance(given, str):
        raise ValueError("An address is needed, https://….")
    place = read_place(given, hosts)
    if slack and not place.private and place.host not in _SLACK_HOSTS:
        raise ValueError("An incoming webhook of Slack is at https://hooks.slack.com/services/….")
    return given


def _base_url(given: Any, hosts: Collection[str]) -> str:
    if given in ("", None):
        return ""
    if not isinstance(given, str) or not given.endswith("/") or not read_place(given, hosts).private:
        raise ValueError(
            "Leave it out: Slack's API is at one place. Others are hosts that the deployment names, with / at the end."
        )
    return given


def _token(given: Any) -> str:
    if not isinstance(given, str) or not _TOKEN.match(given):
        raise ValueError("A bot's token is needed, xoxb-…: see 'OAuth & Permissions' of your Slack app.")
    return given


def _signing_secret(given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("A text is needed, whsec_….")
    read_secret(given)
    return given


def _slack_channel(given: Any) -> str:
    if not isinstance(given, str) or not _SLACK_CHANNEL.match(given):
        raise ValueError("The id of a Slack channel is needed, such as C0123456789: at the end of its 'About'.")
    return given
