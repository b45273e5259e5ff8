"""The test client: a host that nothing reaches, and that reaches little."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from components.access.test_client import KafkaTestClient
from domain.access.mechanisms import Mechanism
from domain.msk.listeners import enabled_listeners
from domain.settings.test_client import CLIENT
from offline.engine.inventory import rows
from offline.engine.run import Run
from support.programs import inputs, of_type, run_inline, the
from support.stacks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

INSTANCE = "aws:ec2/instance:Instance"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CLUSTER = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/12345678-1234-1234-1234-123456789012-1"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


def made(mechanism: Mechanism = Mechanism.IAM, *, dry_run: bool = False, **changes: Any) -> Run:
    args: dict[str, Any] = {
        "region": "eu-west-1",
        "cluster_arn": CLUSTER,
        "cluster_name": "orders",
        "mechanism": mechanism,
        "listeners": enabled_listeners(client_broker="TLS", iam=True, scram=True, tls=False, unauthenticated=False),
        "brokers": {"bootstrapBrokersSaslIam": "b-1:9098", "bootstrapBrokersSaslScram": "b-1:9096"},
        "broker_security_group_id": "sg-brokers",
        "vpc_id": "vpc-1",
        "subnet_id": "subnet-1",
        "endpoints_for": "10.40.0.0/20",
        "instance_type": "t4g.small",
        "wheels": "s3://orders-artifacts/wheels",
        "secrets_key_arn": KEY if mechanism is Mechanism.SCRAM else "",
        "tags": {"team": "streaming"},
        **changes,
    }
    return run_inline(lambda: KafkaTestClient("test", args), dry_run=dry_run)  # type: ignore[arg-type]  # a dictionary of anything


def both() -> list[Any]:
    return [pytest.param(item, id=str(item)) for item in (Mechanism.IAM, Mechanism.SCRAM)]


@pytest.mark.parametrize("mechanism", both())
def test_the_host_has_no_way_in_no_public_address_and_an_encrypted_volume(mechanism: Mechanism) -> None:
    run = made(mechanism)
    host = inputs(run, INSTANCE)
    assert host["associatePublicIpAddress"] is False
    assert "keyName" not in host
    assert host["metadataOptions"] == {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}
    assert host["rootBlockDevice"]["encrypted"] is True
    (group,) = host["vpcSecurityGroupIds"]
    assert group == the(run, "aws:ec2/securityGroup:SecurityGroup", "test-group").id
    assert all(rule.inputs["securityGroupId"] != group for rule in of_type(run, INGRESS))


@pytest.mark.parametrize(("mechanism", "port"), [(Mechanism.IAM, 9098), (Mechanism.SCRAM, 9096)])
def test_it_reaches_one_port_of_the_brokers_and_https(mechanism: Mechanism, port: int) -> None:
    run = made(mechanism)
    out = {rule.name: rule.inputs for rule in of_type(run, EGRESS)}
    assert {(rule["fromPort"], rule["toPort"], rule["ipProtocol"]) for rule in out.values()} == {
        (port, port, "tcp"),
        (443, 443, "tcp"),
    }
    assert out["test-to-brokers"]["referencedSecurityGroupId"] == "sg-brokers"
    into = the(run, INGRESS, "test-into-brokers").inputs
    assert (into["securityGroupId"], into["fromPort"], into["toPort"]) == ("sg-brokers", port, port)
    assert into["referencedSecurityGroupId"] == out["test-to-brokers"]["securityGroupId"]


@pytest.mark.parametrize("mechanism", both())
def test_its_role_is_session_managers_and_what_its_access_needs(mechanism: Mechanism) -> None:
    run = made(mechanism)
    role = the(run, "aws:iam/role:Role")
    assert "ec2.amazonaws.com" in role.inputs["assumeRolePolicy"]
    attached = of_type(run, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert {attachment.inputs["role"] for attachment in attached} == {role.outputs["name"]}
    arns = {attachment.inputs["policyArn"] for attachment in attached}
    assert "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" in arns
    assert len(arns) == (2 if mechanism is Mechanism.IAM else 1)
    reads = {statement["Sid"] for statement in json.loads(inputs(run, "aws:iam/rolePolicy:RolePolicy")["policy"])["Statement"]}
    expected = {"ListWheels", "ReadWheels"}
    assert reads == (expected if mechanism is Mechanism.IAM else expected | {"ReadPassword", "Decrypt"})
    assert inputs(run, INSTANCE)["iamInstanceProfile"] == the(run, "aws:iam/instanceProfile:InstanceProfile").outputs["name"]


def test_endpoints_stand_where_there_is_no_other_way_to_aws_and_only_there() -> None:
    assert of_type(made(endpoints_for="", wheels=""), ENDPOINT) == []
    found = of_type(made(Mechanism.SCRAM), ENDPOINT)
    assert {item.inputs["serviceName"].rpartition(".")[2] for item in found} == {"ssm", "ssmmessages", "secretsmanager"}
    for item in found:
        assert (item.inputs["vpcEndpointType"], item.inputs["privateDnsEnabled"]) == ("Interface", True)
        assert item.inputs["subnetIds"] == ["subnet-1"]


def test_with_a_way_to_the_internet_its_role_reads_no_bucket() -> None:
    assert of_type(made(endpoints_for="", wheels=""), "aws:iam/rolePolicy:RolePolicy") == []


def test_its_files_are_in_parameter_store_and_its_script_reads_them_there() -> None:
    run = made()
    names = {resource.inputs["name"] for resource in of_type(run, "aws:ssm/parameter:Parameter")}
    settings = dict(
        line.split("=", 1) for line in inputs(run, INSTANCE)["userData"].splitlines() if line.startswith(("FILES=", "NAMES="))
    )
    files, below = (settings[name].strip("'") for name in ("FILES", "NAMES"))
    assert {f"{files}/{item}" for item in below.split()} == names
    assert files == f"/msk/orders/clients/{CLIENT}"


def test_a_newer_image_alone_does_not_replace_it_and_new_programs_do() -> None:
    (host,) = (row for row in rows(made()) if row["type"] == INSTANCE)
    assert host["options"]["ignoreChanges"] == ["ami"]
    assert host["inputs"]["userDataReplaceOnChange"] is True


@pytest.mark.parametrize("mechanism", both())
def test_a_preview_knows_as_many_resources(mechanism: Mechanism) -> None:
    assert {resource.name for resource in made(mechanism, dry_run=True).resources} == {
        resource.name for resource in made(mechanism).resources
    }


# --- smoke.sh -----------------------------------------------------------------------------------------------

_AWS = """#!/bin/bash
case "$*" in
*get-parameter*NOT-THERE*) echo "ParameterNotFound" >&2; exit 254;;
*get-parameter*) echo "# file";;
*get-secret-value*) echo '{"username": "msk-smoke-test", "password": "it is secret"}';;
*) echo "aws $*" >&2; exit 2;;
esac
"""


def on_a_host(directory: Path, *options: str, files: str = "/msk/orders", secret: str = "") -> subprocess.CompletedProcess[str]:
    """Runs smoke.sh with programs that stand for AWS's and for the installed library."""
    home = directory / "home"
    (home / "python" / "bin").mkdir(parents=True)
    (home / "installed").touch()
    python = home / "python" / "bin" / "python"
    python.write_text('#!/bin/bash\n[ "$1" = -c ] && exec python3 "$@"\necho "[$KAFKA_PASSWORD] $*"\n', encoding="utf-8")
    (home / "settings").write_text(
        f"REGION=eu-west-1\nFILES={files}\nNAMES='java/client.properties'\nSECRET={secret}\nWHEELS=\nREQUIREMENTS=kafka-python\n",
        encoding="utf-8",
    )
    (directory / "aws").write_text(_AWS, encoding="utf-8")
    for item in (python, directory / "aws"):
        item.chmod(0o755)
    return subprocess.run(
        ["/bin/bash", str(ROOT / "components" / "access" / "files" / "smoke.sh"), *options],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{directory}:{os.environ['PATH']}", "MSK_SMOKE_HOME": str(home)},
    )


def test_smoke_runs_the_program_with_the_clients_file_and_password(tmp_path: Path) -> None:
    done = on_a_host(tmp_path, "--json", secret="arn:secret")  # noqa: S106 - an ARN
    assert done.returncode == 0, done.stderr
    file = tmp_path / "home" / "files" / "kafka-python" / "kafka_client.py"
    assert done.stdout == f"[it is secret] {tmp_path}/home/smoke.py --client {file} --json\n"
    assert file.read_text(encoding="utf-8") == "# file\n"


def test_smoke_prepares_every_file(tmp_path: Path) -> None:
    done = on_a_host(tmp_path, "--prepare")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "home" / "files" / "java" / "client.properties").exists()


def test_smoke_says_what_it_could_not_read(tmp_path: Path) -> None:
    done = on_a_host(tmp_path, files="/msk/NOT-THERE")
    assert done.returncode == 1
    assert "smoke: prepare: the client's file /msk/NOT-THERE/kafka-python/kafka_client.py cannot be read" in done.stderr
