"""One message when a source breaks and one when it has recovered, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.errors import StoreUnavailable
from chalicelib.incidents.incidents import FLAPPING_WITHIN, Sight, Subject
from chalicelib.incidents.past import past_incidents
from chalicelib.incidents.standing import open_incidents
from chalicelib.outbox.message import Severity
from tests.unit.incidents.memory import HEARTBEAT, MINUTE, START, World

HOUR = timedelta(hours=1)


def broken(world: World) -> None:
    world.succeeds()
    world.tick()
    for _ in range(3):
        world.fails("GitHub is failing (502)")
        world.tick()


def recover(world: World) -> None:
    world.succeeds()
    for _ in range(5):
        world.tick()


def test_a_source_that_is_well_sends_nothing_and_writes_once(world: World) -> None:
    for _ in range(10):
        world.succeeds()
        world.tick()

    assert (world.outbox.sent, world.state.puts) == ([], 1)


def test_the_third_failure_in_a_row_opens_one_incident(world: World) -> None:
    broken(world)
    world.tick(looks=20)

    assert world.outbox.subjects == ["[Headwater] Access logs is failing"]
    assert "GitHub is failing (502)" in world.outbox.sent[0][1]
    assert "/runbooks/source-failing.html" in world.outbox.sent[0][1]


@pytest.mark.parametrize("failures", [1, 2])
def test_a_passing_hiccup_is_no_incident(world: World, failures: int) -> None:
    world.succeeds()
    world.tick()
    for _ in range(failures):
        world.fails()
        world.tick()
    world.succeeds()
    world.tick()

    assert world.outbox.sent == []


def test_a_fatal_failure_is_told_at_once(world: World) -> None:
    world.succeeds()
    world.fails("GitHub answered 422: the request is not understood", fatal=True)
    world.tick()

    assert world.outbox.subjects == ["[Headwater] Access logs is failing"]


@pytest.mark.parametrize("error", ["GitHub refused the token (401)", "no secret 'headwater/github': create it"])
def test_refused_or_missing_credentials_are_named_as_such(world: World, error: str) -> None:
    world.fails(error, fatal=True)
    world.tick()

    assert world.outbox.subjects == ["[Headwater] Access logs needs credentials"]


def test_recovery_is_told_once_with_how_long_it_took(world: World) -> None:
    broken(world)
    world.now += HOUR
    recover(world)
    world.succeeds()
    world.tick(looks=10)

    assert world.outbox.subjects[1:] == ["[Headwater] Access logs has recovered"]
    assert "1 h" in world.outbox.sent[1][1]


def test_one_good_run_is_not_yet_a_recovery(world: World) -> None:
    broken(world)
    world.succeeds()
    world.tick()
    world.fails(fatal=True)
    world.tick()

    assert len(world.outbox.sent) == 1


def test_a_rate_limit_that_is_waited_for_is_no_incident_until_data_is_overdue(world: World) -> None:
    world.succeeds()
    world.tick()
    world.fails("rate limit", retry_at=START + 5 * HOUR)
    world.tick(HOUR)
    quiet = list(world.outbox.sent)
    world.tick(2 * HOUR)

    assert quiet == []
    assert world.outbox.subjects == ["[Headwater] Access logs is rate-limited"]


def test_runs_that_end_well_without_data_are_late(world: World) -> None:
    world.succeeds()
    world.tick()
    committed, watermark = world.last_commit_at, world.watermark
    for _ in range(4):
        world.now += HOUR
        world.succeeds()
        world.last_commit_at, world.watermark = committed, watermark
        world.tick()

    assert world.outbox.subjects == ["[Headwater] Access logs is late"]


@pytest.mark.parametrize("limited", [False, True], ids=["at work", "waiting for its own budget"])
def test_a_past_that_is_being_caught_up_is_no_incident_until_it_stands_still(world: World, limited: bool) -> None:
    """A fresh deployment pulls months: its first run takes minutes, its budget days; commits come all the while."""
    world.watermark = START - timedelta(days=60)
    for _ in range(30):
        world.watermark += HOUR
        world.last_commit_at = world.now
        if limited:
            world.fails("30 calls each hour may be spent, and 30 are", retry_at=world.now + HOUR)
        world.tick(HOUR)
    quiet = list(world.outbox.subjects)
    world.run = None
    world.tick(2 * HOUR)

    assert quiet == []
    assert world.outbox.subjects == ["[Headwater] Access logs has stalled"]


def test_a_source_that_nothing_runs_any_more_has_stalled(world: World) -> None:
    world.cadence = HEARTBEAT
    world.succeeds()
    world.tick()
    for _ in range(40):
        world.tick()

    assert world.outbox.subjects == ["[Headwater] Access logs has stalled"]


def test_a_fresh_deployment_is_no_incident_until_its_first_window_is_long_overdue(world: World) -> None:
    allowed = world.cadence.every + world.cadence.delay + world.cadence.grace
    world.tick()
    world.tick(allowed)
    quiet = list(world.outbox.sent)
    world.tick()

    assert quiet == []
    assert world.outbox.subjects == ["[Headwater] Access logs has stalled"]


def heartbeats(world: World, span: timedelta) -> None:
    """Nothing but heartbeats for a while, looked at as often."""
    end = world.now + span
    while world.now < end:
        world.succeeds()
        world.tick(world.cadence.every)


def test_heartbeats_without_a_record_have_fallen_silent_and_records_end_it(world: World) -> None:
    world.cadence, world.silent_after = HEARTBEAT, 24 * HOUR
    world.receives()
    heartbeats(world, 24 * HOUR)
    quiet = list(world.outbox.sent)
    heartbeats(world, 48 * HOUR)
    for _ in range(5):
        world.receives()
        world.tick()

    assert quiet == []
    assert world.outbox.subjects == [
        "[Headwater] Access logs has fallen silent",
        "[Headwater] Access logs has recovered",
    ]
    assert "Last record: 2026-11-22 12:00 UTC" in world.outbox.sent[0][1]
    assert "/runbooks/source-silent.html" in world.outbox.sent[0][1]


def test_a_source_that_may_be_silent_for_ever_sends_nothing(world: World) -> None:
    world.cadence = HEARTBEAT
    world.receives()
    heartbeats(world, 20 * 24 * HOUR)

    assert world.outbox.sent == []


def test_what_never_received_anything_is_silent_so_long_after_the_first_look(world: World) -> None:
    world.cadence, world.silent_after = HEARTBEAT, 24 * HOUR
    world.first_commit_at = START - 100 * HOUR
    world.succeeds()
    world.tick()
    heartbeats(world, 24 * HOUR - world.cadence.every)
    quiet = list(world.outbox.sent)
    heartbeats(world, 2 * world.cadence.every)

    assert quiet == []
    assert world.outbox.subjects == ["[Headwater] Access logs has fallen silent"]
    assert "Last record: never" in world.outbox.sent[0][1]


def test_another_kind_of_trouble_in_an_open_incident_is_no_second_message(world: World) -> None:
    broken(world)
    world.fails("the token is refused (401)", fatal=True)
    world.tick()
    world.tick(5 * HOUR)

    assert len(world.outbox.sent) == 1
    assert world.state.items["incident", "logs"]["kind"] == "credentials"


def test_twins_send_once(world: World) -> None:
    world.succeeds()
    world.fails("no", fatal=True)
    twin, done = world.watch(), []

    def twin_first() -> None:
        if not done:
            done.append(True)
            twin.run([world.subject()])

    world.state.before_put = twin_first
    world.tick()
    world.tick()

    assert len(world.outbox.sent) == 1


def test_a_twin_that_looks_while_the_message_is_being_told_tells_the_same_once(world: World) -> None:
    world.succeeds()
    world.fails("no", fatal=True)
    told: list[str] = []

    def twin() -> None:
        world.outbox.then = lambda: None
        told.append(world.watch().run([world.subject()])["logs"])

    world.outbox.then = twin
    first = world.tick()

    assert (first, told) == ("another watcher was faster", ["opened: told"])
    assert len(world.outbox.sent) == 1
    assert world.state.items["incident", "logs"]["told"] == "opened"


def test_a_message_that_was_not_taken_is_put_again_at_the_next_look(world: World) -> None:
    world.succeeds()
    world.fails("no", fatal=True)

    def lose() -> None:
        world.outbox.then = lambda: None
        world.outbox.messages.clear()
        raise StoreUnavailable("the outbox did not answer")

    world.outbox.then = lose
    first = world.tick()
    told = world.state.items["incident", "logs"]["told"]
    after = world.tick()

    assert "not looked at" in first
    assert (told, after) == ("pending", "opened: told")
    assert len(world.outbox.sent) == 1


class Killed(BaseException):
    """Ends a watcher as a kill does: nothing catches it."""


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("killed_at", range(8))
def test_a_watcher_killed_at_any_step_leaves_each_message_to_be_told_once(
    world: World, killed_at: int, is_after: bool
) -> None:
    """Steps are writes of the state, and puts into the outbox; killed before one takes effect, or right after it."""
    steps = [0]

    def killing(effect: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **named: object) -> object:
            steps[0] += 1
            if steps[0] == killed_at + 1 and not is_after:
                raise Killed
            done = effect(*args, **named)
            if steps[0] == killed_at + 1:
                raise Killed
            return done

        return step

    world.state.put = killing(world.state.put)  # type: ignore[method-assign]
    world.outbox.put = killing(world.outbox.put)  # type: ignore[method-assign,assignment]
    world.succeeds()
    for minute in range(12):
        (world.fails if minute < 6 else world.succeeds)(*(["no"] if minute < 6 else []))
        try:
            world.tick()
        except Killed:
            continue

    assert steps[0] >= 8
    assert world.outbox.subjects == ["[Headwater] Access logs is failing", "[Headwater] Access logs has recovered"]
    assert world.state.items["incident", "logs"]["told"] == "closed"
    assert [over.kind for over in past_incidents(world.state, world.now)] == ["failing"]


def test_a_recovery_during_an_untold_opening_is_told_after_it(world: World) -> None:
    world.succeeds()
    world.fails("no", fatal=True)

    def crash() -> None:
        world.outbox.then = lambda: None
        world.outbox.messages.clear()
        raise Killed

    world.outbox.then = crash
    with pytest.raises(Killed):
        world.tick()
    for _ in range(10):
        world.succeeds()
        world.tick()

    assert world.outbox.subjects == ["[Headwater] Access logs is failing", "[Headwater] Access logs has recovered"]


def test_the_end_is_of_the_severity_of_the_beginning_though_the_trouble_has_changed(world: World) -> None:
    world.succeeds()
    world.tick()
    world.fails("rate limit", retry_at=START + 9 * HOUR)
    world.tick(3 * HOUR)
    world.fails("the token is refused (401)", fatal=True)
    world.tick()
    recover(world)

    assert [message.severity for message in world.outbox.messages.values()] == [Severity.WARNING] * 2


def test_an_open_incident_of_what_is_not_configured_any_more_is_ended_and_told_so_once(world: World) -> None:
    broken(world)
    for _ in range(3):
        world.now += MINUTE
        found = world.watch().run([])

    assert found == {}
    assert world.outbox.subjects[1:] == ["[Headwater] Access logs is no longer watched"]
    assert open_incidents(world.state) == []
    assert [over.is_dropped for over in past_incidents(world.state, world.now)] == [True]


def test_incidents_that_are_over_are_kept_for_thirty_days(world: World) -> None:
    broken(world)
    recover(world)
    [over] = past_incidents(world.state, world.now)

    kept = [len([*past_incidents(world.state, over.closed_at + timedelta(days=d))]) for d in (0, 30, 31)]

    assert (over.subject, over.title, over.topic, over.kind) == ("logs", "Access logs", "logs", "failing")
    assert over.since <= over.opened_at < over.closed_at
    assert over.error == "GitHub is failing (502)"
    assert kept == [1, 1, 0]


def test_flapping_sends_a_bounded_number_of_messages(world: World) -> None:
    for minute in range(24 * 60):
        if minute % 10 < 5:
            world.fails("no", fatal=True)
        else:
            world.succeeds()
        world.tick()

    assert 2 <= len(world.outbox.sent) <= 8


def test_a_source_that_cannot_be_looked_at_does_not_hide_the_others(world: World) -> None:
    def cannot(*_: object) -> Sight:
        raise StoreUnavailable("no answer")

    world.fails("no", fatal=True)
    bad = Subject("bad", "Bad", "bad", cannot)

    found = world.watch().run([bad, world.subject()])

    assert found["bad"].startswith("not looked at")
    assert len(world.outbox.sent) == 1


def test_subjects_can_be_looked_at_side_by_side(world: World) -> None:
    world.fails("no", fatal=True)
    subjects = [Subject(f"s{n}", f"S{n}", "s", world.look) for n in range(20)]

    with ThreadPoolExecutor(8) as pool:
        found = world.watch().run(subjects, each=pool.map)

    assert found == dict.fromkeys((f"s{n}" for n in range(20)), "opened: told")
    assert len(world.outbox.sent) == 20


class OneMessagePerIncident(RuleBasedStateMachine):
    """Any order of failures, successes, silences, twins and lost writes: messages alternate and match what stands."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @rule(minutes=st.integers(0, 300))
    def time_passes(self, minutes: int) -> None:
        self.world.now += MINUTE * minutes

    @rule()
    def the_source_succeeds(self) -> None:
        self.world.succeeds()

    @rule(fatal=st.booleans(), limited=st.booleans())
    def the_source_fails(self, fatal: bool, limited: bool) -> None:
        self.world.fails(fatal=fatal, retry_at=self.world.now + HOUR if limited and not fatal else None)

    @rule(looks=st.integers(1, 3))
    def somebody_looks(self, looks: int) -> None:
        self.world.tick(timedelta(0), looks=looks)

    @rule(back=st.integers(0, 60))
    def a_twin_with_another_clock_looks(self, back: int) -> None:
        now = self.world.now
        self.world.now -= timedelta(seconds=back)
        self.world.tick(timedelta(0))
        self.world.now = now

    @rule()
    def twins_look_at_once(self) -> None:
        done: list[bool] = []

        def twin_first() -> None:
            if not done:
                done.append(True)
                self.world.watch().run([self.world.subject()])

        self.world.state.before_put = twin_first
        self.world.tick(timedelta(0))
        self.world.state.before_put = lambda: None

    @rule()
    def it_is_not_configured_for_a_while(self) -> None:
        self.world.watch().run([])

    @rule(before=st.integers(0, 2), of_state=st.booleans())
    def a_watcher_is_killed(self, before: int, of_state: bool) -> None:
        """Before one of its next writes of the state, or after one of its next puts into the outbox."""
        left = [before]

        def killing() -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        world = self.world
        world.state.before_put, world.outbox.then = (killing, world.nothing) if of_state else (world.nothing, killing)
        with suppress(Killed):
            world.tick(timedelta(0))
        world.state.before_put = world.outbox.then = world.nothing

    @rule()
    def a_healthy_day_ends_every_incident(self) -> None:
        for _ in range(int(FLAPPING_WITHIN / HOUR)):
            self.world.succeeds()
            self.world.tick(timedelta(0))
            self.world.now += HOUR - MINUTE
            self.world.succeeds()
            self.world.tick()
        assert self.world.state.items["incident", "logs"]["state"] == "closed"

    @invariant()
    def openings_and_ends_alternate(self) -> None:
        ends = [subject.endswith(("has recovered", "is no longer watched")) for subject in self.world.outbox.subjects]
        assert ends == [n % 2 == 1 for n in range(len(ends))]

    @invariant()
    def what_was_told_is_what_stands_but_for_what_is_about_to_be_told(self) -> None:
        item = self.world.state.items.get(("incident", "logs"))
        is_open, told = item is not None and item["state"] == "open", len(self.world.outbox.sent) % 2 == 1
        assert is_open == told or (item is not None and item["told"] == "pending")

    @invariant()
    def every_end_that_was_told_is_kept(self) -> None:
        ends = len(self.world.outbox.sent) // 2
        kept = len([key for key in self.world.state.items if key[0] == "incident_past"])
        assert ends - kept in {0, 1}, "one may be about to be kept"


OneMessagePerIncident.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestOneMessagePerIncident = OneMessagePerIncident.TestCase
