"""The deploying role's permissions: complete, narrow, and within what IAM takes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.documents import Place
from domain.access.statements import MAXIMUM_POLICY_SIZE
from domain.msk.quotas import POLICIES_OF_A_ROLE
from inventory.deployer.documents import policies_of, resolved_grants, size_of, statements_of
from inventory.deployer.grants import ANY, Grant
from inventory.deployer.state import state_grants
from inventory.deployer.table import UnknownResourceTypesError, known, table
from inventory.deployer.trust import NotARepositoryError, deployment_subjects, preview_subjects, trust_policy
from inventory.rows import UNKNOWN
from offline.engine.inventory import rows as rows_of_run
from support.inventories import TURNED_ON, cluster, row
from support.stacks import run_stack

PLACE = Place("aws", "eu-west-1", "123456789012")
TYPES = sorted(kind for kind in table() if kind.startswith("aws:"))
WORLDWIDE = ("organizations:", "route53:", "sso:")
"""Services that answer in one region for all."""
inventories = st.lists(st.sampled_from(TYPES), min_size=1, max_size=8).map(
    lambda kinds: [row(kind, f"one-{number}", TURNED_ON.get(kind)) for number, kind in enumerate(kinds)]
)


def statements(documents: list[Any]) -> list[dict[str, Any]]:
    return [statement for document in documents for statement in document["Statement"]]


def every_grant() -> list[Grant]:
    return [grant for kind, entry in table().items() for grant in entry.all_grants(TURNED_ON.get(kind, {}))]


def allowed(rows: list[Any], *, read_only: bool = False) -> dict[str, set[str]]:
    """The ARNs by action of what deploys an inventory."""
    arns: dict[str, set[str]] = {}
    for statement in statements(policies_of(statements_of(resolved_grants(rows, PLACE, read_only=read_only)))):
        for action in statement["Action"]:
            arns.setdefault(action, set()).update(statement["Resource"])
    return arns


def test_a_grant_on_everything_says_why_and_no_other_does() -> None:
    assert [grant.actions for grant in every_grant() if (grant.resources == ANY) != bool(grant.why)] == []


def test_every_action_is_written_out() -> None:
    actions = {action for grant in every_grant() for action in grant.actions}
    assert [action for action in actions if not re.fullmatch(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+", action)] == []


def test_reading_grants_change_nothing() -> None:
    reading = {action for grant in every_grant() if grant.reads for action in grant.actions}
    verbs = ("Connect", "Decrypt", "Describe", "Get", "List")
    assert [action for action in reading if not action.partition(":")[2].startswith(verbs)] == []


@given(inventories, st.booleans())
def test_policies_are_iams_grammar_and_fit(rows: list[Any], read_only: bool) -> None:
    documents = policies_of(statements_of(resolved_grants(rows, PLACE, read_only=read_only)))
    assert all(size_of(document) <= MAXIMUM_POLICY_SIZE for document in documents)
    for statement in statements(documents):
        assert statement.keys() - {"Condition"} == {"Sid", "Effect", "Action", "Resource"}
        assert re.fullmatch(r"[A-Za-z0-9]+", str(statement["Sid"]))
        assert statement["Action"]
        assert statement["Resource"]
        assert "{" not in str(statement["Resource"])
        if "*" in statement["Resource"] and not str(statement["Action"][0]).startswith(WORLDWIDE):
            assert statement["Condition"]["StringEquals"]["aws:RequestedRegion"] == "eu-west-1"
    sids = [statement["Sid"] for statement in statements(documents)]
    assert len(sids) == len(set(sids))


@given(inventories)
def test_no_action_is_allowed_that_no_resource_needs_and_none_is_lost(rows: list[Any]) -> None:
    allowed = {
        action
        for statement in statements(policies_of(statements_of(resolved_grants(rows, PLACE))))
        for action in statement["Action"]
    }
    entries = table()
    assert allowed == {
        action for row in rows for grant in entries[row["type"]].all_grants(row["inputs"]) for action in grant.actions
    }


@given(inventories)
def test_the_reader_may_do_nothing_that_the_deployer_may_not(rows: list[Any]) -> None:
    deployer = {repr((item.grant.actions, item.resources, item.condition)) for item in resolved_grants(rows, PLACE)}
    reader = {repr((item.grant.actions, item.resources, item.condition)) for item in resolved_grants(rows, PLACE, read_only=True)}
    assert reader <= deployer


def test_what_is_too_long_for_one_policy_is_split() -> None:
    rows = [row("aws:cloudwatch/logGroup:LogGroup", f"group-{number}", {"name": f"/aws/{number:060}"}) for number in range(200)]
    documents = policies_of(statements_of(resolved_grants(rows, PLACE)))
    assert len(documents) > 1
    assert all(size_of(document) <= MAXIMUM_POLICY_SIZE for document in documents)
    assert f"{199:060}" in str(documents)


def test_the_alarms_of_brokers_that_come_later_are_granted_and_no_other_stacks() -> None:
    kind = "aws:cloudwatch/metricAlarm:MetricAlarm"
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"
    rows = [row(kind, f"kafka-alarms-cpu-{broker}", {"name": f"orders-prod/cpu/{broker}"}) for broker in range(1, 4)]
    assert allowed(rows)["cloudwatch:PutMetricAlarm"] == {f"{arn}orders-prod/*"}
    alone = row(kind, "kafka-alarms-lag", {"name": "lag"})
    assert allowed([alone])["cloudwatch:PutMetricAlarm"] == {f"{arn}lag"}


def test_only_policies_of_the_stack_are_attached_and_only_to_its_roles_and_its_clients() -> None:
    attachment, role = "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/role:Role"
    rows = [
        row(role, "kafka-clients-api-role", {"name": "kafka-clients-api-role-0a1b2c3"}),
        row(attachment, "kafka-clients-api-1", {"role": "kafka-clients-api-role-0a1b2c3"}),
        row(attachment, "kafka-clients-erp-1", {"role": "erp"}),
    ]
    granted = statements(policies_of(statements_of(resolved_grants(rows, PLACE))))
    (attaching,) = [statement for statement in granted if "iam:AttachRolePolicy" in statement["Action"]]
    arn = "arn:aws:iam::123456789012"
    assert set(attaching["Resource"]) == {f"{arn}:role/kafka-clients-api-role-*", f"{arn}:role/erp"}
    assert attaching["Condition"] == {"ArnLike": {"iam:PolicyARN": f"{arn}:policy/kafka-*"}}
    unknown = allowed([row(attachment, "kafka-clients-erp-1", {"role": UNKNOWN})])
    assert unknown["iam:AttachRolePolicy"] == {f"{arn}:role/*"}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_shipped_stack_needs_no_more_policies_than_a_role_takes(stack: str) -> None:
    grants = resolved_grants(list(rows_of_run(run_stack(stack))), PLACE, more=state_grants("state", "arn:aws:kms:::key/a"))
    assert len(policies_of(statements_of(grants))) <= POLICIES_OF_A_ROLE.default / 2


def test_names_that_pulumi_makes_hold_in_every_stack() -> None:
    made = row("aws:msk/configuration:Configuration", "server", {"name": "server-7666828"})
    given_name = row("aws:msk/cluster:Cluster", "kafka", {"clusterName": "orders"})
    arns = str(statements(policies_of(statements_of(resolved_grants([made, given_name], PLACE)))))
    assert "arn:aws:kafka:eu-west-1:123456789012:configuration/server-*/*" in arns
    assert "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/*" in arns


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(UnknownResourceTypesError, match="aws:sqs/queue:Queue"):
        known([row("aws:sqs/queue:Queue", "letters")])
    assert known([row("random:index/randomPassword:RandomPassword", "secret")]) == []


USERS = "aws:secretsmanager/secret:Secret"
VERSION = row("aws:secretsmanager/secretVersion:SecretVersion", "orders", {"secretId": UNKNOWN})
ASSOCIATION = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
SECRETS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([*cluster(), row(USERS, "orders", {"name": UNKNOWN})], {"AmazonMSK_events_*-*"}),
        # A state has the name as it is: a user who comes later is the cluster's, too.
        ([*cluster(), row(USERS, "orders", {"name": "AmazonMSK_events_orders_x1y2z3"})], {"AmazonMSK_events_*-*"}),
        ([*cluster(), row(USERS, "db", {"name": "shop-database"})], {"AmazonMSK_events_*-*", "shop-database-*"}),
        ([row(USERS, "orders", {"name": UNKNOWN})], {"AmazonMSK_orders*-*"}),
        ([row(ASSOCIATION, "other", {"secretArn": f"{SECRETS}AmazonMSK_shared-aBcDeF"})], {"AmazonMSK_shared-*"}),
        ([], {"none-*"}),
    ],
)
def test_secrets_are_granted_by_name_and_never_all_that_amazon_msk_could_take(rows: list[Any], names: set[str]) -> None:
    for read_only in (True, False):
        arns = allowed([*rows, VERSION], read_only=read_only)
        assert arns["secretsmanager:GetSecretValue"] == {f"{SECRETS}{name}" for name in names}
        assert not any(arn.endswith("secret:AmazonMSK_*") for values in arns.values() for arn in values)


def test_clients_files_are_those_of_the_cluster() -> None:
    arns = allowed([*cluster(), row("aws:ssm/parameter:Parameter", "orders", {"name": "/msk/events/clients/orders"})])
    assert arns["ssm:GetParameter"] == {"arn:aws:ssm:eu-west-1:123456789012:parameter/msk/events/*"}


def test_a_stacks_state_is_its_own() -> None:
    grants = resolved_grants([], PLACE, more=state_grants("acme-state", "", "shop", "prod"))
    objects = {arn for item in grants if "s3:GetObject" in item.grant.actions for arn in item.resources}
    assert "arn:aws:s3:::acme-state/.pulumi/stacks/shop/prod.json*" in objects
    assert [arn for arn in objects if "/shop/prod" not in arn] == ["arn:aws:s3:::acme-state/.pulumi/meta.yaml"]


def test_the_state_is_only_read_by_the_reader() -> None:
    state = state_grants("acme-state", "arn:aws:kms:eu-west-1:123456789012:key/abc")
    reader = {a for item in resolved_grants([], PLACE, read_only=True, more=state) for a in item.grant.actions}
    assert reader == {"s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "kms:Decrypt", "kms:DescribeKey"}


def test_a_trust_policy_names_whole_subjects() -> None:
    subjects = [*deployment_subjects("acme@1/kafka@2", ["prod"]), *preview_subjects("acme/kafka", "prod")]
    assert subjects == [
        "repo:acme@1/kafka@2:environment:prod",
        "repo:acme/kafka:environment:prod-preview",
        "repo:acme/kafka:environment:prod-drift",
    ]
    document = str(trust_policy(PLACE, subjects))
    assert "*" not in document
    assert "StringLike" not in document


@pytest.mark.parametrize("repository", ["", "acme", "acme/*", "acme/kafka:x", "*/kafka"])
def test_what_is_no_repository_is_trusted_with_nothing(repository: str) -> None:
    with pytest.raises(NotARepositoryError):
        deployment_subjects(repository, ["prod"])


def logging_to(**sinks: Any) -> list[Any]:
    return cluster(loggingInfo={"brokerLogs": sinks})


def test_logs_to_an_existing_bucket_and_stream_are_granted_there_alone() -> None:
    rows = logging_to(s3={"enabled": True, "bucket": "acme-logs"}, firehose={"enabled": True, "deliveryStream": "orders-logs"})
    arns = allowed(rows)
    assert arns["s3:PutBucketPolicy"] == arns["s3:GetBucketPolicy"] == {"arn:aws:s3:::acme-logs"}
    assert arns["firehose:TagDeliveryStream"] == {"arn:aws:firehose:eu-west-1:123456789012:deliverystream/orders-logs"}
    assert "s3:PutBucketPolicy" not in allowed(rows, read_only=True)


@pytest.mark.parametrize(
    "sinks",
    [
        {},
        {"s3": {"enabled": False, "bucket": "acme-logs"}, "firehose": {"enabled": False, "deliveryStream": "orders-logs"}},
        # A bucket that is still to be made: its own entries grant this.
        {"s3": {"enabled": True, "bucket": UNKNOWN}},
    ],
)
def test_without_such_sinks_nothing_is_granted_there(sinks: dict[str, Any]) -> None:
    assert not {"s3:PutBucketPolicy", "s3:GetBucketPolicy", "firehose:TagDeliveryStream"} & allowed(logging_to(**sinks)).keys()


def test_a_stream_whose_name_is_not_known_is_any() -> None:
    arns = allowed(logging_to(firehose={"enabled": True, "deliveryStream": UNKNOWN}))
    assert arns["firehose:TagDeliveryStream"] == {"arn:aws:firehose:eu-west-1:123456789012:deliverystream/*"}


def test_a_change_of_server_properties_is_granted_on_the_configuration_too() -> None:
    assert allowed(cluster())["kafka:UpdateClusterConfiguration"] == {
        "arn:aws:kafka:eu-west-1:123456789012:cluster/events/*",
        "arn:aws:kafka:eu-west-1:123456789012:configuration/*",
    }


def test_grafana_is_handed_its_role_and_no_other_service_is() -> None:
    rows = [
        row("aws:iam/role:Role", "prometheus-grafana", {"name": "prometheus-grafana"}),
        row("aws:grafana/workspace:Workspace", "prometheus-grafana", {"authenticationProviders": ["SAML"]}),
    ]
    (passed,) = [item for item in resolved_grants(rows, PLACE) if "iam:PassRole" in item.grant.actions]
    assert passed.resources == ("arn:aws:iam::123456789012:role/prometheus-grafana",)
    assert passed.condition == {"StringEquals": {"iam:PassedToService": "grafana.amazonaws.com"}}
    assert not any(action.startswith(("sso:", "organizations:")) for action in allowed(rows))


def test_grafana_with_identity_center_needs_what_answers_in_another_region() -> None:
    rows = [row("aws:grafana/workspace:Workspace", "grafana", {"authenticationProviders": ["AWS_SSO", "SAML"]})]
    found = {action for item in resolved_grants(rows, PLACE) if not item.condition for action in item.grant.actions}
    assert {"sso:CreateManagedApplicationInstance", "sso:DeleteManagedApplicationInstance"} <= found
    assert {"organizations:DescribeOrganization", "sso:GetSharedSsoConfiguration"} <= found


@pytest.mark.parametrize(("private", "granted"), [(True, True), (False, False), (None, False)])
def test_an_endpoint_with_a_private_name_needs_its_hosted_zone(private: bool | None, granted: bool) -> None:
    inputs = {"vpcEndpointType": "Interface", **({} if private is None else {"privateDnsEnabled": private})}
    rows = [row("aws:ec2/vpcEndpoint:VpcEndpoint", "ssm", inputs)]
    assert ("route53:AssociateVPCWithHostedZone" in allowed(rows)) is granted
