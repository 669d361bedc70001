"""What people read: the number, the mark, the period, since when, what to do; in their words where they have some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts import standings
from chalicelib.alerts.catching import OpenIncident
from chalicelib.alerts.machine import Phase, Reading, Sample, Standing, What
from chalicelib.alerts.messages import SHORTEST, message
from chalicelib.alerts.rule import Anomaly, Change, Incidents, Level, Look, Of, Rule, Side
from chalicelib.alerts.standings import Standings
from chalicelib.alerts.subject import Subject
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.filters import Condition, Operator
from chalicelib.metrics.registry import METRICS
from chalicelib.outbox.message import OPERATORS, SITE, Kind, Message, Severity
from tests.unit.alerts.made import rules
from tests.unit.alerts.watched import RULE, Watched
from tests.unit.alerts.year import HOUR, START

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
GROUPS = st.lists(st.none() | WORDS, max_size=2).map(tuple)
SAMPLES = st.builds(
    lambda reading, value, held, reason: Sample(START, START + HOUR, reading, value, value, held, reason),
    st.sampled_from(Reading),
    st.sampled_from(("", "0", "12", "0.25")),
    st.sampled_from(("", "-0.5", "3.75")),
    WORDS,
)
STANDINGS = st.builds(
    lambda phase, blind, sample, known, count: Standing(
        START + HOUR, phase, blind, START + HOUR, START, START - 5 * HOUR, sample, known, START, count
    ),
    st.sampled_from((Phase.NORMAL, Phase.PENDING, Phase.FIRING, Phase.RECOVERING)),
    st.sampled_from((None, Phase.NO_DATA, Phase.ERROR)),
    st.none() | SAMPLES,
    st.sampled_from(What),
    st.integers(1, 9),
)


def plain_message(text: str) -> Message:
    to = (OPERATORS,)
    return Message(f"a/{len(text)}", START, Kind.ALERT, "t", Severity.INFO, text, text, to, text, link=text)


def subject(rule: Rule, group: Sequence[str | None] = ()) -> Subject:
    metric = None if rule.look is None else METRICS[rule.look.metric]
    names = ("subject", "more")[: len(group)]
    return Subject(rule, metric, names, tuple(group))


def story(rule: Rule, *values: int) -> list[Message]:
    world = Watched(list(values))
    world.save(rule)
    world.hourly(len(values) + 1)
    return list(world.outbox.messages.values())


@given(rules(), GROUPS, STANDINGS, st.sampled_from(What), st.sampled_from(What), st.booleans())
def test_any_message_has_an_id_one_line_and_what_to_do(
    rule: Rule, group: tuple[str | None, ...], standing: Standing, what: What, was: What, whole: bool
) -> None:
    about = replace(subject(replace(rule, id="5f1c"), group), whole=whole)

    made = message(about, standing, what, was)

    assert re.fullmatch(r"[A-Za-z0-9/:._-]{1,300}", made.id)
    assert made.kind is Kind.ALERT
    assert "\n" not in made.subject
    assert "\n" not in made.short
    assert 0 < len(made.short) <= SHORTEST
    assert "What to do: " in made.text
    assert f"{SITE}/alerts/5f1c" in made.text
    assert "None" not in made.subject.replace(rule.name, "")


@given(st.dictionaries(GROUPS, STANDINGS, max_size=3), STANDINGS, st.lists(WORDS.map(plain_message), max_size=2))
def test_how_a_rule_stands_is_read_as_it_was_written(
    groups: dict[tuple[str | None, ...], Standing], whole: Standing, untold: list[Message]
) -> None:
    stands = Standings(3, START, whole, ("version",), groups, "late", START, "why", START, tuple(untold), 7)

    assert standings.from_item({**standings.to_item(stands), "version": 7}) == stands


def test_a_mark_that_is_reached_is_told_with_all_that_matters() -> None:
    look = Look("downloads", Interval.PT1H, "Europe/Paris", Condition("version", Operator.IS, "3.4.0"))
    low = Level(Side.LOW, Decimal(1_100), Decimal(1_150))
    rule = replace(RULE, condition=low, look=look, severity=Severity.CRITICAL, owner="Ann", renotify=timedelta(days=1))

    fired, recovered = story(rule, 1_200, 1_012, 1_200)

    assert fired.subject == ("[Headwater] CRITICAL: Many downloads: 1,012 downloads (at most 1,100 downloads is bad)")
    assert fired.text.splitlines() == [
        "Downloads: 1,012 downloads (at most 1,100 downloads is bad)",
        "",
        "Rule:    Many downloads (critical)",
        "State:   firing",
        "Period:  Mon 2025-11-03, 02:00 to 03:00 (Europe/Paris)",
        "Value:   1,012 downloads",
        "Bad is:  at most 1,100 downloads",
        "Since:   Mon 2025-11-03 02:00 (Europe/Paris)",
        "Owner:   Ann",
        "",
        "What to do: Look at what changed at that time; the numbers are behind the link. If it is known and nothing is "
        "to be done, snooze the rule; if it is not worth a message, change its mark.",
        "",
        f"See:     {SITE}/alerts/r1",
        f"Numbers: {SITE}/explore?metrics=downloads&from=2025-11-02T14%3A00%3A00%2B01%3A00"
        "&to=2025-11-03T03%3A00%3A00%2B01%3A00&interval=PT1H&tz=Europe%2FParis&filter=version+is+%223.4.0%22",
        "",
        "You hear of it again when it is well, and until then, every 1 day.",
    ]
    assert recovered.subject == "[Headwater] RECOVERED: Many downloads: 1,200 downloads"
    assert (
        "Since:   Mon 2025-11-03 02:00 (Europe/Paris) to Mon 2025-11-03 04:00 (Europe/Paris): 2 hours" in recovered.text
    )
    assert recovered.severity is Severity.CRITICAL


def test_people_s_own_words_come_first_and_are_a_phone_s_line_where_they_fit() -> None:
    own = replace(RULE, message="{metric}: {value} in {period}, {threshold} is bad. {severity}")
    long = replace(RULE, message="{name} " * 30)

    (fired, *_), (other, *_) = story(own, 150), story(long, 150)

    said = "Downloads: 150 downloads in Mon 2025-11-03, 00:00 to 01:00 (UTC), at least 100 downloads is bad. warning"
    assert fired.text.startswith(f"{said}\n\nRule:")
    assert fired.short == said
    assert other.short == "WARNING: Many downloads: 150 downloads (at least 100 downloads is bad)"


def test_words_that_came_with_the_data_are_put_in_and_not_looked_at_again() -> None:
    rule = replace(RULE, message="{group} {value}", look=replace(RULE.look, group_by=("version",)))  # type: ignore[type-var]
    sample = Sample(START, START + HOUR, Reading.BREACH, "1")
    standing = Standing(START + HOUR, Phase.FIRING, sample=sample, count=1)

    made = message(
        Subject(rule, METRICS["downloads"], ("version",), ("{link}\n{value}",)), standing, What.FIRED, What.RECOVERED
    )

    assert made.text.startswith("version {link} {value} 1 downloads\n")
    assert "\n" not in made.subject


def test_shares_and_money_are_told_as_such() -> None:
    share = replace(RULE, look=Look("bounce_rate", Interval.P1D, "UTC"), condition=Level(Side.HIGH, Decimal("0.5")))
    euros = Condition("currency", Operator.IS, "EUR")
    money = replace(RULE, look=Look("won_amount", Interval.P1D, "UTC", euros), condition=Level(Side.LOW, Decimal(1000)))
    yen = replace(money, look=Look("won_amount", Interval.P1D, "UTC"))

    def told(rule: Rule, value: str, names: tuple[str, ...] = (), group: tuple[str, ...] = ()) -> str:
        sample = Sample(START, START + 24 * HOUR, Reading.BREACH, value)
        standing = Standing(START + 24 * HOUR, Phase.FIRING, sample=sample, count=1)
        about = Subject(rule, METRICS[rule.look.metric], names, group)  # type: ignore[union-attr]
        return message(about, standing, What.FIRED, What.RECOVERED).text.splitlines()[0]

    assert told(share, "0.6275") == "Bounce rate: 62.75% (at least 50.00% is bad)"
    assert told(money, "999.5") == "Amount won: 999.50 EUR (at most 1,000.00 EUR is bad)"
    assert told(yen, "12", ("currency",), ("JPY",)) == "Amount won (currency JPY): 12 JPY (at most 1,000 JPY is bad)"


def test_a_change_is_told_with_what_it_is_compared_with() -> None:
    fell = Change(Versus.PREVIOUS_PERIOD, Of.AMOUNT, Side.LOW, Decimal(-50))

    fired, _ = story(replace(RULE, condition=fell), 100, 20, 20)

    assert fired.text.startswith(
        "Downloads: 20 downloads, -80 downloads against the period before (at most -50 downloads"
    )
    assert "\nBefore:  100 downloads\n" in fired.text


def test_an_anomaly_is_told_with_what_is_usual() -> None:
    world = Watched([100 + hour % 7 for hour in range(24 * 50)] + [900])
    made = START + 24 * 49 * HOUR
    world.save(replace(RULE, condition=Anomaly(), created_at=made, updated_at=made))
    for hour in range(24 * 49, 24 * 50 + 2):
        world.look(hour, hour)

    assert world.said == ["fired"]
    assert "900 downloads, where 10" in world.texts[0]
    assert "is usual for Tuesdays 00:00 by the last 6 weeks" in world.texts[0]
    assert "Bad is:  3.5 spreads or more" in world.texts[0]


def test_an_incident_is_told_by_its_subject_and_leads_to_its_own_message() -> None:
    world = Watched(
        [0] * 5, incidents=[(OpenIncident("github_webhooks", "late", START, "3 h behind"), START + 9 * HOUR)]
    )
    world.save(replace(RULE, name="Sources", condition=Incidents(), look=None))

    world.look(1)

    (made,) = world.outbox.messages.values()
    assert made.subject == "[Headwater] WARNING: Sources (subject github_webhooks): late. 3 h behind"
    assert "names its runbook" in made.text
