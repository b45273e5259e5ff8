"""The optional test client: who it is, what its host has and may do, and when it cannot be had."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

from domain.access.documents import Place
from domain.access.mechanisms import Mechanism
from domain.access.statements import policy_templates
from domain.clients.host import (
    KAFKA_ARCHIVE,
    MAXIMUM_USER_DATA,
    SIGNER_ARCHIVE,
    USUAL_HOSTS,
    architecture,
    endpoint_services,
    host_policy,
    image_parameter,
    is_listed,
    narrowed,
    requirements,
    user_data,
    without_docstrings,
)
from domain.clients.plan import connection_of
from domain.loading import load_stack
from domain.plan.network import plan_security_group, without_internet
from domain.problems import SettingsError
from domain.settings.stack import StackSettings
from domain.settings.test_client import CLIENT, LONGEST_PACKAGES, host_client
from support.aws_models import input_of
from support.stacks import ROOT, TODAY

_ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/12345678-1234-1234-1234-123456789012-1"
PLACE = Place("aws", "eu-west-1", "111122223333")
FILES = ROOT / "components" / "access" / "files"
NAT = {"natGateways": "single"}


def load(**settings: Any) -> StackSettings:
    config = {name: json.dumps(value) for name, value in settings.items()}
    return load_stack(config, project="orders", stack="dev", region="us-east-1", today=TODAY).settings


def mistakes(**settings: Any) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(**settings)
    return [str(problem) for problem in error.value.problems]


def programs() -> dict[str, str]:
    return {name: (FILES / name).read_text(encoding="utf-8") for name in ("smoke.py", "smoke.sh")}


def script(
    mechanism: Mechanism, *, packages: str = "", cluster: str = "orders", secret: str = "", arn: str = "", operate: bool = False
) -> str:
    client = host_client(mechanism, operate=operate)
    connection = connection_of(CLIENT, client, mechanism, bootstrap="", region="eu-west-1", secret=secret)
    return user_data(
        programs(),
        connection,
        formats=client.ready_formats,
        cluster_name=cluster,
        cluster_arn=arn or _ARN,
        packages=packages,
        operate=operate,
    )


def test_there_is_none_unless_asked_for() -> None:
    settings = load()
    assert settings.test_client is None
    assert settings.host_mechanism is None
    assert settings.all_clients == settings.clients


@pytest.mark.parametrize(
    ("authentication", "expected"),
    [
        ({"iam": {}}, Mechanism.IAM),
        ({"iam": {}, "scram": {}}, Mechanism.IAM),
        ({"scram": {}}, Mechanism.SCRAM),
    ],
)
def test_it_is_one_more_client_of_a_mechanism_that_is_on(authentication: dict[str, Any], expected: Mechanism) -> None:
    settings = load(testClient={}, network=NAT, authentication=authentication)
    assert settings.host_mechanism is expected
    identity = settings.all_clients[CLIENT].identity
    assert identity is not None
    assert identity.mechanism is expected


@pytest.mark.parametrize("mechanism", [Mechanism.IAM, Mechanism.SCRAM])
def test_it_may_touch_its_own_topic_and_groups_and_nothing_else(mechanism: Mechanism) -> None:
    access = host_client(mechanism).access
    assert not access.administer_cluster
    assert not access.transactional_ids
    statements = json.dumps(policy_templates(access, "orders", "eu-west-1"))
    assert f"/{CLIENT}" in statements
    assert "DynamicConfiguration" not in statements.replace("TopicDynamicConfiguration", "")


def test_it_opens_nothing_to_a_source_of_the_stack_file() -> None:
    with_it = plan_security_group(load(testClient={}, network=NAT))
    assert with_it == plan_security_group(load(network=NAT))


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        *(
            (name, "arm64")
            for name in ("t4g.small", "m7g.large", "c7gn.xlarge", "r8g.medium", "im4gn.large", "a1.medium", "g5g.xlarge")
        ),
        *((name, "x86_64") for name in ("t3.small", "t3a.micro", "m5.large", "g5.xlarge", "c6i.2xlarge", "u-6tb1.112xlarge")),
    ],
)
def test_the_image_fits_the_processor(instance_type: str, expected: str) -> None:
    assert architecture(instance_type) == expected
    assert image_parameter(instance_type).endswith(expected)


@pytest.mark.parametrize("wrong", ["t4g", "small", "T4G.SMALL", "t4g.smal", "kafka.t3.small"])
def test_what_is_no_instance_type_is_refused(wrong: str) -> None:
    (mistake,) = mistakes(testClient={"instanceType": wrong}, network=NAT)
    assert mistake == f"testClient.instanceType = {wrong}: must be an EC2 instance type such as t4g.small."


def test_without_a_way_to_the_internet_it_needs_packages() -> None:
    (mistake,) = mistakes(testClient={})
    assert "testClient.packages" in mistake
    assert "network.natGateways to single" in mistake
    assert load(testClient={"packages": "s3://orders/packages"}).test_client
    assert load(testClient={}, network=NAT).test_client


def test_public_access_is_no_way_out_for_a_host_without_a_public_address() -> None:
    settings = load(testClient={"packages": "s3://orders/packages"}, network={"publicAccess": True})
    assert without_internet(settings)


def test_the_ways_out_of_a_vpc_that_is_there_are_its_owners() -> None:
    existing = {"vpcId": "vpc-0123456789abcdef0", "subnetIds": ["subnet-0123456789abcdef0", "subnet-1123456789abcdef0"]}
    assert not without_internet(load(testClient={}, network={"existing": existing}))


def test_it_has_no_certificate() -> None:
    authority = "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/12345678-1234-1234-1234-123456789012"
    (mistake,) = mistakes(testClient={}, network=NAT, authentication={"tls": {"certificateAuthorityArns": [authority]}})
    assert "needs authentication.iam or authentication.scram" in mistake


def test_its_name_and_its_user_are_its_own() -> None:
    client = {"from": {"cidr": "10.90.0.0/24"}, "as": {"scramUser": CLIENT}}
    both = mistakes(testClient={}, network=NAT, authentication={"scram": {}}, clients={CLIENT: client})
    assert len(both) == 2
    assert "is the name of testClient" in both[0]
    (one,) = mistakes(testClient={}, network=NAT, authentication={"scram": {}}, clients={"erp": client})
    assert "a client has it" in one


# --- The host -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packages", [f"s3://{'b' * 63}/{'w' * (LONGEST_PACKAGES - 70)})", ""], ids=["packages", "internet"])
@pytest.mark.parametrize("mechanism", [Mechanism.IAM, Mechanism.SCRAM])
def test_what_is_on_it_fits_into_user_data_with_the_longest_names(mechanism: Mechanism, packages: str) -> None:
    secret = f"arn:aws-us-gov:secretsmanager:ap-southeast-1:111122223333:secret:AmazonMSK_{'c' * 64}_{CLIENT}_abc123-AbCdEf"
    arn = f"arn:aws-us-gov:kafka:ap-southeast-1:111122223333:cluster/{'c' * 64}/12345678-1234-1234-1234-123456789012-12"
    assert len(packages) in (0, LONGEST_PACKAGES)
    secret = secret if mechanism is Mechanism.SCRAM else ""
    longest = script(mechanism, packages=packages, cluster="c" * 64, secret=secret, arn=arn, operate=True)
    assert len(longest.encode()) <= MAXIMUM_USER_DATA


def test_more_than_amazon_ec2_takes_is_no_script() -> None:
    connection = connection_of(CLIENT, host_client(Mechanism.IAM), Mechanism.IAM, bootstrap="", region="eu-west-1")
    with pytest.raises(ValueError, match="Amazon EC2 allows 16384"):
        user_data(
            {"smoke.py": "x" * MAXIMUM_USER_DATA, "smoke.sh": ""},
            connection,
            formats=[],
            cluster_name="orders",
            cluster_arn=_ARN,
            packages="",
            operate=False,
        )


def test_a_narrowed_program_is_the_same_program_with_its_own_docstring() -> None:
    program = programs()["smoke.py"]
    narrow = narrowed(without_docstrings(program))
    assert len(narrow) < len(program)
    tree = ast.parse(program)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    assert (ast.get_docstring(ast.parse(narrow)) or "").splitlines()[0] == (ast.get_docstring(tree) or "").splitlines()[0]
    for module in (tree, narrow_tree := ast.parse(narrow)):
        module.body = module.body[1:]
    assert ast.dump(narrow_tree) == ast.dump(tree)


def test_kafkas_tools_are_brought_at_once_for_operators_and_from_the_internet_where_there_is_no_bucket() -> None:
    without, of_operators = script(Mechanism.IAM), script(Mechanism.IAM, operate=True)
    assert "operator --prepare" not in without
    assert "./operator --prepare || true\n./smoke --prepare\n" in of_operators
    assert f"KAFKA={KAFKA_ARCHIVE}\nSIGNER={SIGNER_ARCHIVE}\n" in of_operators
    bucket = script(Mechanism.IAM, packages="s3://orders/packages")
    assert "KAFKA=''\nSIGNER=yes\n" in bucket
    assert "SIGNER=''\n" in script(Mechanism.SCRAM)


def test_a_password_is_read_on_the_host_and_never_in_its_user_data() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_orders_msk-smoke-test_abc123-AbCdEf"
    assert f"SECRET={arn}" in script(Mechanism.SCRAM, secret=arn)
    assert "SECRET=''" in script(Mechanism.IAM)


def test_the_signer_is_installed_where_tokens_are_signed() -> None:
    assert len(requirements(Mechanism.IAM)) == 2
    assert len(requirements(Mechanism.SCRAM)) == 1
    assert endpoint_services(Mechanism.IAM) == ("ssm", "ssmmessages")
    assert endpoint_services(Mechanism.SCRAM) == ("ssm", "ssmmessages", "secretsmanager")


def statements(**changes: str) -> list[dict[str, Any]]:
    wanted = {"packages": "", "secret_arn": "", "key_arn": "", **changes}
    document = json.loads(json.dumps(host_policy(PLACE, **wanted)))
    found: list[dict[str, Any]] = document["Statement"]
    return found


def test_its_role_reads_the_packages_and_nothing_beside_them() -> None:
    listing, reading = statements(packages="s3://orders-artifacts/kafka/packages/")
    assert listing["Resource"] == "arn:aws:s3:::orders-artifacts"
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["kafka/packages", "kafka/packages/*"]}}
    assert reading["Resource"] == "arn:aws:s3:::orders-artifacts/kafka/packages/*"


def test_its_role_reads_its_own_password_and_decrypts_through_secrets_manager_only() -> None:
    reading, decrypting = statements(secret_arn="arn:secret", key_arn="arn:key")  # noqa: S106 - an ARN
    assert (reading["Action"], reading["Resource"]) == (["secretsmanager:GetSecretValue"], "arn:secret")
    assert decrypting["Resource"] == "arn:key"
    assert decrypting["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}


def test_no_statement_is_about_everything() -> None:
    found = statements(packages="s3://orders", secret_arn="arn:secret", key_arn="arn:key")  # noqa: S106 - an ARN
    assert all(item["Resource"] != "*" and "*" not in "".join(item["Action"]) for item in found)


def test_the_usual_types_are_types_of_amazon_ec2() -> None:
    known = set(input_of("ec2", "RunInstances").members["InstanceType"].enum)
    listed = {name for name in known if is_listed(name)}
    assert listed == {
        f"{family}.{size}" for families, sizes in USUAL_HOSTS.items() for family in families.split() for size in sizes.split()
    }
    assert "t4g.small" in listed
    assert "t4g.16xlarge" not in listed
