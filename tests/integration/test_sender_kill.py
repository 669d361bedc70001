"""``kill -9`` of the sender for real; ``python -m tests.kills`` kills at every call of twenty seeds."""

from __future__ import annotations

import random

import pytest

from tests.conftest import Write
from tests.integration.conftest import LocalAws
from tests.kills.__main__ import clients, one_seed, running_world

EVERY = 11


@pytest.mark.slow
def test_a_sender_that_is_killed_leaves_each_message_to_be_sent_once(local_aws: LocalAws, write: Write) -> None:
    seed = random.Random().randrange(10_000)

    with running_world() as world:
        told = one_seed(clients(local_aws), clients(local_aws), world, seed, EVERY)

    assert told.problems == [], f"seed {seed}"
    assert told.kills > 5, f"seed {seed}"
    write("each message once", f"kill -9 at {told.kills} of {told.calls} calls of a real process: each once")
