from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sources.github_signature import sign, verify

BODY = b'{"zen": "Keep it logically awesome."}'


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40).filter(lambda s: s.isprintable()))
def test_what_was_signed_is_verified(body: bytes, secret: str) -> None:
    assert verify(body, sign(body, secret), ["another", secret])


@given(st.binary(max_size=200), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_refused(body: bytes, at: int, by: int) -> None:
    changed = bytearray(body or b"x")
    changed[at % len(changed)] ^= by

    assert not verify(bytes(changed), sign(body or b"x", "s"), ["s"])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        sign(BODY, "old")[:-1],
        sign(BODY, "old") + "0",
        "sha1=" + "a" * 40,
        "é",
    ],
)
def test_a_missing_or_malformed_signature_is_refused(header: str | None) -> None:
    assert not verify(BODY, header, ["old"])


@pytest.mark.parametrize("secrets", [(), ("",), ("other",)])
def test_without_the_right_secret_nothing_is_verified(secrets: tuple[str, ...]) -> None:
    assert not verify(BODY, sign(BODY, "" if secrets == ("",) else "right"), secrets)


def test_either_of_two_active_secrets_will_do() -> None:
    assert verify(BODY, sign(BODY, "new"), ["new", "old"])
    assert verify(BODY, sign(BODY, "old"), ["new", "old"])
