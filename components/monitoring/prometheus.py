"""Amazon Managed Service for Prometheus: a workspace, a scraper on the brokers' exporters, rules, and Grafana over it."""

from collections.abc import Mapping, Sequence
from typing import NotRequired

import pulumi
from pulumi_aws import amp, ec2, grafana, iam, vpc

from components.component import Component, named, place
from domain.access.documents import as_json
from domain.monitoring.prometheus_documents import alert_manager_definition, grafana_role_policy, grafana_trust_policy
from domain.monitoring.prometheus_scraping import render_managed_scrape_configuration
from domain.msk.listeners import EXPORTER_PORTS
from domain.plan.monitoring import PrometheusIntent

_FIRST_PORT, _LAST_PORT = min(EXPORTER_PORTS.values()), max(EXPORTER_PORTS.values())


class PrometheusMonitoringArgs(PrometheusIntent):
    """Arguments of `PrometheusMonitoring`."""

    hosts: pulumi.Input[Sequence[str]]
    """The brokers' host names."""
    vpc_id: pulumi.Input[str]
    """The brokers' VPC."""
    subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets of at least two Availability Zones, where the scraper has its network interfaces."""
    broker_security_group_id: pulumi.Input[str]
    """The brokers' security group, which lets the scraper in."""
    key_arn: pulumi.Input[str]
    """ARN of the key of the workspace. Changing it replaces the workspace, and its metrics are lost."""
    topic_arns: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The topic of each severity, whose policy lets Amazon Managed Service for Prometheus publish. Default: nobody is told."""


class PrometheusMonitoring(Component):
    """A workspace that has the metrics of the brokers' exporters, and the rules over them.

    The scraper belongs to AWS and stands in the brokers' subnets: it needs no way to the internet. The cluster must have open
    monitoring on, and the VPC DNS (Amazon Managed Service for Prometheus User Guide, "Set up managed Prometheus collectors for
    Amazon MSK").
    """

    args_type = PrometheusMonitoringArgs
    module = "monitoring"

    workspace_id: pulumi.Output[str]
    """The workspace's id."""
    endpoint: pulumi.Output[str]
    """Where Prometheus queries go."""
    grafana_endpoint: pulumi.Output[str] | None
    """Host name of the Grafana workspace; None without one."""

    def __init__(self, name: str, args: PrometheusMonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # The rules are the namespace's own input.
        super().__init__(name, args, opts, shown={**args, "rules": ""})
        self._name, self._args = name, args
        workspace = amp.Workspace(
            f"{name}-workspace",
            alias=args["cluster_name"],
            kms_key_arn=args["key_arn"],
            tags=args["tags"],
            opts=self.child(protect=args["protect"]),
        )
        self.workspace_id, self.endpoint = workspace.id, workspace.prometheus_endpoint
        self._scraper(workspace)
        amp.RuleGroupNamespace(
            f"{name}-rules",
            name=args["cluster_name"],
            workspace_id=workspace.id,
            data=args["rules"],
            tags=args["tags"],
            opts=self.child(),
        )
        if topics := args.get("topic_arns"):
            amp.AlertManagerDefinition(
                f"{name}-alerts",
                workspace_id=workspace.id,
                definition=pulumi.Output.all(**topics).apply(lambda arns: alert_manager_definition(arns, args["region"])),
                opts=self.child(),
            )
        authentication = args.get("grafana_authentication", ())
        self.grafana_endpoint = self._grafana(workspace, authentication) if authentication else None
        self.register_outputs(
            {"workspaceId": self.workspace_id, "endpoint": self.endpoint, "grafanaEndpoint": self.grafana_endpoint}
        )

    def _scraper(self, workspace: amp.Workspace) -> None:
        name, args = self._name, self._args
        group, rules = self._security_group()
        amp.Scraper(
            f"{name}-scraper",
            alias=args["cluster_name"],
            source=amp.ScraperSourceArgs(
                vpc=amp.ScraperSourceVpcArgs(security_group_ids=[group.id], subnet_ids=[*args["subnet_ids"]])
            ),
            destination=amp.ScraperDestinationArgs(amp=amp.ScraperDestinationAmpArgs(workspace_arn=workspace.arn)),
            scrape_configuration=pulumi.Output.from_input(args["hosts"]).apply(
                lambda hosts: render_managed_scrape_configuration(args["cluster_name"], hosts, args["more_series"])
            ),
            tags=args["tags"],
            opts=self.child(depends_on=rules),
        )

    def _security_group(self) -> tuple[ec2.SecurityGroup, list[pulumi.Resource]]:
        """Nothing comes in; out to the exporters and to nothing else. Names are resolved by the VPC, which no group stops."""
        name, args = self._name, self._args
        group = ec2.SecurityGroup(
            f"{name}-scraper",
            description="Prometheus scraper",
            vpc_id=args["vpc_id"],
            tags=named(args["tags"], f"{args['cluster_name']}-scraper"),
            opts=self.child(),
        )
        out = vpc.SecurityGroupEgressRule(
            f"{name}-to-exporters",
            security_group_id=group.id,
            description="Prometheus exporters of the brokers",
            ip_protocol="tcp",
            from_port=_FIRST_PORT,
            to_port=_LAST_PORT,
            referenced_security_group_id=args["broker_security_group_id"],
            tags=args["tags"],
            opts=self.child(),
        )
        into = vpc.SecurityGroupIngressRule(
            f"{name}-into-brokers",
            security_group_id=args["broker_security_group_id"],
            description="Prometheus exporters from the scraper",
            ip_protocol="tcp",
            from_port=_FIRST_PORT,
            to_port=_LAST_PORT,
            referenced_security_group_id=group.id,
            tags=args["tags"],
            opts=self.child(),
        )
        return group, [out, into]

    def _grafana(self, workspace: amp.Workspace, authentication: Sequence[str]) -> pulumi.Output[str]:
        name, args = self._name, self._args
        here = place(args["region"], self)
        role = iam.Role(
            f"{name}-grafana",
            assume_role_policy=here.apply(lambda where: as_json(grafana_trust_policy(where))),
            tags=args["tags"],
            opts=self.child(),
        )
        policy = iam.RolePolicy(
            f"{name}-grafana",
            role=role.name,
            policy=pulumi.Output.all(here, workspace.arn).apply(lambda known: as_json(grafana_role_policy(known[0], known[1]))),
            opts=self.child(),
        )
        grafana_workspace = grafana.Workspace(
            f"{name}-grafana",
            name=args["cluster_name"],
            account_access_type="CURRENT_ACCOUNT",
            authentication_providers=[*authentication],
            permission_type="CUSTOMER_MANAGED",
            role_arn=role.arn,
            data_sources=["PROMETHEUS", "CLOUDWATCH"],
            tags=args["tags"],
            opts=self.child(depends_on=[policy]),
        )
        return grafana_workspace.endpoint
