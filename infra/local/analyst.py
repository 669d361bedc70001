"""An analyst of the local cloud: a user with the policy that analysts get in AWS, and with nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

USER = "analyst"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """What a client of AWS signs with."""

    key_id: str
    secret: str


def give_analyst(iam: Any, policy_arn: str, file: Path) -> AccessKey:
    """Make the user, attach the policy, and answer a key, which ``file`` keeps: AWS tells its secret once."""
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_user(UserName=USER)
    iam.attach_user_policy(UserName=USER, PolicyArn=policy_arn)
    known = {one["AccessKeyId"] for one in iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]}
    kept = AccessKey(**json.loads(file.read_text())) if file.exists() else None
    if kept is not None and kept.key_id in known:
        return kept
    made = iam.create_access_key(UserName=USER)["AccessKey"]
    key = AccessKey(made["AccessKeyId"], made["SecretAccessKey"])
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(key)))
    return key
