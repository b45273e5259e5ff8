"""The stack file: what is accepted, what is refused, and with which words."""

from __future__ import annotations

import datetime
import json
import string
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.loading import Loaded, load_stack
from domain.msk.brokers import BROKER_TYPES
from domain.msk.versions import KAFKA_VERSIONS
from domain.problems import Problem, SettingsError
from domain.settings.stack import StackSettings
from support.stacks import TODAY


def load(
    values: Mapping[str, object],
    *,
    region: str = "us-east-1",
    project: str = "msk-platform",
    stack: str = "dev",
) -> Loaded:
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return load_stack(config, project=project, stack=stack, region=region, today=TODAY)


def problems_of(values: Mapping[str, object], **where: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(values, **where)
    return [str(problem) for problem in caught.value.problems]


def test_an_empty_stack_file_is_a_small_cluster() -> None:
    settings = load({}).settings
    assert settings.number_of_brokers == 6
    assert settings.cluster_name == "msk-platform-dev"
    assert settings.authentication.iam is not None
    assert not settings.authentication.unauthenticated
    assert settings.protect


def test_scalars_arrive_as_the_text_that_pulumi_hands_over() -> None:
    settings = load({"brokersPerZone": "3", "protect": "false", "clusterName": ""}).settings
    assert (settings.brokers_per_zone, settings.protect) == (3, False)


def test_an_empty_authentication_means_iam_and_a_given_one_means_only_what_it_says() -> None:
    assert load({"authentication": {}}).settings.authentication.iam is not None
    scram_only = load({"authentication": {"scram": {}}}).settings.authentication
    assert scram_only.iam is None
    assert scram_only.scram is not None
    assert load({"authentication": {"unauthenticated": True}}).settings.authentication.iam is None


def test_the_default_name_is_made_of_letters_that_amazon_msk_takes() -> None:
    assert load({}, project="orders_platform", stack="eu.dev").settings.cluster_name == "orders-platform-eu-dev"


def test_all_mistakes_are_reported_at_once() -> None:
    found = problems_of(
        {
            "brokerType": "kafka.r5.xlarge",
            "brokersPerZone": "many",
            "storage": {"initialGiB": 0, "maximumGB": 5},
            "network": {"cidr": "10.0.0.0/29"},
            "kafkaVersion": "3.9.x.kratf",
            "colour": "blue",
        }
    )
    assert [line.split(":")[0].split(" =")[0] for line in found] == [
        "brokerType",
        "brokersPerZone",
        "colour",
        "kafkaVersion",
        "network.cidr",
        "storage.initialGiB",
        "storage.maximumGB",
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"storage": {"maximumGB": 500}},
            "storage.maximumGB = 500: is not a setting. Did you mean maximumGiB? Allowed here: initialGiB, maximumGiB, "
            "targetUtilization, autoscaling, mode, provisionedThroughputMiBps.",
        ),
        ({"storage": {"initialGiB": 0}}, "storage.initialGiB = 0: must be at least 1 and at most 16384."),
        ({"brokersPerZone": 0}, "brokersPerZone = 0: must be at least 1 and at most 30."),
        (
            {"storage": {"initialGiB": 500, "maximumGiB": 400}},
            "storage.maximumGiB = 400: must not be below storage.initialGiB, 500 GiB. Set it to 500 or more (at most 16384).",
        ),
        (
            {"monitoring": {"level": "PER_TOPIC"}},
            "monitoring.level = PER_TOPIC: must be one of DEFAULT, PER_BROKER, PER_TOPIC_PER_BROKER, PER_TOPIC_PER_PARTITION. "
            "Did you mean PER_TOPIC_PER_BROKER?",
        ),
        (
            {"network": {"zones": ["use1-az1", "use1-az3", "use1-az4"]}},
            "network.zones[1] = use1-az3: does not support Amazon MSK. Choose another zone.",
        ),
        (
            {"storage": {"autoscaling": False, "maximumGiB": 400}},
            "storage.maximumGiB = 400: has no effect with storage.autoscaling off. Remove it, or set storage.autoscaling to "
            "true.",
        ),
        (
            {"brokerType": "express.m7g.large", "storage": {"initialGiB": 100}},
            "storage.initialGiB = 100: is not for Express brokers (express.m7g.large): their storage has no size and grows by "
            "itself. Remove it.",
        ),
        (
            {"brokerType": "express.m7g.large", "network": {"zones": ["use1-az1", "use1-az2"]}},
            'network.zones = ["use1-az1", "use1-az2"]: must be three for Express brokers (express.m7g.large).',
        ),
        (
            {"encryption": {"clientBroker": "PLAINTEXT"}},
            "encryption.clientBroker = PLAINTEXT: conflicts with authentication.iam, which needs TLS. Set clientBroker to TLS.",
        ),
        (
            {"clients": {"erp": {"from": {"cidr": "10.90.0.5/24"}}}},
            "clients.erp.from.cidr = 10.90.0.5/24: must be an IPv4 range such as 10.90.0.0/24.",
        ),
        (
            {"monitoring": {"prometheus": {"scrapedBy": [{"prefixList": "pl-0123456789abcdef0"}, {"cidr": "10.1.0.1/16"}]}}},
            "monitoring.prometheus.scrapedBy[1].cidr = 10.1.0.1/16: must be an IPv4 range such as 10.1.0.0/16.",
        ),
        (
            {"network": {"ipv6": True}, "clients": {"erp": {"from": {"cidr": "::ffff:10.0.0.0/104"}}}},
            "clients.erp.from.cidr = ::ffff:10.0.0.0/104: is an IPv4 range in IPv6 notation, which the AWS provider refuses. "
            "Write it as 10.0.0.0/8.",
        ),
        (
            {"network": {"ipv6": True}, "clients": {"erp": {"from": {"cidr": "2001:db8::%eth0/64"}}}},
            "clients.erp.from.cidr = 2001:db8::%eth0/64: must be an IPv4 or IPv6 range such as 2001:db8::/64.",
        ),
        (
            {"clients": {"erp": {"from": {"cidr": "10.90.0.0/24", "prefixList": "pl-0123456789abcdef0"}}}},
            'clients.erp.from = {"cidr": "10.90.0.0/24", "prefixList": "pl-0123456789abcd...: '
            "must have exactly one of securityGroup, cidr and prefixList.",
        ),
        (
            {"clients": {"ERP system": {"from": {"cidr": "10.90.0.0/24"}}}},
            "clients.ERP system = ERP system: must be a client name of at most 830 lower-case letters, digits and hyphens.",
        ),
        ({"clients": {"erp": {}}}, "clients.erp.from: is missing."),
        (
            {"authentication": {"iam": None}},
            "authentication.iam: has no value. Write {} for an empty block, or remove the line.",
        ),
        (
            {"acknowledge": {"kafka-end-of-suport": {"reason": "CHG-1", "until": "2026-12-01"}}},
            "acknowledge.kafka-end-of-suport = kafka-end-of-suport: is no guard or quota that can be acknowledged. "
            "Did you mean kafka-end-of-support? Guards that can be: clients-without-acl, compaction, fewer-brokers, "
            "kafka-end-of-support, less-durable, remote-storage-off, shorter-log-retention, shorter-retention, smaller-messages, "
            "unclean-election. Quotas that AWS may have raised: L-03FD6822, L-0DA4ABF3, L-0EA8095F, L-4019AD8B, L-E95E4862, "
            "L-FAB9E493, L-FE177D64.",
        ),
        (
            {"acknowledge": {"kafka-end-of-support": {"reason": "CHG-1", "until": "soon"}}},
            "acknowledge.kafka-end-of-support.until = soon: must be a day, such as 2026-12-01.",
        ),
        ({"tags": {"team": 7}}, 'tags.team = 7: must be text; put it in quotes: "...".'),
        ({"tags": {"team": ["a"]}}, 'tags.team = ["a"]: must be text.'),
        ({"tags": ["a"]}, 'tags = ["a"]: must be a map.'),
        (
            {"clients": {"erp": {"from": "10.90.0.0/24"}}},
            "clients.erp.from = 10.90.0.0/24: must be a map of settings. Allowed here: securityGroup, cidr, prefixList.",
        ),
        (
            {"clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}, "as": {"role": {"ec2": True}}}}},
            "clients.erp.as.role.ec2 = true: must be {}: it has no settings.",
        ),
        (
            {"monitoring": {"alarms": ["cpu"]}},
            'monitoring.alarms = ["cpu"]: must be a map of names to settings. Allowed in each: threshold, enabled.',
        ),
        (
            {"network": {"zones": "use1-az1, use1-az2"}},
            "network.zones = use1-az1, use1-az2: must be a list; write [use1-az1, use1-az2].",
        ),
        (
            {"network": {"publicAccess": True, "natGateways": "single"}},
            "network.natGateways = single: conflicts with network.publicAccess, which routes the brokers' subnets to the "
            "internet directly. Set natGateways to none.",
        ),
        (
            {
                "network": {
                    "existing": {
                        "vpcId": "vpc-0123456789abcdef0",
                        "subnetIds": ["subnet-01234567", "subnet-01234568"],
                    },
                    "cidr": "10.0.0.0/20",
                }
            },
            "network.cidr = 10.0.0.0/20: applies to a new VPC only. Remove it, or remove network.existing.",
        ),
        (
            {"brokerType": "kafka.m7g.2xlarge", "storage": {"initialGiB": 9, "provisionedThroughputMiBps": 250}},
            "storage.provisionedThroughputMiBps = 250: needs volumes of 10 GiB or more, not 9 GiB.",
        ),
        (
            {
                "brokerType": "kafka.m5.large",
                "storage": {"initialGiB": 500, "provisionedThroughputMiBps": 250},
            },
            "storage.provisionedThroughputMiBps = 250: is not available with kafka.m5.large: provisioned throughput needs "
            "kafka.m5.4xlarge or kafka.m7g.2xlarge, or larger. Remove it, or choose a larger brokerType.",
        ),
        (
            {"storage": {"mode": "TIERED"}},
            "storage.mode = TIERED: is not available with kafka.t3.small. Set brokerType to kafka.m7g.large or larger, or "
            "storage.mode to LOCAL.",
        ),
        (
            {"logs": {"cloudwatch": {"retentionDays": 100}}},
            "logs.cloudwatch.retentionDays = 100: is not a retention that CloudWatch Logs supports. Choose one of 1, 3, 5, 7, "
            "14, 30, "
            "60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days.",
        ),
    ],
)
def test_a_mistake_names_the_setting_the_value_and_the_remedy(values: Mapping[str, object], message: str) -> None:
    assert problems_of(values) == [message]


@pytest.mark.parametrize("cidr", ["10.1.0.0/16", "2001:db8::/64", "::/0", "64:ff9b::/96", "::fffe:0:0/95"])
def test_a_range_that_the_provider_takes_is_taken_of_clients_and_of_prometheus(cidr: str) -> None:
    source = {"cidr": cidr}
    clients, prometheus = {"erp": {"from": source}}, {"scrapedBy": [source]}
    values = {"network": {"ipv6": True}, "brokerType": "kafka.m7g.large", "clients": clients}
    assert load({**values, "monitoring": {"prometheus": prometheus}}).settings.monitoring.prometheus


def test_a_region_without_a_zone_table_asks_for_zones() -> None:
    (line,) = problems_of({}, region="xx-nowhere-1")
    assert line.startswith("network.zones: ")
    assert load({"network": {"zones": ["xxn1-az1", "xxn1-az2", "xxn1-az3"]}}, region="xx-nowhere-1").settings.number_of_zones == 3


def test_one_wrong_setting_does_not_hide_the_mistakes_beside_it() -> None:
    found = problems_of(
        {
            "brokerType": "kafka.m7g.xlage",
            "brokersPerZone": 0,
            "network": {"cidr": "10.0.0.0/28", "natGateways": "some"},
            "storage": {"initialGiB": 500, "maximumGiB": 400, "targetUtilization": 5},
            "serverProperties": {"min.insync.replica": 2},
        }
    )
    assert [line.split(" =")[0] for line in found] == [
        "brokerType",
        "brokersPerZone",
        "network.cidr",
        "network.natGateways",
        "serverProperties.min.insync.replica",
        "storage.maximumGiB",
        "storage.targetUtilization",
    ]


def test_what_hangs_on_a_wrong_setting_is_not_judged_by_its_default() -> None:
    # How much the workload needs follows from the number of brokers, which nobody knows here.
    found = problems_of({"brokersPerZone": 0, "storage": {"maximumGiB": 10}, "workload": {"ingressMBps": 50}})
    assert [line.split(" =")[0] for line in found] == ["brokersPerZone"]


def test_a_wrong_part_of_an_existing_network_is_the_only_thing_said_of_it() -> None:
    found = problems_of({"network": {"existing": {"vpcId": "10.0.0.0", "subnetIds": ["subnet-01234567", "subnet-01234568"]}}})
    assert [line.split(" =")[0] for line in found] == ["network.existing.vpcId"]


def test_public_access_wants_encryption_identity_and_acls() -> None:
    found = problems_of(
        {
            "network": {"publicAccess": True},
            "authentication": {"scram": {}, "unauthenticated": True},
        }
    )
    assert found == [
        "network.publicAccess = true: is not allowed with authentication.unauthenticated: true. Turn one of them off.",
        "network.publicAccess = true: with authentication.scram needs serverProperties allow.everyone.if.no.acl.found: false. "
        "Apply the ACLs first.",
    ]


def test_public_access_wants_a_kafka_that_has_it() -> None:
    settings = {"brokerType": "kafka.m5.large", "network": {"publicAccess": True}}
    found = problems_of({**settings, "kafkaVersion": "2.5.1"})
    assert "network.publicAccess = true: needs Kafka 2.6.0 or newer, not 2.5.1. Raise kafkaVersion." in found
    assert load(settings).settings.network.public_access


def test_public_access_of_users_is_possible_once_acls_are_asked_for() -> None:
    settings = {"network": {"publicAccess": True}, "authentication": {"scram": {}}, **ACL_NEEDED}
    assert load(settings).settings.network.public_access


def test_public_access_in_a_network_that_is_there_is_possible_but_said_to_need_its_routes() -> None:
    there = {"vpcId": "vpc-0123456789abcdef0", "subnetIds": ["subnet-01234567", "subnet-01234568"]}
    warnings = load({"network": {"publicAccess": True, "existing": there}}).warnings
    assert [item for item in warnings if "network.publicAccess needs subnets with a route to an internet gateway" in item]


LARGE: dict[str, Any] = {"brokerType": "kafka.m7g.large"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "is not available with kafka.t3.small. Set brokerType to kafka.m7g.large or larger."),
        ({**LARGE, "authentication": {"iam": {}, "unauthenticated": True}}, "is not allowed with authentication.unauthenticated"),
        ({**LARGE, "authentication": {"iam": {}}, "encryption": {"clientBroker": "TLS_PLAINTEXT"}}, "needs encryption.client"),
        ({"brokerType": "kafka.m5.large", "kafkaVersion": "2.6.0"}, "needs Kafka 2.7.1 or newer, not 2.6.0. Raise kafkaVersion."),
    ],
)
def test_multi_vpc_connectivity_wants_what_aws_wants(settings: dict[str, Any], message: str) -> None:
    found = problems_of({"network": {"multiVpc": {"iam": True}}, **settings})
    assert [line for line in found if f'network.multiVpc = {{"iam": true}}: {message}' in line]


def test_multi_vpc_connectivity_of_users_and_certificates_wants_acls() -> None:
    settings = {**LARGE, "authentication": {"scram": {}}, "network": {"multiVpc": {"scram": True}}}
    (found,) = problems_of(settings)
    assert "with scram needs serverProperties allow.everyone.if.no.acl.found: false. Apply the ACLs first." in found
    assert load({**settings, **ACL_NEEDED}).settings.network.multi_vpc


def test_multi_vpc_connectivity_is_for_mechanisms_that_are_on_and_accounts_need_one() -> None:
    (off,) = problems_of({**LARGE, "network": {"multiVpc": {"iam": True, "tls": True}}, **ACL_NEEDED})
    assert off.startswith("network.multiVpc.tls = true: needs authentication.tls, which is off.")
    (nothing,) = problems_of({**LARGE, "network": {"multiVpc": {"accounts": ["210987654321"]}}})
    assert "network.multiVpc.accounts" in nothing
    assert "has no mechanism to connect with" in nothing


ACL_NEEDED: dict[str, Any] = {"serverProperties": {"allow.everyone.if.no.acl.found": False}}


@pytest.mark.parametrize(
    ("logs", "message"),
    [
        ({"s3": {"bucket": "Orders"}}, "logs.s3.bucket = Orders: must be"),
        ({"s3": {"prefix": "/kafka/"}}, "logs.s3.prefix = /kafka/: must be a path such as kafka/orders"),
        ({"s3": {"bucket": "orders-logs", "retentionDays": 30}}, "logs.s3.retentionDays = 30: applies to a new bucket only"),
        ({"firehose": {}}, "logs.firehose.deliveryStream: is missing."),
        ({"firehose": {"deliveryStream": "a b"}}, "logs.firehose.deliveryStream = a b: must be a Firehose stream's name"),
    ],
)
def test_a_wrong_log_sink_is_named_with_its_remedy(logs: dict[str, Any], message: str) -> None:
    (found,) = problems_of({"logs": logs})
    assert message in found


def test_a_bucket_under_a_key_that_is_there_is_said_to_need_the_keys_policy() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    warnings = load({"logs": {"s3": {}}, "encryption": {"telemetryKey": key}}).warnings
    assert [item for item in warnings if "delivery.logs.amazonaws.com" in item]
    assert not [item for item in load({"logs": {"s3": {}}}).warnings if "delivery.logs" in item]


def test_a_version_newer_than_this_template_is_passed_on_with_a_warning() -> None:
    (warning,) = [
        item for item in load({"brokerType": "kafka.m7g.large", "kafkaVersion": "5.1.x.kraft"}).warnings if "5.1.x.kraft" in item
    ]
    assert "passes it to Amazon MSK unchecked" in warning


@pytest.mark.parametrize("until", ["2026-12-01", "2026-12-01 00:00:00 +0000 UTC"])
def test_a_date_may_stand_in_the_stack_file_with_or_without_quotes(until: str) -> None:
    settings = load({"acknowledge": {"fewer-brokers": {"reason": "CHG-1", "until": until}}}).settings
    assert settings.acknowledged(datetime.date(2026, 12, 1)) == {"fewer-brokers"}
    assert settings.acknowledged(datetime.date(2026, 12, 2)) == set()


@pytest.mark.parametrize("until", [0, "0", 1795000000, "1795000000", 20261201, True, "2026-12-01T00:00", "2026-13-01", None, []])
def test_what_is_no_day_of_the_calendar_ends_no_acknowledgement(until: object) -> None:
    with pytest.raises(SettingsError) as error:
        load({"acknowledge": {"fewer-brokers": {"reason": "CHG-1", "until": until}}})
    assert "acknowledge.fewer-brokers.until" in str(error.value)


def test_nobody_may_connect_until_a_client_is_named() -> None:
    assert any("clients is empty" in item for item in load({}).warnings)
    assert not any("clients is empty" in item for item in load({"clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}}}}).warnings)


@pytest.mark.parametrize("broker_type", BROKER_TYPES)
@pytest.mark.parametrize("given_version", [{}, {"kafkaVersion": ""}], ids=["left out", "empty"])
def test_a_stack_that_names_no_version_gets_one_that_its_broker_type_takes(
    broker_type: str, given_version: dict[str, object]
) -> None:
    version = load({"brokerType": broker_type, **given_version}).settings.kafka_version
    assert version == ("3.9.x" if broker_type == "kafka.t3.small" else "3.9.x.kraft")
    assert load({"brokerType": broker_type, "kafkaVersion": version}).settings.kafka_version == version


KRAFT = [name for name in KAFKA_VERSIONS if name.endswith(".kraft")]


@pytest.mark.parametrize("version", [*KRAFT, "5.1.x.kraft", "5.1.x"])
@pytest.mark.parametrize("broker_type", [{}, {"brokerType": "kafka.t3.small"}], ids=["by default", "given"])
def test_t3_small_with_kraft_is_refused_with_both_ways_out(version: str, broker_type: dict[str, object]) -> None:
    assert problems_of({"kafkaVersion": version, **broker_type}) == [
        f"kafkaVersion = {version}: kafka.t3.small does not support KRaft. "
        "Set kafkaVersion to 3.9.x, or brokerType to kafka.m7g.large."
    ]


def test_both_ways_out_of_t3_small_with_kraft_lead_out() -> None:
    assert load({"kafkaVersion": "3.9.x"}).settings.kafka_version == "3.9.x"
    assert load({"kafkaVersion": "4.1.x.kraft", "brokerType": "kafka.m7g.large"}).settings.kafka_version == "4.1.x.kraft"


@pytest.mark.parametrize(
    ("broker_type", "version", "words"),
    [
        ("kafka.m7g.large", "3.9", " Did you mean 3.9.x.kraft? Versions look like 3.9.x.kraft, 4.1.x.kraft, 3.9.x."),
        ("kafka.t3.small", "3.9", " Did you mean 3.9.x? Versions look like 3.9.x."),
        ("express.m7g.large", "3.9", " Did you mean 3.9.x.kraft? Versions look like 3.9.x.kraft."),
        ("express.m7g.large", "3.8", " Did you mean 3.8.x? Versions look like 3.9.x.kraft."),
        ("kafka.t3.small", "3.9.x.krft", " Did you mean 3.9.x? Versions look like 3.9.x."),
        ("kafka.m5.large", "3.9.x.krft", " Did you mean 3.9.x.kraft? Versions look like 3.9.x.kraft, 4.1.x.kraft, 3.9.x."),
        ("kafka.t3.small", "4.1", " Versions look like 3.9.x."),
    ],
)
def test_a_version_that_is_none_is_answered_with_one_that_the_broker_type_takes(
    broker_type: str, version: str, words: str
) -> None:
    assert problems_of({"brokerType": broker_type, "kafkaVersion": version}) == [
        f"kafkaVersion = {version}: is not a Kafka version of Amazon MSK.{words}"
    ]


def test_no_version_is_suggested_for_a_broker_type_that_is_none() -> None:
    _, message = problems_of({"brokerType": "kafka.t3.smal", "kafkaVersion": "3.9"})
    assert "Did you mean" not in message


def test_a_misspelt_t3_small_has_a_zookeeper_all_the_same() -> None:
    (message,) = problems_of({"brokerType": "kafka.t3.smal", "serverProperties": {"zookeeper.session.timeout.ms": 9000}})
    assert message.startswith("brokerType = ")


@given(st.sampled_from(sorted(BROKER_TYPES)), st.integers(1, 20))
def test_every_broker_type_makes_a_cluster_of_whole_zones(broker_type: str, brokers_per_zone: int) -> None:
    if broker_type == "kafka.t3.small":
        # With ZooKeeper a cluster has 30 brokers at most.
        brokers_per_zone = min(brokers_per_zone, 10)
    settings = load({"brokerType": broker_type, "brokersPerZone": brokers_per_zone, "network": {"cidr": "10.0.0.0/16"}}).settings
    assert settings.number_of_brokers % settings.number_of_zones == 0
    assert settings.number_of_brokers == 3 * brokers_per_zone


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(string.printable, max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(string.ascii_letters, min_size=1, max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from([field.alias or name for name, field in StackSettings.model_fields.items()]) | st.text(max_size=8),
        _JSON,
        max_size=5,
    )
)
def test_whatever_stands_in_a_stack_file_the_answer_is_settings_or_named_mistakes(
    values: dict[str, object],
) -> None:
    problems: tuple[Problem, ...] | None = None
    try:
        load(values)
    except SettingsError as error:
        problems = error.problems
    assert problems is None or (problems and all(problem.path and problem.message for problem in problems))


def test_an_empty_block_may_be_written_as_the_cli_writes_it() -> None:
    loaded = load_stack(
        {"authentication": '{"iam": "{}", "scram": "{}"}'}, project="p", stack="s", region="us-east-1", today=TODAY
    )
    assert loaded.settings.authentication.scram is not None
    assert loaded.settings.authentication.tls is None


def test_a_property_whose_dots_the_cli_took_for_a_path_is_that_property() -> None:
    config = {"serverProperties": '{"message": {"max": {"bytes": 1048588}}, "message.timestamp.type": "CreateTime"}'}
    with pytest.raises(SettingsError) as error:
        load_stack(config, project="p", stack="s", region="us-east-1", today=TODAY)
    # The other one is wrong, and the only one that is.
    assert [problem.setting for problem in error.value.problems] == ["serverProperties.message.timestamp.type"]
    config = {"serverProperties": '{"message": {"max": {"bytes": 1048588}}}'}
    settings = load_stack(config, project="p", stack="s", region="us-east-1", today=TODAY).settings
    assert settings.server_properties == {"message.max.bytes": 1048588}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ('{"message": {"max.bytes": 1}, "message.max": {"bytes": 1}}', "has message.max.bytes twice"),
        ('{"num.partitions": [1]}', "must be text, a number, true or false."),
        ('{"num.partitions": {}}', "must be text, a number, true or false."),
    ],
)
def test_what_is_no_property_is_one_mistake(given: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_stack({"serverProperties": given}, project="p", stack="s", region="us-east-1", today=TODAY)
    (problem,) = error.value.problems
    assert message in problem.message
