"""A message as the outbox keeps it: what it says, and how its deliveries stand. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.outbox.delivery import CLAIM, Delivery, Step
from chalicelib.outbox.message import File, Kind, Message, Severity

KEPT: Final = timedelta(days=400)
"""How long messages are kept: a year can be compared with the one before."""
_INSTANTS: Final = ("begun_at", "claimed_at", "next_try", "sent_at")
_WORDS: Final = ("id", "topic", "subject", "text", "short", "html", "link", "unsubscribe")


@dataclass(frozen=True, slots=True)
class Record:
    """One message in the outbox.

    Parameters
    ----------
    put_at
        When it was put there.
    spread
        Whether those subscribers who are sent to one by one are among the deliveries yet.
    """

    message: Message
    put_at: datetime
    deliveries: tuple[Delivery, ...]
    spread: bool = False
    version: int = 0

    @property
    def day(self) -> str:
        """Name the partition: the day (UTC) that the message is about."""
        return day_of(self.message)

    @property
    def final(self) -> bool:
        """Tell whether nothing is left to be done."""
        return all(delivery.final for delivery in self.deliveries)

    def due_at(self, claim: timedelta = CLAIM) -> datetime | None:
        """Answer from when on something is to be done; None for at once, or for one that is final."""
        due = [delivery.due_at(claim) for delivery in self.deliveries if not delivery.final]
        known = [at for at in due if at is not None]
        return min(known) if len(known) == len(due) and known else None

    def with_delivery(self, delivery: Delivery) -> Record:
        """Answer the record with one of its deliveries as given."""
        changed = tuple(delivery if one.to == delivery.to else one for one in self.deliveries)
        return replace(self, deliveries=changed)

    def to(self, destination: str) -> Delivery | None:
        """Answer the delivery to a destination."""
        return next((one for one in self.deliveries if one.to == destination), None)


def day_of(message: Message) -> str:
    """Answer the day (UTC) of what a message is about.

    >>> at = datetime(2026, 11, 26, 9, tzinfo=UTC)
    >>> day_of(Message("a", at, Kind.ALERT, "t", Severity.INFO, "s", "t", ()))
    '2026-11-26'
    """
    return message.at.astimezone(UTC).date().isoformat()


def new(message: Message, now: datetime) -> Record:
    """Answer a message as it is put into the outbox."""
    return Record(message, now, tuple(Delivery(to) for to in dict.fromkeys(message.to)))


def to_item(record: Record) -> dict[str, Any]:
    """Write a record as an item of the state."""
    message = record.message
    return {
        **{name: getattr(message, name) for name in _WORDS},
        "at": message.at.isoformat(),
        "kind": message.kind.value,
        "severity": message.severity.value,
        "to": list(message.to),
        "files": [{"key": file.key, "filename": file.filename, "title": file.title} for file in message.files],
        "put_at": record.put_at.isoformat(),
        "spread": record.spread,
        "final": record.final,
        "deliveries": {delivery.to: _delivery_item(delivery) for delivery in record.deliveries},
        "expires_at": int((record.put_at + KEPT).timestamp()),
    }


def from_item(item: Mapping[str, Any]) -> Record:
    """Read a record back."""
    message = Message(
        **{name: item[name] for name in _WORDS},
        at=datetime.fromisoformat(item["at"]),
        kind=Kind(item["kind"]),
        severity=Severity(item["severity"]),
        to=tuple(item["to"]),
        files=tuple(File(**file) for file in item["files"]),
    )
    return Record(
        message,
        datetime.fromisoformat(item["put_at"]),
        tuple(_delivery(to, said) for to, said in sorted(item["deliveries"].items(), key=_place(message))),
        item["spread"],
        item["version"],
    )


def _place(message: Message) -> Any:
    """Order deliveries as the message names them; those of single subscribers come after."""
    places = {to: at for at, to in enumerate(dict.fromkeys(message.to))}
    return lambda pair: (places.get(pair[0], len(places)), pair[0])


def _delivery_item(delivery: Delivery) -> dict[str, Any]:
    said = {field.name: getattr(delivery, field.name) for field in fields(Delivery) if field.name != "to"}
    instants = {name: said[name].isoformat() for name in _INSTANTS if said[name] is not None}
    kept = {name: value for name, value in said.items() if name not in _INSTANTS and value not in ("", False)}
    return {**kept, "step": delivery.step.value, **instants}


def _delivery(to: str, said: Mapping[str, Any]) -> Delivery:
    instants = {name: datetime.fromisoformat(said[name]) for name in _INSTANTS if name in said}
    plain = {name: value for name, value in said.items() if name not in _INSTANTS}
    return Delivery(**{**plain, **instants, "to": to, "step": Step(said["step"])})
