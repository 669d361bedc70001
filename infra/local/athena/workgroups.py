"""Workgroups live where CloudFormation made them: on the local AWS. Their settings are enforced here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.local.athena.errors import ApiError, invalid_request
from infra.local.athena.locations import Location


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """What a workgroup says of its queries; ``enforced`` overrides what the client asks for."""

    name: str
    enabled: bool
    enforced: bool
    output: str
    bytes_limit: int | None

    def output_for(self, asked: str) -> Location:
        """Where the results of a query go.

        Raises
        ------
        ApiError
            When neither the workgroup nor the client says where.
        """
        chosen = self.output if self.enforced and self.output else (asked or self.output)
        if not chosen:
            raise invalid_request(
                "No output location provided. An output location is required either through the Workgroup result "
                "configuration setting or as an API input."
            )
        return Location.parse(chosen)


class WorkGroups:
    """Reads workgroups from the API that has them, and passes on what changes them."""

    def __init__(self, athena: Any) -> None:
        self._athena = athena

    def get(self, name: str) -> WorkGroup:
        """The settings of one.

        Raises
        ------
        ApiError
            When there is no such workgroup.
        """
        found = self.described(name)
        configuration = found.get("Configuration") or {}
        limit = configuration.get("BytesScannedCutoffPerQuery")  # text, when CloudFormation set it
        return WorkGroup(
            name=name,
            enabled=found.get("State", "ENABLED") == "ENABLED",
            enforced=bool(configuration["EnforceWorkGroupConfiguration"]),
            output=(configuration.get("ResultConfiguration") or {}).get("OutputLocation", ""),
            bytes_limit=None if limit is None else int(limit),
        )

    def described(self, name: str) -> dict[str, Any]:
        """``WorkGroup`` as the API describes it."""
        try:
            found: dict[str, Any] = self._athena.get_work_group(WorkGroup=name)["WorkGroup"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidRequestException":
                raise invalid_request(f"WorkGroup {name} is not found.") from error
            raise
        found["Configuration"] = {
            "ResultConfiguration": {},
            "EnforceWorkGroupConfiguration": name != "primary",  # Athena's own default for a new workgroup
            "PublishCloudWatchMetricsEnabled": True,
            "RequesterPaysEnabled": False,
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
        } | (found.get("Configuration") or {})
        found.pop("WorkGroupConfiguration", None)
        return found

    def pass_on(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        """Have the API that owns the workgroups do something, and answer what it answers."""
        try:
            answer: dict[str, Any] = getattr(self._athena, operation)(**body)
        except ClientError as error:
            told = error.response["Error"]
            raise ApiError(told["Code"], told.get("Message", "")) from error
        answer.pop("ResponseMetadata", None)
        return answer
