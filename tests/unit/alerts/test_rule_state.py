"""Where rules are kept: one writer at a time, a stamp that moves, deleted ones not among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts import rule_state
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.rule_state import Kept
from tests.unit.alerts.made import rules
from tests.unit.incidents.memory import MemoryState

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


@given(rules(), st.none() | rules())
def test_a_rule_is_read_as_it_was_written(rule: Rule, before: Rule | None) -> None:
    state = MemoryState()
    made = replace(rule, id="r1", created_at=NOW, created_by="Ann", updated_at=NOW, updated_by="Bob", revision=3)

    earlier = None if before is None else replace(before, id="r1")

    written = rule_state.write(state, Kept(made, "digest", earlier=earlier))

    assert written == rule_state.read(state, "r1") == Kept(replace(made, version=1), "digest", earlier=earlier)
    assert list(rule_state.every(state)) == [replace(made, version=1)]


def test_what_a_rule_was_before_costs_it_nothing_where_it_cannot_be_read(a_rule: Rule) -> None:
    state = MemoryState()
    assert rule_state.write(state, Kept(a_rule, earlier=a_rule)) is not None
    state.items[rule_state.PK, a_rule.id]["earlier"] = '{"name": ""}'

    found = rule_state.read(state, a_rule.id)

    assert found is not None
    assert (found.rule, found.earlier) == (replace(a_rule, version=1), None)


def test_of_two_writers_one_is_told_to_read_again(a_rule: Rule) -> None:
    state = MemoryState()
    kept = rule_state.write(state, Kept(a_rule))
    assert kept is not None

    first = rule_state.write(state, replace(kept, rule=replace(kept.rule, name="mine")))
    second = rule_state.write(state, replace(kept, rule=replace(kept.rule, name="yours")))

    assert first is not None
    assert second is None
    assert [rule.name for rule in rule_state.every(state)] == ["mine"]


def test_a_deleted_rule_is_not_there_and_its_id_is_known(a_rule: Rule) -> None:
    state = MemoryState()
    kept = rule_state.write(state, Kept(a_rule))
    assert kept is not None

    gone = rule_state.delete(state, kept, "ada", NOW)

    assert gone is not None
    assert list(rule_state.every(state)) == []
    assert (found := rule_state.read(state, a_rule.id)) is not None
    assert found.deleted
    assert found.rule.updated_at == NOW
    assert rule_state.delete(state, kept, "ada", NOW) is None


def test_the_stamp_is_another_after_each_write(a_rule: Rule) -> None:
    state = MemoryState()
    stamps: list[Any] = [rule_state.stamp(state)]
    kept: Kept | None = Kept(a_rule)
    for _ in range(3):
        assert kept is not None
        kept = rule_state.write(state, kept)
        stamps.append(rule_state.stamp(state))
    assert kept is not None
    rule_state.delete(state, kept, "ada", NOW)
    stamps.append(rule_state.stamp(state))

    assert len(set(stamps)) == 5
