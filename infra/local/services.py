"""The processes of the local cloud and how each is started."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from infra.local import places
from infra.local.keys import Keys
from infra.local.places import FOLDER, Ports
from infra.local.processes import Service

CLOUD_PYTHON = FOLDER / "cloud" / "bin" / "python"
SITE_HOST = FOLDER / "site-host"
MAILBOX = FOLDER / "mailbox.jsonl"
CLOUD_LOCK = places.ROOT / "requirements" / "cloud.txt"
LOCAL = places.ROOT / "infra" / "local"


def code(place: Path) -> str:
    """Name the version of a file or of a folder's Python files."""
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def local_aws(ports: Ports) -> Service:
    """ministack: IAM enforced, loopback only, everything kept below ``.local``."""
    environment = places.plain_environment() | {
        "GATEWAY_PORT": str(ports.aws.number),
        "BIND_HOST": places.HOST,
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(FOLDER / "aws" / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(FOLDER / "aws" / "s3"),
        "TMPDIR": str(FOLDER / "aws" / "tmp"),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_WARM_TTL_SECONDS": "900",
        "PYTHONDONTWRITEBYTECODE": "",
        "LOCAL_MAILBOX": str(MAILBOX),
    }
    # -P: the launcher's folder is not on the path of what runs in there.
    command = [str(CLOUD_PYTHON), "-P", str(LOCAL / "aws.py")]
    version = code(CLOUD_LOCK) + code(LOCAL / "aws.py")
    return Service("aws", command, ports.aws, "/_ministack/ready", environment, FOLDER, version)


def athena(ports: Ports) -> Service:
    """The local Athena; it reads Glue and S3 of the local AWS."""
    command = [sys.executable, "-m", "infra.local.athena", "--port", str(ports.athena.number)]
    command += ["--glue-endpoint", ports.aws.url, "--s3-endpoint", ports.aws.url]
    environment = ours() | places.aws_environment(ports.aws.url)
    return Service("athena", command, ports.athena, "/", environment, FOLDER, code(LOCAL / "athena"))


def world(ports: Ports, made: Keys) -> Service:
    """The vendors' test servers, as the outside world: what happens there is posted to our webhook as it happens."""
    command = [sys.executable, "-m", "tests.servers", "--live", "--port", str(ports.world.number)]
    options = {
        "anchor-file": str(FOLDER / "world.json"),
        "token": made.github_token,
        "webhook-secret": made.github_webhook_secret,
        "webhook-url": f"{ports.edge.url}/api/webhooks/github",
    }
    command += [f"--{name}={value}" for name, value in options.items()]  # in one word: a secret may begin with a dash
    return Service(
        "world", command, ports.world, "/_control/clock", ours(), FOLDER, code(places.ROOT / "tests" / "servers")
    )


def edge(ports: Ports) -> Service:
    """The dashboard's address: passes every request on to the local CloudFront."""
    command = [sys.executable, "-m", "infra.local.edge", "--port", str(ports.edge.number)]
    command += ["--upstream", ports.aws.url, "--host-file", str(SITE_HOST)]
    return Service("edge", command, ports.edge, "/config.json", ours(), FOLDER, code(LOCAL / "edge.py"))


def outbox(ports: Ports) -> Service:
    """Shows the messages that SNS would have delivered."""
    command = [sys.executable, "-m", "infra.local.outbox", "--port", str(ports.outbox.number)]
    command += ["--file", str(FOLDER / "outbox.jsonl"), "--mailbox", str(MAILBOX), "--world", ports.world.url]
    environment = ours() | places.aws_environment(ports.aws.url)
    return Service("outbox", command, ports.outbox, "/messages", environment, FOLDER, code(LOCAL / "outbox.py"))


def ours() -> dict[str, str]:
    """The environment of our own programs, which are run as modules of this checkout."""
    return places.plain_environment() | {"PYTHONPATH": str(Path(places.ROOT)), "PYTHONUNBUFFERED": "1"}
