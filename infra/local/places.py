"""Where the local cloud lives: its ports (settable), its folder, its root credentials."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".local"
BUILT = ROOT / ".build" / "local"
ENDPOINTS = FOLDER / "endpoints.json"
HOST = "127.0.0.1"
REGION = "us-east-1"
STAGE = "local"
# The local AWS knows one root user by this name; everybody else is held to their IAM policies.
ROOT_USER = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class PortNotANumber(Exception):  # noqa: N818 - the message is all that matters
    """A port variable holds something else."""


@dataclass(frozen=True, slots=True)
class Port:
    """One address of ours: what listens there, and the variable that moves it."""

    number: int
    what: str
    variable: str

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{HOST}:{self.number}"


@dataclass(frozen=True, slots=True)
class Ports:
    """Every port that the local cloud takes."""

    aws: Port
    athena: Port
    edge: Port
    outbox: Port
    world: Port

    def all(self) -> tuple[Port, ...]:
        """In the order in which they are started."""
        return (self.aws, self.athena, self.world, self.edge, self.outbox)


def ports(environment: Mapping[str, str]) -> Ports:
    """Read the ports from the environment.

    Examples
    --------
    >>> ports({"HEADWATER_EDGE_PORT": "9000"}).edge.url
    'http://127.0.0.1:9000'
    >>> ports({}).aws.number
    4566
    """

    def port(variable: str, default: int, what: str) -> Port:
        text = environment.get(variable, "") or str(default)
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise PortNotANumber(f"{variable}={text!r} is not a port: use a number from 1 to 65535")
        return Port(int(text), what, variable)

    return Ports(
        aws=port("HEADWATER_AWS_PORT", 4566, "the local AWS"),
        athena=port("HEADWATER_ATHENA_PORT", 4567, "the local Athena"),
        edge=port("HEADWATER_EDGE_PORT", 8080, "the dashboard and the API"),
        outbox=port("HEADWATER_OUTBOX_PORT", 8081, "the outbox"),
        world=port("HEADWATER_WORLD_PORT", 8082, "the outside world's test servers"),
    )


def plain_environment() -> dict[str, str]:
    """What a process of the local cloud inherits: no credentials, settings or proxies of the person who runs it.

    The local AWS hands its own environment on to every Lambda, so it holds nothing that Lambda would not have.
    """
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ}


def aws_environment(address: str) -> dict[str, str]:
    """Variables that make the AWS CLI and boto3 speak to the local AWS as root."""
    region = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}
    return {**ROOT_USER, **region, "AWS_ENDPOINT_URL": address}
