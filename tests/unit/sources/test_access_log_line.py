from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.access_log_line import parse_line

FIELDS = (
    "owner", "logs", "[06/Feb/2019:00:00:38 +0000]", "192.0.2.3", "-", "3E57427F3EXAMPLE", "REST.GET.OBJECT", "a.zip",
    '"GET /a.zip HTTP/1.1"', "200", "-", "113", "226", "7", "5", '"-"', '"curl/8"', "-", "hid=", "SigV4", "ECDHE",
    "AuthHeader", "logs.s3.amazonaws.com", "TLSv1.2", "arn:aws:s3:::x", "Yes", "us-east-1",
)  # fmt: skip
PLACES = {"key": 7, "uri": 8, "status": 9, "sent": 11, "referer": 15, "agent": 16, "tls": 23, "arn": 24, "acl": 25}


def line(generation: int = 27, **changes: str) -> str:
    fields = list(FIELDS)
    for name, value in changes.items():
        fields[PLACES[name]] = value
    return " ".join(fields[:generation])


@pytest.mark.parametrize("generation", [24, 25, 26, 27])
def test_every_generation_is_read(generation: int) -> None:
    row = parse_line(line(generation))

    assert row["field_count"] == generation
    assert row["requested_at"] == datetime(2019, 2, 6, 0, 0, 38, tzinfo=UTC)
    assert (row["http_status"], row["bytes_sent"], row["object_size_bytes"]) == (200, 113, 226)
    assert row["access_point_arn"] == (None if generation < 25 else "arn:aws:s3:::x")
    assert row["acl_required"] is (None if generation < 26 else True)
    assert row["source_region"] == (None if generation < 27 else "us-east-1")


def test_fields_of_a_future_generation_are_kept() -> None:
    row = parse_line(line() + " next one")

    assert (row["extra"], row["field_count"]) == ("next one", 29)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"agent": '""Mozilla/5.0 (X11)"'}, {"user_agent": '"Mozilla/5.0 (X11)', "quoting": "raw_quotes"}),
        ({"agent": r'"a \"b\" c"'}, {"user_agent": r"a \"b\" c", "quoting": "raw_quotes"}),
        ({"agent": '"x" 200 - 1 1 1 1 "-" "y"'}, {"http_status": 200, "bytes_sent": 113, "quoting": "ambiguous"}),
        ({"agent": '"a" "b"'}, {"referer": None, "user_agent": 'a" "b', "quoting": "ambiguous"}),
        ({"agent": '"-"'}, {"user_agent": None, "quoting": "clean"}),
        ({"agent": '""'}, {"user_agent": "", "quoting": "clean"}),
        ({"agent": "-"}, {"user_agent": None, "referer": None}),
        ({"agent": "-", "referer": "-"}, {"user_agent": None, "referer": None, "quoting": "clean"}),
        ({"agent": "-", "referer": '"https://x"'}, {"user_agent": None, "referer": "https://x"}),
        ({"referer": "-"}, {"referer": None, "user_agent": "curl/8"}),
        ({"uri": "-"}, {"request_uri": None, "key": "a.zip", "http_status": 200}),
        ({"uri": '"-"'}, {"request_uri": None, "quoting": "clean"}),
        ({"uri": '"GET /a?f="b" HTTP/1.1"'}, {"request_uri": 'GET /a?f="b" HTTP/1.1', "quoting": "raw_quotes"}),
        ({"key": "my file.zip"}, {"key": "my file.zip"}),
        ({"key": "-"}, {"key": None}),
        ({"sent": "-"}, {"bytes_sent": 0}),
        ({"status": "-"}, {"http_status": None}),
        ({"acl": "-"}, {"acl_required": False}),
        ({"arn": "-"}, {"access_point_arn": None}),
    ],
)
def test_hostile_and_empty_fields_are_read(changes: dict[str, str], expected: dict[str, object]) -> None:
    row = parse_line(line(**changes))

    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (line(23), "23 fields, at least 24"),
        (line(9), "cut"),
        (line()[: line().index('"curl') + 4], "cut"),
        (line()[: line().index('"curl') + 1], "cut|fields"),
        (line(tls="X"), "field 24"),
        (line(arn="x"), "field 25"),
        (line(acl="No"), "field 26"),
        (line(sent="1_000"), "status, sizes and times"),
        (line(sent="١"), "status, sizes and times"),
        (line(status="2000"), "status, sizes and times"),
        (line().replace("06/Feb", "31/Feb"), "no instant"),
        (line().replace("Feb", "Fab"), "no date"),
        (line().replace("00:00:38", "24:00:00"), "no instant"),
        ("what is this", "first eight fields"),
        ("", "first eight fields"),
    ],
)
def test_a_broken_line_is_refused_with_its_reason(broken: str, reason: str) -> None:
    with pytest.raises(SkippableRecordError, match=reason):
        parse_line(broken)


def test_another_offset_is_turned_to_utc() -> None:
    row = parse_line(line().replace("+0000", "+0530"))

    assert row["requested_at"] == datetime(2019, 2, 5, 18, 30, 38, tzinfo=UTC)


@given(st.text(alphabet=st.characters(blacklist_characters='" \n\r'), min_size=1, max_size=30), st.integers(24, 27))
def test_a_user_agent_without_quotes_comes_back_as_it_was(agent: str, generation: int) -> None:
    row = parse_line(line(generation, agent=f'"{agent}"'))

    assert row["user_agent"] == (None if agent == "-" else agent)
    assert row["quoting"] == "clean"


@given(st.text(max_size=300))
def test_no_text_makes_it_fail_in_another_way(text: str) -> None:
    try:
        parse_line(text)
    except SkippableRecordError as error:
        assert str(error)


@given(st.integers(0, len(line())), st.text(alphabet='" -\\x', max_size=8))
def test_no_wound_makes_it_fail_in_another_way(at: int, inserted: str) -> None:
    try:
        parse_line(line()[:at] + inserted + line()[at:])
    except SkippableRecordError as error:
        assert str(error)
