"""The chain of commits: who won is known for certain, and a broken chain is noticed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import CommitLost, IntegrityError, StoreUnavailable, WriteConflict
from chalicelib.lake import commits, layout
from chalicelib.lake.commits import Commit, Link
from tests.simulation.store import FakeS3

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def made(head: Link | None, attempt: str, **body: object) -> Commit:
    return commits.draft(head, "stars", attempt=attempt, kind="pull", committed_at=NOW, body=body)


@given(st.dictionaries(st.text(), json_values))
def test_a_commit_is_read_back_as_it_was_written(body: dict[str, object]) -> None:
    commit = Commit("stars", 1, commits.GENESIS, "a", "pull", NOW, body)

    assert Commit.from_json(commit.to_json()) == commit
    assert Commit.from_json(commit.to_json()).to_json() == commit.to_json()


def test_commits_form_a_chain_and_the_head_is_found_from_anywhere(store: FakeS3) -> None:
    first = commits.append(store, made(None, "a"))
    second = commits.append(store, made(first, "b"))
    third = commits.append(store, made(second, "c"))

    assert third.seq == 3
    assert third.commit.prev_sha256 == second.sha256
    assert commits.find_head(store, "stars") == third
    assert commits.find_head(store, "stars", second) == third
    assert commits.find_head(store, "stars", third) == third
    assert commits.find_head(store, "other") is None


def test_the_second_attempt_at_a_seq_loses(store: FakeS3) -> None:
    winner = commits.append(store, made(None, "a"))

    with pytest.raises(CommitLost):
        commits.append(store, made(None, "b"))

    assert commits.find_head(store, "stars") == winner


def test_a_412_for_our_own_write_is_a_win(store: FakeS3) -> None:
    ours = made(None, "a", rows=3)
    store.write(layout.commit("stars", 1), ours.to_json())

    assert commits.append(store, ours).commit == ours


class Troubled:
    """A store whose puts fail in given ways first; ``lost`` ones have their effect."""

    def __init__(self, inner: FakeS3, *troubles: str) -> None:
        self.inner, self.troubles = inner, list(troubles)

    def get(self, key: str) -> object:
        return self.inner.get(key)

    def put(self, key: str, body: bytes, **rest: object) -> str:
        trouble = self.troubles.pop(0) if self.troubles else ""
        if trouble == "409":
            raise WriteConflict(key)
        if trouble == "503":
            raise StoreUnavailable(key)
        etag = self.inner.put(key, body, **rest)  # type: ignore[arg-type]
        if trouble == "lost":
            raise StoreUnavailable(key)
        return etag


@pytest.mark.parametrize("troubles", [("409",), ("503",), ("lost",), ("409", "503", "409", "lost")])
def test_passing_trouble_is_outlived(store: FakeS3, troubles: tuple[str, ...]) -> None:
    link = commits.append(Troubled(store, *troubles), made(None, "a"))  # type: ignore[arg-type]

    assert commits.find_head(store, "stars") == link


def test_lasting_trouble_is_said_and_nothing_is_believed(store: FakeS3) -> None:
    with pytest.raises(StoreUnavailable):
        commits.append(Troubled(store, *["409"] * 9), made(None, "a"))  # type: ignore[arg-type]


def test_a_changed_commit_breaks_the_chain(store: FakeS3) -> None:
    first = commits.append(store, made(None, "a"))
    commits.append(store, made(first, "b"))
    store.write(layout.commit("stars", 1), made(None, "forged").to_json())

    with pytest.raises(IntegrityError, match="chain is broken"):
        commits.find_head(store, "stars")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"seq": 1}', b"\xff"])
def test_what_is_no_commit_is_said_to_be_none(store: FakeS3, body: bytes) -> None:
    store.write(layout.commit("stars", 1), body)

    with pytest.raises(IntegrityError):
        commits.read(store, "stars", 1)


def test_a_commit_under_anothers_key_is_noticed(store: FakeS3) -> None:
    store.write(layout.commit("stars", 2), made(None, "a").to_json())

    with pytest.raises(IntegrityError, match="holds commit 1"):
        commits.read(store, "stars", 2)
