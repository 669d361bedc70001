"""Settings: one frozen dataclass per Lambda, built from a mapping (the environment, handed in by the handler).

Every field names its environment variable by its own name: ``lake_bucket`` is ``HEADWATER_LAKE_BUCKET``. A missing or
unknown ``HEADWATER_…`` variable is a :class:`~chalicelib.errors.ConfigError` at start, not a surprise later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import TypeVar

from chalicelib.errors import ConfigError

PREFIX = "HEADWATER_"

S = TypeVar("S")


def from_env(cls: type[S], environment: Mapping[str, str]) -> S:
    """Build a settings dataclass from a mapping.

    Parameters
    ----------
    cls
        One of the dataclasses of this module; every field is a string.
    environment
        Names and values, ``os.environ`` in a handler. Only names that start with ``HEADWATER_`` are looked at.

    Raises
    ------
    ConfigError
        Names every missing and every unknown variable in one message.

    Examples
    --------
    >>> from_env(DispatchSettings, {"HEADWATER_LAKE_BUCKET": "lake"})
    Traceback (most recent call last):
    ...
    chalicelib.errors.ConfigError: DispatchSettings: missing HEADWATER_PULL_QUEUE_URL, HEADWATER_ROLLUP_QUEUE_URL, \
HEADWATER_SALT_TABLE, HEADWATER_SEAL_QUEUE_URL, HEADWATER_STATE_TABLE
    """
    given = {name.removeprefix(PREFIX).lower(): v for name, v in environment.items() if name.startswith(PREFIX)}
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    required = {name for name, f in known.items() if f.default is MISSING}
    problems = [
        f"{what} {', '.join(sorted(PREFIX + name.upper() for name in names))}"
        for what, names in (
            ("missing", {name for name in required if not given.get(name)}),
            ("unknown", given.keys() - known.keys()),
        )
        if names
    ]
    if problems:
        raise ConfigError(f"{cls.__name__}: {'; '.join(problems)}")
    return cls(**{name: value for name, value in given.items() if value or name in required})


@dataclass(frozen=True, slots=True)
class DispatchSettings:
    """``functions/dispatch``."""

    lake_bucket: str
    state_table: str
    salt_table: str
    pull_queue_url: str
    seal_queue_url: str
    rollup_queue_url: str


@dataclass(frozen=True, slots=True)
class PullSettings:
    """``functions/pull``."""

    lake_bucket: str
    state_table: str
    database: str
    secret_prefix: str
    rollup_queue_url: str


@dataclass(frozen=True, slots=True)
class ArriveSettings:
    """``functions/arrive``."""

    lake_bucket: str
    log_bucket: str


@dataclass(frozen=True, slots=True)
class SealSettings:
    """``functions/seal``."""

    lake_bucket: str
    log_bucket: str
    state_table: str
    database: str
    rollup_queue_url: str


@dataclass(frozen=True, slots=True)
class RollupSettings:
    """``functions/rollup``. ``reporting_zone``: the IANA zone whose days the day level of cubes has."""

    lake_bucket: str
    state_table: str
    database: str
    workgroup: str
    reporting_zone: str


@dataclass(frozen=True, slots=True)
class RecountSettings:
    """``functions/recount``."""

    lake_bucket: str
    state_table: str
    database: str
    workgroup: str
    rollup_queue_url: str


@dataclass(frozen=True, slots=True)
class CompactSettings:
    """``functions/compact``."""

    lake_bucket: str
    state_table: str
    database: str


@dataclass(frozen=True, slots=True)
class ReconcileSettings:
    """``functions/reconcile``."""

    lake_bucket: str
    log_bucket: str
    state_table: str
    secret_prefix: str


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """``functions/watch``. ``dead_letters``: ``Name=address`` of every queue of given-up work, blanks between them."""

    lake_bucket: str
    state_table: str
    results_bucket: str
    database: str
    sql_workgroup: str
    sql_role_arn: str
    dead_letters: str
    notice_topic_arn: str
    secret_prefix: str
    ses_sender: str = ""


@dataclass(frozen=True, slots=True)
class SendSettings:
    """``functions/send``.

    Parameters
    ----------
    site_url
        The site's address, written into messages.
    ses_sender
        The verified address that HTML mail comes from; empty for none.
    webhook_private_hosts
        Hosts, separated by blanks, that channels may be at though they are not on the internet.
    """

    state_table: str
    results_bucket: str
    alert_topic_arn: str
    notice_topic_arn: str
    receipt_queue_url: str
    secret_prefix: str
    site_url: str
    sms_per_month: str
    ses_sender: str = ""
    webhook_private_hosts: str = ""


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """``functions/export``."""

    lake_bucket: str
    results_bucket: str
    state_table: str


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """``functions/report``."""

    lake_bucket: str
    results_bucket: str
    state_table: str
    secret_prefix: str
    report_queue_url: str
    database: str
    sql_workgroup: str
    sql_role_arn: str


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """``functions/alert``."""

    lake_bucket: str
    state_table: str


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """``functions/digest``."""

    lake_bucket: str
    results_bucket: str
    state_table: str
    secret_prefix: str


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """``functions/head``. ``reporting_zone``: the IANA zone in which pages are expected to ask."""

    lake_bucket: str
    results_bucket: str
    state_table: str
    reporting_zone: str


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """``app.py``.

    Parameters
    ----------
    allowed_origin
        May call from a browser (``*``: any; no cookies are ever used).
    requests_per_minute
        Of one token in one process; 0: no limit.
    site_url
        The site's address as it is written into messages; empty where the deployment was told none.
    ses_sender
        Who sends HTML mail; empty where the deployment sends none.
    webhook_private_hosts
        Hosts, separated by blanks, that channels may be at though they are not on the internet.
    """

    lake_bucket: str
    state_table: str
    salt_table: str
    secret_prefix: str
    results_bucket: str
    export_queue_url: str
    report_queue_url: str
    notice_topic_arn: str
    database: str
    sql_workgroup: str
    sql_role_arn: str
    allowed_origin: str = "*"
    requests_per_minute: str = "3000"
    site_url: str = ""
    ses_sender: str = ""
    webhook_private_hosts: str = ""
