"""The real data that nobody here wrote, and what it says that ours should make of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.real_data import FOLDER

LOGS = FOLDER / "s3_access_logs"
OTEL = LOGS / "opentelemetry-collector-contrib"
DANDI = LOGS / "dandi-s3-log-extraction" / "tests"

OTEL_FIELDS: Mapping[str, str] = {
    "source.address": "remote_ip",
    "user.id": "requester",
    "aws.request_id": "request_id",
    "rpc.method": "operation",
    "http.response.status_code": "http_status",
    "error.type": "error_code",
    "http.response.body.size": "bytes_sent",
    "duration": "total_time_ms",
    "user_agent.original": "user_agent",
    "aws.extended_request_id": "host_id",
    "aws.signature.version": "signature_version",
    "tls.cipher": "cipher_suite",
    "aws.s3.auth_type": "authentication_type",
    "http.request.header.host": "host_header",
    "aws.s3.access_point.arn": "access_point_arn",
    "aws.s3.acl_required": "acl_required",
    "aws.s3.source_region": "source_region",
    "aws.s3.bucket": "bucket",
    "aws.s3.owner": "bucket_owner",
}
"""Attributes of the collector's log record that are one of our columns as it is."""

OTEL_EXPECTED: Mapping[str, tuple[str, int]] = {
    "valid_s3_access_log_expected.yaml": ("valid_s3_access_log.log", 0),
    "unknown_request_uri_expected.yaml": ("unknown_request_uri.log", 0),
    "too_many_values_expected.yaml": ("too_many_values.log", 0),
    "stream_valid_s3_access_multi_3_expected.yaml": ("stream_valid_log_multi.log", 2),
}
"""Each expectation with its file and the line that it is about: of the stream, the third."""


@dataclass(frozen=True, slots=True)
class OtelCase:
    """One line, and the columns that the collector's expectation demands."""

    name: str
    line: str
    expected: Mapping[str, Any]


def log_files() -> list[Path]:
    """Every file of access-log lines."""
    return sorted([*OTEL.glob("*.log"), *(DANDI / "example_logs").iterdir()])


def otel_cases() -> Iterator[OtelCase]:
    """Read the collector's expectations as our columns."""
    for name, (file, number) in OTEL_EXPECTED.items():
        record = yaml.safe_load((OTEL / name).read_text())["resourceLogs"][0]
        said = {a["key"]: a["value"] for a in record["resource"]["attributes"]}
        logged = record["scopeLogs"][0]["logRecords"][0]
        said |= {a["key"]: a["value"] for a in logged["attributes"]}
        expected = {column: _value(said[key]) for key, column in OTEL_FIELDS.items() if key in said}
        expected["requested_at"] = datetime.fromtimestamp(int(logged["timeUnixNano"]) // 10**9, UTC)
        expected["tls_version"] = _tls(_value(said["tls.protocol.version"]))
        expected["request_uri"] = _request_uri({k: _value(v) for k, v in said.items()})
        yield OtelCase(name, (OTEL / file).read_text().splitlines()[number], expected)


def _value(value: Mapping[str, Any]) -> Any:
    if "intValue" in value:
        return int(value["intValue"])
    return value.get("stringValue", value.get("boolValue"))


def _tls(version: str) -> str:
    """The collector's newer expectations leave the word out that the lines have."""
    return version if version.upper().startswith("TLS") else f"TLSV{version}"


def _request_uri(said: Mapping[str, Any]) -> str | None:
    """Put the first line of the request together again from the collector's parts, of its older or newer kind."""
    if "http.request.method" not in said:
        return None
    path = said["url.path"] + (f"?{said['url.query']}" if "url.query" in said else "")
    newer = f"{said.get('network.protocol.name', '').upper()}/{said.get('network.protocol.version', '')}"
    return f"{said['http.request.method']} {path} {said.get('url.scheme', newer)}"


def dandi_expected() -> Mapping[str, tuple[str, int, str]]:
    """What DANDI's extraction makes of each object of its example lines: time stamp, bytes sent, address."""
    found = {}
    extraction = DANDI / "expected_output" / "extraction"
    for stamps in sorted(extraction.rglob("timestamps.txt")):
        folder = stamps.parent
        sent, ip = (folder / "bytes_sent.txt").read_text(), (folder / "ips.txt").read_text()
        found[folder.relative_to(extraction).as_posix()] = (stamps.read_text().strip(), int(sent), ip.strip())
    return found


def webhook_payloads() -> list[tuple[str, bytes]]:
    """Every example payload with the name of its event."""
    index = json.loads((FOLDER / "github/webhooks-examples/api.github.com.index.json").read_text())
    return [(event["name"], json.dumps(example).encode()) for event in index for example in event["examples"]]


def github_events() -> list[dict[str, Any]]:
    """The 800 public events, in the shape of GitHub's Events API."""
    text = (FOLDER / "github/pinot-githubEvents/2021-07-21-few-hours.json").read_text()
    return [json.loads(line) for line in text.splitlines()]
