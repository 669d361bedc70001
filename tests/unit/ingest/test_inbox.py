"""What arrives is durable once, with its attributes whole, and pointers lead to log objects."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import SkippableRecordError, StoreUnavailable
from chalicelib.ingest.inbox import Pointer, accept, accept_pointer, pointer_of, to_item
from chalicelib.sources.base import Item
from tests.simulation.store import FakeS3

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_a_body_sent_twice_is_there_once_with_its_first_attributes(store: FakeS3) -> None:
    first = accept(store, "github_webhooks", b"{}", {"Delivery": "1"}, NOW)
    second = accept(store, "github_webhooks", b"{}", {"Delivery": "2"}, NOW)

    assert (first.duplicate, second.duplicate) == (False, True)
    assert store.keys("inbox/") == [first.key] == [second.key]
    assert to_item(store.get(first.key)) == Item(first.key, b"{}", {"delivery": "1"}, NOW)


def test_other_bodies_and_other_streams_are_apart(store: FakeS3) -> None:
    keys = {accept(store, stream, body, {}, NOW) for stream in ("a", "b") for body in (b"1", b"2")}

    assert len(keys) == 4


def test_the_same_body_of_another_kind_is_another_thing_and_of_no_kind_the_bodys_digest(store: FakeS3) -> None:
    kinds = ("", "star", "watch")
    first = [accept(store, "github_webhooks", b"{}", {}, NOW, kind=kind) for kind in kinds]
    again = [accept(store, "github_webhooks", b"{}", {}, NOW, kind=kind) for kind in kinds]

    assert len({arrival.key for arrival in first}) == 3
    assert first[0].key.endswith(hashlib.sha256(b"{}").hexdigest())
    assert [arrival.duplicate for arrival in first + again] == [False] * 3 + [True] * 3


@given(st.tuples(st.text(), st.binary()), st.tuples(st.text(), st.binary()))
def test_no_kind_runs_into_its_body(one: tuple[str, bytes], other: tuple[str, bytes]) -> None:
    keys = []

    class Store:
        def put(self, key: str, *_: object, **__: object) -> str:
            keys.append(key)
            return ""

    for kind, body in (one, other):
        accept(Store(), "a", body, {}, NOW, kind=kind)  # type: ignore[arg-type]

    assert (keys[0] == keys[1]) == (one == other)


@given(st.text())
def test_attributes_may_hold_any_characters(value: str) -> None:
    kept: dict[str, object] = {}

    class Store:
        def put(self, key: str, body: bytes, *, if_none_match: bool, metadata: dict[str, str]) -> str:
            kept.update(metadata)
            return ""

    accept(Store(), "a", b"", {"name": value.encode("utf-8", "replace").decode()}, NOW)  # type: ignore[arg-type]

    assert all(str(v).isascii() and str(v).isprintable() for v in kept.values())


def test_a_pointer_leads_to_its_object(store: FakeS3) -> None:
    pointer = Pointer("access/2026 ü+%", "etag", 7)

    key = accept_pointer(store, "s3_access_logs", pointer, NOW)

    assert pointer_of(to_item(store.get(key))) == pointer
    assert accept_pointer(store, "s3_access_logs", pointer, NOW) == key


def test_an_item_is_no_pointer_and_a_broken_pointer_is_set_aside() -> None:
    assert pointer_of(Item("k", b'{"key": 1}', {}, NOW)) is None
    with pytest.raises(SkippableRecordError):
        pointer_of(Item("k", b"nonsense", {"pointer": "1"}, NOW))


def test_what_may_not_be_stored_is_not_acknowledged() -> None:
    class Down:
        def put(self, *_: object, **__: object) -> str:
            raise StoreUnavailable("down")

    with pytest.raises(StoreUnavailable):
        accept(Down(), "a", b"", {}, NOW)  # type: ignore[arg-type]
