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

_W, _N = r'([^ "]+)', r"(?:(\d{1,18})|-)"
_NUMBERS = rf"(?:(\d{{3}})|-) ([^ ]+) {_N} {_N} {_N} {_N}"
_CLEAN = re.compile(
    rf'{_W} {_W} \[([^ \]]+) ([+-]\d{{4}})\] {_W} {_W} {_W} {_W} {_W} "([^"]*)" {_NUMBERS} "([^"]*)" "([^"]*)" ([^"]*)',
    re.ASCII,
)
_HEAD = re.compile(r"(\S+) +(\S+) +\[([^\]\s]+) +([+-]\d{4})\] +(\S+) +(\S+) +(\S+) +(\S+) +", re.ASCII)
_HOSTILE_MIDDLE = re.compile(rf'(?:"| -) {_NUMBERS} (?="|- )', re.ASCII)
_MONTHS = {"JanFebMarAprMayJunJulAugSepOctNovDec"[i : i + 3]: i // 3 + 1 for i in range(0, 36, 3)}
_CLOCK = re.compile(r":(\d\d):(\d\d):(\d\d)", re.ASCII)

_FEWEST_TAIL = 7
_FIELDS_BEFORE_TAIL = 17

Parts = tuple[tuple[Any, ...], list[str], str]
"""The groups of ``_CLEAN`` but the last, the fields after the user agent, the quoting."""


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
    groups, tail, quoting = _clean(line) or _hostile(line)
    owner, bucket, stamp, zone, ip, requester, request, operation, key, uri, *numbers, referer, agent = groups
    status, error, sent, size, total, turn = numbers
    found = len(tail)
    if found < _FEWEST_TAIL:
        raise SkippableRecordError(f"{_FIELDS_BEFORE_TAIL + found} fields, at least 24 were expected: the line was cut")
    version, host_id, signature, cipher, authentication, host, tls = tail[:7]
    arn, acl, region = (*tail[7:10], None, None, None)[:3]
    _check_tail(tls, arn, acl)
    return {
        "bucket_owner": owner if owner != "-" else None,
        "bucket": bucket if bucket != "-" else None,
        "requested_at": _instant(stamp, zone),
        "remote_ip": ip if ip != "-" else None,
        "requester": requester if requester != "-" else None,
        "request_id": request if request != "-" else None,
        "operation": operation if operation != "-" else None,
        "key": key if key != "-" else None,
        "request_uri": uri if uri != "-" else None,
        "http_status": int(status) if status else None,
        "error_code": error if error != "-" else None,
        "bytes_sent": int(sent) if sent else 0,
        "object_size_bytes": int(size) if size else None,
        "total_time_ms": int(total) if total else None,
        "turn_around_time_ms": int(turn) if turn else None,
        "referer": referer if referer != "-" else None,
        "user_agent": agent if agent != "-" else None,
        "version_id": version if version != "-" else None,
        "host_id": host_id if host_id != "-" else None,
        "signature_version": signature if signature != "-" else None,
        "cipher_suite": cipher if cipher != "-" else None,
        "authentication_type": authentication if authentication != "-" else None,
        "host_header": host if host != "-" else None,
        "tls_version": tls if tls != "-" else None,
        "access_point_arn": arn if arn != "-" else None,
        "acl_required": None if acl is None else acl == "Yes",
        "source_region": region if region != "-" else None,
        "extra": " ".join(tail[10:]) if found > 10 else None,
        "field_count": _FIELDS_BEFORE_TAIL + found,
        "quoting": quoting,
    }


def _clean(line: str) -> Parts | None:
    """Part a line whose only quotes are the six of its three quoted fields; None when it is another."""
    match = _CLEAN.fullmatch(line)
    if match is None:
        return None
    *groups, tail = match.groups()
    return tuple(groups), tail.split(), CLEAN


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
    return (*head.groups(), key, uri or "-", *numbers.groups(), referer, agent), tail, quoting


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


def _check_tail(tls: str, arn: str | None, acl: str | None) -> None:
    """Refuse a tail whose fields are not where they belong."""
    if tls[:3] not in {"-", "TLS", "SSL"}:
        raise SkippableRecordError(f"field 24: a TLS version was expected, not {tls!r}")
    if not (arn is None or arn == "-" or arn.startswith("arn:")):
        raise SkippableRecordError(f"field 25: an access point's ARN was expected, not {arn!r}")
    if not (acl is None or acl == "-" or acl == "Yes"):
        raise SkippableRecordError(f"field 26: Yes or - was expected, not {acl!r}")


def _instant(stamp: str, zone: str) -> datetime:
    """Read ``06/Feb/2019:00:00:38`` and its offset, which S3 always writes as +0000."""
    clock = _CLOCK.fullmatch(stamp, 11)
    if clock is None or zone != "+0000":
        return _other_instant(stamp, zone)
    year, month, day = _date(stamp[:11])
    try:
        return datetime(year, month, day, int(clock[1]), int(clock[2]), int(clock[3]), tzinfo=UTC)
    except ValueError as error:
        raise SkippableRecordError(f"field 3: {stamp!r} is no instant") from error


@lru_cache(maxsize=4096)
def _date(day: str) -> tuple[int, int, int]:
    """Read ``06/Feb/2019``; a log holds few days and many lines of each."""
    match = re.fullmatch(r"(\d\d)/([A-Z][a-z]{2})/(\d{4})", day, re.ASCII)
    if match is None or match[2] not in _MONTHS:
        raise SkippableRecordError(f"field 3: {day!r} is no date")
    return int(match[3]), _MONTHS[match[2]], int(match[1])


def _other_instant(stamp: str, zone: str) -> datetime:
    """Read a time with another offset."""
    try:
        return datetime.strptime(f"{stamp} {zone}", "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SkippableRecordError(f"field 3: {stamp!r} is no instant") from error
