"""Clients and topics of a stack file: what AWS would receive, and that no password is in the clear anywhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.access.rights import Names
from domain.access.statements import ResourceType, resource_arns, with_cluster
from offline.engine.inventory import rows
from support.stacks import project_with, run_stack

if TYPE_CHECKING:
    from pathlib import Path

    from inventory.rows import ResourceRow

CLUSTER = "aws:msk/cluster:Cluster"
STACK: dict[str, Any] = {
    "brokerType": "kafka.m7g.large",
    "authentication": {"iam": {}, "scram": {}},
    "topics": {
        "orders.v1": {"partitions": 24, "retentionHours": 168},
        "customers": {"partitions": 12, "cleanupPolicy": "compact"},
    },
    "clients": {
        "api": {
            "from": {"cidr": "10.40.0.0/20"},
            "as": {"role": {"ec2": {}}},
            "produce": {"topics": ["orders.v1"]},
        },
        "pods": {
            "from": {"cidr": "10.40.0.0/20"},
            "as": {"role": {"eksPodIdentity": {"cluster": "apps", "namespace": "orders", "serviceAccount": "api"}}},
            "consume": {"prefixes": ["orders."], "groups": ["pods"]},
        },
        "there": {
            "from": {"cidr": "10.40.0.0/20"},
            "as": {"principal": "arn:aws:iam::123456789012:user/team/ann"},
            "admin": {"topics": ["orders.v1"]},
        },
        "erp": {
            "from": {"cidr": "10.90.0.0/24"},
            "as": {"scramUser": "erp"},
            "consume": {"topics": ["customers"], "groups": ["erp"]},
        },
        "totals": {
            "from": {"cidr": "10.40.0.0/20"},
            "as": {"role": {"ecs": {}}},
            "streams": {"applicationId": "sums"},
            "consume": {"topics": ["orders.v1"]},
        },
        "ports-only": {"from": {"cidr": "10.90.1.0/24"}},
    },
}


@pytest.fixture
def deployed(tmp_path: Path) -> list[ResourceRow]:
    return inventory(tmp_path, STACK)


def inventory(directory: Path, config: dict[str, Any], *, dry_run: bool = False) -> list[ResourceRow]:
    directory.mkdir(parents=True, exist_ok=True)
    project_with(directory, {"prod": yaml.safe_dump({"config": config})})
    # The offline engine's rows and the domain's are of one shape, written down in two rooms on purpose.
    found: Any = rows(run_stack("prod", dry_run=dry_run, directory=directory))
    typed: list[ResourceRow] = found
    return typed


def of(found: list[ResourceRow], type_: str) -> list[ResourceRow]:
    return [row for row in found if row["type"] == type_]


def cluster_arn(found: list[ResourceRow]) -> str:
    (cluster,) = of(found, CLUSTER)
    return str(cluster["outputs"]["arn"])


def test_topics_are_what_the_stack_file_says_and_protected(deployed: list[ResourceRow]) -> None:
    topics = {str(row["inputs"]["name"]): row for row in of(deployed, "aws:msk/topic:Topic")}
    assert {name: (row["inputs"]["partitionCount"], row["inputs"]["replicationFactor"]) for name, row in topics.items()} == {
        "customers": (12, 3),
        "orders.v1": (24, 3),
    }
    assert json.loads(str(topics["orders.v1"]["inputs"]["configs"])) == {"retention.ms": "604800000"}
    assert all(row["options"]["protect"] is True for row in topics.values())
    assert all(row["name"] == f"kafka-topics-{name}" for name, row in topics.items())


def test_each_iam_client_may_do_what_it_asks_for_on_this_cluster(deployed: list[ResourceRow]) -> None:
    arn = cluster_arn(deployed)
    policies = {row["name"]: json.loads(str(row["inputs"]["policy"])) for row in of(deployed, "aws:iam/policy:Policy")}
    assert set(policies) == {f"kafka-clients-{name}-1" for name in ("api", "pods", "there", "totals")}
    for document in policies.values():
        assert "000000000000" not in json.dumps(document)
        assert all(text.startswith(arn.partition(":cluster/")[0]) for part in document["Statement"] for text in part["Resource"])
    produced = {item for part in policies["kafka-clients-api-1"]["Statement"] for item in part["Resource"]}
    assert produced == {arn, *resource_arns(arn, ResourceType.TOPIC, Names(("orders.v1",)))}
    read = json.dumps(policies["kafka-clients-pods-1"])
    assert ":topic/" in read
    assert "orders.*" in read
    assert "kafka-cluster:WriteData" not in read
    written = {
        resource
        for part in policies["kafka-clients-totals-1"]["Statement"]
        for resource in part["Resource"]
        if "kafka-cluster:WriteData" in part["Action"]
    }
    assert written == set(resource_arns(arn, ResourceType.TOPIC, Names(prefixes=("sums-",))))


def test_policies_are_attached_to_whom_they_are_for(deployed: list[ResourceRow]) -> None:
    (user,) = of(deployed, "aws:iam/userPolicyAttachment:UserPolicyAttachment")
    assert user["inputs"]["user"] == "ann"
    roles = {str(row["outputs"]["name"]) for row in of(deployed, "aws:iam/role:Role")}
    attached = {str(row["inputs"]["role"]) for row in of(deployed, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")}
    assert attached == roles
    assert len(of(deployed, "aws:iam/instanceProfile:InstanceProfile")) == 1
    (pods,) = of(deployed, "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert pods["inputs"].items() >= {"clusterName": "apps", "namespace": "orders", "serviceAccount": "api"}.items()


def test_a_scram_user_is_one_that_amazon_msk_takes(deployed: list[ResourceRow]) -> None:
    (secret,) = of(deployed, "aws:secretsmanager/secret:Secret")
    assert str(secret["inputs"]["name"]).startswith("AmazonMSK_msk-platform-prod_erp_")
    (key,) = [row for row in of(deployed, "aws:kms/key:Key") if row["name"].endswith("secrets")]
    assert secret["inputs"]["kmsKeyId"] == key["outputs"]["arn"]
    (association,) = of(deployed, "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation")
    before: Any = association["options"]["dependsOn"]
    assert {urn.split("::")[2].rpartition("$")[2] for urn in before} >= {
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
    }
    (policy,) = of(deployed, "aws:secretsmanager/secretPolicy:SecretPolicy")
    (statement,) = json.loads(str(policy["inputs"]["policy"]))["Statement"]
    assert statement["Principal"] == {"Service": "kafka.amazonaws.com"}
    assert statement["Resource"] == secret["outputs"]["arn"]


def test_a_password_is_shown_nowhere(deployed: list[ResourceRow]) -> None:
    (version,) = of(deployed, "aws:secretsmanager/secretVersion:SecretVersion")
    assert version["inputs"]["secretString"] == "[secret]"
    (password,) = of(deployed, "random:index/randomPassword:RandomPassword")
    assert password["outputs"]["result"] == "[secret]"


def test_every_client_with_an_identity_has_its_files_with_the_brokers_of_its_mechanism(deployed: list[ResourceRow]) -> None:
    parameters = {
        str(row["inputs"]["name"]): str(row["inputs"]["insecureValue"]) for row in of(deployed, "aws:ssm/parameter:Parameter")
    }
    clients = {name.split("/")[4] for name in parameters}
    assert clients == {"api", "pods", "there", "erp", "totals"}
    for name, text in parameters.items():
        port = "9096" if name.split("/")[4] == "erp" else "9098"
        assert f".amazonaws.com:{port}" in text, name
    erp = parameters["/msk/msk-platform-prod/clients/erp/java/consumer.properties"]
    assert "secret:AmazonMSK_msk-platform-prod_erp_" in erp
    formats = {client: {name.split("/")[5] for name in parameters if name.split("/")[4] == client} for client in clients}
    # One each, by the kind of client.
    assert formats.pop("totals") == {"kafka-streams"}
    assert all(others == {"java"} for others in formats.values())
    assert "application.id=sums\n" in parameters["/msk/msk-platform-prod/clients/totals/kafka-streams/streams.properties"]


def test_a_preview_has_the_very_resources_of_the_update(tmp_path: Path) -> None:
    planned, made = (inventory(tmp_path / str(dry), STACK, dry_run=dry) for dry in (True, False))
    assert [row["urn"] for row in planned] == [row["urn"] for row in made]


def test_to_change_a_password_a_second_user_comes_and_then_the_first_one_goes(tmp_path: Path) -> None:
    def users(name: str, **identity: str) -> set[str]:
        clients = {**STACK["clients"], "erp": {**STACK["clients"]["erp"], "as": identity}}
        found = inventory(tmp_path / name, {**STACK, "clients": clients})
        return {row["urn"] for row in found if "::kafka-clients-erp-" in row["urn"] and "-files" not in row["urn"]}

    first = users("first", scramUser="erp")
    both = users("both", scramUser="erp", nextScramUser="erp-b")
    last = users("last", scramUser="erp-b")
    assert first < both
    assert last < both
    assert first | last == both
    assert first & last == set()


def test_another_accounts_principal_is_never_taken_for_one_of_the_same_name_here(tmp_path: Path) -> None:
    clients = {
        "there": {
            "from": {"cidr": "10.40.0.0/20"},
            "as": {"principal": "arn:aws:iam::210987654321:role/x"},
            "produce": {"topics": ["a"]},
        }
    }
    stranger = inventory(tmp_path / "stranger", {"clients": clients})
    (attachment,) = of(stranger, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    # No role can be called this: IAM refuses it.
    assert attachment["inputs"]["role"] == "arn:aws:iam::210987654321:role/x"
    named = {"brokerType": "kafka.m7g.large", "network": {"multiVpc": {"iam": True, "accounts": ["210987654321"]}}}
    guest = inventory(tmp_path / "guest", {**named, "clients": clients})
    assert of(guest, "aws:iam/policy:Policy") == []
    (policy,) = of(guest, "aws:msk/clusterPolicy:ClusterPolicy")
    assert "arn:aws:iam::210987654321:role/x" in str(policy["inputs"]["policy"])


def test_a_policy_for_another_arn_is_an_error() -> None:
    with pytest.raises(ValueError, match="not the ARN"):
        with_cluster("{}", "arn:aws:s3:::bucket")


# --- What a change of the stack file is a change of --------------------------------------------------------------------


Inputs = dict[str, dict[str, Any]]


def in_aws(found: list[ResourceRow]) -> Inputs:
    """What AWS would receive, by name and type: the components are this program's own."""
    return {f"{row['name']}|{row['type']}": dict(row["inputs"]) for row in found if row["type"].startswith(("aws:", "random:"))}


def changes(directory: Path, config: dict[str, Any]) -> tuple[Inputs, Inputs, Inputs]:
    """What the stack has more, has no longer and has otherwise with other settings."""
    old, new = in_aws(inventory(directory / "old", STACK)), in_aws(inventory(directory / "new", {**STACK, **config}))
    return (
        {key: new[key] for key in new.keys() - old.keys()},
        {key: old[key] for key in old.keys() - new.keys()},
        {key: new[key] for key in new.keys() & old.keys() if new[key] != old[key]},
    )


def with_client(name: str, **changed: Any) -> dict[str, Any]:
    return {"clients": {**STACK["clients"], name: {**STACK["clients"].get(name, {}), **changed}}}


def test_a_topic_more_is_one_resource_more(tmp_path: Path) -> None:
    more, fewer, otherwise = changes(tmp_path, {"topics": {**STACK["topics"], "payments": {"partitions": 6}}})
    assert list(more) == ["kafka-topics-payments|aws:msk/topic:Topic"]
    assert fewer == otherwise == {}


@pytest.mark.parametrize(
    ("topic", "changed"),
    [
        ({"partitions": 48, "retentionHours": 168}, "partitionCount"),
        ({"partitions": 24, "retentionHours": 336}, "configs"),
        ({"partitions": 24, "retentionHours": 168, "replicationFactor": 4}, "replicationFactor"),
    ],
)
def test_a_topic_that_changes_is_changed_in_that_alone(topic: dict[str, Any], changed: str, tmp_path: Path) -> None:
    before = in_aws(inventory(tmp_path / "before", STACK))
    brokers = {"brokersPerZone": 2} if "replicationFactor" in topic else {}
    more, fewer, otherwise = changes(tmp_path, {"topics": {**STACK["topics"], "orders.v1": topic}, **brokers})
    assert more == fewer == {}
    key = "kafka-topics-orders.v1|aws:msk/topic:Topic"
    assert {name for name in otherwise[key] if otherwise[key][name] != before[key].get(name)} == {changed}
    if not brokers:
        assert list(otherwise) == [key]


@pytest.mark.parametrize(
    "identity",
    [
        {"role": {"ecs": {}}},
        {"principal": "arn:aws:iam::123456789012:role/billing"},
        {"scramUser": "billing"},
    ],
    ids=["a role", "a principal", "a SCRAM user"],
)
def test_a_client_more_is_its_own_resources_more_and_one_fewer_its_own_fewer(identity: dict[str, Any], tmp_path: Path) -> None:
    client = {"from": {"cidr": "10.92.0.0/24"}, "as": identity, "consume": {"topics": ["orders.v1"], "groups": ["billing"]}}
    more, fewer, otherwise = changes(tmp_path, with_client("billing", **client))
    assert more
    assert all(key.startswith("kafka-clients-billing-") or "-from-10.92.0.0/24|" in key for key in more)
    assert fewer == otherwise == {}
    rest = {name: item for name, item in STACK["clients"].items() if name != "erp"}
    more, fewer, otherwise = changes(tmp_path / "without", {"clients": rest})
    assert all(key.startswith("kafka-clients-erp-") or "-from-10.90.0.0/24|" in key for key in fewer)
    assert more == otherwise == {}


def test_a_role_that_becomes_a_principal_keeps_its_policies(tmp_path: Path) -> None:
    identity = {"principal": "arn:aws:iam::123456789012:role/api"}
    more, fewer, otherwise = changes(tmp_path, with_client("api", **{"as": identity}))
    assert more == {}
    assert {key.partition("|")[2] for key in fewer} == {
        "aws:iam/role:Role",
        "aws:iam/instanceProfile:InstanceProfile",
    }
    assert list(otherwise) == ["kafka-clients-api-1|aws:iam/rolePolicyAttachment:RolePolicyAttachment"]
    assert otherwise["kafka-clients-api-1|aws:iam/rolePolicyAttachment:RolePolicyAttachment"]["role"] == "api"
