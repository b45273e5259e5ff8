"""The stack file's blocks on the cluster: broker type, version, workload, storage, encryption."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from domain.forms import of_form
from domain.msk.brokers import BROKER_TYPE, BROKER_TYPES, broker_type, nearest_broker_types
from domain.msk.serverless import SERVERLESS
from domain.msk.versions import KAFKA_VERSIONS, nearest_version, runs_on
from domain.msk.volumes import MAXIMUM_GIB, MINIMUM_GIB
from domain.settings.types import CREATE, Block, KeyChoice


def broker_type_name(name: str) -> str:
    """The name itself, if it is serverless or has the form of a broker type. Whether there is such a type depends on the day."""
    if name != SERVERLESS and broker_type(name) is None:
        raise ValueError(no_broker_type(name))
    return name


def no_broker_type(name: str) -> str:
    """What to say of a broker type that Amazon MSK has not got."""
    return f"is not a broker type of Amazon MSK. The nearest are {', '.join(nearest_broker_types(name))}."


BrokerTypeName = Annotated[
    str,
    AfterValidator(broker_type_name),
    of_form(
        f"{SERVERLESS}|{BROKER_TYPE}",
        "must be a broker type of Amazon MSK, such as kafka.m7g.large or express.m7g.large, or serverless.",
        examples=[*BROKER_TYPES, SERVERLESS],
    ),
]

_VERSION_FORM = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.([0-9]{1,3}(\.[0-9]{1,3})?|x)(\.kraft|\.tiered)?")


def version_string(name: str, info: ValidationInfo) -> str:
    """The name itself, if it has the form of a Kafka version of Amazon MSK; empty for the default."""
    if name and not _VERSION_FORM.fullmatch(name):
        # Where the broker type is wrong as well, nobody knows what will run: no version is suggested.
        broker = broker_type(info.data.get("broker_type", ""))
        near = nearest_version(name, broker) if broker else None
        suggestion = f" Did you mean {near}?" if near else ""
        examples = [version for version in ("3.9.x.kraft", "4.1.x.kraft", "3.9.x") if not broker or runs_on(version, broker)]
        raise ValueError(f"is not a Kafka version of Amazon MSK.{suggestion} Versions look like {', '.join(examples)}.")
    return name


KafkaVersion = Annotated[
    str,
    AfterValidator(version_string),
    of_form(
        f"({_VERSION_FORM.pattern})?",
        "must be a Kafka version of Amazon MSK, such as 3.9.x.kraft.",
        examples=list(KAFKA_VERSIONS),
    ),
]

MAXIMUM_MB_PER_SECOND = 100_000
"""Three times what 60 of the largest Express brokers take (MSK Developer Guide, "Amazon MSK quota": 500 MB/s each)."""
MAXIMUM_FAN_OUT = 1_000
"""A broker's connections alone end it: each group reads with one at least (the same page, 3,000 of IAM for each broker)."""
MAXIMUM_HOURS = 876_000
"""A century. ``log.retention.hours`` is a whole number of 32 bits, and messages that are never deleted want retention.ms -1."""
MAXIMUM_PARTITIONS = 1_000_000
"""More than 60 brokers of any type may have replicas (MSK Developer Guide, "Best practices": 4,000 and 32,000 each at most)."""
MAXIMUM_MIB_PER_SECOND = 1_000
"""Provisioned throughput of a broker: "between 250 and 1000 MiB/s", the API's own words, measured 2026-09."""


class Workload(Block):
    """What the cluster must carry: storage and capacity are worked out from it."""

    ingress_mb_per_second: float = Field(
        1.0,
        alias="ingressMBps",
        gt=0,
        le=MAXIMUM_MB_PER_SECOND,
        description="Average data written by producers, MB/s, before replication.",
    )
    peak_mb_per_second: float | None = Field(
        None,
        alias="peakMBps",
        gt=0,
        le=MAXIMUM_MB_PER_SECOND,
        description="Peak data rate written by producers, MB/s. Default: twice ingressMBps.",
    )
    fan_out: float = Field(
        2.0,
        alias="fanOut",
        ge=0,
        le=MAXIMUM_FAN_OUT,
        description="How many times each message is read: the number of consumer groups.",
    )
    retention_hours: int = Field(
        168,
        alias="retentionHours",
        ge=1,
        le=MAXIMUM_HOURS,
        description="How long messages are kept, in hours. 168 is seven days.",
    )
    partitions: int = Field(
        100,
        alias="partitions",
        ge=1,
        le=MAXIMUM_PARTITIONS,
        description="Partitions of all topics together, not counting replicas.",
    )

    @property
    def peak(self) -> float:
        """The peak in MB/s, given or derived."""
        return self.peak_mb_per_second if self.peak_mb_per_second is not None else 2 * self.ingress_mb_per_second


class Storage(Block):
    """The brokers' EBS volumes (Standard brokers only)."""

    initial_gib: int | None = Field(
        None,
        alias="initialGiB",
        ge=MINIMUM_GIB,
        le=MAXIMUM_GIB,
        description="Initial volume of each broker, GiB. Default: what the workload needs. It can never shrink.",
    )
    maximum_gib: int | None = Field(
        None,
        alias="maximumGiB",
        ge=MINIMUM_GIB,
        le=MAXIMUM_GIB,
        description="Largest size to which autoscaling may grow each volume, GiB. Default: twice what one broker in each zone "
        "would need.",
    )
    target_utilization: int = Field(
        60,
        alias="targetUtilization",
        ge=10,
        le=80,
        description="Disk use, in percent, at which autoscaling adds storage; also used to size the initial volume.",
    )
    autoscaling: bool = Field(True, description="Grow the volumes when they exceed the target utilization.")
    mode: Literal["LOCAL", "TIERED"] = Field(
        "LOCAL", description="TIERED moves older segments to low-cost storage. A cluster cannot change back to LOCAL."
    )
    provisioned_throughput: int | None = Field(
        None,
        alias="provisionedThroughputMiBps",
        ge=250,
        le=MAXIMUM_MIB_PER_SECOND,
        description="Provisioned EBS throughput of each broker, MiB/s. Default: none.",
    )


class Encryption(Block):
    """Keys at rest, and what travels in clear text (nothing, by default)."""

    data_key: KeyChoice = Field(
        CREATE,
        alias="dataKey",
        description="KMS key of the brokers' volumes. Changing it replaces the cluster.",
    )
    secrets_key: KeyChoice = Field(
        CREATE, alias="secretsKey", description="KMS key of the SCRAM users' secrets; used only with SCRAM."
    )
    telemetry_key: KeyChoice = Field(CREATE, alias="telemetryKey", description="KMS key of log groups and alarms.")
    client_broker: Literal["TLS", "TLS_PLAINTEXT", "PLAINTEXT"] = Field(
        "TLS",
        alias="clientBroker",
        description="Encryption between clients and brokers. The policy pack requires TLS.",
    )
