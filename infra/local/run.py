"""``make run``: the whole system on this machine, deployed. Running it again updates it and keeps the data."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import requests

from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.errors import StoreError
from chalicelib.lake import published
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.registry import SOURCES
from infra import archive, build
from infra.local import demo, demo_alerts, demo_dashboards, demo_reports, places, processes, services, sources
from infra.local.analyst import AccessKey, give_analyst
from infra.local.keys import Keys, keys
from infra.local.places import BUILT, ENDPOINTS, FOLDER, ROOT, STAGE, Ports
from infra.local.post_deploy import SENDER, client, post_deploy
from infra.local.processes import Service
from infra.local.recover import recover

BEGAN = time.monotonic()
SETTLE_SECONDS = 150
ASK_SECONDS = 5
TELL_SECONDS = 5


class StepFailed(Exception):  # noqa: N818 - the message is all that matters
    """A step of the deployment failed; its own words are in the message."""


class Progress:
    """Tells how far the demo's loading is, a line every few seconds; a log is read as often as a terminal."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Told after every item."""
        if done == total or time.monotonic() - self._told > TELL_SECONDS:
            self._told = time.monotonic()
            say(f"  {what}: {done} of {total}")


def say(text: str) -> None:
    """One line of progress, with the seconds since the start."""
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {text}", flush=True)


def command(words: list[str], what: str, *, folder: Path = ROOT, environment: dict[str, str] | None = None) -> str:
    """Run a command to its end and answer what it printed; its last words become the error when it fails."""
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepFailed(f"{what} failed:\n" + "\n".join((done.stdout + done.stderr).splitlines()[-20:]))
    return done.stdout


def install_cloud() -> None:
    """The local AWS's own environment, from its hashed lock: its Lambdas see every package in it."""
    lock = ROOT / "requirements" / "cloud.txt"
    stamp = FOLDER / "cloud.stamp"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if services.CLOUD_PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say("installing the local AWS")
    uv = str(Path(sys.executable).with_name("uv"))
    shutil.rmtree(FOLDER / "cloud", ignore_errors=True)
    command(
        [uv, "venv", "--quiet", "--python", sys.executable, str(FOLDER / "cloud")], "the environment of the local AWS"
    )
    install = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(services.CLOUD_PYTHON), str(lock)]
    command(install, "installing the local AWS")
    stamp.write_text(wanted)


def build_dashboard() -> None:
    """The site, when its sources have changed."""
    command([sys.executable, "-m", "infra.site"], "building the dashboard")


def build_packages() -> None:
    """Lambda packages and the template, for this machine's interpreter."""
    build.build(archive.LOCAL, STAGE, BUILT)


def deploy(ports: Ports, made: Keys) -> dict[str, str]:
    """Deploy the stack as ``make deploy`` does, and answer its outputs."""
    site_config = {"api": "/api", "auth": {"mode": "token", "token": made.admin_token}}
    parameters = [
        f"PythonRuntime={archive.LOCAL.runtime}",
        f"AthenaEndpoint={ports.athena.url}",
        "ApiOriginDomain=localhost",
        f"ApiOriginPort={ports.aws.number}",
        f"SiteUrl={ports.edge.url}",
        f"SignInUrl={ports.aws.url}",
        f"SesSender={SENDER}",
        f"WebhookPrivateHosts={places.HOST}",
    ]
    environment = services.ours() | places.aws_environment(ports.aws.url)
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PARAMETERS": " ".join(parameters),
        "SOURCES": str(write_sources(ports)),
        "SITE_CONFIG": json.dumps(site_config),
    }
    command(["bash", "infra/deploy.sh", STAGE, str(BUILT)], "deploying", environment=environment)
    rows = [line.split("\t", 1) for line in (BUILT / "outputs.tsv").read_text().splitlines()]
    outputs = dict(rows)
    label = outputs["SiteDomain"].partition(".")[0]
    services.SITE_HOST.write_text(f"{label}.cloudfront.localhost:{ports.aws.number}")
    return outputs


def write_sources(ports: Ports) -> Path:
    """The sources file, with the test servers' addresses and a history as long as the demo company's."""
    noted = json.loads((FOLDER / "world.json").read_text())
    start = datetime.fromisoformat(noted["anchor"]) - timedelta(days=demo.DAYS)
    return sources.write(ROOT / "config" / "sources.toml", FOLDER / "sources.toml", ports.world.url, start)


def wake(ports: Ports) -> None:
    """Dispatch now what is due, rather than when the minute is full."""
    name = f"headwater-{STAGE}-dispatch"
    client("lambda", ports.aws.url).invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")


def behind(store: S3Store) -> str:
    """What the cubes have not seen yet, in words; nothing once everything that has come in is shown."""
    waiting = sum(1 for _ in store.list("inbox/"))
    if waiting:
        return f"{waiting} items wait to be committed"
    for cube in CUBES.values():
        shown = published.read(store, cube.name)
        for stream in cube.inputs:
            head = published.read(store, stream)
            if head and (shown is None or shown.inputs.get(stream, 0) < head.seq):
                return f"{cube.name} is being computed"
    return ""


def settle(ports: Ports, bucket: str) -> None:
    """Wait until the history is on the dashboard, but not for ever: the rest comes by itself."""
    store = S3Store(client("s3", ports.aws.url), bucket)
    deadline = time.monotonic() + SETTLE_SECONDS
    wake(ports)
    told = ""
    while (left := behind(store)) and time.monotonic() < deadline:
        if left != told:
            say(left)
            told = left
        time.sleep(ASK_SECONDS)
    say("every number is on the dashboard" if not left else f"{left}: the dashboard fills in the next minutes")


def save_state(local_aws: Service) -> None:
    """The local AWS writes its state when it is told to stop: once now, so that a kill finds a stack to return to.

    Without it the killed cloud would know objects but no stack, and could not make a stack over buckets that are there.
    """
    say("saving the state of the local AWS")
    processes.stop(local_aws.note)
    start_all([local_aws])


def recover_catalog(ports: Ports, outputs: dict[str, str]) -> None:
    """After a kill the objects are there and the catalog is empty."""
    bucket = outputs["LakeBucketName"]
    store = S3Store(client("s3", ports.aws.url), bucket)
    catalog = GlueCatalog(client("glue", ports.aws.url), outputs["DatabaseName"], bucket)
    if found := recover(store, catalog, SOURCES.values(), CUBES):
        say(f"the catalog knows {found} partitions of the lake")


def write_endpoints(ports: Ports, outputs: dict[str, str], made: Keys, analyst: AccessKey) -> dict[str, str]:
    """``.local/endpoints.json``, for scripts and tests."""
    found = {
        "api": f"{ports.edge.url}/api",
        "dashboard": f"{ports.edge.url}/",
        "outbox": f"{ports.outbox.url}/",
        "aws": ports.aws.url,
        "athena": ports.athena.url,
        "outside_world": ports.world.url,
        "token": made.token,
        "sql_token": made.sql_token,
        "admin_token": made.admin_token,
        "github_webhook_secret": made.github_webhook_secret,
        "github_webhook_secret_previous": made.github_webhook_secret_previous,
        "lake_bucket": outputs["LakeBucketName"],
        "log_bucket": outputs["LogBucketName"],
        "database": outputs["DatabaseName"],
        "workgroup": outputs["WorkgroupName"],
        "sql_workgroup": outputs["SqlWorkgroupName"],
        "sign_in_url": ports.aws.url,
        "sign_in_client": outputs["SignInClientId"],
        "user_pool": outputs["PeoplePoolId"],
        "person_password": made.person_password,
        "analyst_key_id": analyst.key_id,
        "analyst_secret": analyst.secret,
        "results_bucket": outputs["ResultsBucketName"],
        "state_table": outputs["StateTableName"],
        "salt_table": outputs["SaltTableName"],
        "alert_topic": outputs["AlertTopicArn"],
        "notice_topic": outputs["NoticeTopicArn"],
    }
    ENDPOINTS.touch(mode=0o600)
    ENDPOINTS.write_text(json.dumps(found, indent=1) + "\n")
    return found


def start_all(wanted: list[Service]) -> list[str]:
    """Start what does not run, wait for all, and answer the names of those that were started."""
    for service in wanted:
        if processes.running(service.note) is None:
            processes.check_free(service)
    started = [service.name for service in wanted if processes.start(service)]
    for service in wanted:
        processes.wait(service)
    return started


def here(module: str) -> bool:
    """Whether a module of this checkout exists."""
    return (ROOT / f"{module.replace('.', '/')}.py").exists()


def run(ports: Ports) -> dict[str, str]:
    """Everything from nothing, or from what is there."""
    for folder in ("aws/state", "aws/s3", "aws/tmp", "logs", "run"):
        (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    made = keys(FOLDER / "keys.json")
    inner = [services.local_aws(ports), services.athena(ports), services.world(ports, made)]
    for service in [*inner, services.edge(ports), services.outbox(ports)]:
        if processes.running(service.note) is None:
            processes.check_free(service)
    install_cloud()
    with ThreadPoolExecutor(2) as pool:
        say("building the packages and the dashboard, starting the local AWS")
        building = [pool.submit(build_packages)]
        if here("infra.site"):
            building.append(pool.submit(build_dashboard))
        started = start_all(inner)
        for step in building:
            step.result()
    say("deploying")
    outputs = deploy(ports, made)
    template = json.loads((BUILT / "template.json").read_text())
    post_deploy(ports.aws.url, template, outputs, made)
    analyst = give_analyst(client("iam", ports.aws.url), outputs["AnalystPolicyArn"], FOLDER / "analyst.json")
    if "aws" in started:
        recover_catalog(ports, outputs)
    if not (FOLDER / "aws" / "state" / "cloudformation.json").exists():
        save_state(services.local_aws(ports))
    found = write_endpoints(ports, outputs, made, analyst)
    say("opening the doors")
    start_all([services.edge(ports), services.outbox(ports)])
    if not demo.DONE.exists():
        say("loading the demo company's 90 days")
        demo.load(found, progress=Progress())
        settle(ports, found["lake_bucket"])
    try:
        demo_reports.make(found)
        demo_alerts.make(found)
        demo_dashboards.make(found)
    except (requests.RequestException, StoreError) as error:
        say(f"the demo's reports, alert rules and dashboards were not all made: {error}")
    return found


def main() -> int:
    """Run, then say where everything is."""
    try:
        ports = places.ports(os.environ)
        found = run(ports)
    except (
        places.PortNotANumber,
        processes.PortBusy,
        processes.DidNotStart,
        StepFailed,
        archive.MissingWheel,
    ) as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1
    say("running")
    width = max(map(len, found))
    print()
    for name in ("dashboard", "api", "outbox", "aws", "athena", "outside_world"):
        print(f"  {name.replace('_', ' '):<{width}}  {found[name]}")
    print(f"\n  tokens and more: {ENDPOINTS.relative_to(ROOT)}; `make stop` ends it, `make reset` forgets its data")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
