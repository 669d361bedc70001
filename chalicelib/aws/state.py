"""DynamoDB as the :class:`~chalicelib.domain.state.StateStore`: one table, every write conditional on a version."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import PreconditionFailed, StoreError, StoreUnavailable

_KEYS = frozenset({"pk", "sk", "version", "write_id"})
_PASSING = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)


def _random_id() -> str:
    return uuid.uuid4().hex


class DynamoState:
    """One DynamoDB table with the string keys ``pk`` and ``sk``.

    Parameters
    ----------
    client
        A boto3 ``dynamodb`` client (not the resource: importing that costs more at a cold start).
    table
        The table's name.
    new_id
        Answers a fresh unguessable id; each write carries one, see :meth:`put`.
    """

    def __init__(self, client: Any, table: str, *, new_id: Callable[[], str] = _random_id) -> None:
        self._client = client
        self._table = table
        self._new_id = new_id
        self._serialize = TypeSerializer().serialize
        self._deserialize = TypeDeserializer().deserialize

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        """Read one item, strongly consistent, or None. Raises ``StoreUnavailable``."""
        found = self._read(pk, sk)
        return None if found is None else _visible(found)

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        """Write one item whole, if its version is still ``expected_version`` (None: if there is none).

        When an answer is lost the SDK sends the write again, and DynamoDB then refuses it because the first one took
        effect. Each write therefore carries an id of its own: a refused writer whose id stands in the table has won.

        Raises
        ------
        PreconditionFailed
            Another writer was faster; nothing was written.
        StoreUnavailable
            Whether it was written is unknown: read before you believe.
        ValueError
            ``item`` uses one of the store's own names.
        """
        if taken := _KEYS & item.keys():
            raise ValueError(f"these names belong to the store: {', '.join(sorted(taken))}")
        write_id = self._new_id()
        whole = {**item, "pk": pk, "sk": sk, "version": (expected_version or 0) + 1, "write_id": write_id}
        try:
            self._write(whole, expected_version)
        except PreconditionFailed:
            found = self._read(pk, sk)
            if found is None or found.get("write_id") != write_id:
                raise

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        """Read every item of ``pk`` in the order of ``sk``. Raises ``StoreUnavailable``."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
            "ConsistentRead": True,
        }
        while True:
            answer = self._call(self._client.query, **request)
            for raw in answer["Items"]:
                item = self._plain(raw)
                yield {**_visible(item), "sk": item["sk"]}
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def delete(self, pk: str, sk: str) -> None:
        """Delete an item; deleting what is not there is no error. Raises ``StoreUnavailable``."""
        self._call(self._client.delete_item, TableName=self._table, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    def _read(self, pk: str, sk: str) -> dict[str, Any] | None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        answer = self._call(self._client.get_item, TableName=self._table, Key=key, ConsistentRead=True)
        return self._plain(answer["Item"]) if answer.get("Item") else None

    def _write(self, whole: Mapping[str, Any], expected_version: int | None) -> None:
        request: dict[str, Any] = {
            "TableName": self._table,
            "Item": {name: self._serialize(value) for name, value in whole.items()},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if expected_version is not None:
            request["ConditionExpression"] = "version = :expected"
            request["ExpressionAttributeValues"] = {":expected": {"N": str(expected_version)}}
        self._call(self._client.put_item, **request)

    def _plain(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _integers(self._deserialize(value)) for name, value in raw.items()}

    def _call(self, operation: Callable[..., Any], **request: Any) -> Any:
        try:
            return operation(**request)
        except ClientError as error:
            raise _translated(error) from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"DynamoDB did not answer: {type(error).__name__}") from error


def _translated(error: ClientError) -> StoreError:
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return PreconditionFailed("another writer was faster: read the item again")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _PASSING or status >= 500:
        return StoreUnavailable(f"DynamoDB: {code}")
    return StoreError(f"DynamoDB refused: {code}: {error.response['Error'].get('Message', '')}")


def _visible(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in ("pk", "sk", "write_id")}


def _integers(value: Any) -> Any:
    """Turn DynamoDB's decimals back into the integers that were put in, at any depth."""
    match value:
        case Decimal():
            return int(value)
        case list():
            return [_integers(part) for part in value]
        case dict():
            return {name: _integers(part) for name, part in value.items()}
        case _:
            return value
