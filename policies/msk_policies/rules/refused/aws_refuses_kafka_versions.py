"""A Kafka version that the cluster's kind of brokers has.

Express brokers have few of the versions, and AWS refuses the others. Complying costs another version, chosen before there is a
cluster.

A version that the pack does not know is for `kafka-version-known`, one that a running cluster may still have for
`aws-refuses-at-creation`, KRaft on brokers without it for `broker-kind-fields`. A list older than 180 days only advises: AWS
adds versions. Unknown values: left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.days import today
from msk_policies.kit.judges import Advice
from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, resource_rule
from msk_policies.msk.brokers import INSTANCE_TYPE, is_express_type
from msk_policies.msk.kafka_support import CREATED_WITH, KAFKA_VERSION, NO_VERSION, never_runs_on
from msk_policies.msk.refusals import answered, control, judge_of


def _express(props: Mapping[str, Any]) -> Iterator[str]:
    instance_type, version = read(props, INSTANCE_TYPE), read(props, KAFKA_VERSION)
    if not is_express_type(instance_type) or not isinstance(version, str) or not never_runs_on(version, instance_type):
        return
    sentence = (
        f"Run Express brokers with a version that they support: {KAFKA_VERSION} is {version}, "
        f"{answered('express-kafka-version')}. Set {KAFKA_VERSION} to one of {', '.join(CREATED_WITH.value['express'])}."
    )
    yield Advice(sentence) if CREATED_WITH.outdated(today()) else sentence


POLICY = resource_rule(
    "aws-refuses-kafka-versions",
    display_name="Kafka versions that AWS accepts",
    description="An MSK cluster should run a Kafka version that its kind of brokers supports.",
    judges={CLUSTER: judge_of(_express)},
    not_applicable=NO_VERSION,
    severity=Severity.MEDIUM,
    tags=["msk", "refused", "versions", control("express-kafka-version")],
    remediation_steps="Set kafkaVersion to one that Express brokers support, or use Standard brokers.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-broker-types-express.html",
)
