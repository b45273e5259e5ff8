"""A cluster's stack and the stack that connects to it, from another account: what the one exports and allows, the other uses."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.access.cluster_policy import account_of
from domain.access.statements import statements
from domain.msk.listeners import LISTENERS, MECHANISMS, Reach
from domain.settings.stack import StackSettings
from inventory.deployer.table import table
from offline.aws.double import AwsDouble
from offline.engine.run import Run, run_program
from offline.project.loading import load_project
from support.client_kinds import ACCOUNT, OTHER_ACCOUNT, SETTINGS
from support.programs import inputs, of_type, the
from support.project_copies import copy_project
from support.stacks import ROOT, run_stack

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER = "aws:msk/cluster:Cluster"
POLICY = "aws:msk/clusterPolicy:ClusterPolicy"
CONNECTION = "aws:msk/vpcConnection:VpcConnection"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CLIENT_ROLE = f"arn:aws:iam::{OTHER_ACCOUNT}:role/erp"
ADMIN_ROLE = f"arn:aws:iam::{OTHER_ACCOUNT}:role/network"
MECHANISM = {"SASL_IAM": "iam", "SASL_SCRAM": "scram", "TLS": "tls"}
"""Each authentication of a connection, by the setting that turns it on."""
MULTI_VPC = {
    "account": {"accounts": [OTHER_ACCOUNT]},
    "principal": {"principals": [ADMIN_ROLE]},
}
"""Who may set up connections: a whole account, or one of its roles."""
ENTRY: dict[str, Any] = {
    "from": {"cidr": "10.90.0.0/24"},
    "as": {"principal": CLIENT_ROLE},
    "produce": {"topics": ["orders.v1"]},
    "consume": {"topics": ["customers"], "groups": ["erp"]},
}


def cluster_side(directory: Path, mechanisms: list[str], **named: Any) -> Run:
    settings: dict[str, Any] = {
        "brokerType": "kafka.m7g.large",
        "authentication": SETTINGS["authentication"],
        "serverProperties": {"allow.everyone.if.no.acl.found": False},
        "network": {"multiVpc": {**dict.fromkeys(mechanisms, True), **named}},
        "clients": {"erp": ENTRY},
    }
    return run_stack("dev", dry_run=False, directory=copy_project(directory, **settings))


def client_side(directory: Path, cluster: Run, authentication: str) -> Run:
    """The example, in the other account, with what the cluster's stack exports."""
    project = directory / "examples" / "vpc-connection"
    shutil.copytree(ROOT / "examples" / "vpc-connection", project)
    for part in ("components", "domain"):
        (directory / part).symlink_to(ROOT / part)
    config = {
        "aws:region": region_of(cluster),
        "clusterArn": cluster.exports["clusterArn"],
        "bootstrap": cluster.exports["bootstrap"][output_of(authentication)],
        "authentication": authentication,
        "vpcId": "vpc-0123456789abcdef0",
        "subnetIds": [f"subnet-{number:017}" for number in range(len(broker_subnets(cluster)))],
        "clientSecurityGroup": "sg-0123456789abcdef0",
    }
    (project / "Pulumi.client.yaml").write_text(yaml.safe_dump({"config": config}), encoding="utf-8")
    return run_program(
        project, load_project(project).stack_config("client"), dry_run=False, double=AwsDouble(account=OTHER_ACCOUNT)
    )


def region_of(cluster: Run) -> str:
    return str(cluster.exports["clusterArn"].split(":")[3])


def broker_subnets(cluster: Run) -> list[str]:
    found: list[str] = inputs(cluster, CLUSTER)["brokerNodeGroupInfo"]["clientSubnets"]
    return found


def output_of(authentication: str) -> str:
    """The output with the bootstrap string for connections of this authentication."""
    name = MECHANISMS[MECHANISM[authentication]]
    (found,) = [
        listener.bootstrap_output for listener in LISTENERS if listener.reach is Reach.MULTI_VPC and listener.name == name
    ]
    return str(found)


def cluster_policy(cluster: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(inputs(cluster, POLICY)["policy"])["Statement"]
    return found


def allowed(policy: list[dict[str, Any]], principal: str, resource: str) -> set[str]:
    """Actions that a policy allows a principal on a resource."""
    return {
        action
        for statement in policy
        if principal
        in ([statement["Principal"]["AWS"]] if isinstance(statement["Principal"]["AWS"], str) else statement["Principal"]["AWS"])
        and resource in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])
        for action in statement["Action"]
    }


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return cluster_side(tmp_path_factory.mktemp("cluster"), list(MECHANISM.values()), accounts=[OTHER_ACCOUNT])


@pytest.fixture(params=list(MECHANISM))
def authentication(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(tmp_path: Path, cluster: Run, authentication: str) -> Run:
    return client_side(tmp_path, cluster, authentication)


def test_every_mechanism_that_a_cluster_offers_to_other_vpcs_is_an_authentication_of_a_connection() -> None:
    assert set(MECHANISM.values()) == set(MECHANISMS)
    assert {output_of(item) for item in MECHANISM} == {
        listener.bootstrap_output for listener in LISTENERS if listener.reach is Reach.MULTI_VPC
    }


def test_the_connection_is_to_this_cluster_in_its_region_and_of_another_account(client: Run, cluster: Run) -> None:
    connection = the(client, CONNECTION)
    assert connection.inputs["targetClusterArn"] == the(cluster, CLUSTER).outputs["arn"] == cluster.exports["clusterArn"]
    assert connection.outputs["arn"].split(":")[3:5] == [region_of(cluster), OTHER_ACCOUNT]
    assert account_of(cluster.exports["clusterArn"]) == ACCOUNT
    # Requirements of the MSK Developer Guide: one subnet for each of the cluster's.
    assert len(connection.inputs["clientSubnets"]) == len(broker_subnets(cluster))


def test_the_cluster_takes_connections_of_the_authentication(client: Run, cluster: Run, authentication: str) -> None:
    asked = the(client, CONNECTION).inputs["authentication"]
    on = inputs(cluster, CLUSTER)["brokerNodeGroupInfo"]["connectivityInfo"]["vpcConnectivity"]["clientAuthentication"]
    taken = {"SASL_IAM": on["sasl"]["iam"], "SASL_SCRAM": on["sasl"]["scram"], "TLS": on["tls"]}
    assert asked == authentication
    assert taken[asked] is True


def test_clients_reach_every_broker_of_the_bootstrap_string_on_both_sides(client: Run, cluster: Run) -> None:
    ports = {int(broker.rpartition(":")[2]) for broker in client.exports["bootstrap"].split(",")}
    assert ports
    connection = the(client, CONNECTION)
    assert connection.inputs["securityGroups"] == [the(client, GROUP).id]
    for side, source in ((client, "sg-0123456789abcdef0"), (cluster, ENTRY["from"]["cidr"])):
        opened = [
            range(resource.inputs["fromPort"], resource.inputs["toPort"] + 1)
            for resource in of_type(side, RULE)
            if source in (resource.inputs.get("referencedSecurityGroupId"), resource.inputs.get("cidrIpv4"))
        ]
        assert all(any(port in some for some in opened) for port in ports)


def test_nothing_else_is_open_to_clients_of_the_connection(client: Run) -> None:
    assert {(resource.inputs["fromPort"], resource.inputs["toPort"]) for resource in of_type(client, RULE)} == {(14001, 14100)}


@pytest.mark.parametrize("who", MULTI_VPC)
def test_the_clusters_policy_lets_the_other_side_make_the_connection(who: str, tmp_path: Path) -> None:
    there = cluster_side(tmp_path, ["iam"], **MULTI_VPC[who])
    principal = {"account": f"arn:aws:iam::{OTHER_ACCOUNT}:root", "principal": ADMIN_ROLE}[who]
    arn = there.exports["clusterArn"]
    assert inputs(there, POLICY)["clusterArn"] == arn
    can = allowed(cluster_policy(there), principal, arn)
    # What deploying a connection does with somebody else's cluster, by the table for deploying roles.
    needed = {
        action
        for grant in table()[CONNECTION].grants
        if any(":cluster/" in resource for resource in grant.resources)
        for action in grant.actions
        if action.startswith("kafka:")
    }
    assert "kafka:CreateVpcConnection" in needed
    assert needed <= can
    # Nobody but who is named, and they get no data by that alone.
    assert not [action for action in can if action.startswith("kafka-cluster:")]


def test_the_clusters_policy_lets_the_client_do_what_its_entry_says_and_no_more(cluster: Run) -> None:
    arn = cluster.exports["clusterArn"]
    found = [
        {name: statement[name] for name in ("Effect", "Action", "Resource")}
        for statement in cluster_policy(cluster)
        if statement["Principal"]["AWS"] == CLIENT_ROLE
    ]
    settings = StackSettings.model_validate({"brokerType": "kafka.m7g.large", "clients": {"erp": ENTRY}})
    asked = statements(settings.clients["erp"].access, arn)
    assert found == [{name: item[name] for name in ("Effect", "Action", "Resource")} for item in asked]


def test_what_is_off_for_connections_has_no_brokers_to_connect_to(tmp_path: Path) -> None:
    there = cluster_side(tmp_path, ["iam"], accounts=[OTHER_ACCOUNT])
    exported = {authentication for authentication in MECHANISM if output_of(authentication) in there.exports["bootstrap"]}
    assert exported == {"SASL_IAM"}


def test_a_clients_files_name_the_brokers_that_the_connection_leads_to(cluster: Run, tmp_path: Path) -> None:
    exported = client_side(tmp_path, cluster, "SASL_IAM").exports["bootstrap"]
    files = [
        resource.inputs["insecureValue"]
        for resource in of_type(cluster, "aws:ssm/parameter:Parameter")
        if resource.inputs["name"].endswith("/clients/erp/java/client.properties")
    ]
    assert len(files) == 1
    (line,) = [line for line in files[0].splitlines() if line.startswith("bootstrap.servers=")]
    assert set(exported.split(",")) <= set(line.partition("=")[2].split(","))
