"""One line of an S3 server access log into its fields, whatever the four generations and hostile clients make of it.

The format (Amazon S3 User Guide, "Amazon S3 server access log format"): fields parted by a space, three of them between
quotes that nothing escapes, ``-`` for none. 24 fields in 2019, then the access point's ARN (25), ``aclRequired`` (26)
and the source region (27); what comes after is kept as it is. Request-URI, referer and user agent are the client's
words and may hold raw quotes and spaces; the ends of the line are S3's, so a line is read from both ends inwards.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from chalicelib.errors import SkippableRecordError

CLEAN, RAW_QUOTES, AMBIGUOUS = "clean", "raw_quotes", "ambiguous"

_N = r"(?:(\d{1,18})|-)"
_NUMBERS = rf"(?:(\d{{3}})|-) (\S+) {_N} {_N} {_N} {_N} "
_MIDDLE = re.compile(" " + _NUMBERS, re.ASCII)
_HEAD = re.compile(r"(\S+) +(\S+) +\[([^\]\s]+) +([+-]\d{4})\] +(\S+) +(\S+) +(\S+) +(\S+) +", re.ASCII)
_HOSTILE_MIDDLE = re.compile(rf'(?:"| -) {_NUMBERS}(?="|- )', re.ASCII)
_MONTHS = {"JanFebMarAprMayJunJulAugSepOctNovDec"[i : i + 3]: i // 3 + 1 for i in range(0, 36, 3)}
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)", re.ASCII)

_FEWEST_TAIL = 7
_FIELDS_BEFORE_TAIL = 17

Parts = tuple[list[str], str | None, Any, str, str, list[str], str]
"""Head tokens, request-URI, match of the numbers, referer, user agent, tail tokens, quoting."""


def parse_line(line: str) -> dict[str, Any]:
    """Read one line into its 27 fields, ``extra`` (what follows them), ``field_count`` and ``quoting``.

    Raises
    ------
    SkippableRecordError
        The line was cut, or a field is not what its place demands.

    Examples
    --------
    >>> row = parse_line('o b [06/Feb/2019:00:00:38 +0000] 192.0.2.3 - 3E57 REST.GET.OBJECT a.zip "GET /a.zip" '
    ...                  '200 - 113 113 7 5 "-" "curl/8 "x"" - hid= SigV4 ECDHE AuthHeader b.s3.aws TLSv1.2')
    >>> row["http_status"], row["user_agent"], row["quoting"], row["field_count"], row["acl_required"]
    (200, 'curl/8 "x"', 'raw_quotes', 24, None)
    """
    head, uri, numbers, referer, agent, tail, quoting = _clean(line) or _hostile(line)
    found = len(tail)
    if found < _FEWEST_TAIL:
        raise SkippableRecordError(f"{_FIELDS_BEFORE_TAIL + found} fields, at least 24 were expected: the line was cut")
    status, error, sent, size, total, turn = numbers.groups()
    tls, arn, acl, region = (*tail[6:10], None, None, None)[:4]
    _check_tail(tls, arn, acl)
    return {
        "bucket_owner": _or_none(head[0]),
        "bucket": _or_none(head[1]),
        "requested_at": _instant(head[2], head[3]),
        "remote_ip": _or_none(head[4]),
        "requester": _or_none(head[5]),
        "request_id": _or_none(head[6]),
        "operation": _or_none(head[7]),
        "key": _or_none(head[8]),
        "request_uri": None if uri == "-" else uri,
        "http_status": None if status is None else int(status),
        "error_code": None if error == "-" else error,
        "bytes_sent": 0 if sent is None else int(sent),
        "object_size_bytes": None if size is None else int(size),
        "total_time_ms": None if total is None else int(total),
        "turn_around_time_ms": None if turn is None else int(turn),
        "referer": None if referer == "-" else referer,
        "user_agent": None if agent == "-" else agent,
        "version_id": _or_none(tail[0]),
        "host_id": _or_none(tail[1]),
        "signature_version": _or_none(tail[2]),
        "cipher_suite": _or_none(tail[3]),
        "authentication_type": _or_none(tail[4]),
        "host_header": _or_none(tail[5]),
        "tls_version": None if tls == "-" else tls,
        "access_point_arn": None if arn == "-" else arn,
        "acl_required": None if acl is None else acl == "Yes",
        "source_region": None if region == "-" else region,
        "extra": " ".join(tail[10:]) if found > 10 else None,
        "field_count": _FIELDS_BEFORE_TAIL + found,
        "quoting": quoting,
    }


def _clean(line: str) -> Parts | None:
    """Part a line whose only quotes are the six of its three quoted fields; None when it is another."""
    parts = line.split('"')
    if len(parts) != 7 or parts[4] != " ":
        return None
    head = parts[0].split(" ")
    numbers = _MIDDLE.fullmatch(parts[2])
    tail = parts[6].split(" ")
    if len(head) != 10 or head[9] or numbers is None or tail[0] or "" in tail[1:]:
        return None
    if head[2][:1] != "[" or head[3][-1:] != "]" or "" in head[:9]:
        return None
    owner, bucket, day, zone, *others = head
    return [owner, bucket, day[1:], zone[:-1], *others], parts[1], numbers, parts[3], parts[5], tail[1:], CLEAN


def _hostile(line: str) -> Parts:
    """Part any other line: S3's own fields at both ends first, then what is left between them."""
    head = _HEAD.match(line)
    if head is None:
        raise SkippableRecordError("the first eight fields are not those of an access log")
    rest = line[head.end() :]
    found = _HOSTILE_MIDDLE.finditer(rest)
    numbers = next(found, None)
    if numbers is None:
        raise SkippableRecordError(
            "no status, sizes and times where they belong: the line was cut, or is no access log's"
        )
    forged = next(found, None) is not None
    key, uri = _key_and_uri(rest[: numbers.start()], quoted=rest[numbers.start()] == '"')
    referer, agent, tail, several = _referer_and_agent(rest[numbers.end() :])
    quotes = any('"' in part for part in (key, uri or "", referer, agent))
    quoting = AMBIGUOUS if forged or several else RAW_QUOTES if quotes else CLEAN
    return [*head.groups(), key], uri, numbers, referer, agent, tail, quoting


def _key_and_uri(before: str, *, quoted: bool) -> tuple[str, str | None]:
    """Part what stands between the operation and the status. A request-URI that S3 has none of may be a bare ``-``."""
    if not quoted:
        return before.rstrip(" ") or "-", None
    key, quote, uri = before.partition('"') if before.startswith('"') else before.partition(' "')
    if not quote or not key.strip():
        raise SkippableRecordError("no key, or no quote before the request-URI: the line was cut")
    return key.rstrip(" "), uri


def _referer_and_agent(rest: str) -> tuple[str, str, list[str], bool]:
    """Part what follows the times: referer, user agent, tail; and tell whether that could be read in several ways."""
    last = rest.rfind('"')
    tail = rest[last + 1 :].split()
    if last < 0:
        return _bare(rest.split())
    if rest.startswith("- "):
        return "-", rest[2:last].lstrip(' "') if last > 2 else "-", tail, False
    inner = rest[1:last]
    referer, between, agent = inner.partition('" "')
    if between:
        return referer, agent, tail, '" "' in agent or '" "' in inner[len(referer) + 1 :]
    if last > 0 and tail[:1] == ["-"]:
        return inner, "-", tail[1:], False
    raise SkippableRecordError("no quote after the user agent: the line was cut")


def _bare(tokens: list[str]) -> tuple[str, str, list[str], bool]:
    """Read a line of which S3 had neither referer nor user agent, and wrote bare dashes."""
    if tokens[:2] != ["-", "-"]:
        raise SkippableRecordError("no quotes around referer and user agent: the line was cut")
    return "-", "-", tokens[2:], False


def _check_tail(tls: str | None, arn: str | None, acl: str | None) -> None:
    """Refuse a tail whose fields are not where they belong."""
    if tls is None or not (tls == "-" or tls[:3].upper() in {"TLS", "SSL"}):
        raise SkippableRecordError(f"field 24: a TLS version was expected, not {tls!r}")
    if not (arn is None or arn == "-" or arn.startswith("arn:")):
        raise SkippableRecordError(f"field 25: an access point's ARN was expected, not {arn!r}")
    if not (acl is None or acl == "-" or acl == "Yes"):
        raise SkippableRecordError(f"field 26: Yes or - was expected, not {acl!r}")


def _or_none(value: str) -> str | None:
    return None if value == "-" else value


def _instant(stamp: str, zone: str) -> datetime:
    """Read ``06/Feb/2019:00:00:38`` and its offset, which S3 always writes as +0000."""
    clock = _CLOCK.fullmatch(stamp, 12)
    if clock is None or zone != "+0000":
        return _other_instant(stamp, zone)
    hour, minute, second = clock.groups()
    try:
        return _midnight(stamp[:12]).replace(hour=int(hour), minute=int(minute), second=int(second))
    except ValueError as error:
        raise SkippableRecordError(f"field 3: {stamp!r} is no time of day") from error


@lru_cache(maxsize=4096)
def _midnight(day: str) -> datetime:
    """Read ``06/Feb/2019:``; a log holds few days and many lines of each."""
    match = re.fullmatch(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):", day, re.ASCII)
    if match is None or match[2] not in _MONTHS:
        raise SkippableRecordError(f"field 3: {day!r} is no date")
    try:
        return datetime(int(match[3]), _MONTHS[match[2]], int(match[1]), tzinfo=UTC)
    except ValueError as error:
        raise SkippableRecordError(f"field 3: {day!r} is no date") from error


def _other_instant(stamp: str, zone: str) -> datetime:
    """Read a time with another offset."""
    try:
        return datetime.strptime(f"{stamp} {zone}", "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SkippableRecordError(f"field 3: {stamp!r} is no instant") from error
