"""Make good what the local CloudFormation drops, and give the local cloud its tokens, secrets and outbox.

Every step can be done again. What it makes good comes from the template itself, so nothing is said twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from infra.local import places
from infra.local.keys import Keys
from infra.local.outbox import QUEUE
from tests.servers.vendors import VENDORS

Template = Mapping[str, Any]
Outputs = Mapping[str, str]


def client(service: str, address: str) -> Any:
    """A client of the local AWS, as root."""
    user = {name.lower(): value for name, value in places.ROOT_USER.items()}
    return boto3.client(service, endpoint_url=address, region_name=places.REGION, **user)


def lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A lifecycle rule as CloudFormation spells it, as S3's API does.

    >>> lifecycle_rule({"Id": "a", "Status": "Enabled", "Prefix": "raw/", "ExpirationInDays": 7})
    {'ID': 'a', 'Status': 'Enabled', 'Filter': {'Prefix': 'raw/'}, 'Expiration': {'Days': 7}}
    """
    said = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "ExpirationInDays" in rule:
        said["Expiration"] = {"Days": rule["ExpirationInDays"]}
    elif rule.get("ExpiredObjectDeleteMarker"):
        said["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    if "Transitions" in rule:
        said["Transitions"] = [
            {"StorageClass": t["StorageClass"], "Days": t["TransitionInDays"]} for t in rule["Transitions"]
        ]
    if "NoncurrentVersionExpiration" in rule:
        said["NoncurrentVersionExpiration"] = dict(rule["NoncurrentVersionExpiration"])
    if "AbortIncompleteMultipartUpload" in rule:
        said["AbortIncompleteMultipartUpload"] = dict(rule["AbortIncompleteMultipartUpload"])
    return said


def complete_buckets(s3: Any, template: Template, outputs: Outputs) -> None:
    """Encryption and lifecycles, which the local CloudFormation drops."""
    for logical, resource in template["Resources"].items():
        bucket = outputs.get(f"{logical}Name")
        if resource["Type"] != "AWS::S3::Bucket" or not bucket:
            continue
        rules = [lifecycle_rule(rule) for rule in resource["Properties"]["LifecycleConfiguration"]["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
        kind = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [kind]})


def complete_tables(dynamodb: Any, template: Template, outputs: Outputs) -> None:
    """Expiry and point-in-time recovery, which the local CloudFormation drops."""
    for logical, resource in template["Resources"].items():
        if resource["Type"] != "AWS::DynamoDB::Table":
            continue
        table, said = outputs[f"{logical}Name"], resource["Properties"]
        if dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=said["TimeToLiveSpecification"])
        dynamodb.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification=said["PointInTimeRecoverySpecification"]
        )


def subscribe_outbox(sqs: Any, sns: Any, topics: Sequence[str]) -> None:
    """A queue that gets what people would get, of every topic; it is drained by the outbox."""
    url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": list(topics)}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    for topic in topics:
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)


# In AWS one permission covers an operation and its batch; the local IAM asks for the batch's own name, unknown to AWS.
BATCHES = {"sqs:SendMessage": "sqs:SendMessageBatch", "sqs:DeleteMessage": "sqs:DeleteMessageBatch"}
BATCH_POLICY = "local-batches"


def batch_statement(statement: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same grant for the batches of what a statement grants, or None.

    >>> batch_statement({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:q"})
    {'Effect': 'Allow', 'Action': ['sqs:SendMessageBatch'], 'Resource': 'arn:q'}
    """
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    granted = [BATCHES[action] for action in actions if action in BATCHES]
    return {"Effect": "Allow", "Action": granted, "Resource": statement["Resource"]} if granted else None


def grant_batches(cloudformation: Any, iam: Any, stack: str) -> None:
    """Give every role of the stack the batches of the queue operations that it has."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    for role in [r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::IAM::Role"]:
        names = set(iam.list_role_policies(RoleName=role)["PolicyNames"]) - {BATCH_POLICY}
        documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in sorted(names)]
        granted = [batch_statement(statement) for document in documents for statement in document["Statement"]]
        if more := [statement for statement in granted if statement]:
            document = json.dumps({"Version": "2012-10-17", "Statement": more})
            iam.put_role_policy(RoleName=role, PolicyName=BATCH_POLICY, PolicyDocument=document)


def rate_patches(settings: Mapping[str, Any]) -> list[dict[str, str]]:
    """A method's own rate as API Gateway's UpdateStage takes it; the local CloudFormation does not read its path.

    >>> rates = {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 9}
    >>> rate_patches({"ResourcePath": "/~1b", "HttpMethod": "POST", **rates})[1]
    {'op': 'replace', 'path': '/~1b/POST/throttling/burstLimit', 'value': '9'}
    """
    place = f"{settings['ResourcePath']}/{settings['HttpMethod']}/throttling"
    found = {"rateLimit": settings["ThrottlingRateLimit"], "burstLimit": settings["ThrottlingBurstLimit"]}
    return [{"op": "replace", "path": f"{place}/{name}", "value": str(value)} for name, value in found.items()]


def complete_rates(cloudformation: Any, api_gateway: Any, template: Template, stack: str) -> None:
    """The rates of single methods."""
    resource = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId="RestAPI")
    api = resource["StackResourceDetail"]["PhysicalResourceId"]
    own = [s for s in template["Resources"]["RestAPI"]["Properties"]["MethodSettings"] if s["ResourcePath"] != "/*"]
    patches = [patch for settings in own for patch in rate_patches(settings)]
    for stage in api_gateway.get_stages(restApiId=api)["item"]:
        api_gateway.update_stage(restApiId=api, stageName=stage["stageName"], patchOperations=patches)


def give_named_queries(athena: Any, template: Template, outputs: Outputs) -> None:
    """The named queries, which the local CloudFormation does not know; one that has changed is made anew."""
    workgroup = outputs["SqlWorkgroupName"]
    pages = athena.get_paginator("list_named_queries").paginate(WorkGroup=workgroup)
    ids = [one for page in pages for one in page["NamedQueryIds"]]
    standing = {one["Name"]: one for one in (athena.get_named_query(NamedQueryId=i)["NamedQuery"] for i in ids)}
    for resource in template["Resources"].values():
        if resource["Type"] != "AWS::Athena::NamedQuery":
            continue
        said = resource["Properties"]
        wanted = {**said, "Database": outputs["DatabaseName"], "WorkGroup": workgroup}
        there = standing.get(said["Name"])
        if there is not None:
            if {name: there.get(name) for name in wanted} == wanted:
                continue
            athena.delete_named_query(NamedQueryId=there["NamedQueryId"])
        athena.create_named_query(**wanted)


def give_tokens(dynamodb: Any, table: str, keys: Keys, now: datetime) -> None:
    """A token of each scope for people, hashed; one that was revoked stays revoked."""
    for token, scope in ((keys.token, "read"), (keys.sql_token, "sql"), (keys.admin_token, "admin")):
        item = {
            "pk": {"S": "token"},
            "sk": {"S": hashlib.sha256(token.encode()).hexdigest()},
            "name": {"S": f"local {scope}"},
            "scope": {"S": scope},
            "created_at": {"S": now.isoformat()},
            "revoked_at": {"NULL": True},
            "version": {"N": "1"},
        }
        try:
            dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except dynamodb.exceptions.ConditionalCheckFailedException:
            continue


PEOPLE: Final = {
    "rita@acme.example": "read",
    "sam@acme.example": "sql",
    "ada@acme.example": "admin",
    "nobody@acme.example": None,
}
"""Who may sign in to the local cloud, and the group of each; ``nobody`` is in none."""


def give_people(cognito: Any, pool: str, password: str) -> None:
    """People who may sign in, each in a group, all with one password."""
    for email, group in PEOPLE.items():
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        with suppress(cognito.exceptions.UsernameExistsException):
            cognito.admin_create_user(
                UserPoolId=pool,
                Username=email,
                UserAttributes=attributes,
                MessageAction="SUPPRESS",
                TemporaryPassword=password,
            )
        cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
        if group is not None:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=group)


def give_secrets(secrets_manager: Any, name: str, keys: Keys) -> None:
    """GitHub's token and its two webhook secrets."""
    hooks = [keys.github_webhook_secret, keys.github_webhook_secret_previous]
    value = json.dumps({"token": keys.github_token, "webhook_secrets": hooks})
    try:
        if secrets_manager.get_secret_value(SecretId=name)["SecretString"] == value:
            return
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    secrets_manager.put_secret_value(SecretId=name, SecretString=value)


def give_vendor_secrets(secrets_manager: Any, prefix: str) -> None:
    """The test servers' credentials; those that are there stay, for a run may have renewed them."""
    for vendor in VENDORS:
        try:
            secrets_manager.create_secret(Name=f"{prefix}{vendor.name}", SecretString=json.dumps(dict(vendor.secret)))
        except secrets_manager.exceptions.ResourceExistsException:
            continue


SENDER: Final = "headwater@acme.example"
"""Who sends HTML mail in the local cloud."""
MAIL_POLICY = "local-mail"


def give_sender(sesv2: Any, cloudformation: Any, iam: Any, stack: str) -> None:
    """The verified address that HTML mail comes from, out of the sandbox; and the right to send from it.

    The local IAM knows no ``ses:FromAddress``, so what the template grants under that condition it never grants.
    """
    with suppress(sesv2.exceptions.AlreadyExistsException):
        sesv2.create_email_identity(EmailIdentity=SENDER)
    sesv2.put_account_details(MailType="TRANSACTIONAL", WebsiteURL="https://acme.example", ProductionAccessEnabled=True)
    resource = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId="SendRole")
    role = resource["StackResourceDetail"]["PhysicalResourceId"]
    granted = {"Effect": "Allow", "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [granted]})
    iam.put_role_policy(RoleName=role, PolicyName=MAIL_POLICY, PolicyDocument=document)


def post_deploy(address: str, template: Template, outputs: Outputs, keys: Keys) -> None:
    """Everything, in order."""
    dynamodb = client("dynamodb", address)
    complete_buckets(client("s3", address), template, outputs)
    complete_tables(dynamodb, template, outputs)
    topics = (outputs["AlertTopicArn"], outputs["NoticeTopicArn"])
    subscribe_outbox(client("sqs", address), client("sns", address), topics)
    stack, cloudformation = f"headwater-{places.STAGE}", client("cloudformation", address)
    grant_batches(cloudformation, client("iam", address), stack)
    give_sender(client("sesv2", address), cloudformation, client("iam", address), stack)
    complete_rates(cloudformation, client("apigateway", address), template, stack)
    give_named_queries(client("athena", address), template, outputs)
    give_tokens(dynamodb, outputs["StateTableName"], keys, datetime.now(UTC))
    give_people(client("cognito-idp", address), outputs["PeoplePoolId"], keys.person_password)
    secrets_manager = client("secretsmanager", address)
    give_secrets(secrets_manager, outputs["GithubSecretName"], keys)
    give_vendor_secrets(secrets_manager, outputs["GithubSecretName"].removesuffix("github"))
