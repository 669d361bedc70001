"""Runs schemathesis over the document: examples, boundary values, made-up good and bad data, and chains of requests."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.fuzz import words
from tests.fuzz.gateway import Gateway
from tests.fuzz.seeded import Seeded
from tests.unit.api.world import ADMIN

SERVER_ERROR = "ServerError"
METHODS = ("get", "put", "post", "delete", "patch", "options")
"""Methods that a gateway hands on; it answers others itself."""
CHECKS = {
    # No schema can tell a range that has an end from one that has not, or SQL that means something from other text.
    "positive_data_acceptance": {"enabled": False},
    # test_access.py asks every route without a token and with bad ones; the library's probe fails in this process.
    "ignored_auth": {"enabled": False},
    # Bodies that are too large are refused for that; If-Match that names another version for this.
    "negative_data_rejection": {"expected-statuses": ["4xx", "5xx"]},
    # DELETE of a job or of a run of SQL cancels it, and it can be looked at afterwards.
    "use_after_free": {"enabled": False},
}


@dataclass
class Figures:
    """What came of a run."""

    phases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    well: Counter[str] = field(default_factory=Counter)
    failures: dict[tuple[str, str, str], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """Requests that were made."""
        return sum(self.phases.values())

    @property
    def server_errors(self) -> int:
        """Answers from 500 on."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


def run(folder: Path, examples: int, *, seed: int = 1, chains: bool = True, only: str | None = None) -> Figures:
    """Make up cases and send them; ``examples`` is how many are made up of each operation, beside the fixed ones.

    Parameters
    ----------
    chains
        Also follow what one request made into others (schemathesis: stateful).
    only
        The path of the only operations that are looked at.
    """
    with quiet():
        seeded = Seeded(folder)
    gateway = Gateway(seeded.world.app, seeded.before_each)
    settings = {
        "base-url": "http://localhost",
        "headers": {"Authorization": f"Bearer {ADMIN}"},
        "seed": seed,
        "workers": 1,
        "checks": CHECKS,
        "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True},
        **words.settings(seeded.words),
        "phases": {"coverage": {"unexpected-methods": list(METHODS)}, "stateful": {"enabled": chains}},
    }
    with quiet():
        schema = schemathesis.openapi.from_wsgi("/openapi.json", gateway, config=SchemathesisConfig.from_dict(settings))
        if only:
            schema = schema.include(path=only)
        figures = Figures()
        for event in from_schema(schema).execute():
            take(figures, event)
    return figures


def merge(figures: Figures, others: Figures) -> None:
    """Add another run's figures."""
    figures.phases += others.phases
    figures.statuses += others.statuses
    figures.operations += others.operations
    figures.well += others.well
    figures.failures = {**others.failures, **figures.failures}
    figures.errors += others.errors


def take(figures: Figures, event: events.EngineEvent) -> None:
    """Count what an event of the engine tells."""
    match event:
        case events.ScenarioFinished(recorder=recorder):
            for case_id, interaction in recorder.interactions.items():
                figures.phases[event.phase.value] += 1
                case = recorder.cases[case_id].value
                operation = case.operation.label
                figures.operations[operation] += 1
                if interaction.response is not None:
                    figures.statuses[interaction.response.status_code] += 1
                    own = case.method.upper() == case.operation.method.upper()
                    figures.well[operation] += own and interaction.response.status_code < 400
            for case_id, checks in recorder.checks.items():
                for check in (one for one in checks if one.failure_info is not None):
                    failure = check.failure_info.failure
                    key = (type(failure).__name__, failure.operation, failure.message[:200])
                    figures.failures.setdefault(key, told(recorder.interactions[case_id]))
        case events.NonFatalError(label=label, value=value):
            figures.errors.append(f"{label}: {value!r}"[:400])
        case events.FatalError(exception=exception):
            figures.errors.append(f"{exception!r}"[:400])


def told(interaction: object) -> str:
    """Tell a request and its answer in two lines."""
    request, response = interaction.request, interaction.response  # type: ignore[attr-defined]
    said = "" if response is None else f"{response.status_code} {response.content[:300]!r}"
    return f"{request.method} {request.uri[:300]} {(request.body or b'')[:300]!r}\n      {said}"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the API's own log out of the way."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
