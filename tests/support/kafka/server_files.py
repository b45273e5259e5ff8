"""The server properties of nodes on loopback: as a stack renders them, over what Amazon MSK has by itself.

Everything in which a plain Apache Kafka differs from Amazon MSK's brokers stands in this module.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.loading import load_stack
from domain.plan.platform import Plan
from offline.project.loading import load_project
from support.stacks import SHIPPED, TODAY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.kafka.certificates import Certificate


class Listener(StrEnum):
    """The brokers' listeners, with Amazon MSK's own names; each node has ports of its own."""

    REPLICATION = "REPLICATION_SECURE"
    """Between brokers, with certificates."""
    TLS = "CLIENT_SECURE"
    """For clients with certificates, 9094 in Amazon MSK."""
    SCRAM = "CLIENT_SASL_SCRAM"
    """For clients with user names and passwords, 9096 in Amazon MSK."""
    IAM = "CLIENT_IAM"
    """For clients of IAM, 9098 in Amazon MSK; here with OAUTHBEARER only, of its two mechanisms."""


CONTROLLER = "CONTROLLER"
ADMINISTRATOR = "administrator"
"""Common name of the certificate that may do everything."""
NODE = "node"
"""Common name of the certificate that brokers and controller have."""

REGION = "eu-west-1"
"""The region in which the brokers believe to be: what clients of IAM sign is for one region."""
ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - AWS's own example, in all of its documentation
"""The only key of the account that stands in for AWS."""

MSK_DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "allow.everyone.if.no.acl.found": "true",
        "auto.create.topics.enable": "false",
        "auto.leader.rebalance.enable": "true",
        "default.replication.factor": "3",
        "min.insync.replicas": "2",
        "num.io.threads": "8",
        "num.network.threads": "5",
        "num.partitions": "1",
        "num.replica.fetchers": "2",
        "replica.lag.time.max.ms": "30000",
        "socket.receive.buffer.bytes": "102400",
        "socket.request.max.bytes": "104857600",
        "socket.send.buffer.bytes": "102400",
        "unclean.leader.election.enable": "true",
    }
)
"""What a cluster has where its configuration says nothing, on three zones. Unclean election is on there: a rendered file that
forgot it would lose data here too. MSK Developer Guide, "Default Amazon MSK configuration"."""

ALL_LISTENERS = ",".join(
    f"{listener.value}:{'SASL_SSL' if listener in (Listener.SCRAM, Listener.IAM) else 'SSL'}" for listener in Listener
)

LOOPBACK: Mapping[str, str] = MappingProxyType(
    {
        # Amazon MSK's brokers authenticate to each other in a way of its own; here all nodes share a certificate, which is a
        # super user like the administrator's. Amazon MSK has no super user for customers: their first ACLs come from whoever
        # `allow.everyone.if.no.acl.found` lets in.
        "super.users": f"User:CN={NODE};User:CN={ADMINISTRATOR}",
        "inter.broker.listener.name": Listener.REPLICATION.value,
        # AWS_MSK_IAM is Amazon MSK's own and in no Apache Kafka. So is what it does with a token of OAUTHBEARER: a program of the
        # tests stands in for it, which checks the signature and the account's only key. IAM's policies are not simulated.
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.client_iam.sasl.enabled.mechanisms": "OAUTHBEARER",
        "listener.name.client_iam.oauthbearer.sasl.jaas.config": (
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;"
        ),
        "listener.name.client_iam.oauthbearer.sasl.server.callback.handler.class": "SignedUrlValidator",
        "listener.name.client_iam.ssl.client.auth": "none",
        "simulated.iam.region": REGION,
        "simulated.iam.access.key.id": ACCESS_KEY_ID,
        "simulated.iam.secret.access.key": SECRET_ACCESS_KEY,
        "listener.name.client_sasl_scram.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "ssl.client.auth": "required",
        "listener.name.client_sasl_scram.ssl.client.auth": "none",
        "ssl.keystore.type": "PEM",
        "ssl.truststore.type": "PEM",
        # Four nodes on one machine: few threads to recover logs, and small buffers for compaction of topics that stay small.
        "log.cleaner.dedupe.buffer.size": "4194304",
        "num.recovery.threads.per.data.dir": "1",
        # Fewer than Kafka's 50, each a log on three disks that are one.
        "offsets.topic.num.partitions": "3",
        # A test's group has one member: nothing is won by waiting three seconds for others.
        "group.initial.rebalance.delay.ms": "0",
        "transaction.state.log.num.partitions": "3",
    }
)
"""In what the nodes differ from Amazon MSK's, each with its reason; a stack cannot set any of it but the recovery threads."""


def plan_of(stack: str, **changes: str) -> Plan:
    """What follows from one of the stacks that the template ships.

    Args:
        stack: Its name.
        changes: Settings that are otherwise than in its file, such as its Kafka version.
    """
    config = load_project(SHIPPED).stack_config(stack)
    own = {key.removeprefix(f"{config.project}:"): value for key, value in config.values.items()} | changes
    region = own.pop("aws:region")
    return load_stack(own, project=config.project, stack=stack, region=region, today=TODAY).plan


def server_file(
    ports: Mapping[str, int],
    *,
    directory: Path,
    certificate: Certificate,
    trusted: Path,
    metadata: Mapping[str, str],
    rack: str | None,
    rendered: str,
) -> str:
    """The properties file of a broker, or of KRaft's controller.

    Args:
        ports: The ports of its listeners, by their names.
        directory: Where it keeps its logs.
        certificate: What it shows to clients and to other nodes.
        trusted: The CA whose certificates it accepts.
        metadata: Who keeps the metadata and where, as `with_kraft` and `with_zookeeper` say it.
        rack: A broker's zone; None for the controller.
        rendered: What the stack renders. It comes last, and the last one counts. The controller gets it too: with KRaft it is
            the controller that gives topics their replication factor and elects their leaders.
    """
    listeners = ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())
    own = {
        **({} if rack is None else {"broker.rack": rack, "advertised.listeners": listeners}),
        "listeners": listeners,
        "log.dirs": str(directory),
        "ssl.keystore.location": str(certificate.keystore),
        "ssl.truststore.location": str(trusted),
    }
    lines = [f"{key}={value}" for key, value in {**MSK_DEFAULTS, **LOOPBACK, **metadata, **own}.items()]
    return "\n".join([*lines, rendered])


def with_kraft(node: int, controller: int, port: int) -> dict[str, str]:
    """Properties of a node whose metadata is KRaft's; the controller is such a node itself."""
    return {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        # Amazon MSK's controllers are not the customer's to see; here one must do.
        "controller.listener.names": CONTROLLER,
        "controller.quorum.voters": f"{controller}@127.0.0.1:{port}",
        "listener.security.protocol.map": f"{CONTROLLER}:SSL,{ALL_LISTENERS}",
        "node.id": str(node),
        "process.roles": "controller" if node == controller else "broker",
    }


def with_zookeeper(node: int, port: int) -> dict[str, str]:
    """Properties of a broker whose metadata is in a ZooKeeper."""
    return {
        "authorizer.class.name": "kafka.security.authorizer.AclAuthorizer",
        "broker.id": str(node),
        "listener.security.protocol.map": ALL_LISTENERS,
        "zookeeper.connect": f"127.0.0.1:{port}",
    }


def zookeeper_file(directory: Path, port: int) -> str:
    """The properties file of a ZooKeeper that stands alone, without TLS: only the brokers on this machine speak to it."""
    own = {
        "admin.enableServer": "false",
        "clientPort": str(port),
        "clientPortAddress": "127.0.0.1",
        "dataDir": str(directory),
        "tickTime": "2000",
    }
    return "".join(f"{key}={value}\n" for key, value in own.items())
