"""The cluster itself: Standard or Express brokers."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NotRequired

import pulumi
from pulumi_aws import msk

from components.cluster.guards import cluster_guards
from components.component import Component
from components.imports import import_name, import_options
from domain.msk.brokers import BrokerKind, broker_kind
from domain.msk.listeners import Reach, all_brokers, hosts_of, sorted_bootstrap
from domain.msk.versions import MetadataMode, metadata_mode
from domain.plan.cluster import ClusterIntent

_VOLUME_SIZE = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
_SHORTEST_TIMEOUT_MINUTES = 180
_MINUTES_A_BROKER = 20
"""A rolling update takes 10 to 15 minutes a broker (MSK Developer Guide, "Update the broker size"), with room to spare."""


class KafkaClusterArgs(ClusterIntent):
    """Arguments of `KafkaCluster`."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """One subnet for each zone. Changing them replaces the cluster."""
    ways_out: NotRequired[Sequence[pulumi.Resource]]
    """Routes to the internet that public access needs before it is turned on."""
    security_group_id: pulumi.Input[str]
    """The brokers' security group. Changing it replaces the cluster."""
    data_key_arn: pulumi.Input[str]
    """ARN of the key of the brokers' volumes. Changing it replaces the cluster."""
    configuration_arn: pulumi.Input[str]
    """ARN of the MSK configuration."""
    configuration_revision: pulumi.Input[int]
    """Revision of the MSK configuration."""
    log_group_name: pulumi.Input[str]
    """The log group for broker logs."""
    log_bucket: NotRequired[pulumi.Input[str] | None]
    """Name of a bucket for broker logs. Default: none."""
    certificate_authority_arns: Sequence[pulumi.Input[str]]
    """ARNs of the private CAs for mutual TLS; empty: mutual TLS is off."""


class KafkaCluster(Component):
    """An Amazon MSK cluster with its guards.

    What AWS fills in by itself is left out, so that a second preview shows no change: log sinks, authentication and throughput
    are written only where they are on. `unauthenticated`, public access and open monitoring are always written: left out, they
    may be on.
    """

    args_type = KafkaClusterArgs
    module = "cluster"

    cluster: pulumi.CustomResource
    """The cluster as pulumi-aws has it."""
    arn: pulumi.Output[str]
    """The cluster's ARN."""
    cluster_name: pulumi.Output[str]
    """The cluster's name."""
    bootstrap: dict[str, pulumi.Output[str]]
    """Bootstrap string of each enabled listener by its output's name, sorted: AWS gives it in any order."""
    brokers: dict[str, pulumi.Output[str]]
    """All brokers of each enabled listener by the same names, not only the three that a bootstrap string has at most."""
    hosts: pulumi.Output[list[str]]
    """The brokers' host names in the VPC, without ports."""
    exports: Mapping[str, object]
    """What the stack exports of it: also the version it runs, whether AWS waits for the customer to do something (NONE,
    ACTION_RECOMMENDED or CRITICAL_ACTION_REQUIRED), and ZooKeeper's TLS connection string, None with KRaft."""

    def __init__(self, name: str, args: KafkaClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # Not the day, and not what holds for some days only: the component would show a change each morning.
        shown = {key: value for key, value in args.items() if key not in ("today", "acknowledged", "ways_out")}
        super().__init__(name, args, opts, shown={**shown, "listeners": [str(listener) for listener in args["listeners"]]})
        brokers = args["brokers_per_zone"] * len(args["subnet_ids"])
        minutes = f"{max(_SHORTEST_TIMEOUT_MINUTES, _MINUTES_A_BROKER * brokers)}m"
        express = broker_kind(args["broker_type"]) is BrokerKind.EXPRESS
        resource_name = import_name(f"{name}-msk", args.get("import_id"))
        options = import_options(resource_name, args)
        hooks = cluster_guards(name, today=datetime.date.fromisoformat(args["today"]), acknowledged=args["acknowledged"])
        if "hooks" in options:
            frozen = options["hooks"]
            hooks.before_create = [*(frozen.before_create or []), *(hooks.before_create or [])]
            hooks.before_update = [*(frozen.before_update or []), *(hooks.before_update or [])]
        # Only while autoscaling grows the volumes: otherwise nobody could resize them on purpose.
        grown = [_VOLUME_SIZE] if args["storage_autoscaling"] and not express else []
        rebalancing = args.get("rebalancing")
        ignored = [*grown, *(options.get("ignore_changes") or [])]
        self.cluster = cluster = msk.Cluster(
            resource_name,
            cluster_name=args["cluster_name"],
            kafka_version=args["kafka_version"],
            number_of_broker_nodes=brokers,
            broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
                instance_type=args["broker_type"],
                client_subnets=args["subnet_ids"],
                security_groups=[args["security_group_id"]],
                connectivity_info=_connectivity(args),
                storage_info=None if express else _storage(args),
            ),
            client_authentication=_client_authentication(args),
            configuration_info=msk.ClusterConfigurationInfoArgs(
                arn=args["configuration_arn"], revision=args["configuration_revision"]
            ),
            encryption_info=msk.ClusterEncryptionInfoArgs(
                encryption_at_rest_kms_key_arn=args["data_key_arn"],
                encryption_in_transit=msk.ClusterEncryptionInfoEncryptionInTransitArgs(
                    client_broker=args["client_broker"], in_cluster=True
                ),
            ),
            enhanced_monitoring=args["monitoring_level"],
            logging_info=msk.ClusterLoggingInfoArgs(broker_logs=_broker_logs(args)),
            open_monitoring=_exporters(on=bool(args.get("open_monitoring"))),
            # Written out: left out, it stays what it is.
            rebalancing=msk.ClusterRebalancingArgs(status=rebalancing) if rebalancing else None,
            storage_mode=None if express else args["storage_mode"],
            tags=args["tags"],
            opts=self.child(
                protect=args["protect"],
                custom_timeouts=pulumi.CustomTimeouts(create=minutes, update=minutes, delete=minutes),
                ignore_changes=ignored or None,
                hooks=hooks,
                depends_on=args.get("ways_out") or None,
                import_=options.get("import_"),
            ),
        )
        self.arn = cluster.arn
        self.cluster_name = cluster.cluster_name
        self.bootstrap = {
            listener.bootstrap_output: _bootstrap(self.cluster, listener.bootstrap_output).apply(sorted_bootstrap)
            for listener in args["listeners"]
            if listener.bootstrap_output
        }
        self.brokers = {
            output: bootstrap.apply(lambda addresses: all_brokers(addresses, brokers))
            for output, bootstrap in self.bootstrap.items()
        }
        private = next(
            listener.bootstrap_output
            for listener in args["listeners"]
            if listener.bootstrap_output and listener.reach is Reach.VPC
        )
        self.hosts = self.brokers[private].apply(hosts_of)
        has_zookeeper = metadata_mode(args["kafka_version"]) is MetadataMode.ZOOKEEPER
        self.exports = {
            "clusterArn": self.arn,
            "clusterName": self.cluster_name,
            "kafkaVersion": cluster.kafka_version,
            "customerActionStatus": cluster.customer_action_status,
            "bootstrap": self.bootstrap,
            "brokers": self.brokers,
            "zookeeper": cluster.zookeeper_connect_string_tls if has_zookeeper else None,
        }
        self.register_outputs({"arn": self.arn, "bootstrap": self.bootstrap, "brokers": self.brokers})


def _bootstrap(cluster: msk.Cluster, output: str) -> pulumi.Output[str]:
    """One of the cluster's bootstrap outputs; AWS leaves the ones it has not got empty."""
    snake_case = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in output)
    value: pulumi.Output[str | None] = getattr(cluster, snake_case)
    return value.apply(lambda text: text or "")


def _connectivity(args: KafkaClusterArgs) -> msk.ClusterBrokerNodeGroupInfoConnectivityInfoArgs:
    """Written out even when off: a block that is left out keeps what the cluster has, so public access would stay on."""
    return msk.ClusterBrokerNodeGroupInfoConnectivityInfoArgs(
        public_access=msk.ClusterBrokerNodeGroupInfoConnectivityInfoPublicAccessArgs(
            type="SERVICE_PROVIDED_EIPS" if args["public_access"] else "DISABLED"
        ),
        vpc_connectivity=_vpc_connectivity(args.get("multi_vpc")),
        network_type="DUAL" if args.get("dual_stack") else None,
    )


def _vpc_connectivity(
    mechanisms: Sequence[str] | None,
) -> msk.ClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityArgs | None:
    """Every mechanism is written out: what is left out stays on."""
    if mechanisms is None:
        return None
    return msk.ClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityArgs(
        client_authentication=msk.ClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityClientAuthenticationArgs(
            sasl=msk.ClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityClientAuthenticationSaslArgs(
                iam="iam" in mechanisms, scram="scram" in mechanisms
            ),
            tls="tls" in mechanisms,
        )
    )


def _exporters(*, on: bool) -> msk.ClusterOpenMonitoringArgs:
    return msk.ClusterOpenMonitoringArgs(
        prometheus=msk.ClusterOpenMonitoringPrometheusArgs(
            jmx_exporter=msk.ClusterOpenMonitoringPrometheusJmxExporterArgs(enabled_in_broker=on),
            node_exporter=msk.ClusterOpenMonitoringPrometheusNodeExporterArgs(enabled_in_broker=on),
        )
    )


def _broker_logs(args: KafkaClusterArgs) -> msk.ClusterLoggingInfoBrokerLogsArgs:
    bucket, stream = args.get("log_bucket"), args.get("log_stream")
    return msk.ClusterLoggingInfoBrokerLogsArgs(
        cloudwatch_logs=msk.ClusterLoggingInfoBrokerLogsCloudwatchLogsArgs(enabled=True, log_group=args["log_group_name"]),
        s3=msk.ClusterLoggingInfoBrokerLogsS3Args(enabled=True, bucket=bucket, prefix=args.get("log_prefix") or None)
        if bucket is not None
        else None,
        firehose=msk.ClusterLoggingInfoBrokerLogsFirehoseArgs(enabled=True, delivery_stream=stream) if stream else None,
    )


def _storage(args: KafkaClusterArgs) -> msk.ClusterBrokerNodeGroupInfoStorageInfoArgs:
    throughput = None
    if args["provisioned_throughput"]:
        throughput = msk.ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfoProvisionedThroughputArgs(
            enabled=True, volume_throughput=args["provisioned_throughput"]
        )
    return msk.ClusterBrokerNodeGroupInfoStorageInfoArgs(
        ebs_storage_info=msk.ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfoArgs(
            volume_size=args["storage_gib"], provisioned_throughput=throughput
        )
    )


def _client_authentication(args: KafkaClusterArgs) -> msk.ClusterClientAuthenticationArgs:
    sasl = None
    if args["iam"] or args["scram"]:
        sasl = msk.ClusterClientAuthenticationSaslArgs(iam=args["iam"] or None, scram=args["scram"] or None)
    arns = args["certificate_authority_arns"]
    authorities = [*sorted(arn for arn in arns if isinstance(arn, str)), *(arn for arn in arns if not isinstance(arn, str))]
    return msk.ClusterClientAuthenticationArgs(
        sasl=sasl,
        # An empty block would be sent as "off" again and again.
        tls=msk.ClusterClientAuthenticationTlsArgs(certificate_authority_arns=authorities) if authorities else None,
        unauthenticated=args["unauthenticated"],
    )
