"""What goes out fits what carries it, says what it said, and leads nobody astray."""

from __future__ import annotations

import email
import email.policy
import ipaddress
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.outbox import pace, sms_budget
from chalicelib.outbox.letter import MOST_SNS, Letter, attributes, for_sns, parts_of_sms, short_of
from chalicelib.outbox.mail import mail, page
from chalicelib.outbox.places import choose, is_public, read_place
from chalicelib.outbox.ways import Reader
from chalicelib.outbox.webhook import read_secret
from tests.unit.outbox.memory import NOON, MemoryState, message

TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=2_000)


def letter(**said: object) -> Letter:
    return Letter(message(**said), "operators", "2026-11-26", "1", False, NOON)


@given(TEXT, st.integers(1, 60))
def test_sns_and_the_queue_of_receipts_take_every_message_and_the_whole_text_where_it_fits(
    text: str, times: int
) -> None:
    said = message(text=text * times, topic="x" * 200)

    written = for_sns(said, sms=True)
    marks = attributes(letter(topic="x" * 200), ("word" * 20,) * 4)
    size = sum(len(name) + len(one["DataType"]) + len(one["StringValue"].encode()) for name, one in marks.items())

    assert len(written.encode()) <= MOST_SNS
    assert len(json.dumps(written, ensure_ascii=False).encode()) + 2 * size + 2_000 <= 256 * 1024, "of the receipt"
    read = json.loads(written)
    assert read["default"] == (said.text or said.subject) or "too long" in read["default"]


def test_control_characters_that_grow_in_json_are_cut_too() -> None:
    written = for_sns(message(text="\x00" * 100_000), sms=False)

    assert len(written.encode()) <= MOST_SNS


@given(TEXT)
def test_a_phones_line_is_one_line_of_three_parts_at_most(text: str) -> None:
    line = short_of(message(short=text, subject=text))

    assert "\n" not in line
    assert 1 <= parts_of_sms(line) <= 7


@given(TEXT, TEXT)
def test_a_mail_says_what_the_message_said_whatever_is_in_it(subject: str, text: str) -> None:
    raw = mail(letter(subject=subject, text=text), Reader("1", "html_email", "ada@acme.example"), "n@acme.example")

    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["To"] == "ada@acme.example"
    assert "Bcc" not in read
    assert "\n" not in read["Subject"]
    plain = read.get_body(("plain",))
    assert plain is not None
    assert "".join(plain.get_content().split()) == "".join(text.split())


def test_one_click_ends_a_subscription() -> None:
    link = "https://numbers.acme.example/api/v1/subscriptions/unsubscribe/" + "x" * 300
    raw = mail(letter(), Reader("1", "html_email", "ada@acme.example", link), "n@acme.example")

    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in raw
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in read.get_body(("plain",)).get_content()
    assert f'href="{link}"' in read.get_body(("html",)).get_content()


@given(TEXT)
def test_a_text_as_html_has_no_element_of_its_own(text: str) -> None:
    bare = page("")

    assert page(text).count("<script") == 0
    assert page(text).count("<") - bare.count("<") == 2 * page(text).count("<a href=")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[fd00:ec2::254]/",
        "https://localhost/",
        "https://printer.local/",
        "https://db.internal/",
        "https://user:pass@example.com/",
        "https://example.com/#part",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://例え.jp/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https:///x",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://example.com\\@127.0.0.1/",
        "",
        "https://" + "a" * 3_000,
    ],
)
def test_an_address_that_is_not_on_the_internet_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_place(url)

    assert not url or url not in str(caught.value)


def test_a_host_that_the_deployment_names_may_be_anywhere() -> None:
    place = read_place("http://127.0.0.1:8082/hooks/a?b", {"127.0.0.1"})

    assert (place.host, place.port, place.target, place.host_header) == (
        "127.0.0.1",
        8082,
        "/hooks/a?b",
        "127.0.0.1:8082",
    )
    assert choose(place, ["127.0.0.1"]) == "127.0.0.1"


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_is_private_is_never_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(address)


def test_ipv4_is_chosen_where_there_is_one() -> None:
    assert choose(read_place("https://example.com/"), ["2606:4700::1111", "1.1.1.1"]) == "1.1.1.1"


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_!!", "word", "whsec_" + "A" * 8, "whsec_" + "A" * 400])
def test_a_signing_secret_that_is_too_short_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rand") as caught:
        read_secret(text)
    assert not text.removeprefix("whsec_") or text not in str(caught.value)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 50)), max_size=40), st.integers(1, 120))
def test_over_any_hour_no_more_is_sent_than_the_rate_and_one_minute_more(
    asks: list[tuple[int, int]], rate: int
) -> None:
    state, now, given_at = MemoryState(), NOON, []
    for seconds, wanted in asks:
        now += timedelta(seconds=seconds)
        given_at.append((now, pace.take(state, "a", rate, wanted, now)))

    for at, (first, _) in enumerate(given_at):
        for last, _ in given_at[at:]:
            minutes = (last - first) / timedelta(minutes=1)
            total = sum(count for when, count in given_at if first <= when <= last)
            assert total <= rate * (minutes + 1) + 1


def test_a_budget_is_for_a_calendar_month_is_never_overdrawn_and_a_letter_pays_once() -> None:
    state = MemoryState()

    assert sms_budget.spend(state, "a", 3, 5, NOON)
    assert not sms_budget.spend(state, "b", 3, 5, NOON)
    assert all(sms_budget.spend(state, "a", 3, 5, NOON) for _ in range(5))
    assert sms_budget.spend(state, "c", 2, 5, NOON)
    assert not sms_budget.spend(state, "d", 1, 5, NOON)
    assert sms_budget.spend(state, "e", 5, 5, NOON + timedelta(days=5))
