"""Whoever asks which incidents are open gets those, and no others."""

from __future__ import annotations

from chalicelib.incidents.standing import Open, open_incidents
from tests.unit.incidents.memory import MINUTE, START, World


def test_an_incident_is_open_from_its_opening_to_its_recovery(world: World) -> None:
    world.succeeds()
    world.tick()
    well = open_incidents(world.state)
    world.fails("GitHub answered 422", fatal=True)
    world.tick()
    during = open_incidents(world.state)
    for _ in range(5):
        world.succeeds()
        world.tick()

    assert well == []
    since, noticed = START + MINUTE, START + 2 * MINUTE
    assert during == [Open("logs", "failing", since, "GitHub answered 422", "logs", "Access logs", noticed, True)]
    assert open_incidents(world.state) == []
