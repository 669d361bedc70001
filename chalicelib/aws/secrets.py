"""Credentials from Secrets Manager: read by name under one prefix, kept for at most a minute, never logged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.clock import Clock, system_clock
from chalicelib.errors import ConfigError, StoreUnavailable

MAX_AGE = timedelta(seconds=60)
"""A rotated secret is in use everywhere after this long."""

_ABSENT = frozenset({"ResourceNotFoundException", "InvalidRequestException"})  # the second: marked for deletion


class _Exists(Exception):  # noqa: N818 - of this module alone
    """There is a secret of this name."""


class SecretStore:
    """Secrets that are JSON objects, such as ``{"token": "…"}``.

    Parameters
    ----------
    client
        A boto3 ``secretsmanager`` client.
    prefix
        What every secret's name starts with, ``headwater/dev/`` for example.
    clock
        The present instant; the age of what is kept is measured with it.
    max_age
        How long a value may be answered from memory.
    """

    def __init__(self, client: Any, prefix: str, *, clock: Clock = system_clock, max_age: timedelta = MAX_AGE) -> None:
        self._client = client
        self._prefix = prefix
        self._clock = clock
        self._max_age = max_age
        self._kept: dict[str, tuple[datetime, Mapping[str, Any]]] = {}

    def __repr__(self) -> str:
        """Name the prefix only: a value must not reach a log by way of a repr."""
        return f"SecretStore(prefix={self._prefix!r})"

    def get(self, name: str) -> Mapping[str, Any]:
        """Answer the secret ``{prefix}{name}``, at most ``max_age`` old.

        Raises
        ------
        ConfigError
            There is no such secret, or it is not a JSON object. The message names the secret, never its value.
        StoreUnavailable
            Secrets Manager did not answer; trying again can help.
        """
        now = self._clock()
        kept = self._kept.get(name)
        if kept is not None and timedelta(0) <= now - kept[0] < self._max_age:
            return kept[1]
        value = self._read(f"{self._prefix}{name}")
        self._kept[name] = (now, value)
        return value

    def forget(self, name: str) -> None:
        """Read this secret anew at the next :meth:`get`: the outside system has just refused it."""
        self._kept.pop(name, None)

    def put(self, name: str, value: Mapping[str, Any]) -> None:
        """Write the secret ``{prefix}{name}``, which exists already.

        Raises
        ------
        ConfigError
            There is no such secret, or writing is not allowed.
        StoreUnavailable
            Secrets Manager did not answer.
        """
        secret_id = f"{self._prefix}{name}"
        try:
            self._client.put_secret_value(SecretId=secret_id, SecretString=json.dumps(dict(value)))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _ABSENT or code.startswith("AccessDenied"):
                raise ConfigError(
                    f"secret {secret_id!r} could not be written ({code}): see the function's role"
                ) from error
            raise StoreUnavailable(f"secret {secret_id!r} could not be written: {code}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"secret {secret_id!r} could not be written: {type(error).__name__}") from error
        self.forget(name)

    def keep(self, name: str, value: Mapping[str, Any]) -> None:
        """Make the secret ``{prefix}{name}``; where it is there already, its value becomes this one.

        Raises ``ConfigError`` where that is not allowed, ``StoreUnavailable``.
        """
        made = {"Name": f"{self._prefix}{name}", "SecretString": json.dumps(dict(value))}
        try:
            self._written(made["Name"], lambda: self._client.create_secret(**made))
        except _Exists:
            self.put(name, value)

    def remove(self, name: str) -> None:
        """Remove the secret ``{prefix}{name}`` for good; removing what is not there is no error.

        Raises ``ConfigError`` where that is not allowed, ``StoreUnavailable``.
        """
        secret_id = f"{self._prefix}{name}"
        gone = {"SecretId": secret_id, "ForceDeleteWithoutRecovery": True}
        self._written(secret_id, lambda: self._client.delete_secret(**gone))
        self.forget(name)

    def _written(self, secret_id: str, write: Callable[[], Any]) -> None:
        try:
            write()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ResourceExistsException":
                raise _Exists from error
            if code == "ResourceNotFoundException":
                return
            if code.startswith("AccessDenied"):
                raise ConfigError(f"not allowed to write secret {secret_id!r}: see the function's role") from error
            raise StoreUnavailable(f"secret {secret_id!r} could not be written: {code}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"secret {secret_id!r} could not be written: {type(error).__name__}") from error

    def _read(self, secret_id: str) -> Mapping[str, Any]:
        try:
            text = self._client.get_secret_value(SecretId=secret_id).get("SecretString")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _ABSENT:
                raise ConfigError(f"no secret {secret_id!r}: create it in Secrets Manager") from error
            if code.startswith("AccessDenied"):
                raise ConfigError(f"not allowed to read secret {secret_id!r}: see the function's role") from error
            raise StoreUnavailable(f"secret {secret_id!r} could not be read: {code}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"secret {secret_id!r} could not be read: {type(error).__name__}") from error
        return _json_object(secret_id, text)


def _json_object(secret_id: str, text: str | None) -> Mapping[str, Any]:
    try:
        value = json.loads(text or "")
    except ValueError:
        value = None  # the parser's own message quotes the text: it must not be chained into a log
    if not isinstance(value, dict):
        raise ConfigError(f'secret {secret_id!r} is not a JSON object: write it as {{"key": "value"}}')
    return value
