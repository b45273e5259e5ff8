"""Only what the cluster's kind of brokers takes.

Express brokers have storage without a size and exactly three zones; Standard brokers have volumes and no intelligent
rebalancing; provisioned throughput, tiered storage and KRaft need large enough brokers, and tiered storage a version that has
it. Amazon MSK refuses the rest, some of it half an hour into a deployment. Complying costs nothing but the fields.

Sources: MSK Developer Guide, "Amazon MSK Express brokers", "Create a cluster with Express brokers", "Provision storage
throughput for Standard brokers", "Tiered storage for Standard brokers", "Intelligent rebalancing for clusters"; for KRaft
what CreateCluster answers (badmintoncryer/cdk-preflight, pf-msk-t3-small-not-kraft). A broker type that the pack does not know
is only advised on, and a version that it does not know passes, but kafka.t3.small with any KRaft version is refused. What
follows from a list of sizes or versions that is older than 180 days is only advised. Unknown values: what is known is judged;
where the kind, or a field that decides, is not known yet, only advised on in a preview.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.days import today
from msk_policies.kit.judges import Advice
from msk_policies.kit.properties import UnknownValueError, counted, distinct_elements, read, read_if_known, whole
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.msk.brokers import BROKERS, CLIENT_SUBNETS, INSTANCE_TYPE, is_express_type
from msk_policies.msk.facts import fact
from msk_policies.msk.kafka_support import KAFKA_VERSION, has_kraft, is_kraft, looks_like_one
from msk_policies.msk.refusals import answered, control

_STORAGE = "brokerNodeGroupInfo.storageInfo"
_VOLUME = f"{_STORAGE}.ebsStorageInfo.volumeSize"
_PROVISIONED = f"{_STORAGE}.ebsStorageInfo.provisionedThroughput.enabled"
_THROUGHPUT = f"{_STORAGE}.ebsStorageInfo.provisionedThroughput.volumeThroughput"
_MODE = "storageMode"
_REBALANCING = "rebalancing"

_TYPES_FACT = fact("brokers", "types")
_TYPES: Mapping[str, Mapping[str, Any]] = {broker["name"]: broker for broker in _TYPES_FACT.value}
_VERSIONS = [version["name"] for version in fact("kafka", "versions").value]
_WITH_ZOOKEEPER: str = fact("kafka", "recommendedWithoutKRaft").value
_TIERED_FACT = fact("storage", "tieredVersions")
_EXPRESS_ZONES: int = fact("zones", "express").value
_LEAST_THROUGHPUT: int = fact("storage", "minimumProvisionedThroughputMiBps").value
_LEAST_VOLUME: int = fact("storage", "minimumGiBForProvisionedThroughput").value

_PROVISIONED_ONLY = (
    "brokerNodeGroupInfo",
    "configurationInfo",
    "encryptionInfo",
    "enhancedMonitoring",
    KAFKA_VERSION,
    "loggingInfo",
    BROKERS,
    "openMonitoring",
    _REBALANCING,
    _MODE,
)
_IAM = "clientAuthentication.sasl.iam.enabled"

_LIKE_A_TYPE = re.compile(r"(kafka|express)\.[a-z][a-z0-9-]{1,9}\.[a-z0-9]{4,10}")

_Check = Callable[[Mapping[str, Any]], Iterator[str]]


def _cluster(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    name = read(props, INSTANCE_TYPE)
    if not isinstance(name, str):
        return  # the provider refuses it
    of_kind = [_express_fields, _express_zones] if is_express_type(name) else [_standard_fields, _kraft, _throughput, _tiered]
    yield from _all(props, [*of_kind, _unknown_type])


def _all(props: Mapping[str, Any], checks: list[_Check]) -> Iterator[str]:
    """What all checks find; what one of them cannot know yet is said last."""
    undecided: UnknownValueError | None = None
    for check in checks:
        try:
            yield from check(props)
        except UnknownValueError as unknown:
            undecided = unknown
    if undecided is not None:
        raise undecided


def _left_out(who: str, path: str, why: str) -> str:
    return f"Remove what {who} not support: {path} is set, but {why}. Remove {path}."


def _express_fields(props: Mapping[str, Any]) -> Iterator[str]:
    for path in (_STORAGE, _MODE):
        if read(props, path) is not None:
            yield _left_out("Express brokers do", path, "their storage has no size and grows by itself")


def _express_zones(props: Mapping[str, Any]) -> Iterator[str]:
    zones = distinct_elements(read(props, CLIENT_SUBNETS))
    if zones not in (0, _EXPRESS_ZONES):
        yield (
            f"Give Express brokers {_EXPRESS_ZONES} Availability Zones: {CLIENT_SUBNETS} names {counted(zones, 'subnet')}. "
            f"Set {CLIENT_SUBNETS} to {_EXPRESS_ZONES} subnets in different zones."
        )


def _standard_fields(props: Mapping[str, Any]) -> Iterator[str]:
    if read(props, _REBALANCING) is not None:
        yield _left_out("Standard brokers do", _REBALANCING, "only Express brokers rebalance partitions by themselves")


def _kraft(props: Mapping[str, Any]) -> Iterator[str]:
    name = read(props, INSTANCE_TYPE)
    if has_kraft(name):
        return
    version = read(props, KAFKA_VERSION)
    if isinstance(version, str) and looks_like_one(version) and is_kraft(version):
        yield _by_size(
            f"Use KRaft only on brokers that support it: {KAFKA_VERSION} is {version} on {name}. "
            f"Set {KAFKA_VERSION} to {_WITH_ZOOKEEPER}, or {INSTANCE_TYPE} to kafka.m7g.large."
        )


def _throughput(props: Mapping[str, Any]) -> Iterator[str]:
    throughput = whole(read_if_known(props, _THROUGHPUT))
    if read(props, _PROVISIONED) is not True:
        # The aws provider leaves a zero out.
        if throughput:
            yield (
                f"Name a throughput only where it is provisioned: {_THROUGHPUT} is {throughput} and {_PROVISIONED} is not true, "
                f"{answered('provisioned-throughput-without-enabled')}. Set {_PROVISIONED} to true, or remove {_THROUGHPUT}."
            )
        return
    name = read(props, INSTANCE_TYPE)
    broker = _TYPES.get(name) if isinstance(name, str) else None
    if broker and broker["provisionedThroughputMaximumMiBps"] is None:
        smallest = ", ".join(_first_of_each_family())
        yield _by_size(
            f"Provision throughput only on brokers that support it: {_PROVISIONED} is true on {name}. Set {_PROVISIONED} to "
            f"false, or choose a larger {INSTANCE_TYPE} ({smallest} or larger)."
        )
    volume = whole(read(props, _VOLUME))
    if volume is not None and volume < _LEAST_VOLUME:
        yield (
            f"Provision throughput only on large enough volumes: {_VOLUME} is {volume}. "
            f"Set {_VOLUME} to {_LEAST_VOLUME} or more, or {_PROVISIONED} to false."
        )
    most = broker["provisionedThroughputMaximumMiBps"] if broker else None
    throughput = whole(read(props, _THROUGHPUT))
    if throughput is None or (throughput >= _LEAST_THROUGHPUT and (most is None or throughput <= most)):
        return
    limits = f"a number from {_LEAST_THROUGHPUT} to {most}" if most else f"{_LEAST_THROUGHPUT} or more"
    sentence = f"Provision throughput within the brokers' limits: {_THROUGHPUT} is {throughput}. Set {_THROUGHPUT} to {limits}."
    yield sentence if throughput < _LEAST_THROUGHPUT else _by_size(sentence)


def _tiered(props: Mapping[str, Any]) -> Iterator[str]:
    if read(props, _MODE) != "TIERED":
        return
    name = read(props, INSTANCE_TYPE)
    broker = _TYPES.get(name) if isinstance(name, str) else None
    if broker and broker["burstable"]:
        yield _by_size(
            f"Use tiered storage only on brokers that support it: {_MODE} is TIERED on {name}. Set {_MODE} to LOCAL, or choose "
            f"kafka.m7g.large or a larger {INSTANCE_TYPE}."
        )
    version = read(props, KAFKA_VERSION)
    if isinstance(version, str) and version in _VERSIONS and version not in _TIERED_FACT.value:
        sentence = (
            f"Use tiered storage only with versions that support it: {_MODE} is TIERED with Kafka {version}. "
            f"Set {_MODE} to LOCAL, or {KAFKA_VERSION} to 3.6.0 or a newer version."
        )
        yield Advice(sentence) if _TIERED_FACT.outdated(today()) else sentence


def _unknown_type(props: Mapping[str, Any]) -> Iterator[str]:
    name = read(props, INSTANCE_TYPE)
    if isinstance(name, str) and name not in _TYPES:
        known = name if _LIKE_A_TYPE.fullmatch(name) else "a string that is not a broker type"
        yield Advice(
            f"Check what the brokers support: {INSTANCE_TYPE} is {known}, which is not in the pack's list of "
            f"{_TYPES_FACT.as_of}, so nothing is judged by its size. Look {INSTANCE_TYPE} up in AWS's list, or update the pack."
        )


def _by_size(sentence: str) -> str:
    """What follows from the list of sizes: only advice where nobody looked at the list for long."""
    return Advice(sentence) if _TYPES_FACT.outdated(today()) else sentence


def _first_of_each_family() -> list[str]:
    """The smallest broker type of each family on which throughput can be provisioned."""
    first: dict[str, str] = {}
    for name, broker in _TYPES.items():
        if broker["provisionedThroughputMaximumMiBps"] is not None:
            first.setdefault(name.rpartition(".")[0], name)
    return list(first.values())


def _serverless(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    yield from _all(props, [_serverless_fields, _serverless_authentication])


def _serverless_fields(props: Mapping[str, Any]) -> Iterator[str]:
    for path in _PROVISIONED_ONLY:
        if read(props, path) is not None:
            yield _left_out("a serverless cluster does", path, "Amazon MSK decides that itself")


def _serverless_authentication(props: Mapping[str, Any]) -> Iterator[str]:
    if read(props, _IAM) is False:
        yield f"Authenticate clients of a serverless cluster with IAM, its only mechanism: {_IAM} is false. Set {_IAM} to true."


POLICY = resource_rule(
    "broker-kind-fields",
    display_name="Fields of the broker kind",
    description="An MSK cluster should set only properties that its kind of brokers supports.",
    judges={CLUSTER: _cluster, SERVERLESS_CLUSTER: _serverless},
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "brokers",
        control("express-no-ebs-storage"),
        control("express-no-storage-mode"),
        control("express-requires-three-subnets"),
        control("provisioned-throughput-instance-type"),
        control("provisioned-throughput-max-per-instance"),
        control("provisioned-throughput-min"),
        control("provisioned-throughput-volume-size"),
        control("provisioned-throughput-without-enabled"),
        control("serverless-sasl-iam-enabled"),
        control("t3-small-not-kraft"),
        control("tiered-storage-instance-type"),
    ],
    remediation_steps="Remove the property, or choose another kind, size or version. Pulumi cannot change a cluster from "
    "Standard to Express brokers or back: create a new cluster, or upgrade from Standard to Express in AWS, outside of Pulumi.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html",
)
