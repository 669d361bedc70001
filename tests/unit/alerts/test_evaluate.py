"""Rules over small worlds: what people are told, when, and what they are not told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from chalicelib.alerts import groups, rule_state
from chalicelib.alerts.catching import OpenIncident
from chalicelib.alerts.gathered import Said, gathered
from chalicelib.alerts.machine import Phase, Reading, Sample, Standing, What
from chalicelib.alerts.rule import Change, Incidents, Level, Look, NoData, Of, Rule, Side, When
from chalicelib.alerts.rule_state import Kept
from chalicelib.alerts.subject import Subject
from chalicelib.domain.periods import Interval
from chalicelib.errors import QueryFailed, StoreUnavailable
from chalicelib.metrics.comparison import Versus
from tests.unit.alerts.watched import MINUTE, RULE, Watched
from tests.unit.alerts.year import DOWNLOADS, HOUR, START, VERSIONS
from tests.unit.outbox.memory import Killed

DAY = timedelta(days=1)
FIRING = Standing(
    START + HOUR, Phase.FIRING, since=START + HOUR, sample=Sample(START, START + HOUR, Reading.BREACH, "150"), count=1
)


def test_a_metric_that_oscillates_about_its_mark_fires_once_and_recovers_once() -> None:
    values = [50, *([101, 99] * 40), *([50] * 10)]
    hysteresis = replace(RULE, id="h", condition=Level(Side.HIGH, Decimal(100), recover=Decimal(80)))
    patient = replace(RULE, id="p", keep_firing=3 * HOUR)
    nervous = replace(RULE, id="n")
    world = Watched(values)
    world.save(hysteresis, patient, nervous)

    world.hourly(len(values) + 1)

    told = Counter(tuple(name.split("/")[i] for i in (1, 6)) for name in world.outbox.messages)
    assert told == {
        ("h", "fired"): 1,
        ("h", "recovered"): 1,
        ("p", "fired"): 1,
        ("p", "recovered"): 1,
        ("n", "fired"): 40,
        ("n", "recovered"): 40,
    }


def test_with_a_daily_reminder_people_hear_of_it_once_a_day_at_most() -> None:
    world = Watched([200] * 240)
    world.save(replace(RULE, renotify=DAY))

    world.hourly(240)

    assert world.said == ["fired", *["still"] * 9]
    told_at = [message.at for message in world.outbox.messages.values()]
    assert all(later - earlier >= DAY for earlier, later in pairwise(told_at))


def test_an_hour_that_is_not_complete_is_not_looked_at() -> None:
    world = Watched([200, 200])
    world.save(RULE)

    for known in (0, 0.25, 0.5, 0.75):
        assert world.look(1.5, known).asked == 0
    assert world.said == []

    world.look(1.5, 1)
    assert world.said == ["fired"]


def test_a_day_that_is_stale_says_nothing_and_is_told_when_it_is_known() -> None:
    world = Watched([0] * 24 + [5] * 48)
    world.save(replace(RULE, look=Look("downloads", Interval.P1D, "UTC"), condition=NoData()))

    for minute in range(0, 3 * 24 * 60, 30):
        world.look(minute / 60, min(minute / 60, 20))
    assert world.said == []

    world.look(72, 72)
    assert world.said == ["fired", "recovered"]


def test_of_a_late_source_the_rule_says_late_and_people_hear_nothing() -> None:
    world = Watched([0] * 100)
    world.save(replace(RULE, condition=Level(Side.LOW, Decimal(10)), hold=2 * HOUR))
    world.look(1.1, 1)
    world.year.late = "The source is late: 3 h behind, where 1 h is usual."
    for hour in range(2, 60):
        world.look(hour, 1)

    assert world.stands().late == "The source is late: 3 h behind, where 1 h is usual."
    assert world.standing().shown is Phase.PENDING
    assert world.said == []

    world.year.late = None
    world.look(60, 60)
    assert world.stands().late == ""
    assert world.said == ["fired"]


def test_a_rule_begins_with_the_bucket_in_which_it_was_made() -> None:
    world = Watched([200] * 10)
    made = START + 5 * HOUR + 30 * MINUTE
    world.save(replace(RULE, created_at=made, updated_at=made))

    world.look(8, 8)

    assert world.standing().began == START + 5 * HOUR


def test_rules_with_the_same_question_share_its_answer() -> None:
    world = Watched([200] * 5)
    other = Level(Side.LOW, Decimal(300))
    world.save(RULE, replace(RULE, id="r2", condition=other), replace(RULE, id="r3", hold=HOUR))

    look = world.look(3, 3)

    assert (look.rules, look.asked, look.told) == (3, 1, 3)


def test_a_long_outage_is_made_up_for_in_pieces() -> None:
    world = Watched([50] * 500 + [200] * 10)
    world.save(RULE)
    looks = [world.look(510, 510) for _ in range(5)]

    assert [look.asked for look in looks] == [1, 1, 1, 0, 0]
    assert world.stands().until == START + 510 * HOUR
    assert world.said == ["fired"]


def test_a_metric_that_is_gone_is_an_error_after_a_while_told_once_and_over_by_itself() -> None:
    world = Watched([200] * 50)
    world.save(replace(RULE, condition=Level(Side.HIGH, Decimal(1_000))))
    world.look(1)
    metric = world.metrics.pop("downloads")

    world.look(2)
    assert world.stands().failure == "There is no metric 'downloads' any more."
    assert world.said == []
    for minute in range(60):
        world.look(2 + minute / 60)
    assert world.said == ["error"]
    assert "There is no metric 'downloads' any more." in world.texts[0]

    world.metrics["downloads"] = metric
    world.look(4)
    world.look(4.1)
    assert world.said == ["error", "recovered"]
    assert world.stands().until == START + 4 * HOUR
    assert world.stands().failure == ""


@pytest.mark.parametrize(("wish", "expected"), [(When.FIRE, ["fired"]), (When.OK, []), (When.KEEP, [])])
def test_what_cannot_be_looked_at_is_taken_as_the_rule_says(wish: When, expected: list[str]) -> None:
    world = Watched([0] * 50)
    world.save(replace(RULE, on_error=wish))
    world.metrics.clear()

    world.hourly(3, range(0, 60, 5))

    assert world.said == expected


def test_a_question_that_fails_costs_no_rule_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Watched([200] * 5, [5] * 5)
    world.save(RULE, replace(RULE, id="r2", look=Look("stars", Interval.PT1H, "UTC")))
    ask = world.year.ask

    def broken(question: object) -> object:
        if question.metrics[0].name == "stars":  # type: ignore[attr-defined]
            raise QueryFailed("no such column")
        return ask(question)  # type: ignore[arg-type]

    monkeypatch.setattr(world.year, "ask", broken)
    world.look(2, 2)

    assert world.said == ["fired"]
    assert world.stands("r2").failure == "no such column"
    assert world.stands("r2").until == START


def test_a_store_that_does_not_answer_is_no_state_of_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Watched([200] * 5)
    world.save(RULE)
    ask, down = world.year.ask, [True]

    def unavailable(question: object) -> object:
        if down[0]:
            raise StoreUnavailable("503")
        return ask(question)  # type: ignore[arg-type]

    monkeypatch.setattr(world.year, "ask", unavailable)
    for minute in range(30):
        assert world.look(2 + minute / 60, 2).failed == 1
    assert world.said == []

    down[0] = False
    assert world.look(3, 2).failed == 0
    assert world.said == ["fired"]


def test_too_many_groups_are_the_rule_s_error_which_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST", 2)
    world = Watched()
    for version in VERSIONS:
        world.year.downloads[version] = [200] * 2 + [0] * 3
    world.year.downloads[VERSIONS[0]][2:] = [200] * 3
    world.year.stars = [None] * 5
    world.save(replace(RULE, look=Look("downloads", Interval.PT1H, "UTC", None, ("version",))))

    world.look(1, 1)
    world.look(2, 2)
    assert "It looks at 3 groups, and at most 2 can be watched" in world.stands().failure
    assert world.said == ["error"]

    world.look(3, 3)
    assert world.said == ["error", "fired", "recovered"]
    assert "version 3.4.0" in world.texts[1]


def test_names_that_are_too_long_to_be_kept_are_the_rule_s_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "LONGEST", 4)
    world = Watched([200] * 2)
    world.save(replace(RULE, look=Look("downloads", Interval.PT1H, "UTC", None, ("version",))))

    world.look(1, 1)

    assert "too long to be kept" in world.stands().failure


def test_each_group_fires_and_recovers_by_itself_and_one_that_vanishes_counts_zero() -> None:
    world = Watched()
    world.year.downloads = {"3.4.0": [5, 5, 0, 0], "3.5.0": [0, 50, 50, 50], "3.6.0": [0, 0, 0, 0]}
    world.year.stars = [None] * 4
    grouped = Look("downloads", Interval.PT1H, "UTC", None, ("version",))
    world.save(replace(RULE, look=grouped, condition=Level(Side.LOW, Decimal(4))))

    for hour in range(1, 5):
        world.look(hour, hour)

    assert list(world.stands().groups) == [("3.4.0",), ("3.5.0",)]
    assert world.standing(group=("3.4.0",)).phase is Phase.FIRING
    assert world.said == ["fired"]
    assert "version 3.4.0" in world.texts[0]


def test_a_group_that_is_gone_and_well_is_forgotten() -> None:
    world = Watched()
    world.year.downloads = {"3.4.0": [500, 0, 0], "3.5.0": [50, 50, 50], "3.6.0": [0, 0, 0]}
    world.year.stars = [None] * 3
    world.save(replace(RULE, look=Look("downloads", Interval.PT1H, "UTC", None, ("version",))))

    for hour in range(1, 4):
        world.look(hour, hour)

    assert world.said == ["fired", "recovered"]
    assert list(world.stands().groups) == [("3.5.0",)]


def test_a_gauge_that_is_not_observed_is_no_data_told_once() -> None:
    world = Watched([], [5, None, None, None, 6])
    world.save(replace(RULE, look=Look("stars", Interval.PT1H, "UTC"), condition=Level(Side.LOW, Decimal(3))))

    world.hourly(6)

    assert world.said == ["no_data", "recovered"]
    assert "data is back" in list(world.outbox.messages.values())[1].subject


def test_a_share_of_nothing_is_no_change_and_no_data() -> None:
    world = Watched([0, 0, 7, 14, 7])
    doubled = Change(Versus.PREVIOUS_PERIOD, Of.RATIO, Side.HIGH, Decimal(1))
    world.save(replace(RULE, condition=doubled))

    world.hourly(6)

    assert world.said == ["fired", "recovered"]
    assert "14 downloads, +100.00% against the period before" in world.texts[0]


def test_rules_about_incidents_look_every_minute_and_each_subject_by_itself() -> None:
    opened = [
        (OpenIncident("github_webhooks", "late", START + HOUR, "3 h behind"), START + 3 * HOUR),
        (OpenIncident("s3_access_logs", "failing", START + 2 * HOUR), START + 9 * HOUR),
    ]
    world = Watched([0] * 10, incidents=opened)
    world.save(replace(RULE, condition=Incidents(("github_*",), ("late",)), look=None, hold=30 * MINUTE))

    world.hourly(6, range(0, 60, 5))

    assert world.said == ["fired", "recovered"]
    assert "late. 3 h behind" in world.texts[0]
    assert next(iter(world.outbox.messages.values())).at == START + HOUR + 30 * MINUTE


def test_quiet_looks_write_nothing() -> None:
    opened = [(OpenIncident("s3_access_logs", "failing", START), START + 90 * HOUR)]
    world = Watched([200] * 5, incidents=opened)
    world.save(RULE, replace(RULE, id="r2", condition=Incidents(), look=None))
    world.look(2, 2)
    writes: list[str] = []
    world.state.step = writes.append

    for minute in range(1, 9):
        world.look(2 + minute / 60, 2)

    assert [step for step in writes if not step.startswith("get alert_stamp")] == []


def test_a_changed_rule_begins_anew_and_what_was_left_to_say_is_said() -> None:
    world = Watched([200] * 10)
    world.save(RULE)
    world.outbox.then = die_once()
    with pytest.raises(Killed):
        world.look(2, 2)
    changed = replace(RULE, condition=Level(Side.HIGH, Decimal(300)), revision=2, updated_at=START + 3 * HOUR)
    world.save(changed)
    world.outbox.messages.clear()

    world.look(5, 5, by=world.process())

    assert world.said == ["fired", "ended"]
    assert (world.stands().revision, world.standing().phase) == (2, Phase.NORMAL)


def test_of_a_rule_that_was_switched_off_what_was_left_to_say_is_said() -> None:
    world = Watched([200] * 10)
    world.save(RULE)
    world.outbox.then = die_once()
    with pytest.raises(Killed):
        world.look(2, 2)
    world.save(replace(RULE, enabled=False, revision=2))
    world.outbox.messages.clear()

    world.look(3, 3, by=world.process())
    world.look(4, 4, by=world.process())

    assert world.said == ["fired", "ended"]
    assert "switched off" in world.texts[-1]


def test_of_a_deleted_rule_nothing_is_left_but_what_it_had_to_say() -> None:
    world = Watched([200] * 10)
    world.save(RULE)
    world.outbox.then = die_once()
    with pytest.raises(Killed):
        world.look(2, 2)
    kept = rule_state.read(world.state, "r1")
    assert kept is not None
    assert rule_state.delete(world.state, kept, "ada", world.year.now) is not None
    world.outbox.messages.clear()

    world.look(3, 3, by=world.process())

    assert world.said == ["fired", "ended"]
    assert world.state.of("alert_state") == []


GROUPED = Look("downloads", Interval.PT1H, "UTC", None, ("version",))


def test_groups_that_fire_together_are_one_message_and_so_is_their_recovery() -> None:
    world = Watched()
    world.year.downloads = {
        "3.4.0": [500, 500, 5, 5, 5],
        "3.5.0": [500, 500, 5, 5, 5],
        "3.6.0": [50, 500, 500, 5, 5],
    }
    world.year.stars = [None] * 5
    world.save(replace(RULE, look=GROUPED))

    for hour in range(1, 6):
        for twin in (world.evaluator, world.process()):
            world.look(hour, hour, by=twin)

    assert world.said == ["fired", "fired", "recovered", "recovered"]
    both, one, over, last = world.texts
    assert both.startswith("Downloads: 2 groups: version 3.4.0, version 3.5.0\n")
    assert "- version 3.4.0: 500 downloads (at least 100 downloads is bad)" in both
    assert "version 3.6.0" not in both
    assert one.startswith("Downloads (version 3.6.0): 500 downloads")
    assert "- version 3.5.0: 5 downloads" in over
    assert last.startswith("Downloads (version 3.6.0): 5 downloads")


def test_a_hundred_groups_are_one_message_that_stays_small() -> None:
    said = [
        Said(Subject(RULE, DOWNLOADS, ("version",), (f"{number:03} {'x' * 500}",)), FIRING, What.FIRED, What.RECOVERED)
        for number in reversed(range(100))
    ]

    [(message, of)] = gathered(said)

    assert list(of) == said
    assert message.id == gathered(said[::-1])[0][0].id
    assert len(message.text.encode()) < 5_000
    assert "100 groups: version 000 x" in message.text
    assert "- and 80 more" in message.text
    assert len(message.subject) <= 160


def test_those_who_were_told_are_told_that_a_rule_was_changed_and_by_the_old_rules_ways() -> None:
    world = Watched([200] * 10)
    world.save(replace(RULE, to=("channel:sales",), topic="sales"))
    world.look(2, 2)
    old = rule_state.read(world.state, "r1")
    assert old is not None
    changed = replace(
        old.rule, condition=Level(Side.HIGH, Decimal(300)), revision=2, to=("operators",), updated_at=START + 3 * HOUR
    )
    assert rule_state.write(world.state, Kept(changed, earlier=old.rule)) is not None

    for by in (world.evaluator, world.process(), world.process()):
        world.look(5, 5, by=by)

    assert world.said == ["fired", "ended"]
    fired, ended = world.outbox.messages.values()
    assert (ended.to, ended.topic, ended.at) == (fired.to, "sales", START + 3 * HOUR)
    assert "the rule was changed, and begins anew" in ended.subject


def test_of_a_rule_that_was_well_its_end_is_not_told() -> None:
    world = Watched([200, 50, 50, 50, 50])
    world.save(RULE)
    world.look(3, 3)
    world.save(replace(RULE, revision=2, condition=Level(Side.HIGH, Decimal(300)), updated_at=START + 3 * HOUR))
    world.look(4, 4)
    kept = rule_state.read(world.state, "r1")
    assert kept is not None
    assert rule_state.delete(world.state, kept, "ada", world.year.now) is not None
    world.look(5, 5)

    assert world.said == ["fired", "recovered"]
    assert world.state.of("alert_state") == []


@pytest.mark.parametrize("how", ["changed", "deleted", "switched off"])
def test_whoever_dies_while_the_end_is_told_it_is_told_once(how: str) -> None:
    def world_of() -> Watched:
        world = Watched([200] * 10)
        world.save(RULE)
        world.look(2, 2)
        kept = rule_state.read(world.state, "r1")
        assert kept is not None
        if how == "deleted":
            assert rule_state.delete(world.state, kept, "ada", world.year.now) is not None
        else:
            condition = Level(Side.HIGH, Decimal(300))
            world.save(
                replace(RULE, revision=2, condition=condition, enabled=how == "changed", updated_at=START + HOUR)
            )
        return world

    whole, steps = world_of(), list[str]()
    whole.state.step = steps.append
    whole.look(3, 3)
    assert whole.said == ["fired", "ended"]

    for place in range(len(steps)):
        for error in (Killed, StoreUnavailable):
            world = world_of()
            counted = iter(range(len(steps) * 2))

            def step(_: str, counted=counted, place=place, error=error) -> None:  # type: ignore[no-untyped-def]
                if next(counted, -1) == place:
                    raise error("here")

            world.state.step = step
            for hour in (3, 4):
                for _ in range(3):
                    try:
                        world.look(hour, hour)
                    except (Killed, StoreUnavailable):
                        world.evaluator = world.process()
            assert list(world.outbox.messages) == list(whole.outbox.messages), (place, error)


def die_once() -> Callable[[], None]:
    left = [True]

    def then() -> None:
        if left.pop() if left else False:
            raise Killed

    return then


def test_a_rule_that_cannot_be_read_costs_no_other_and_is_noticed() -> None:
    world = Watched([200] * 5)
    world.save(RULE, replace(RULE, id="r2"))
    world.state.items["alert_rule", "r1"]["said"] = '{"name": ""}'

    look = world.look(2, 2)

    assert world.said == ["fired"]
    assert look.failed == 1
    assert "rule r1 cannot be read" in world.log[0]


def test_a_rule_that_fires_and_cannot_be_read_any_more_keeps_how_it_stands() -> None:
    world = Watched([200] * 5)
    world.save(RULE, replace(RULE, id="r2"))
    world.look(2, 2)
    world.state.items["alert_rule", "r1"]["said"] = '{"name": ""}'
    world.save(replace(RULE, id="r3", created_at=START + 2 * HOUR, updated_at=START + 2 * HOUR))

    look = world.look(4, 4)

    assert world.said == ["fired"] * 3
    assert look.failed == 1
    assert world.standing("r1").phase is Phase.FIRING


def test_a_rule_that_is_off_is_not_looked_at() -> None:
    world = Watched([200] * 5)
    world.save(replace(RULE, enabled=False))

    assert world.look(2, 2).rules == 0
    assert world.said == []


def test_a_look_from_before_the_last_one_is_ignored() -> None:
    world = Watched([200] * 10)
    world.save(replace(RULE, renotify=HOUR))
    world.look(5, 5)

    for hours in (4, 3, 4.9):
        world.look(hours, 10, by=world.process())

    assert world.said == ["fired"]
    assert world.stands().until == START + 5 * HOUR


def story(world: Watched) -> None:
    for hour in (1, 2, 3, 4, 5):
        world.look(hour, hour)


def test_whoever_dies_at_whichever_step_each_message_is_there_once() -> None:
    values = [50, 200, 200, 50, 200]
    whole = Watched(values)
    steps: list[str] = []
    whole.save(RULE)
    whole.state.step = steps.append
    story(whole)
    expected = list(whole.outbox.messages.values())
    assert [message.id.rpartition("/")[2] for message in expected] == ["fired", "recovered", "fired"]

    for place in range(len(steps)):
        for error in (Killed, StoreUnavailable):
            world = Watched(values)
            world.save(RULE)
            counted = iter(range(len(steps) * 2))

            def step(_: str, counted=counted, place=place, error=error) -> None:  # type: ignore[no-untyped-def]
                if next(counted, -1) == place:
                    raise error("here")

            world.state.step = step
            for hour in (1, 2, 3, 4, 5):
                for _ in range(2):
                    try:
                        world.look(hour, hour)
                    except (Killed, StoreUnavailable):
                        world.evaluator = world.process()
            assert list(world.outbox.messages.values()) == expected, (place, error)


def test_twins_say_everything_once() -> None:
    values = [50, 200, 200, 50, 200, 200]
    world = Watched(values)
    world.save(replace(RULE, renotify=HOUR))
    twins = [world.process() for _ in range(3)]

    for hour in range(1, 7):
        for twin in twins:
            world.look(hour, hour, by=twin)

    assert world.said == ["fired", "still", "recovered", "fired", "still"]


def test_a_twin_that_writes_in_between_is_the_one_that_tells() -> None:
    world = Watched([200] * 5)
    world.save(RULE)
    other, entered = world.process(), []

    def step(said: str) -> None:
        if said == "before put alert_state" and not entered:
            entered.append(said)
            other.look(lambda: True)

    world.state.step = step
    first = world.look(2, 2)

    assert (first.told, first.failed) == (0, 0)
    assert world.said == ["fired"]
    assert world.look(2.1, 2).told == 0


def test_a_rule_of_which_nothing_is_published_waits() -> None:
    world = Watched([200] * 5)
    world.save(RULE)
    known = world.year.known
    world.year.known = lambda metric: replace(known(metric), watermark=None)  # type: ignore[method-assign]

    look = world.look(3, 3)

    assert (look.asked, look.failed) == (0, 0)
    assert world.stands().until == START


def a_rule_of_days(zone: str) -> Rule:
    made = START + 2 * HOUR
    look = Look("downloads", Interval.P1D, zone)
    return replace(RULE, look=look, created_at=made, updated_at=made, condition=Level(Side.HIGH, Decimal(1)))


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 24), ("America/New_York", 5), ("Europe/Paris", 23)])
def test_days_are_those_of_the_rule_s_zone(zone: str, hours: int) -> None:
    world = Watched([1] * 80)
    world.save(a_rule_of_days(zone))

    world.look(hours - 0.1, hours - 0.25)
    assert world.said == []
    world.look(hours, hours)
    assert world.said == ["fired"]
