"""Lint every IAM policy of a built template: ``python infra/policies.py .build/aws/template.json``.

Runs in the environment of ``requirements/policy.txt``. What CloudFormation would fill in is filled in with examples of
the same shape, then parliament looks at every statement. A finding that is meant to be stands in ``EXPLAINED`` with its
reason.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# (finding, action or detail that it is about): why it is right as it is.
EXPLAINED: Mapping[str, str] = {}

PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Region": "eu-central-1",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-central-1:123456789012:{name}",
    "AWS::SNS::Topic": "arn:aws:sns:eu-central-1:123456789012:{name}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:eu-central-1:123456789012:table/{name}",
    "AWS::IAM::Role": "arn:aws:iam::123456789012:role/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:eu-central-1:123456789012:log-group:{name}:*",
}
# What `Ref` answers is an ARN for these, a name for all others.
REF_IS_ARN = {"AWS::SNS::Topic"}


class Filler:
    """Replaces intrinsic functions by examples."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self._types = {name: resource["Type"] for name, resource in template["Resources"].items()}
        self._defaults = {name: str(p.get("Default", "")) for name, p in template.get("Parameters", {}).items()}

    def fill(self, value: Any) -> Any:
        """Answer a value without intrinsic functions; of a condition, its first branch."""
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if not isinstance(value, dict):
            return value
        match value:
            case {"Ref": str(name)}:
                return self._ref(name)
            case {"Fn::GetAtt": [str(name), "Arn"]}:
                return self._arn(name)
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda found: self._variable(found.group(1)), text)
            case {"Fn::If": [_, first, _]}:
                return self.fill(first)
        return {name: self.fill(item) for name, item in value.items()}

    def _variable(self, name: str) -> str:
        return self._arn(name.removesuffix(".Arn")) if name.endswith(".Arn") else self._ref(name)

    def _ref(self, name: str) -> str:
        if name in PSEUDO:
            return PSEUDO[name]
        if name in self._defaults:
            return self._defaults[name] or "example"
        return self._arn(name) if self._types[name] in REF_IS_ARN else name.lower()

    def _arn(self, name: str) -> str:
        return ARNS[self._types[name]].format(name=name.lower())


def policies(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every identity policy as ``(where, document)``."""
    for name, resource in template["Resources"].items():
        for policy in resource.get("Properties", {}).get("Policies") or ():
            if isinstance(policy, dict) and "PolicyDocument" in policy:
                yield f"{name}/{policy['PolicyName']}", policy["PolicyDocument"]
        if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            yield name, resource["Properties"]["PolicyDocument"]


def main() -> int:
    """Print every finding that is not explained; 1 when there is one, or when nothing was looked at."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parliament's use of pkg_resources
        # Here and not above: it lives in another environment than the tests that import this module.
        from parliament import analyze_policy_string  # type: ignore[import-not-found,import-untyped,unused-ignore]

    template = json.loads(Path(sys.argv[1]).read_text())
    filler = Filler(template)
    looked_at = found = 0
    for where, document in policies(template):
        looked_at += 1
        for finding in analyze_policy_string(json.dumps(filler.fill(document))).findings:
            if finding.issue in EXPLAINED:
                continue
            found += 1
            print(f"{where}: {finding.issue}: {finding.detail} {finding.location}")
    print(f"  {looked_at} policies looked at, {found} findings")
    return 1 if found or not looked_at else 0


if __name__ == "__main__":
    raise SystemExit(main())
