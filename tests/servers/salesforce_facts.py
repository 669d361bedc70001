"""The company's leads and opportunities as Salesforce keeps them, from a seed. Pure: the same seed, the same pipeline.

A record's versions lie at least half a day apart. One in eight becomes visible minutes after its ``SystemModstamp``, in
another order than the stamps; on Mondays a job touches many leads in the same millisecond.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.servers.company import FUTURE, HISTORY, HOUR, poisson, season

LEADS_A_DAY = 7.0
LATEST = timedelta(seconds=590)
APART = timedelta(hours=12)
STEPS = {
    "Open - Not Contacted": "raw_lead",
    "Working - Contacted": "inquiry",
    "Marketing Qualified": "mql",
    "Closed - Converted": "opportunity",
    "Closed - Not Converted": "lost",
    "Prospecting": "opportunity",
    "Qualification": "opportunity",
    "Proposal/Price Quote": "opportunity",
    "Closed Won": "won",
    "Closed Lost": "lost",
}
"""What the demo's configuration says of the words; ``Nurture`` is a word that it does not know."""

_PATHS = (
    (4, ("Working - Contacted",)),
    (3, ("Working - Contacted", "Marketing Qualified")),
    (3, ("Working - Contacted", "Marketing Qualified", "Closed - Converted")),
    (2, ("Working - Contacted", "Closed - Not Converted")),
    (1, ("Working - Contacted", "Nurture")),
    (2, ()),
)
_WON = ("Qualification", "Proposal/Price Quote", "Closed Won")
_LOST = ("Qualification", "Closed Lost")
_COUNTRIES = ("US", "DE", "GB", "IN", None)
_SOURCES = ("Web", "Partner Referral", "Purchased List", "Webinar", None)


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it was from ``moment`` on, visible ``delay`` later; a history's row has one version only."""

    object: str
    identity: str
    moment: datetime
    delay: timedelta
    fields: dict[str, Any]

    @property
    def visible_at(self) -> datetime:
        """When a query finds it."""
        return self.moment + self.delay


@dataclass(frozen=True)
class Pipeline:
    """Everything of a seed around an instant: 90 days of history and two weeks to come."""

    seed: int
    anchor: datetime

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """Every version of every record, in the order of their moments."""
        start = self.anchor.replace(minute=0, second=0, microsecond=0) - HISTORY
        found: list[Version] = []
        number = 0
        for hour in range(int((HISTORY + FUTURE) / HOUR)):
            at = start + hour * HOUR
            chance = random.Random(f"{self.seed} salesforce {at.isoformat()}")
            for _ in range(poisson(chance, LEADS_A_DAY / 24 * season(at))):
                number += 1
                found += _life(chance, number, at + timedelta(milliseconds=chance.randrange(3_600_000)))
        return tuple(sorted(found, key=lambda v: (v.moment, v.object, v.identity)))


def _life(chance: random.Random, number: int, created: datetime) -> Iterator[Version]:
    """Tell the whole life of a lead, and of the opportunity that it may become."""
    identity = f"00Q{number:012d}AAA"
    words = chance.choices([path for _, path in _PATHS], [weight for weight, _ in _PATHS])[0]
    fields = {
        "Id": identity,
        "CreatedDate": created,
        "Status": "Open - Not Contacted",
        "LeadSource": chance.choice(_SOURCES),
        "Country": chance.choice(_COUNTRIES),
        "Industry": chance.choice(("Technology", "Banking", None)),
        "OwnerId": f"005{chance.randrange(9):012d}AAA",
        "IsConverted": False,
        "ConvertedDate": None,
        "ConvertedOpportunityId": None,
        "ConvertedAccountId": None,
        "ConvertedContactId": None,
        "IsDeleted": False,
        "Score__c": chance.randrange(1000) / 10,
    }
    at = created
    yield _version("Lead", chance, at, fields)
    for step, word in enumerate(words):
        at = _monday(at) if step == 0 and chance.random() < 0.15 else _later(chance, at, 60)
        before, fields = str(fields["Status"]), {**fields, "Status": word}
        if word == "Closed - Converted":
            fields |= _converted(number, at)
            yield from _opportunity(chance, number, at)
        yield _version("Lead", chance, at, fields)
        yield _change(chance, f"017{number:010d}{step:02d}AAA", at, identity, before, word)
    if chance.random() < 0.03:
        yield _version("Lead", chance, _later(chance, at, 200), {**fields, "IsDeleted": True})


def _converted(number: int, at: datetime) -> dict[str, Any]:
    ids = {"Opportunity": "006", "Account": "001", "Contact": "003"}
    made = {f"Converted{name}Id": f"{prefix}{number:012d}AAA" for name, prefix in ids.items()}
    return {"IsConverted": True, "ConvertedDate": at.date(), **made}


def _opportunity(chance: random.Random, number: int, created: datetime) -> Iterator[Version]:
    amount = Decimal(chance.randrange(150_000, 9_000_000)) / 100
    at, closes = created, (created + timedelta(days=chance.randrange(20, 80))).date()
    fields = {
        "Id": f"006{number:012d}AAA",
        "CreatedDate": created,
        "AccountId": f"001{number:012d}AAA",
        "CampaignId": None,
        "LeadSource": chance.choice(_SOURCES),
        "Type": "New Customer",
        "CloseDate": closes,
        "OwnerId": f"005{chance.randrange(9):012d}AAA",
        "CurrencyIsoCode": chance.choice(("EUR", "EUR", "USD", "GBP")),
        "IsDeleted": False,
    }
    words = ("Prospecting", *chance.choice((_WON, _LOST, _WON[:1], ())))
    for step, word in enumerate(words):
        at = at if step == 0 else _later(chance, at, 160)
        amount = amount if chance.random() < 0.6 else (amount * Decimal("1.05")).quantize(Decimal("0.01"))
        now = {"StageName": word, "Amount": amount, "Probability": 10.0 + 30 * step}
        closed = {"IsClosed": word.startswith("Closed"), "IsWon": word == "Closed Won"}
        yield _version("Opportunity", chance, at, {**fields, **now, **closed})
        history = {
            "Id": f"008{number:010d}{step:02d}AAA",
            "OpportunityId": fields["Id"],
            "CreatedDate": at,
            "CreatedById": fields["OwnerId"],
            "CloseDate": closes,
            "CurrencyIsoCode": fields["CurrencyIsoCode"],
            "ForecastCategory": "Pipeline",
            "IsDeleted": False,
            **now,
        }
        yield Version("OpportunityHistory", str(history["Id"]), at, _delay(chance), history)


def _version(name: str, chance: random.Random, at: datetime, fields: dict[str, Any]) -> Version:
    return Version(name, fields["Id"], at, _delay(chance), {**fields, "SystemModstamp": at})


def _change(chance: random.Random, identity: str, at: datetime, lead: str, before: str, after: str) -> Version:
    fields = {
        "Id": identity,
        "LeadId": lead,
        "Field": "Status",
        "OldValue": before,
        "NewValue": after,
        "CreatedDate": at,
        "CreatedById": f"005{chance.randrange(9):012d}AAA",
        "IsDeleted": False,
    }
    return Version("LeadHistory", identity, at, _delay(chance), fields)


def _delay(chance: random.Random) -> timedelta:
    return LATEST * chance.random() if chance.random() < 0.125 else timedelta(seconds=chance.random())


def _later(chance: random.Random, at: datetime, hours: int) -> datetime:
    return at + APART + timedelta(milliseconds=chance.randrange(hours * 3_600_000))


def _monday(at: datetime) -> datetime:
    """When the weekly job touches leads: the first Monday, six o'clock, that is far enough away."""
    earliest = at + APART
    days = (7 - earliest.weekday()) % 7 or 7
    return (earliest + timedelta(days=days)).replace(hour=6, minute=0, second=0, microsecond=0)


def flood(moments: Sequence[datetime], chance: random.Random) -> list[Version]:
    """Make leads that were written at given moments and become visible up to ten minutes later, in any order."""
    found = []
    for number, at in enumerate(moments):
        fields = {"Id": f"00QF{number:011d}AAA", "CreatedDate": at, "Status": "Open - Not Contacted"}
        fields |= {"LeadSource": None, "Country": None, "Industry": None, "OwnerId": "005000000000001AAA"}
        fields |= {
            "IsConverted": False,
            "IsDeleted": False,
            "Score__c": 1.0,
            "SystemModstamp": at,
            "ConvertedDate": None,
        }
        fields |= {"ConvertedOpportunityId": None, "ConvertedAccountId": None, "ConvertedContactId": None}
        found.append(Version("Lead", str(fields["Id"]), at, LATEST * chance.random(), fields))
    return found
