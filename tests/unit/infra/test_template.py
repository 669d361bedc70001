"""What every resource of the template owes to those who run it."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import settings
from chalicelib.api.resources import RESOURCES
from chalicelib.api.routes import Access
from chalicelib.api.sign_in import GROUPS
from chalicelib.incidents.queues import FAILED_INVOCATIONS, QUEUES
from chalicelib.incidents.schedules import SCHEDULES
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.stored import PREFIX
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.saved import shipped
from chalicelib.sql.views import views
from infra import build

ROOT = Path(__file__).parents[3]
Resources = dict[str, dict[str, Any]]
Functions = dict[str, dict[str, Any]]


def of_type(template: dict[str, Any], kind: str) -> Resources:
    return {name: r for name, r in template["Resources"].items() if r["Type"] == kind}


def statements(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, policy in of_type(template, kind).items():
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                yield name, statement
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_there_is_every_function_and_no_other(functions: Functions) -> None:
    named = {name.lower() for name in functions}

    assert named == {
        "apihandler",
        "dispatch",
        "pull",
        "arrive",
        "seal",
        "rollup",
        "export",
        "report",
        "digest",
        "head",
        "compact",
        "reconcile",
        "recount",
        "alert",
        "watch",
        "send",
    }


def test_every_function_has_a_role_of_its_own(functions: Functions, template: dict[str, Any]) -> None:
    roles = [properties["Role"]["Fn::GetAtt"][0] for properties in functions.values()]

    assert len(set(roles)) == len(functions)
    assert {*roles, "SqlRole"} == set(of_type(template, "AWS::IAM::Role"))


def test_every_function_writes_to_a_log_group_of_its_own_that_forgets(
    functions: Functions, template: dict[str, Any]
) -> None:
    groups = of_type(template, "AWS::Logs::LogGroup")

    used = [properties["LoggingConfig"]["LogGroup"]["Ref"] for properties in functions.values()]

    assert sorted(used) == sorted(groups)
    assert all(group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups.values())


def test_every_function_may_write_to_its_own_log_group_and_no_other(
    functions: Functions, template: dict[str, Any]
) -> None:
    granted = {
        role: statement["Resource"]["Fn::GetAtt"][0]
        for role, statement in statements(template)
        if any(action.startswith("logs:") for action in as_list(statement["Action"]))
    }

    for properties in functions.values():
        assert granted[properties["Role"]["Fn::GetAtt"][0]] == properties["LoggingConfig"]["LogGroup"]["Ref"]


TELLERS = frozenset({"Watch", "Send"})
"""Those that tell of all others: what goes wrong with them CloudWatch tells."""


def alarmed(template: dict[str, Any], metric: str) -> set[str]:
    alarms = [alarm["Properties"] for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()]
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlertTopic"}] for alarm in alarms)
    return {
        dimension["Value"]["Ref"]
        for alarm in alarms
        for dimension in alarm["Dimensions"]
        if alarm["MetricName"] == metric
    }


def test_those_that_tell_and_the_api_have_alarms_and_nobody_else_so_that_nothing_is_told_twice(
    functions: Functions, template: dict[str, Any]
) -> None:
    tellers = TELLERS & functions.keys()

    assert alarmed(template, "Errors") == tellers | {"APIHandler"}
    assert alarmed(template, "Invocations") == tellers
    assert len(of_type(template, "AWS::CloudWatch::Alarm")) == 2 * len(tellers) + 1


def test_what_a_function_fails_at_is_kept_where_watch_looks(functions: Functions, template: dict[str, Any]) -> None:
    queues = of_type(template, "AWS::SQS::Queue")

    for name, properties in functions.items():
        sources = [e["Properties"]["Queue"]["Fn::GetAtt"][0] for e in events(properties) if e["Type"] == "SQS"]
        configured = properties.get("EventInvokeConfig", {})
        destination = configured.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if name in TELLERS:
            assert configured == {"MaximumRetryAttempts": 0}, "a letter of its own would be told beside its alarm"
        else:
            assert sources or destination == {"Fn::GetAtt": [FAILED_INVOCATIONS, "Arn"]}, name
        for queue in sources:
            letters = QUEUES[queues[queue]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
            assert letters.function == name.lower()


def test_every_schedule_is_watched_for_as_often_as_it_is(functions: Functions) -> None:
    minute = timedelta(minutes=1)
    rates = {"rate(1 minute)": minute, "rate(5 minutes)": 5 * minute, "rate(1 hour)": 60 * minute}
    daily = re.compile(r"cron\(\d+ \d+ \* \* \? \*\)")

    scheduled = {
        name.lower(): timedelta(days=1) if daily.fullmatch(expression) else rates[expression]
        for name, properties in functions.items()
        for event in events(properties)
        if event["Type"] == "Schedule" and name not in TELLERS
        for expression in [event["Properties"]["Schedule"]]
    }

    assert {name: schedule.every for name, schedule in SCHEDULES.items()} == scheduled
    assert all(schedule.grace >= timedelta(minutes=9) for schedule in SCHEDULES.values()), "three tries take minutes"


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_scheduled_function_notes_its_good_end_and_may(
    functions: Functions, template: dict[str, Any], name: str
) -> None:
    handler = (ROOT / "functions" / name / "handler.py").read_text()
    [logical] = [function for function in functions if function.lower() == name]
    role = functions[logical]["Role"]["Fn::GetAtt"][0]

    granted = {
        action
        for of, statement in statements(template)
        if of == role and statement["Resource"] == {"Fn::GetAtt": ["StateTable", "Arn"]}
        for action in as_list(statement["Action"])
    }

    assert f'wiring.beat(settings().state_table, "{name}")' in handler
    assert granted >= {"dynamodb:GetItem", "dynamodb:PutItem"}


def events(properties: dict[str, Any]) -> list[dict[str, Any]]:
    return list(properties.get("Events", {}).values())


def test_queue_functions_report_which_messages_failed_and_have_time_to_finish(
    functions: Functions, template: dict[str, Any]
) -> None:
    queues = of_type(template, "AWS::SQS::Queue")

    for properties in functions.values():
        for event in events(properties):
            if event["Type"] == "SQS":
                queue = queues[event["Properties"]["Queue"]["Fn::GetAtt"][0]]["Properties"]
                assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
                assert queue["VisibilityTimeout"] >= 6 * properties["Timeout"]


def test_every_queue_has_dead_letters_or_holds_them_for_two_weeks_and_is_watched(
    functions: Functions, template: dict[str, Any]
) -> None:
    queues = of_type(template, "AWS::SQS::Queue")
    redriven = {
        q["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for q in queues.values()
        if "RedrivePolicy" in q["Properties"]
    }
    given = functions["Watch"]["Environment"]["Variables"]["HEADWATER_DEAD_LETTERS"]["Fn::Sub"].split()
    [looked_at] = [s["Resource"] for role, s in statements(template) if s["Sid"] == "LookAtDeadLetters"]

    last = {name for name, queue in queues.items() if "RedrivePolicy" not in queue["Properties"]} - {"ReceiptQueue"}

    assert last == redriven | {FAILED_INVOCATIONS} == set(QUEUES)
    assert given == [f"{name}=${{{name}}}" for name in QUEUES]
    assert [arn["Fn::GetAtt"] for arn in looked_at] == [[name, "Arn"] for name in QUEUES]
    assert all(queues[name]["Properties"]["MessageRetentionPeriod"] == 14 * 86400 for name in last)
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in queues.values())


def test_every_topic_tells_the_sender_what_it_has_taken(template: dict[str, Any]) -> None:
    topics = set(of_type(template, "AWS::SNS::Topic"))
    subscriptions = [each["Properties"] for each in of_type(template, "AWS::SNS::Subscription").values()]
    [allowed] = template["Resources"]["ReceiptQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]

    told = {
        each["TopicArn"]["Ref"] for each in subscriptions if each["Endpoint"] == {"Fn::GetAtt": ["ReceiptQueue", "Arn"]}
    }

    assert told == topics == {"AlertTopic", "NoticeTopic"}
    assert {source["Ref"] for source in allowed["Condition"]["ArnEquals"]["aws:SourceArn"]} == topics
    assert "FilterPolicy" not in json.dumps(subscriptions), (
        "a receipt that is filtered out would be a message not taken"
    )


WITHOUT_RESOURCE = frozenset({"athena:ListDataCatalogs", "athena:ListWorkGroups", "athena:ListEngineVersions"})
"""For which AWS knows no resource but all: they list names, and nothing else."""
WITHOUT_RESOURCE |= {"sns:SetSubscriptionAttributes", "sns:Unsubscribe"}
WITHOUT_RESOURCE |= {"sns:ListPhoneNumbersOptedOut", "ses:ListSuppressedDestinations"}
"""Nor for these, of single subscriptions: whoever has them needs the ARN, which no list of theirs tells."""


def test_no_policy_grants_every_action_or_every_resource(template: dict[str, Any]) -> None:
    for role, statement in statements(template):
        assert statement["Effect"] == "Allow", role
        assert all(not action.endswith(":*") and action != "*" for action in as_list(statement["Action"])), role
        if not WITHOUT_RESOURCE.issuperset(as_list(statement["Action"])):
            assert "*" not in as_list(statement["Resource"]), role


def test_no_function_may_rewrite_the_past(template: dict[str, Any]) -> None:
    """Commits and raw pages are never deleted, by anybody."""
    for role, statement in statements(template):
        if any(action.startswith("s3:Delete") for action in as_list(statement["Action"])):
            for resource in as_list(statement["Resource"]):
                assert "/ctl/" not in json.dumps(resource), role
                assert "/raw/" not in json.dumps(resource), role


def test_every_bucket_is_private_encrypted_and_speaks_tls_only(template: dict[str, Any]) -> None:
    policies = {p["Properties"]["Bucket"]["Ref"]: p for p in of_type(template, "AWS::S3::BucketPolicy").values()}

    for name, bucket in of_type(template, "AWS::S3::Bucket").items():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"], name
        assert properties["LifecycleConfiguration"]["Rules"], name
        assert '"aws:SecureTransport": "false"' in json.dumps(policies[name]), name


def test_results_are_forgotten_after_a_week_and_what_people_were_sent_after_400_days(template: dict[str, Any]) -> None:
    rules = template["Resources"]["ResultsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    days = {rule.get("Prefix"): rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}

    assert None not in days, "a rule without a prefix would hold for all: the shortest time wins"
    assert {prefix: days[prefix] for prefix in ("athena/", "sql/", "exports/", PREFIX)} == dict.fromkeys(
        ("athena/", "sql/", "exports/", PREFIX), 7
    )
    assert (days["reports/"], days["digests/"]) == (400, 400)


@pytest.mark.parametrize("name", ["LakeBucket", "LogBucket", "StateTable"])
def test_what_cannot_be_made_again_outlives_the_stack(template: dict[str, Any], name: str) -> None:
    assert template["Resources"][name]["DeletionPolicy"] == "Retain"
    assert template["Resources"][name]["UpdateReplacePolicy"] == "Retain"


SETTINGS = {
    "APIHandler": settings.ApiSettings,
    "Dispatch": settings.DispatchSettings,
    "Pull": settings.PullSettings,
    "Arrive": settings.ArriveSettings,
    "Seal": settings.SealSettings,
    "Rollup": settings.RollupSettings,
    "Export": settings.ExportSettings,
    "Report": settings.ReportSettings,
    "Head": settings.HeadSettings,
    "Compact": settings.CompactSettings,
    "Reconcile": settings.ReconcileSettings,
    "Recount": settings.RecountSettings,
    "Watch": settings.WatchSettings,
    "Send": settings.SendSettings,
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_functions_environment_is_what_its_settings_ask_for(functions: Functions, name: str) -> None:
    given = {v for v in functions[name]["Environment"]["Variables"] if v.startswith(settings.PREFIX)}

    known = {f"{settings.PREFIX}{f.name.upper()}": f for f in fields(SETTINGS[name])}

    assert given <= known.keys()
    assert {variable for variable, f in known.items() if f.default is MISSING} <= given


def test_every_handler_that_is_deployed_exists(functions: Functions) -> None:
    for name, properties in functions.items():
        module, _, _ = properties["Handler"].rpartition(".")
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), name


def test_the_catalog_has_every_table_of_the_registry_every_level_of_a_cube_and_every_view(
    template: dict[str, Any],
) -> None:
    inputs = [t["Properties"]["TableInput"] for t in of_type(template, "AWS::Glue::Table").values()]
    kinds = {given["Name"]: given["TableType"] for given in inputs}

    tables = {table.name for source in SOURCES.values() for table in source.tables}
    tables |= {table.name for cube in CUBES.values() for table in cube.tables}

    assert kinds == dict.fromkeys(tables, "EXTERNAL_TABLE") | dict.fromkeys(views(), "VIRTUAL_VIEW")


@pytest.mark.parametrize("name", sorted(views()))
def test_a_view_of_the_catalog_is_one_that_trino_reads(template: dict[str, Any], name: str) -> None:
    inputs = {t["Properties"]["TableInput"]["Name"]: t for t in of_type(template, "AWS::Glue::Table").values()}
    given = resolved(inputs[name]["Properties"]["TableInput"])

    text = given["ViewOriginalText"]
    definition = json.loads(b64decode(text.removeprefix("/* Presto View: ").removesuffix(" */"), validate=True))

    assert given["Parameters"] == {"presto_view": "true", "comment": "Presto View"}
    assert len(text) < 409_600, "Glue's limit"
    assert definition["originalSql"] == views()[name].sql
    assert (definition["catalog"], definition["schema"]) == ("awsdatacatalog", "Database of the stack")
    listed = [(column["Name"], column["Type"]) for column in given["StorageDescriptor"]["Columns"]]
    hive = {"varchar": "string", "timestamp(3)": "timestamp"}
    assert listed == [(c["name"], hive.get(c["type"], c["type"])) for c in definition["columns"]]
    assert all(column["Comment"] for column in given["StorageDescriptor"]["Columns"])


def test_every_shipped_query_is_a_named_query_of_the_console_in_aws(template: dict[str, Any]) -> None:
    queries = of_type(template, "AWS::Athena::NamedQuery").values()

    assert {q["Properties"]["QueryString"] for q in queries} == {query.sql for query in shipped().values()}
    assert {q["Condition"] for q in queries} == {"IsAws"}
    assert all(len(q["Properties"]["Name"]) <= 128 for q in queries), "Athena's limit"
    assert len({q["Properties"]["Name"] for q in queries}) == len(shipped())


def test_the_template_is_far_from_cloudformations_limit(template: dict[str, Any]) -> None:
    assert len(json.dumps(template, separators=(",", ":"))) < 700_000, "CloudFormation takes 1,000,000 bytes from S3"
    assert len(template["Resources"]) < 400, "and 500 resources"


def resolved(value: Any) -> Any:
    """A value of the template as CloudFormation resolves it."""
    if isinstance(value, list):
        return [resolved(each) for each in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return f"{name} of the stack"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(resolved(parts))
        case {"Fn::Base64": inner}:
            return b64encode(resolved(inner).encode()).decode()
    return {name: resolved(each) for name, each in value.items()}


def test_the_workgroups_win_over_their_clients_and_limit_a_scan(template: dict[str, Any]) -> None:
    found = {
        name: workgroup["Properties"]["WorkGroupConfiguration"]
        for name, workgroup in of_type(template, "AWS::Athena::WorkGroup").items()
    }

    assert all(configuration["EnforceWorkGroupConfiguration"] is True for configuration in found.values())
    assert {name: one["BytesScannedCutoffPerQuery"] for name, one in found.items()} == {
        "Workgroup": {"Ref": "ScanLimitBytes"},
        "SqlWorkgroup": {"Ref": "SqlScanLimitBytes"},
    }


def test_what_people_run_may_read_what_is_published_and_write_nothing_but_results(template: dict[str, Any]) -> None:
    granted = [statement for role, statement in statements(template) if role == "AnalystPolicy"]
    written = ("Put", "Delete", "Create", "Update", "Abort")

    of_the_lake = [
        action
        for statement in granted
        for action in as_list(statement["Action"])
        if "LakeBucket" in json.dumps(statement["Resource"])
    ]
    writing = [s for s in granted if any(a.split(":")[1].startswith(written) for a in as_list(s["Action"]))]
    assert sorted(of_the_lake) == ["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"]
    assert [statement["Resource"] for statement in writing] == [{"Fn::Sub": "${ResultsBucket.Arn}/sql/*"}]
    [trust] = template["Resources"]["SqlRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert [arn["Fn::GetAtt"][0] for arn in trust["Principal"]["AWS"]] == ["ApiHandlerRole", "ReportRole", "WatchRole"]


def test_the_api_answers_before_its_gateway_gives_up(functions: Functions) -> None:
    assert functions["APIHandler"]["Timeout"] <= 29
    assert all(properties["Timeout"] <= 300 for properties in functions.values())


def test_the_template_is_the_same_each_time(template: dict[str, Any]) -> None:
    assert build.merged_template("dev") == template


def test_the_stages_grant_the_same(template: dict[str, Any]) -> None:
    chalice = ROOT / ".chalice"

    assert (chalice / "policy-dev.json").read_text() == (chalice / "policy-prod.json").read_text()
    assert template["Resources"]["ApiHandlerRole"]["Properties"]["Policies"][0]["PolicyDocument"] == json.loads(
        (chalice / "policy-dev.json").read_text()
    )


def test_what_anybody_may_ask_without_a_token_has_a_rate_of_its_own(template: dict[str, Any]) -> None:
    settings = template["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    limited = {(s["ResourcePath"][1:].replace("~1", "/"), s["HttpMethod"]) for s in settings}

    links = [r for routes in RESOURCES.values() for r in routes if r.path.startswith("/v1/subscriptions/")]
    assert {(r.path, r.method) for r in links if r.access is Access.LINK} <= limited


def test_only_beginning_a_session_asks_api_gateway_who_signed_in(template: dict[str, Any]) -> None:
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    secured = {(m, path) for path, ways in body["paths"].items() for m, way in ways.items() if way.get("security")}

    wanted = {(r.method.lower(), r.path) for routes in RESOURCES.values() for r in routes if r.access is Access.SIGN_IN}
    assert secured == wanted == {("post", "/v1/session")}
    assert body["paths"]["/v1/session"]["post"]["security"] == [{"signIn": []}]
    scheme = body["securityDefinitions"]["signIn"]["x-amazon-apigateway-authorizer"]
    assert scheme == {"type": "cognito_user_pools", "providerARNs": [{"Fn::GetAtt": ["People", "Arn"]}]}


def test_the_site_signs_in_without_a_secret_and_only_those_who_were_invited(template: dict[str, Any]) -> None:
    [client] = of_type(template, "AWS::Cognito::UserPoolClient").values()
    [pool] = of_type(template, "AWS::Cognito::UserPool").values()
    groups = of_type(template, "AWS::Cognito::UserPoolGroup").values()

    said = client["Properties"]
    assert said["GenerateSecret"] is False
    assert (said["AllowedOAuthFlows"], said["AllowedOAuthScopes"]) == (["code"], ["openid", "email", "profile"])
    assert said["EnableTokenRevocation"] is True
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in said["ExplicitAuthFlows"], "rotation excludes it"
    assert pool["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Properties"]["Policies"]["PasswordPolicy"]["MinimumLength"] >= 15
    assert pool["DeletionPolicy"] == "Retain"
    assert {group["Properties"]["GroupName"] for group in groups} == set(GROUPS)


@pytest.mark.parametrize("name", ["SiteHeaders", "ApiHeaders", "BeaconHeaders"])
def test_every_answer_tells_browsers_to_be_careful(template: dict[str, Any], name: str) -> None:
    policies = {
        behaviour["ResponseHeadersPolicyId"]["Ref"]
        for distribution in of_type(template, "AWS::CloudFront::Distribution").values()
        for config in [distribution["Properties"]["DistributionConfig"]]
        for behaviour in [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    }
    config = template["Resources"][name]["Properties"]["ResponseHeadersPolicyConfig"]

    assert policies == {"SiteHeaders", "ApiHeaders", "BeaconHeaders"}
    assert config["SecurityHeadersConfig"]["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert config["SecurityHeadersConfig"]["ContentTypeOptions"] == {"Override": True}


def test_the_sites_policy_allows_nothing_inline_and_one_other_address(template: dict[str, Any]) -> None:
    config = template["Resources"]["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    [text, given] = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    rules = dict(rule.strip().split(" ", 1) for rule in text.split(";"))

    assert "unsafe" not in text
    assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' ${SignIn}"
    assert set(given) == {"SignIn"}
