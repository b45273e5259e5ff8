"""The optional test client: a small host in the brokers' VPC, reached by Session Manager only, with `smoke` and `operator`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi
from pulumi_aws import ec2, iam, ssm, vpc

from components.access.client_role import ClientAccess
from components.access.clients import KafkaClients
from components.component import Component, named, place
from domain.access.documents import as_json
from domain.access.mechanisms import Mechanism
from domain.access.rights import Access
from domain.clients.host import endpoint_services, host_policy, image_parameter, user_data
from domain.clients.plan import connection_of, listener_of
from domain.msk.regions import partition
from domain.plan.access import TestClientIntent
from domain.settings.test_client import CLIENT, host_client, host_identity

_FILES = Path(__file__).with_name("files")
_HTTPS = 443
_ROOT_GIB = 8
"""The size of the image's own volume; the host keeps nothing."""


class KafkaTestClientArgs(TestClientIntent):
    """Arguments of `KafkaTestClient`."""

    cluster_arn: pulumi.Input[str]
    """ARN of the cluster."""
    brokers: Mapping[str, pulumi.Input[str]]
    """All brokers by the name of the cluster's bootstrap output."""
    broker_security_group_id: pulumi.Input[str]
    """The brokers' security group, which gets a rule for the host."""
    vpc_id: pulumi.Input[str]
    """The VPC of the brokers."""
    subnet_id: pulumi.Input[str]
    """The subnet that the host stands in."""
    secrets_key_arn: pulumi.Input[str]
    """ARN of the key of its user's secret; empty with IAM."""


class KafkaTestClient(Component):
    """A host without inbound rules, key pair or public address, and one more Kafka client with a topic of its own.

    It is made anew when what is on it changes, and not for every new image: `pulumi up --replace` with its URN brings one.
    """

    args_type = KafkaTestClientArgs
    module = "access"

    instance_id: pulumi.Output[str]
    """The host's instance id."""
    exports: Mapping[str, pulumi.Input[str] | bool]
    """What the client is and has, as in `KafkaClients.known`, where it runs, the command that opens a shell there, and
    whether it is for operators."""

    def __init__(self, name: str, args: KafkaTestClientArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        shown = {"clusterArn": args["cluster_arn"], "mechanism": str(args["mechanism"]), "instanceType": args["instance_type"]}
        super().__init__(name, args, opts, shown=shown)
        self._name, self._args = name, args
        self._entry = host_client(args["mechanism"], operate=args["operate"])
        client = KafkaClients(
            f"{name}-client",
            {
                "region": args["region"],
                "cluster_arn": args["cluster_arn"],
                "cluster_name": args["cluster_name"],
                "clients": {CLIENT: self._entry},
                "listeners": args["listeners"],
                "brokers": args["brokers"],
                "elsewhere": frozenset(),
                "secrets_key_arn": args["secrets_key_arn"],
                "tags": args["tags"],
            },
            self.child(),
        )
        self._known = client.known[CLIENT]
        profile, grants = self._role()
        group = self._security_group()
        endpoints = self._endpoints()
        image = ssm.get_parameter_output(
            name=image_parameter(args["instance_type"]), opts=pulumi.InvokeOutputOptions(parent=self)
        ).insecure_value
        host = ec2.Instance(
            f"{name}-host",
            ami=image,
            instance_type=args["instance_type"],
            subnet_id=args["subnet_id"],
            vpc_security_group_ids=[group.id],
            associate_public_ip_address=False,
            iam_instance_profile=profile,
            metadata_options=ec2.InstanceMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=ec2.InstanceRootBlockDeviceArgs(
                encrypted=True, volume_type="gp3", volume_size=_ROOT_GIB, tags=args["tags"]
            ),
            user_data=self._user_data(),
            user_data_replace_on_change=True,
            tags=named(args["tags"], f"{args['cluster_name']}-smoke-test"),
            # Its first start reads what these give; a newer image alone is no reason to make it anew.
            opts=self.child(depends_on=[client, *grants, *endpoints], ignore_changes=["ami"]),
        )
        self.instance_id = host.id
        session = pulumi.Output.concat("aws ssm start-session --region ", args["region"], " --target ", host.id)
        self.exports = {**self._known, "instanceId": host.id, "session": session, "operate": args["operate"]}
        self.register_outputs({"instanceId": self.instance_id})

    def _user_data(self) -> pulumi.Output[str]:
        args = self._args
        programs = {program: (_FILES / program).read_text(encoding="utf-8") for program in ("smoke.py", "smoke.sh")}
        return pulumi.Output.all(secret=self._known.get("secretArn", ""), arn=args["cluster_arn"]).apply(
            lambda known: user_data(
                programs,
                connection_of(
                    CLIENT, self._entry, args["mechanism"], bootstrap="", region=args["region"], secret=known["secret"]
                ),
                formats=self._entry.ready_formats,
                cluster_name=args["cluster_name"],
                cluster_arn=known["arn"],
                packages=args["packages"],
                operate=args["operate"],
            )
        )

    def _role(self) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
        """The instance profile, and what its role must have before the host starts."""
        args = self._args
        if args["mechanism"] is Mechanism.IAM:
            principal = pulumi.Output.from_input(self._known["principalArn"])
            profile = pulumi.Output.from_input(self._known["instanceProfile"])
        else:
            client_access = ClientAccess(
                f"{self._name}-host",
                {
                    "region": args["region"],
                    "cluster_arn": args["cluster_arn"],
                    "cluster_name": args["cluster_name"],
                    "client": CLIENT,
                    "identity": host_identity(),
                    "access": Access(),
                    "tags": args["tags"],
                },
                self.child(),
            )
            principal, profile = client_access.principal_arn, pulumi.Output.from_input(client_access.instance_profile or "")
        role = principal.apply(lambda arn: arn.rpartition("/")[2])
        grants: list[pulumi.Resource] = [
            iam.RolePolicyAttachment(
                f"{self._name}-session-manager",
                role=role,
                policy_arn=f"arn:{partition(args['region'])}:iam::aws:policy/AmazonSSMManagedInstanceCore",
                opts=self.child(),
            )
        ]
        if args["packages"] or args["mechanism"] is Mechanism.SCRAM:
            reads = pulumi.Output.all(
                where=place(args["region"], self), secret=self._known.get("secretArn", ""), key=args["secrets_key_arn"]
            ).apply(
                lambda known: as_json(
                    host_policy(known["where"], packages=args["packages"], secret_arn=known["secret"], key_arn=known["key"])
                )
            )
            grants.append(iam.RolePolicy(f"{self._name}-reads", role=role, policy=reads, opts=self.child()))
        return profile, grants

    def _security_group(self) -> ec2.SecurityGroup:
        """Nothing comes in; out to the brokers' port, and to AWS and the library by HTTPS."""
        args = self._args
        group = ec2.SecurityGroup(
            f"{self._name}-group",
            description="Kafka test client",
            vpc_id=args["vpc_id"],
            tags=named(args["tags"], f"{args['cluster_name']}-smoke-test"),
            opts=self.child(),
        )
        listener = listener_of(args["mechanism"], args["listeners"])
        if listener is None:
            raise ValueError(f"The cluster has no listener for {args['mechanism']}.")
        vpc.SecurityGroupEgressRule(
            f"{self._name}-to-brokers",
            security_group_id=group.id,
            description=f"Kafka {listener.name} to the brokers",
            ip_protocol="tcp",
            from_port=listener.port,
            to_port=listener.last_port,
            referenced_security_group_id=args["broker_security_group_id"],
            tags=args["tags"],
            opts=self.child(),
        )
        vpc.SecurityGroupEgressRule(
            f"{self._name}-to-https",
            security_group_id=group.id,
            description="HTTPS to AWS and for packages",
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
            cidr_ipv4="0.0.0.0/0",
            tags=args["tags"],
            opts=self.child(),
        )
        vpc.SecurityGroupIngressRule(
            f"{self._name}-into-brokers",
            security_group_id=args["broker_security_group_id"],
            description=f"Kafka {listener.name} from the test client",
            ip_protocol="tcp",
            from_port=listener.port,
            to_port=listener.last_port,
            referenced_security_group_id=group.id,
            tags=args["tags"],
            opts=self.child(),
        )
        return group

    def _endpoints(self) -> list[pulumi.Resource]:
        """Interface endpoints in the host's subnet, for the whole VPC: their names lead every host of it here."""
        args = self._args
        if not args["endpoints_for"]:
            return []
        group = ec2.SecurityGroup(
            f"{self._name}-endpoints",
            description="Interface endpoints for the Kafka test client",
            vpc_id=args["vpc_id"],
            tags=named(args["tags"], f"{args['cluster_name']}-smoke-test-endpoints"),
            opts=self.child(),
        )
        rule = vpc.SecurityGroupIngressRule(
            f"{self._name}-into-endpoints",
            security_group_id=group.id,
            description="HTTPS from the VPC",
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
            cidr_ipv4=args["endpoints_for"],
            tags=args["tags"],
            opts=self.child(),
        )
        return [
            rule,
            *(
                ec2.VpcEndpoint(
                    f"{self._name}-{service}",
                    vpc_id=args["vpc_id"],
                    service_name=f"com.amazonaws.{args['region']}.{service}",
                    vpc_endpoint_type="Interface",
                    subnet_ids=[args["subnet_id"]],
                    security_group_ids=[group.id],
                    private_dns_enabled=True,
                    tags=named(args["tags"], f"{args['cluster_name']}-{service}"),
                    opts=self.child(),
                )
                for service in endpoint_services(args["mechanism"])
            ),
        ]
