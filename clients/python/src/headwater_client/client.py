"""The client: every operation of the API, and what takes several of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from headwater_client.errors import Conflict
from headwater_client.operations import Operations

ENDED = ("done", "failed", "cancelled")


class Client(Operations):
    """A client of one deployment. See :class:`~headwater_client.calls.Calls` for what it is made of."""

    def sql(self, statement: str, parameters: Sequence[Any] = (), *, page: int = 1_000) -> Iterator[dict[str, Any]]:
        """Run SQL, wait for it however long it takes, and answer its rows, by pages.

        Raises
        ------
        Conflict
            It was cancelled meanwhile, or has failed; the reason is in the message.
        """
        answer: Any = self.run_sql(sql=statement, parameters=list(parameters), max_rows=page)
        if "results" in answer:
            yield from answer["results"]
            cursor = answer["meta"]["next_cursor"]
            run = answer["meta"]["run"]
        else:
            run, cursor = self._wait(answer["id"]), None
            first = self.get_sql_rows(run, limit=page)
            yield from first["results"]
            cursor = first["meta"]["next_cursor"]
        while cursor is not None:
            more = self.get_sql_rows(run, cursor=cursor, limit=page)
            yield from more["results"]
            cursor = more["meta"]["next_cursor"]

    def _wait(self, run: str) -> str:
        while (standing := self.get_sql_run(run))["state"] not in ENDED:
            asked = self.last.headers.get("retry-after", "")
            self._sleep(float(asked) if asked.isdecimal() else 2.0)
        if standing["state"] != "done":
            said = standing["error"]["detail"] if standing["error"] else standing["state"]
            raise Conflict(409, {"title": "Conflict", "detail": f"run {run}: {said}"}, {})
        return run
