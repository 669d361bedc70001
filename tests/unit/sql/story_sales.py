"""Leads, opportunities, members of campaigns, and their histories."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from tests.unit.sql.chance import FIRST, Chance, Row


class Sales(Chance):
    """Leads, opportunities, members of campaigns, and their histories."""

    def _salesforce(self) -> None:
        self.put("salesforce_leads", self._leads(), differ=("is_deleted", "step", "country"))
        self.put("salesforce_opportunities", self._opportunities(), differ=("is_deleted", "type"))
        self.put("salesforce_campaign_members", self._members(), differ=("campaign_id",))
        self.put("salesforce_stage_changes", self._changes(), differ=("to_status", "to_step"))

    def _version(self, record: str, created: datetime) -> Row:
        status, step = self.one(("New", "raw_lead"), ("Working", "inquiry"), ("Qualified", "mql"), ("Odd", "other"))
        return {
            "record_id": record,
            "created_at": created,
            "modified_at": self.at(),
            "is_deleted": self.one(False, False, False, True),
            "status": status,
            "step": step,
            "other_fields": "{}",
        }

    def _leads(self) -> Iterator[Row]:
        for number in range(9):
            created = self.at()
            for _ in range(self.chance.randrange(1, 5)):
                converted = self.often(0.3)
                yield {
                    **self._version(f"L{number}", created),
                    "lead_source": self.one("Web", "Event", None),
                    "country": self.one("DE", "NP"),
                    "industry": self.one("Software", None),
                    "owner_id": self.one("U1", "U2"),
                    "is_converted": converted,
                    "converted_on": created.date() + timedelta(days=2) if converted else None,
                    "converted_opportunity_id": f"O{number}" if converted else None,
                    "converted_account_id": f"A{number}" if converted else None,
                    "converted_contact_id": f"C{number}" if converted else None,
                }

    def _opportunities(self) -> Iterator[Row]:
        for number in range(7):
            created = self.at()
            for _ in range(self.chance.randrange(1, 4)):
                won = self.often(0.3)
                yield {
                    **self._version(f"O{number}", created),
                    "account_id": "A1",
                    "campaign_id": self.one("K1", None),
                    "lead_source": self.one("Web", "Event"),
                    "type": self.one("New", "Existing"),
                    "amount": self.one(Decimal("1200.50"), Decimal("0.000000001"), None),
                    "currency": self.one("EUR", "USD"),
                    "probability": self.one(10.0, 90.0),
                    "closes_on": created.date() + timedelta(days=self.chance.randrange(60)),
                    "is_closed": won or self.often(0.2),
                    "is_won": won,
                    "owner_id": "U1",
                }

    def _members(self) -> Iterator[Row]:
        for number in range(6):
            created = self.at()
            for _ in range(self.chance.randrange(1, 4)):
                answered = self.often(0.5)
                yield {
                    **self._version(f"M{number}", created),
                    "campaign_id": self.one("K1", "K2"),
                    "lead_id": f"L{number}",
                    "contact_id": None,
                    "has_responded": answered,
                    "first_responded_on": created.date() if answered else None,
                }

    def _changes(self) -> Iterator[Row]:
        words = {"New": "raw_lead", "Qualified": "mql", "Offer": "opportunity", "Won": "won", None: None}
        for number in range(40):
            kind = self.one("lead", "opportunity")
            before, after = self.one(*words), self.one(*words)
            yield {
                "changed_at": self.at(),
                "change_id": f"H{number:03d}",
                "object": kind,
                "record_id": f"{'L' if kind == 'lead' else 'O'}{self.chance.randrange(9)}",
                "from_status": before if kind == "lead" else None,
                "from_step": words[before] if kind == "lead" else None,
                "to_status": after,
                "to_step": words[after],
                "amount": Decimal(self.chance.randrange(9)) if kind == "opportunity" else None,
                "currency": "EUR" if kind == "opportunity" else None,
                "closes_on": FIRST.date() if kind == "opportunity" else None,
                "changed_by": "U1",
                "is_deleted": self.one(False, False, False, True),
                "other_fields": "{}",
            }
