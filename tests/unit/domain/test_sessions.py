"""Sessions: silence ends them, midnight does not, and neither order nor repetition matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.sessions import SILENCE, Visit, sessions
from chalicelib.domain.visitors import LINKED

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def visits_of(person: str, minutes: list[int]) -> list[Visit]:
    """What one person does, named as the API names them: by the day, and by the day before in its first minutes."""
    made = []
    for minute in minutes:
        at = MONDAY + timedelta(minutes=minute)
        midnight = at.replace(hour=0, minute=0)
        before = f"{person} {midnight.date() - timedelta(days=1)}" if at - midnight < LINKED else None
        made.append(Visit(f"{person}-{minute}", f"{person} {midnight.date()}", at, before))
    return made


people = st.dictionaries(
    st.sampled_from(["ada", "bo", "chen"]),
    st.lists(st.integers(0, 4 * 24 * 60), min_size=1, max_size=30, unique=True),
    min_size=1,
)


@given(people, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(minutes: dict[str, list[int]], chance: object) -> None:
    visits = [visit for person, at in minutes.items() for visit in visits_of(person, at)]
    shuffled = [*visits, *visits[:7]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert sessions(shuffled) == sessions(visits)


@given(people)
def test_sessions_are_those_of_somebody_who_knows_the_people(minutes: dict[str, list[int]]) -> None:
    visits = [visit for person, at in minutes.items() for visit in visits_of(person, at)]

    expected = set()
    for person, at in minutes.items():
        some: list[int] = []
        for minute in sorted(at):
            if some and timedelta(minutes=minute - some[-1]) >= SILENCE:
                expected.add(tuple(f"{person}-{m}" for m in some))
                some = []
            some.append(minute)
        expected.add(tuple(f"{person}-{m}" for m in some))
    assert {session.events for session in sessions(visits)} == expected


@given(people)
def test_every_event_is_in_one_session_and_a_session_seen_alone_is_the_same(minutes: dict[str, list[int]]) -> None:
    visits = {visit.event_id: visit for person, at in minutes.items() for visit in visits_of(person, at)}

    found = sessions(visits.values())

    assert sorted(name for session in found for name in session.events) == sorted(visits)
    for session in found:
        assert [one.events for one in sessions(visits[name] for name in session.events)] == [session.events]


def test_a_session_that_never_ends_crosses_every_midnight() -> None:
    every_ten_minutes = list(range(0, 20 * 24 * 60, 10))

    found = sessions(visits_of("monitor", every_ten_minutes))

    assert len(found) == 1
    assert len(found[0].events) == len(every_ten_minutes)


def test_thirty_minutes_of_silence_end_it_and_one_less_does_not() -> None:
    assert len(sessions(visits_of("ada", [0, 29, 59]))) == 2
    assert len(sessions(visits_of("ada", [0, 29, 58]))) == 1


def test_links_in_a_circle_come_to_an_end() -> None:
    circle = [Visit("1", "a", MONDAY, "b"), Visit("2", "b", MONDAY, "a")]

    assert sum(len(session.events) for session in sessions(circle)) == 2
