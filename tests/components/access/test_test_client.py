"""The test client: a host that nothing reaches, and that reaches little."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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
        "packages": "s3://orders-artifacts/packages",
        "operate": False,
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
    expected = {"ListPackages", "ReadPackages"}
    assert reads == (expected if mechanism is Mechanism.IAM else expected | {"ReadPassword", "Decrypt"})
    assert inputs(run, INSTANCE)["iamInstanceProfile"] == the(run, "aws:iam/instanceProfile:InstanceProfile").outputs["name"]


def test_endpoints_stand_where_there_is_no_other_way_to_aws_and_only_there() -> None:
    assert of_type(made(endpoints_for="", packages=""), ENDPOINT) == []
    found = of_type(made(Mechanism.SCRAM), ENDPOINT)
    assert {item.inputs["serviceName"].rpartition(".")[2] for item in found} == {"ssm", "ssmmessages", "secretsmanager"}
    for item in found:
        assert (item.inputs["vpcEndpointType"], item.inputs["privateDnsEnabled"]) == ("Interface", True)
        assert item.inputs["subnetIds"] == ["subnet-1"]


def test_with_a_way_to_the_internet_its_role_reads_no_bucket() -> None:
    assert of_type(made(endpoints_for="", packages=""), "aws:iam/rolePolicy:RolePolicy") == []


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
*get-parameter*) echo "bootstrap.servers=b-1:9098";;
*get-secret-value*) echo '{"username": "msk-smoke-test", "password": "it is secret"}';;
*"s3 sync --only-show-errors s3://orders/packages "*) mkdir -p "${@: -1}"; cp -r "$ARCHIVES"/. "${@: -1}";;
*) echo "aws $*" >&2; exit 2;;
esac
"""


@dataclass
class Host:
    """A host on which everything is there but what a test takes away, with programs that stand for AWS's and for the library."""

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home = self.directory / "home"
        (self.home / "python" / "bin").mkdir(parents=True)
        (self.home / "installed").touch()
        python = self.home / "python" / "bin" / "python"
        python.write_text('#!/bin/bash\necho "[$KAFKA_PASSWORD] $*"\n', encoding="utf-8")
        for name in ("smoke", "operator"):
            (self.directory / name).symlink_to(ROOT / "components" / "access" / "files" / "smoke.sh")
        (self.directory / "aws").write_text(_AWS, encoding="utf-8")
        for item in (python, self.directory / "aws"):
            item.chmod(0o755)

    def put_packages(self, *, signer: bool = True) -> None:
        """Puts an archive of Kafka with one tool, and the signer, where AWS's stand-in has its bucket."""
        archives = self.directory / "archives"
        tool = archives / "kafka_2.13-3.9.2" / "bin" / "kafka-topics.sh"
        (archives / "kafka_2.13-3.9.2" / "libs").mkdir(parents=True)
        tool.parent.mkdir()
        tool.write_text('#!/bin/bash\nread -r line <client.properties\necho "$line; $*; $CLUSTER"; exit 7\n', encoding="utf-8")
        tool.chmod(0o755)
        with tarfile.open(archives / "kafka_2.13-3.9.2.tgz", "w:gz") as archive:
            archive.add(archives / "kafka_2.13-3.9.2", "kafka_2.13-3.9.2")
        if signer:
            (archives / "aws-msk-iam-auth-2.3.9-all.jar").touch()

    def run(self, name: str, *options: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs one of the host's two programs."""
        settings = {
            "REGION": "eu-west-1",
            "CLUSTER": "orders",
            "ARN": CLUSTER,
            "FILES": "/msk/orders",
            "NAMES": "java/client.properties",
            "SECRET": "",
            "PACKAGES": "s3://orders/packages",
            "REQUIREMENTS": "kafka-python",
            "KAFKA": "",
            "SIGNER": "yes",
            **self.settings,
        }
        lines = [f"{key}={shlex.quote(value)}\n" for key, value in settings.items()]
        file, text = self.home / "settings", "".join(lines)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
        path = f"{self.directory}:{os.environ['PATH']}"
        return subprocess.run(
            ["/bin/bash", str(self.directory / name), *options],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": path, "MSK_SMOKE_HOME": str(self.home), "ARCHIVES": str(self.directory / "archives")},
        )


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_smoke_runs_the_program_with_the_clients_file_and_password(host: Host) -> None:
    host.settings["SECRET"] = "arn:secret"  # noqa: S105 - an ARN
    done = host.run("smoke", "--json")
    assert done.returncode == 0, done.stderr
    file = host.home / "files" / "kafka-python" / "kafka_client.py"
    assert done.stdout == f"[it is secret] {host.home}/smoke.py --client {file} --json\n"
    assert file.read_text(encoding="utf-8") == "bootstrap.servers=b-1:9098\n"


def test_smoke_prepares_every_file(host: Host) -> None:
    done = host.run("smoke", "--prepare")
    assert (done.returncode, done.stdout) == (0, "")
    assert (host.home / "files" / "java" / "client.properties").exists()


def test_smoke_says_what_it_could_not_read(host: Host) -> None:
    host.settings["FILES"] = "/msk/NOT-THERE"
    done = host.run("smoke")
    assert done.returncode == 1
    assert "smoke: prepare: the client's file /msk/NOT-THERE/kafka-python/kafka_client.py cannot be read" in done.stderr


def test_operator_brings_kafkas_tools_from_the_bucket_and_runs_a_command_with_its_exit_code(host: Host) -> None:
    host.put_packages()
    done = host.run("operator", "kafka-topics.sh", "--bootstrap-server", "a b")
    assert (done.returncode, done.stdout) == (7, "bootstrap.servers=b-1:9098; --bootstrap-server a b; orders\n"), done.stderr
    assert (host.home / "kafka" / "libs" / "aws-msk-iam-auth-2.3.9-all.jar").exists()
    # A second time nothing is brought: the bucket is not asked any more.
    host.settings["PACKAGES"] = "s3://orders/gone"
    again = host.run("operator", "sh", "-c", 'echo "$BOOTSTRAP $CLUSTER $REGION $ARN"')
    assert (again.returncode, again.stdout) == (0, f"b-1:9098 orders eu-west-1 {CLUSTER}\n"), again.stderr


def test_commands_that_come_at_once_wait_for_the_one_that_brings_the_tools(host: Host) -> None:
    host.put_packages()
    host.run("operator", "--none-such")
    (host.home / "kafka" / "ready").unlink()
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda number: host.run("operator", "kafka-topics.sh", str(number)), range(4)))
    assert [done.returncode for done in ended] == [7] * 4, [done.stderr for done in ended]
    assert [done.stdout for done in ended] == [f"bootstrap.servers=b-1:9098; {number}; orders\n" for number in range(4)]


def test_operator_without_a_command_is_a_shell_with_its_variables_beside_the_clients_file(host: Host) -> None:
    host.put_packages(signer=False)
    host.settings |= {"SIGNER": "", "SECRET": "arn:secret"}
    done = host.run("operator", stdin='echo "$BOOTSTRAP $KAFKA_PASSWORD"; ls\nexit 3\n')
    assert (done.returncode, done.stdout) == (3, "b-1:9098 it is secret\nclient.properties\n"), done.stderr


def test_operator_says_what_the_bucket_lacks(host: Host) -> None:
    host.put_packages(signer=False)
    done = host.run("operator", "--prepare")
    assert done.returncode == 1
    assert "operator: prepare: s3://orders/packages lacks aws-msk-iam-auth-*-all.jar." in done.stderr
    assert not (host.home / "kafka" / "ready").exists()


def test_operator_says_that_there_is_no_way_to_the_internet(host: Host) -> None:
    host.settings |= {"PACKAGES": "", "KAFKA": "https://127.0.0.1:1/kafka_2.13-3.9.2.tgz"}
    done = host.run("operator", "--prepare")
    assert done.returncode == 1
    assert "operator: prepare: https://127.0.0.1:1/kafka_2.13-3.9.2.tgz cannot be read: is there a way" in done.stderr
