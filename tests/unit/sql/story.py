"""Made-up rows of every table that the views read, with what ingestion may leave in them: records that came twice,
records that contradict another of the same id, versions out of order, deletions, bots, nights."""

from __future__ import annotations

from tests.unit.sql.story_github import Github
from tests.unit.sql.story_networks import Networks
from tests.unit.sql.story_sales import Sales
from tests.unit.sql.story_visits import Visits


class Story(Sales, Visits, Networks, Github):
    """Rows by table, made of one seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._salesforce()
        self._web()
        self._product()
        self._networks()
        self._media()
        self._github()
        self._cubes()
