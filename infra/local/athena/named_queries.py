"""Saved queries, kept by the local AWS, with what it lacks: the update, pages, a repeated request, Athena's errors."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from infra.local.athena.errors import ApiError, invalid_request
from infra.local.athena.paging import page
from infra.local.athena.workgroups import WorkGroups

Body = dict[str, Any]
#: The local AWS cannot change a saved query, and a new one would have another id: what an update says is kept beside
#: it, as a prepared statement of a workgroup that does not exist.
AMENDED = "amended-named-queries"


class NamedQueries:
    """The operations."""

    def __init__(self, workgroups: WorkGroups) -> None:
        self._workgroups = workgroups
        self._by_token: dict[str, tuple[Body, str]] = {}
        self._changing = threading.Lock()
        self.operations: dict[str, Callable[[Body], Body]] = {
            "CreateNamedQuery": self._create,
            "GetNamedQuery": lambda body: {"NamedQuery": self._get(body["NamedQueryId"])},
            "UpdateNamedQuery": self._update,
            "DeleteNamedQuery": self._delete,
            "ListNamedQueries": self._list,
            "BatchGetNamedQuery": self._batch_get,
        }

    def _create(self, body: Body) -> Body:
        self._workgroups.get(body.get("WorkGroup", "primary"))
        token = body.pop("ClientRequestToken", "")
        with self._changing:
            before, query_id = self._by_token.get(token, (body, ""))
            if before != body:
                raise invalid_request("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
            if not query_id:
                query_id = self._workgroups.pass_on("create_named_query", body)["NamedQueryId"]
                if token:
                    self._by_token[token] = (body, query_id)
        return {"NamedQueryId": query_id}

    def _get(self, query_id: str) -> Body:
        try:
            found: Body = self._workgroups.pass_on("get_named_query", {"NamedQueryId": query_id})["NamedQuery"]
        except ApiError as error:
            raise invalid_request(f"NamedQuery {query_id} does not exist.") from error
        return {key: value for key, value in (found | self._amendment(query_id)).items() if value}

    def _amendment(self, query_id: str) -> Body:
        try:
            kept = self._workgroups.pass_on("get_prepared_statement", {"WorkGroup": AMENDED, "StatementName": query_id})
        except ApiError:
            return {}
        said: Body = json.loads(kept["PreparedStatement"]["QueryStatement"])
        return said

    def _update(self, body: Body) -> Body:
        query_id = body["NamedQueryId"]
        with self._changing:
            said = {key: self._get(query_id).get(key) for key in ("Name", "Description", "QueryString")}
            said |= {key: body[key] for key in said if key in body}
            self._forget(query_id)
            amendment = {"WorkGroup": AMENDED, "StatementName": query_id, "QueryStatement": json.dumps(said)}
            self._workgroups.pass_on("create_prepared_statement", amendment)
        return {}

    def _forget(self, query_id: str) -> None:
        if self._amendment(query_id):
            self._workgroups.pass_on("delete_prepared_statement", {"WorkGroup": AMENDED, "StatementName": query_id})

    def _delete(self, body: Body) -> Body:
        with self._changing:
            self._forget(body["NamedQueryId"])
            return self._workgroups.pass_on("delete_named_query", body)

    def _list(self, body: Body) -> Body:
        workgroup = body.get("WorkGroup", "primary")
        self._workgroups.get(workgroup)
        ids = self._workgroups.pass_on("list_named_queries", {"WorkGroup": workgroup})["NamedQueryIds"]
        items, token = page(ids, body.get("NextToken"), body.get("MaxResults") or 50)
        return {"NamedQueryIds": list(items)} | ({"NextToken": token} if token else {})

    def _batch_get(self, body: Body) -> Body:
        found: list[Body] = []
        missing: list[Body] = []
        for query_id in body["NamedQueryIds"]:
            try:
                found.append(self._get(query_id))
            except ApiError as error:
                missing.append({"NamedQueryId": query_id, "ErrorCode": error.code, "ErrorMessage": error.message})
        return {"NamedQueries": found, "UnprocessedNamedQueryIds": missing}
