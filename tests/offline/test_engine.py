"""The engine's behaviour, as programs see it."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws
import pytest
from pulumi_aws import Provider, ec2, kms, msk
from pulumi_random import RandomPassword

from offline.aws.double import AwsDouble
from offline.engine.inventory import rows
from offline.engine.run import Run
from offline.protocol import wire
from offline.protocol.failures import Diagnostic, DuplicateUrn, NotOffline, ProgramFailed, UnknownFunction
from support.programs import REGION, inputs, of_type, run_inline, the

AWS: Any = pulumi_aws
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
KEY = "aws:kms/key:Key"
STACK_URN = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


class Network(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("shop:net:Network", name, {"cidr": "10.0.0.0/16"}, opts)
        self.vpc = ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"vpcId": self.vpc.id})


class Site(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("shop:net:Site", name)
        self.network = Network(name, pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def preview_and_up(program: object) -> tuple[Run, Run]:
    assert callable(program)
    return run_inline(program), run_inline(program, dry_run=False)


def test_a_urn_chains_the_types_of_all_ancestors_but_the_stack() -> None:
    run = run_inline(lambda: Site("eu"))
    assert [resource.urn for resource in run.resources] == [
        STACK_URN,
        "urn:pulumi:dev::shop::shop:net:Site::eu",
        "urn:pulumi:dev::shop::shop:net:Site$shop:net:Network::eu",
        "urn:pulumi:dev::shop::shop:net:Site$shop:net:Network$aws:ec2/vpc:Vpc::eu-vpc",
    ]
    assert [resource.parent for resource in run.resources] == ["", STACK_URN, *(r.urn for r in run.resources[1:3])]


def test_the_same_type_and_name_under_another_parent_is_another_resource() -> None:
    def program() -> None:
        Network("a")
        ec2.Vpc("a-vpc", cidr_block="10.0.0.0/16")

    assert len(of_type(run_inline(program), VPC)) == 2


def test_a_duplicate_is_refused_in_the_engines_words_with_the_name() -> None:
    def program() -> None:
        ec2.Vpc("main", cidr_block="10.0.0.0/16")
        ec2.Vpc("main", cidr_block="10.1.0.0/16")

    with pytest.raises(DuplicateUrn) as caught:
        run_inline(program)
    urn = "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::main"
    assert str(caught.value) == f"Duplicate resource URN '{urn}'; try giving it a unique name"
    assert (caught.value.urn, caught.value.name) == (urn, "main")


def test_in_a_preview_ids_and_what_aws_computes_are_unknown_and_the_rest_is_known() -> None:
    seen: list[object] = []

    def program() -> None:
        vpc = ec2.Vpc("main", cidr_block="10.0.0.0/16")
        ec2.Subnet("a", vpc_id=vpc.id, cidr_block=vpc.cidr_block)
        for output in (vpc.id, vpc.arn, vpc.cidr_block, vpc.enable_dns_support):
            output.apply(seen.append)
        pulumi.export("arn", vpc.arn)
        pulumi.export("cidr", vpc.cidr_block)

    planned, done = run_inline(program), None
    assert sorted(map(str, seen)) == ["10.0.0.0/16", "True"]
    assert inputs(planned, SUBNET)["vpcId"] == wire.UNKNOWN
    assert the(planned, VPC).outputs["arn"] == wire.UNKNOWN
    assert planned.exports == {"arn": wire.UNKNOWN, "cidr": "10.0.0.0/16"}

    seen.clear()
    done = run_inline(program, dry_run=False)
    assert len(seen) == 4
    vpc = the(done, VPC)
    assert inputs(done, SUBNET)["vpcId"] == vpc.id
    assert done.exports["arn"] == f"arn:aws:ec2:{REGION}:123456789012:vpc/{vpc.id}"
    assert not wire.contains([resource.inputs for resource in done.resources], wire.is_unknown)


def test_a_components_outputs_are_those_it_registers() -> None:
    planned, done = preview_and_up(lambda: Network("a"))
    assert the(planned, "shop:net:Network").outputs == {"vpcId": wire.UNKNOWN}
    assert the(done, "shop:net:Network").outputs == {"vpcId": the(done, VPC).id}
    assert the(done, "shop:net:Network").inputs == {"cidr": "10.0.0.0/16"}
    assert not the(done, "shop:net:Network").custom


def test_every_option_that_is_set_is_recorded_and_no_other() -> None:
    def program() -> None:
        first = ec2.Vpc("first", cidr_block="10.0.0.0/16")
        ec2.Vpc("plain", cidr_block="10.0.0.0/16")
        ec2.Vpc(
            "all",
            cidr_block="10.0.0.0/16",
            opts=pulumi.ResourceOptions(
                protect=True,
                ignore_changes=["cidr_block"],
                delete_before_replace=False,
                custom_timeouts=pulumi.CustomTimeouts(create="3h", delete="20m"),
                aliases=[pulumi.Alias(name="old"), "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::older"],
                depends_on=[first],
                additional_secret_outputs=["arn"],
                retain_on_delete=True,
                deleted_with=first,
                replace_on_changes=["instance_tenancy"],
            ),
        )

    run = run_inline(program)
    first = the(run, VPC, "first").urn
    version = {"version": the(run, VPC, "plain").options["version"]}
    assert the(run, VPC, "plain").options == version
    assert the(run, VPC, "all").options == {
        **version,
        "protect": True,
        "ignoreChanges": ["cidrBlock"],
        "deleteBeforeReplace": False,
        "customTimeouts": {"create": "3h", "delete": "20m"},
        "aliases": [{"name": "old"}, "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::older"],
        "dependsOn": [first],
        "additionalSecretOutputs": ["arn"],
        "retainOnDelete": True,
        "deletedWith": first,
        "replaceOnChanges": ["instanceTenancy"],
    }
    assert wire.is_secret(the(run, VPC, "all").outputs["arn"])
    assert not wire.is_secret(the(run, VPC, "first").outputs["arn"])


def test_what_a_property_depends_on_is_recorded() -> None:
    def program() -> None:
        vpc = ec2.Vpc("main", cidr_block="10.0.0.0/16")
        ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.0.0/24")

    run = run_inline(program)
    options = the(run, SUBNET).options
    assert options["propertyDependencies"] == {"vpcId": [the(run, VPC).urn]}
    assert options["dependsOn"] == [the(run, VPC).urn]


def test_children_inherit_protection_as_the_sdk_hands_it_down() -> None:
    run = run_inline(lambda: Network("a", pulumi.ResourceOptions(protect=True)))
    assert the(run, VPC).options["protect"] is True


def test_secrets_stay_secrets_in_inputs_outputs_and_what_is_made_of_them() -> None:
    def program() -> None:
        password = RandomPassword("p", length=12)
        key = kms.Key("k", description=password.result)
        nested = pulumi.Output.all(text=password.result, number=1)
        pulumi.export("description", key.description)
        pulumi.export("nested", nested)
        pulumi.export("open", key.enable_key_rotation)

    planned, done = preview_and_up(program)
    assert wire.is_secret(inputs(done, KEY)["description"])
    assert done.exports == {"description": wire.REDACTED, "nested": wire.REDACTED, "open": False}
    # Whether an unknown value that will be secret is marked as one already depends on the SDK's version.
    assert wire.reveal(inputs(planned, KEY)["description"]) == wire.UNKNOWN
    description = wire.reveal(inputs(done, KEY)["description"])
    assert len(description) == 12
    assert description not in json.dumps(rows(done))


def test_secret_configuration_stays_secret() -> None:
    def program() -> None:
        kms.Key("k", description=pulumi.Config().require_secret("pin"))

    run = run_inline(program, config={"shop:pin": "1234"}, secret_keys=["shop:pin"])
    assert inputs(run, KEY)["description"] == wire.secret("1234")


def test_a_property_that_is_none_is_not_sent() -> None:
    def program() -> None:
        kms.Key("k", description=None, tags={"a": pulumi.Output.from_input("b")})

    assert "description" not in inputs(run_inline(program), KEY)


def test_a_resource_that_is_only_read_is_known_in_a_preview() -> None:
    def program() -> None:
        vpc = ec2.Vpc.get("old", "vpc-1")
        ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
        pulumi.export("cidr", vpc.cidr_block)

    double = AwsDouble(existing={"vpc-1": {"cidrBlock": "10.9.0.0/16"}})
    run = run_inline(program, double=double)
    assert inputs(run, SUBNET)["vpcId"] == "vpc-1"
    assert run.exports == {"cidr": "10.9.0.0/16"}
    assert the(run, VPC).external


def test_an_import_has_its_id_in_the_preview_and_in_the_options() -> None:
    def program() -> None:
        vpc = ec2.Vpc("old", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(import_="vpc-1"))
        pulumi.export("id", vpc.id)

    run = run_inline(program)
    assert the(run, VPC).options["import"] == "vpc-1"
    assert run.exports == {"id": "vpc-1"}


def test_functions_answer_at_once_and_as_outputs() -> None:
    def program() -> None:
        pulumi.export("account", AWS.get_caller_identity().account_id)
        pulumi.export("region", AWS.get_region().region)
        pulumi.export("vpc", ec2.get_vpc_output(id="vpc-7").id)

    assert run_inline(program).exports == {"account": "123456789012", "region": REGION, "vpc": "vpc-7"}


def test_a_function_of_something_unknown_is_not_asked() -> None:
    def program() -> None:
        vpc = ec2.Vpc("main", cidr_block="10.0.0.0/16")
        pulumi.export("cidr", ec2.get_vpc_output(id=vpc.id).cidr_block)

    planned, done = preview_and_up(program)
    assert planned.exports == {"cidr": wire.UNKNOWN}
    assert done.exports == {"cidr": "10.0.0.0/16"}


def test_a_function_without_an_answer_fails_with_its_name() -> None:
    with pytest.raises(UnknownFunction, match="aws:kms/getSecrets:getSecrets"):
        run_inline(lambda: pulumi.runtime.invoke("aws:kms/getSecrets:getSecrets", {}))


def test_a_provider_of_its_own_configures_its_resources() -> None:
    def program() -> None:
        tags = {"tags": {"team": "a"}}
        provider = Provider("us", region="us-west-2", default_tags=tags)
        ec2.Vpc("there", cidr_block="10.0.0.0/16", tags={"x": "y"}, opts=pulumi.ResourceOptions(provider=provider))
        ec2.Vpc("here", cidr_block="10.0.0.0/16", tags={"x": "y"})

    run = run_inline(program, dry_run=False)
    provider = the(run, "pulumi:providers:aws")
    there, here = the(run, VPC, "there"), the(run, VPC, "here")
    assert provider.urn == "urn:pulumi:dev::shop::pulumi:providers:aws::us"
    assert there.options["provider"] == f"{provider.urn}::{provider.id}"
    assert there.outputs["arn"].startswith("arn:aws:ec2:us-west-2:")
    assert here.outputs["arn"].startswith(f"arn:aws:ec2:{REGION}:")
    assert there.inputs["tagsAll"] == {"team": "a", "x": "y"}
    assert here.inputs["tagsAll"] == there.inputs["tags"] == {"x": "y"}


def test_default_tags_come_from_the_stacks_configuration() -> None:
    config = {"aws:defaultTags": '{"tags":{"team":"a","x":"z"}}'}
    run = run_inline(lambda: ec2.Vpc("v", cidr_block="10.0.0.0/16", tags={"x": "y"}), config=config)
    assert inputs(run, VPC)["tags"] == {"x": "y"}
    assert inputs(run, VPC)["tagsAll"] == {"team": "a", "x": "y"}


def test_log_messages_and_prints_become_diagnostics_in_order() -> None:
    def program() -> None:
        pulumi.log.info("first")
        print("second\nthird", end="")
        vpc = ec2.Vpc("main", cidr_block="10.0.0.0/16")
        pulumi.log.warn("about it", vpc)
        pulumi.log.debug("never shown")

    urn = "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::main"
    assert run_inline(program).diagnostics == (
        Diagnostic("info", "first"),
        Diagnostic("info", "second"),
        Diagnostic("warning", "about it", urn),
        Diagnostic("info", "third"),
    )


@pytest.mark.parametrize(
    ("program", "feature"),
    [
        (lambda: pulumi.StackReference("org/net/dev"), "stack references"),
        (lambda: pulumi.runtime.register_resource_transform(lambda _: None), "resource transforms"),
        (
            lambda: ec2.Vpc("v", opts=pulumi.ResourceOptions(transforms=[lambda _: None])),
            "resource transforms",
        ),
        (lambda: pulumi.runtime.call("a:b:C/method", {}), "resource methods"),
    ],
    ids=["stack reference", "stack transform", "transform", "method"],
)
def test_what_is_not_imitated_is_refused_by_name(program: object, feature: str) -> None:
    assert callable(program)
    with pytest.raises(NotOffline, match=feature):
        run_inline(program)


def test_resource_references_in_exports_are_shown_as_what_the_sdk_makes_of_them() -> None:
    def program() -> None:
        pulumi.export("vpc", ec2.Vpc("v", cidr_block="10.0.0.0/16"))

    exported = run_inline(program, dry_run=False).exports["vpc"]
    assert exported["cidrBlock" if "cidrBlock" in exported else "cidr_block"] == "10.0.0.0/16"


def test_the_inventory_is_json_in_the_order_of_the_program() -> None:
    def program() -> None:
        for name in "bca":
            ec2.Vpc(name, cidr_block="10.0.0.0/16")

    inventory = rows(run_inline(program))
    assert [row["name"] for row in inventory] == ["shop-dev", "b", "c", "a"]
    assert json.loads(json.dumps(inventory)) == inventory
    assert set(inventory[1]) == {"urn", "type", "name", "custom", "parent", "inputs", "outputs", "options"}


def test_a_mistake_in_an_apply_fails_the_run() -> None:
    def program() -> None:
        vpc = ec2.Vpc("v", cidr_block="10.0.0.0/16")
        ec2.Subnet("a", vpc_id="vpc-1", cidr_block=vpc.cidr_block.apply(lambda cidr: cidr[1_000]))

    with pytest.raises(ProgramFailed, match="IndexError"):
        run_inline(program)


def test_a_cluster_has_the_connection_strings_of_what_is_enabled() -> None:
    def program() -> None:
        cluster = msk.Cluster(
            "c",
            cluster_name="orders",
            kafka_version="3.9.x.kraft",
            number_of_broker_nodes=6,
            broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
                client_subnets=["subnet-1", "subnet-2", "subnet-3"],
                instance_type="kafka.m7g.large",
                security_groups=["sg-1"],
            ),
            client_authentication=msk.ClusterClientAuthenticationArgs(
                sasl=msk.ClusterClientAuthenticationSaslArgs(iam=True), unauthenticated=False
            ),
        )
        pulumi.export("iam", cluster.bootstrap_brokers_sasl_iam)
        pulumi.export("scram", cluster.bootstrap_brokers_sasl_scram)
        pulumi.export("zookeeper", cluster.zookeeper_connect_string)

    exports = run_inline(program, dry_run=False).exports
    brokers = exports["iam"].split(",")
    assert len(brokers) == 3
    assert brokers != sorted(brokers)
    assert all(broker.startswith("b-") and broker.endswith(f".kafka.{REGION}.amazonaws.com:9098") for broker in brokers)
    assert exports["scram"] == exports["zookeeper"] == ""
