"""Clients of every kind of identity: what AWS would receive for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.access.clients import KafkaClients
from domain.access.parameters import LONGEST_CLIENT_NAME
from domain.access.statements import statements
from domain.msk.listeners import enabled_listeners
from domain.settings.clients import Client, Format
from offline.protocol.wire import plain
from support.client_kinds import ACCESS, ACCOUNT, IDENTITIES, OTHER_ACCOUNT, ROLES
from support.programs import REGION, of_type, run_inline, the

if TYPE_CHECKING:
    from collections.abc import Mapping

    from offline.engine.run import Run
    from offline.protocol.registration import Registration

CLUSTER = f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/orders/0a1b2c3d-1111-2222-3333-444455556666-7"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
PODS = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
PARAMETER = "aws:ssm/parameter:Parameter"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a resource type
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105 - a resource type
ASSOCIATION = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 - a resource type
LISTENERS = enabled_listeners(client_broker="TLS", iam=True, scram=True, tls=True, unauthenticated=False, multi_vpc=True)
BY_IAM = [name for name, identity in IDENTITIES.items() if identity.keys() & {"role", "principal"}]


def entry(identity: dict[str, Any] | None, access: dict[str, Any] = ACCESS) -> Client:
    return Client.model_validate({"from": {"cidr": "10.90.0.0/24"}, **({"as": identity, **access} if identity else {})})


def run(identities: Mapping[str, dict[str, Any] | None], *, dry_run: bool = False, access: dict[str, Any] = ACCESS) -> Run:
    """Clients of these identities, each with this access, on a cluster with every mechanism."""

    def program() -> None:
        KafkaClients(
            "clients",
            {
                "region": REGION,
                "cluster_arn": CLUSTER,
                "cluster_name": "orders",
                "clients": {name: entry(identity, access) for name, identity in identities.items()},
                "listeners": LISTENERS,
                "brokers": {
                    str(listener.bootstrap_output): f"b-1.{listener.bootstrap_output}.example:{listener.port}"
                    for listener in LISTENERS
                },
                "elsewhere": [IDENTITIES["role-elsewhere"]["principal"]],
                "secrets_key_arn": KEY,
                "tags": {"team": "streaming"},
            },
        )

    return run_inline(program, dry_run=dry_run)


def of_client(made: Run, token: str, client: str) -> list[Registration]:
    return [entry for entry in of_type(made, token) if entry.name.startswith(f"clients-{client}-")]


def document(policy: Registration) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(policy.inputs["policy"])
    return found


@pytest.fixture(scope="module")
def everyone() -> Run:
    return run({**IDENTITIES, "nobody": None})


TRUST: dict[str, dict[str, Any]] = {
    "ec2": {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    "ecs": {
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
        },
    },
    "lambda": {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    "eksPodIdentity": {
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": ACCOUNT,
                "aws:RequestTag/eks-cluster-name": "apps",
                "aws:RequestTag/kubernetes-namespace": "orders",
                "aws:RequestTag/kubernetes-service-account": "api",
            }
        },
    },
    "irsa": {
        "Principal": {"Federated": ROLES["irsa"]["oidcProvider"]},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{ROLES['irsa']['oidcProvider'].partition('/')[2]}:aud": "sts.amazonaws.com",
                f"{ROLES['irsa']['oidcProvider'].partition('/')[2]}:sub": "system:serviceaccount:orders:api",
            }
        },
    },
}


@pytest.mark.parametrize("kind", ROLES)
def test_a_role_is_made_for_the_place_it_runs_in_and_gets_its_policies(kind: str, everyone: Run) -> None:
    client = kind.lower()
    (role,) = of_client(everyone, ROLE, client)
    assert json.loads(role.inputs["assumeRolePolicy"]) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", **TRUST[kind]}],
    }
    policies, attached = of_client(everyone, POLICY, client), of_client(everyone, ROLE_ATTACHMENT, client)
    assert policies
    assert [(attachment.inputs["role"], attachment.inputs["policyArn"]) for attachment in attached] == [
        (role.outputs["name"], policy.outputs["arn"]) for policy in policies
    ]
    assert [resource.inputs["role"] for resource in of_client(everyone, PROFILE, client)] == [role.outputs["name"]] * (
        kind == "ec2"
    )
    associations = [resource.inputs for resource in of_client(everyone, PODS, client)]
    assert len(associations) == (kind == "eksPodIdentity")
    for association in associations:
        expected = {"clusterName": "apps", "namespace": "orders", "serviceAccount": "api", "roleArn": role.outputs["arn"]}
        assert association.items() >= expected.items()


def test_a_role_is_made_for_nobody_else(everyone: Run) -> None:
    assert len(of_type(everyone, ROLE)) == len(ROLES)
    assert TRUST.keys() == ROLES.keys()


@pytest.mark.parametrize("client", [name for name in BY_IAM if name != "role-elsewhere"])
def test_policies_allow_what_was_asked_for_on_this_cluster(client: str, everyone: Run) -> None:
    found = [item for policy in of_client(everyone, POLICY, client) for item in document(policy)["Statement"]]
    assert found == statements(entry(IDENTITIES[client]).access, CLUSTER)


@pytest.mark.parametrize(
    ("client", "token", "property_name", "who"),
    [("role-there", ROLE_ATTACHMENT, "role", "orders"), ("user-there", USER_ATTACHMENT, "user", "ann")],
)
def test_who_is_there_gets_policies_attached_and_is_not_touched_otherwise(
    client: str, token: str, property_name: str, who: str, everyone: Run
) -> None:
    assert {resource.inputs[property_name] for resource in of_client(everyone, token, client)} == {who}
    assert len(of_client(everyone, token, client)) == len(of_client(everyone, POLICY, client)) > 0
    other = USER_ATTACHMENT if token == ROLE_ATTACHMENT else ROLE_ATTACHMENT
    assert of_client(everyone, other, client) == []


def test_who_is_elsewhere_gets_files_for_the_connection_and_no_policy_here(everyone: Run) -> None:
    client = "role-elsewhere"
    for token in (ROLE, POLICY, ROLE_ATTACHMENT, USER_ATTACHMENT, SECRET):
        assert of_client(everyone, token, client) == []
    files = of_client(everyone, PARAMETER, client)
    assert files
    assert all("b-1.bootstrapBrokersVpcConnectivitySaslIam.example:14001" in file.inputs["insecureValue"] for file in files)


def test_both_users_of_a_client_have_a_secret_that_amazon_msk_takes(everyone: Run) -> None:
    for user in ("erp", "erp-b"):
        secret = the(everyone, SECRET, f"clients-scram-{user}-secret")
        assert secret.inputs["name"].startswith(f"AmazonMSK_orders_{user}_")
        assert secret.inputs["kmsKeyId"] == KEY
    assert len(of_type(everyone, SECRET)) == 2
    names = [resource.inputs["name"] for resource in of_type(everyone, SECRET)]
    assert len(set(names)) == 2


def test_a_users_secret_is_known_to_the_cluster_only_when_it_is_whole(everyone: Run) -> None:
    for association in of_type(everyone, ASSOCIATION):
        user = association.name.removesuffix("-association")
        secret = the(everyone, SECRET, f"{user}-secret")
        assert association.inputs == {"clusterArn": CLUSTER, "secretArn": secret.outputs["arn"]}
        before = set(association.options["dependsOn"])
        assert {the(everyone, token, f"{user}-secret").urn for token in (VERSION, SECRET_POLICY)} <= before
        (statement,) = json.loads(the(everyone, SECRET_POLICY, f"{user}-secret").inputs["policy"])["Statement"]
        assert statement["Resource"] == secret.outputs["arn"]
        assert statement["Principal"] == {"Service": "kafka.amazonaws.com"}
    assert len(of_type(everyone, ASSOCIATION)) == 2


def test_a_password_is_long_needs_no_quoting_and_is_secret_everywhere(everyone: Run) -> None:
    passwords = of_type(everyone, PASSWORD)
    assert len(passwords) == 2
    for password in passwords:
        assert password.inputs["length"] >= 32
        assert password.inputs["special"] is False
        assert plain(password.outputs["result"], redact=True) == "[secret]"
    for version in of_type(everyone, VERSION):
        assert plain(version.inputs["secretString"], redact=True) == "[secret]"


@pytest.mark.parametrize("client", ["scram", "certificate"])
def test_who_is_none_of_iams_gets_nothing_of_iam(client: str, everyone: Run) -> None:
    for token in (ROLE, POLICY, ROLE_ATTACHMENT, USER_ATTACHMENT, PROFILE, PODS):
        assert of_client(everyone, token, client) == []


def test_a_certificate_needs_files_and_nothing_else() -> None:
    made = run({"certificate": IDENTITIES["certificate"]})
    assert {item.type for item in made.resources if item.custom and not item.type.startswith("pulumi:")} == {PARAMETER}


def test_who_has_no_identity_gets_nothing_here(everyone: Run) -> None:
    assert [entry.name for entry in everyone.resources if "nobody" in entry.name] == []


@pytest.mark.parametrize(
    ("client", "brokers"),
    [
        *((name, "b-1.bootstrapBrokersSaslIam.example:9098") for name in BY_IAM if name != "role-elsewhere"),
        ("scram", "b-1.bootstrapBrokersSaslScram.example:9096"),
        ("certificate", "b-1.bootstrapBrokersTls.example:9094"),
    ],
)
def test_files_of_every_format_name_the_brokers_of_the_clients_mechanism(client: str, brokers: str, everyone: Run) -> None:
    files = {resource.inputs["name"]: resource.inputs for resource in of_client(everyone, PARAMETER, client)}
    assert {name.split("/")[5] for name in files} == set(Format)
    for name, parameter in files.items():
        assert name.startswith(f"/msk/orders/clients/{client}/")
        assert brokers in parameter["insecureValue"], name
        assert parameter["type"] == "String"


def test_files_of_a_user_name_the_secret_of_the_current_one(everyone: Run) -> None:
    current, following = (the(everyone, SECRET, f"clients-scram-{user}-secret").outputs["arn"] for user in ("erp", "erp-b"))
    text = next(
        resource.inputs["insecureValue"]
        for resource in of_client(everyone, PARAMETER, "scram")
        if resource.inputs["name"].endswith("java/client.properties")
    )
    assert current in text
    assert following not in text


def test_a_name_as_long_as_can_be_is_whole_in_parameters_and_cut_where_iam_takes_less() -> None:
    # Two that differ at their end only: nothing of one is taken for the other's.
    names = ["a" * (LONGEST_CLIENT_NAME - 1) + last for last in "bc"]
    made = run(dict.fromkeys(names, IDENTITIES["ec2"]))
    for token, longest in ((ROLE, 64), (PROFILE, 128), (POLICY, 128)):
        automatic = [f"{resource.name}-1234567" for resource in of_type(made, token)]
        assert len(set(automatic)) == len(automatic) > 1
        assert max(map(len, automatic)) <= longest
    arn = len(f"arn:aws-us-gov:ssm:ap-southeast-1:{ACCOUNT}:parameter")
    parameters = [resource.inputs["name"] for resource in of_type(made, PARAMETER)]
    for name in names:
        (longest_of_it, *_) = sorted((parameter for parameter in parameters if f"/{name}/" in parameter), key=len, reverse=True)
        # The cluster's name may have 64 characters.
        assert len(longest_of_it) + arn + 64 - len("orders") <= 1011
    assert all(len(resource.inputs["description"]) <= 1000 - 64 for resource in of_type(made, ROLE))


def test_what_a_client_is_and_has_is_an_output(everyone: Run) -> None:
    (component,) = [entry for entry in everyone.resources if entry.name == "clients"]
    known = component.outputs["clients"]
    assert known.keys() == IDENTITIES.keys()
    assert {name: of["mechanism"] for name, of in known.items()} == {
        name: "SCRAM" if name == "scram" else "mutual TLS" if name == "certificate" else "IAM" for name in IDENTITIES
    }
    assert all(of["files"] == f"/msk/orders/clients/{name}" for name, of in known.items())
    assert {name for name, of in known.items() if "principalArn" in of} == set(BY_IAM)
    assert {name for name, of in known.items() if "instanceProfile" in of} == {"ec2"}
    assert {name for name, of in known.items() if {"secretArn", "nextSecretArn"} <= of.keys()} == {"scram"}


def test_what_can_have_tags_has_them(everyone: Run) -> None:
    for token in (ROLE, POLICY, PROFILE, PODS, SECRET, PARAMETER):
        assert all(resource.inputs["tags"]["team"] == "streaming" for resource in of_type(everyone, token)), token


def test_more_than_one_policy_holds_is_divided_and_all_of_it_attached() -> None:
    many = [f"orders.{number:04}.{'x' * 60}" for number in range(120)]
    made = run({"api": IDENTITIES["ec2"]}, access={"produce": {"topics": many}})
    policies = of_type(made, POLICY)
    assert len(policies) > 1
    assert all(len(one.inputs["policy"]) <= 6144 for one in policies)
    on = {resource for item in policies for part in document(item)["Statement"] for resource in part["Resource"]}
    assert {resource.rpartition("/")[2] for resource in on if ":topic/" in resource} == set(many)
    assert {one.inputs["policyArn"] for one in of_type(made, ROLE_ATTACHMENT)} == {one.outputs["arn"] for one in policies}


def test_a_client_that_may_do_nothing_has_its_identity_and_no_policy() -> None:
    made = run({"api": IDENTITIES["ec2"]}, access={})
    assert len(of_type(made, ROLE)) == 1
    assert of_type(made, POLICY) == []


def test_a_preview_plans_the_very_same() -> None:
    planned, made = (run(IDENTITIES, dry_run=dry_run) for dry_run in (True, False))
    assert [item.urn for item in planned.resources] == [item.urn for item in made.resources]


def test_one_client_more_or_less_moves_no_other() -> None:
    few = {name: identity for name, identity in IDENTITIES.items() if name != "ecs"}
    more, fewer = ({item.urn for item in run(those, dry_run=True).resources} for those in (IDENTITIES, few))
    assert fewer < more
    assert all("clients-ecs" in urn for urn in more - fewer)


def test_a_principal_of_an_account_that_nobody_named_is_warned_of() -> None:
    stranger = f"arn:aws:iam::{OTHER_ACCOUNT}:role/stranger"
    made = run({"stranger": {"principal": stranger}})
    assert {resource.inputs["role"] for resource in of_type(made, ROLE_ATTACHMENT)} == {stranger}
    (said,) = [diagnostic.message for diagnostic in made.diagnostics if stranger in diagnostic.message]
    assert "network.multiVpc.accounts" in said
