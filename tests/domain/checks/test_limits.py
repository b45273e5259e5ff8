"""What a stack file may not say: fixed limits of AWS are mistakes, adjustable quotas and what AWS leaves open are warnings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.loading import Loaded, load_stack
from domain.msk.arns import LONGEST_LOG_PREFIX
from domain.msk.quotas import QUOTAS
from domain.problems import NEVER_SUGGESTED, SettingsError, is_blank, nearest
from support.stacks import TODAY

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SHARED_KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
WIDE = str.maketrans("0123456789", "".join(map(chr, range(0xFF10, 0xFF1A))))
"""Digits that Python takes for numbers, and AWS does not."""
AUTHORITY = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab"


def load(values: dict[str, Any], *, whole: dict[str, str] | None = None, region: str = "eu-west-1", text: str = "") -> Loaded:
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    everything = {**{f"p:{key}": value for key, value in config.items()}, **(whole or {})}
    return load_stack(config, project="p", stack="s", region=region, today=TODAY, whole=everything, file_text=text)


def mistakes(values: dict[str, Any], **more: Any) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(values, **more)
    return [str(problem) for problem in caught.value.problems]


def warnings(values: dict[str, Any], word: str, **more: Any) -> list[str]:
    return [warning for warning in load(values, **more).warnings if word in warning]


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"a<b>": "v"}, "tags.a<b> = v: has < > in its key: AWS allows letters, digits, spaces and"),
        ({"env": "prod & co; $(x)"}, "has & ; $ ( ) in its value"),
        ({"env": "a\nb"}, "has U+000A in its value"),
        ({"env": "\N{ROCKET}"}, "has \N{ROCKET} in its value"),
        ({"": "v"}, "has a key of 0 characters: AWS allows 1 to 128."),
        ({"k" * 129: "v"}, "has a key of 129 characters"),
        ({"k": "v" * 257}, "has a value of 257 characters: AWS allows at most 256."),
        ({"AWS:team": "v"}, "has a key that begins with aws:"),
        ({"Team": "a", "team": "b"}, "tags.team = b: is the same key as Team to IAM"),
        (
            {f"k{index}": "v" for index in range(50)},
            "tags = 50 tags: must be at most 49: AWS allows 50 for each resource, and Name is",
        ),
    ],
)
def test_a_tag_that_aws_refuses_is_a_mistake(tags: dict[str, str], message: str) -> None:
    (mistake,) = mistakes({"tags": tags})
    assert message in mistake


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"k" * 128: "v" * 256},
        {"team:name/with=all+of-them@once": "a _.:/=+-@ b"},
        {"größe": "١٢ mètres", "empty": ""},
        {f"k{index}": "v" for index in range(49)},
        {"Name": "x", **{f"k{index}": "v" for index in range(49)}},
    ],
)
def test_tags_that_aws_takes_are_accepted(tags: dict[str, str]) -> None:
    assert load({"tags": tags}).settings.tags == tags


def test_the_providers_default_tags_count_and_are_tags_too() -> None:
    tags = {f"k{index}": "v" for index in range(48)}
    whole = {"aws:defaultTags": json.dumps({"tags": {"cost-center": "1", "k1": "v"}})}
    assert load({"tags": tags}, whole=whole)
    (mistake,) = mistakes({"tags": {**tags, "one": "more"}}, whole=whole)
    assert "must be at most 48: AWS allows 50 for each resource, and Name, cost-center are added. Remove 1." in mistake
    (mistake,) = mistakes({}, whole={"aws:defaultTags": json.dumps({"tags": {"a": "<"}})})
    assert mistake.startswith("aws:defaultTags.tags.a = <: has < in its value")


def test_a_tag_that_somebody_will_not_find_is_warned_of() -> None:
    assert warnings({"tags": {" x ": "y"}}, "begins or ends with a space")
    assert warnings({"tags": {"Name": "y"}}, "tags.Name names only")
    assert warnings({"tags": {"made-by": "aws:me"}}, "begins with aws:")
    assert not warnings({"tags": {"team x": "y z"}}, "tags")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (
            KEY.replace("eu-west-1", "us-east-1"),
            "is a key in us-east-1, but services in eu-west-1 use only keys of their own region.",
        ),
        (SHARED_KEY.replace("eu-west-1", "us-east-1"), f"Name its replica there, {SHARED_KEY}, if it has one."),
        (
            KEY.replace("arn:aws:kms:eu-west-1", "arn:aws-cn:kms:cn-north-1"),
            "is a key in the partition aws-cn, but eu-west-1 is in aws",
        ),
        (KEY.translate(WIDE), 'must be "create"'),
        (KEY + '"}],"x', 'must be "create"'),
        (KEY.removesuffix("b"), 'must be "create"'),
        (KEY.replace("kms", "s3"), 'must be "create"'),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", 'must be "create"'),
    ],
)
@pytest.mark.parametrize("setting", ["dataKey", "secretsKey", "telemetryKey"])
def test_a_key_must_be_one_of_the_stacks_region(setting: str, key: str, message: str) -> None:
    (mistake,) = mistakes({"encryption": {setting: key}})
    assert mistake.startswith(f"encryption.{setting} = ")
    assert message in mistake


@pytest.mark.parametrize("key", [KEY, SHARED_KEY, "create"])
def test_keys_of_the_stacks_region_are_accepted(key: str) -> None:
    assert load({"encryption": {"dataKey": key}}).settings.encryption.data_key == key
    assert not warnings({"encryption": {"dataKey": key}}, "encryption.dataKey")


def test_a_key_of_another_partition_is_fine_in_that_partition() -> None:
    key = KEY.replace("arn:aws:kms:eu-west-1", "arn:aws-cn:kms:cn-northwest-1")
    assert load({"encryption": {"dataKey": key}}, region="cn-northwest-1")


def test_an_alias_and_keys_of_several_accounts_are_warned_of() -> None:
    alias = "arn:aws:kms:eu-west-1:111122223333:alias/kafka"
    assert warnings({"encryption": {"dataKey": alias}}, "encryption.dataKey is an alias")
    other = KEY.replace("111122223333", "444455556666")
    assert warnings({"encryption": {"dataKey": KEY, "secretsKey": other}}, "keys of different accounts")
    assert not warnings({"encryption": {"dataKey": KEY, "secretsKey": KEY}}, "different accounts")


def with_authority(arn: str) -> dict[str, Any]:
    return {"authentication": {"iam": {}, "tls": {"certificateAuthorityArns": [arn]}}}


def test_a_private_ca_may_be_another_accounts_but_not_another_partitions() -> None:
    assert load(with_authority(AUTHORITY))
    assert load(with_authority(AUTHORITY.replace("111122223333", "444455556666")))
    assert warnings(with_authority(AUTHORITY.replace("eu-west-1", "eu-west-2")), "a CA of eu-west-2")
    (mistake,) = mistakes(with_authority(AUTHORITY.replace("arn:aws:", "arn:aws-cn:")))
    assert "is a CA in the partition aws-cn" in mistake
    (mistake,) = mistakes(with_authority(AUTHORITY + "-1"))
    assert "must be the ARN of an AWS Private CA" in mistake


@pytest.mark.parametrize(
    "name",
    [
        "a..b", "ab", "a" * 64, "-logs", "logs-", "Logs", "logs_1", "192.168.5.4", "xn--logs", "sthree-logs", "amzn-s3-demo-logs",
        "logs-s3alias", "logs--ol-s3", "logs.mrap", "x--use1-az4--x-s3", "logs--table-s3", "lögs-1", "logs1".translate(WIDE),
    ],
)  # fmt: skip
def test_no_bucket_has_such_a_name(name: str) -> None:
    (mistake,) = mistakes({"logs": {"s3": {"bucket": name}}})
    assert mistake.startswith("logs.s3.bucket = ")


@pytest.mark.parametrize("name", ["abc", "a" * 63, "logs.example.com", "1-2-3", "a.-b", "10.0.0.0.example", "create", "s3alias"])
def test_such_buckets_are_accepted(name: str) -> None:
    assert load({"logs": {"s3": {"bucket": name}}})


def test_a_prefix_leaves_room_for_what_amazon_msk_adds() -> None:
    assert load({"logs": {"s3": {"prefix": "p" * LONGEST_LOG_PREFIX}}})
    (mistake,) = mistakes({"logs": {"s3": {"prefix": "p" * (LONGEST_LOG_PREFIX + 1)}}})
    assert "is too long" in mistake


@pytest.mark.parametrize(
    ("values", "setting"),
    [
        ({"workload": {"partitions": 10**18}}, "workload.partitions"),
        ({"workload": {"ingressMBps": 1e300}}, "workload.ingressMBps"),
        ({"workload": {"peakMBps": float("inf")}}, "workload.peakMBps"),
        ({"workload": {"fanOut": 10**9}}, "workload.fanOut"),
        ({"workload": {"retentionHours": 10**12}}, "workload.retentionHours"),
        ({"workload": {"retentionHours": True}}, "workload.retentionHours"),
        ({"workload": {"fanOut": "nan"}}, "workload.fanOut"),
        ({"workload": {"partitions": "12".translate(WIDE)}}, "workload.partitions"),
        ({"storage": {"provisionedThroughputMiBps": 1001}}, "storage.provisionedThroughputMiBps"),
        ({"logs": {"s3": {"retentionDays": 10**12}}}, "logs.s3.retentionDays"),
        ({"monitoring": {"alarms": {"disk-used": {"threshold": float("nan")}}}}, "monitoring.alarms.disk-used.threshold"),
        ({"brokersPerZone": "9" * 5000}, "brokersPerZone"),
        ({"network": {"multiVpc": {"iam": True, "accounts": ["123456789012".translate(WIDE)]}}}, "network.multiVpc.accounts[0]"),
        ({"topics": {"orders": {"partitions": 1, "owner": "x" * 257}}}, "topics.orders.owner"),
        ({"serverProperties": {"default.replication.factor": "9" * 5000}}, "serverProperties.default.replication.factor"),
        ({"serverProperties": {"num.partitions": "12".translate(WIDE)}}, "serverProperties.num.partitions"),
        ({"topics": {"a": {"partitions": 1, "configs": {"retention.ms": "9" * 5000}}}}, "topics.a.configs.retention.ms"),
        ({"clusterName": "a\x00b"}, "clusterName"),
        ({"monitoring": {"runbook": "docs\x1b[31m"}}, "monitoring.runbook"),
        ({"alarmEmail": "a\N{NO-BREAK SPACE}b@example.com"}, "alarmEmail"),
    ],
)  # fmt: skip
def test_every_value_has_its_bounds(values: dict[str, Any], setting: str) -> None:
    assert setting in {mistake.split(" = ")[0] for mistake in mistakes({"brokerType": "kafka.m7g.4xlarge", **values})}


def test_a_quota_that_can_be_raised_is_a_warning_with_its_name_and_code() -> None:
    (warning,) = warnings({"brokerType": "kafka.m7g.large", "brokersPerZone": 25}, "quota")
    assert 'makes 75 brokers; a cluster may have 60 unless the quota "Number of brokers per KRaft cluster"' in warning
    assert "(L-03FD6822)" in warning
    assert "set brokersPerZone to 20 or less" in warning
    assert "(L-FAB9E493)" in warnings({"brokersPerZone": 11}, "quota")[0]
    assert not warnings({"brokersPerZone": 10}, "quota")


def test_a_quota_that_was_raised_is_acknowledged_once_by_its_code() -> None:
    large = {"brokerType": "kafka.m7g.large", "brokersPerZone": 25}
    clients = {
        f"c{number}": {
            "from": {"cidr": f"10.{number}.0.0/16"},
            "as": {"role": {"ec2": {}}},
            "produce": {"topics": ["orders"]},
        }
        for number in range(70)
    }
    stack = {**large, "clients": clients}
    codes = {code for code in QUOTAS if warnings(stack, code)}
    assert codes == {"L-03FD6822", "L-0EA8095F"}
    for code in codes:
        assert all(f"acknowledge.{code}: {{reason, until}}" in warning for warning in warnings(stack, code))
        answered = {**stack, "acknowledge": {code: {"reason": "CASE-1", "until": "2026-12-01"}}}
        assert {other for other in QUOTAS if warnings(answered, other)} == codes - {code}
    ended = {**stack, "acknowledge": {code: {"reason": "CASE-1", "until": "2026-01-01"} for code in codes}}
    assert {code for code in QUOTAS if warnings(ended, code)} == codes


def test_a_peak_below_the_average_is_warned_of() -> None:
    assert warnings({"workload": {"ingressMBps": 10, "peakMBps": 1}}, "workload.peakMBps 1 is below workload.ingressMBps 10")
    assert not warnings({"workload": {"ingressMBps": 10, "peakMBps": 10}}, "is below")


@pytest.mark.parametrize(("until", "fine"), [("2027-11-24", True), ("2027-11-25", False), ("9999-12-31", False)])
def test_an_acknowledgement_ends_within_a_year(until: str, fine: bool) -> None:
    values = {"acknowledge": {"fewer-brokers": {"reason": "CHG-1", "until": until}}}
    if fine:
        assert load(values)
    else:
        assert "is more than a year ahead" in mistakes(values)[0]


@pytest.mark.parametrize("reason", ["", " ", "\N{ZERO WIDTH SPACE}", "\N{HANGUL FILLER}", "\N{NO-BREAK SPACE}\N{WORD JOINER}"])
def test_a_reason_shows_something(reason: str) -> None:
    (mistake,) = mistakes({"acknowledge": {"fewer-brokers": {"reason": reason, "until": "2026-12-01"}}})
    assert mistake.endswith(": must not be blank.")


@given(st.text())
def test_what_has_a_letter_or_digit_of_ascii_is_not_blank(text: str) -> None:
    assert not is_blank(f"{text}a")
    assert is_blank("")
    assert is_blank("\N{ZERO WIDTH JOINER} \t")


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ("eu-west1", "aws:region = eu-west1: is not an AWS region. Did you mean eu-west-1?"),
        ("eu-wset-1", "aws:region = eu-wset-1: is not a region that this template knows. Did you mean eu-west-1?"),
        ("", "aws:region: is required"),
        ("eu-west-1".translate(WIDE), "is not an AWS region."),
    ],
)
def test_a_region_that_is_none_is_named_with_the_nearest(region: str, message: str) -> None:
    (mistake,) = mistakes({}, region=region)
    assert message in mistake


def test_a_region_with_two_zones_is_told_its_one_remedy() -> None:
    assert warnings({}, '{"multiple-availability-zones": {"availabilityZones": 2}', region="us-west-1")
    assert not warnings({}, "two Availability Zones")
    (mistake,) = mistakes({"brokerType": "express.m7g.large"}, region="us-west-1")
    assert mistake.endswith("us-west-1 has only two: choose another region, or a kafka.* brokerType.")


@given(st.text(max_size=40), st.lists(st.sampled_from(sorted(NEVER_SUGGESTED))))
def test_no_hint_names_what_loses_messages_or_opens_a_door(name: str, names: list[str]) -> None:
    assert nearest(name, names) is None


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("auto.leader.rebalance.enable", ["unclean.leader.election.enable"]),
        ("remote.log.disable", ["remote.log.enable"]),
        ("max.insync.replicas", ["min.insync.replicas"]),
        ("authenticated", ["unauthenticated"]),
        ("publicAcces", ["publicAccess"]),
        ("PLAINTXT", ["PLAINTEXT"]),
    ],
)
def test_no_hint_means_the_opposite(name: str, names: list[str]) -> None:
    assert nearest(name, names) is None


def test_an_honest_typing_error_still_has_its_hint() -> None:
    assert nearest("min.insync.replica", ["min.insync.replicas", "unclean.leader.election.enable"]) == "min.insync.replicas"
    assert nearest("initialGib", ["initialGiB", "maximumGiB"]) == "initialGiB"


QUEUE = "arn:aws:sqs:eu-west-1:123456789012:pager"


@pytest.mark.parametrize(
    ("arns", "path", "message"),
    [
        ([QUEUE, QUEUE], "monitoring.subscribers.critical[1]", "is listed twice"),
        ([f"{QUEUE}.fifo"], "monitoring.subscribers.critical[0]", "is a FIFO queue"),
        (
            [QUEUE.replace("eu-west-1", "cn-north-1")],
            "monitoring.subscribers.critical[0]",
            "the region cn-north-1, which is not in",
        ),
        ([QUEUE.replace("arn:aws:", "arn:aws-cn:")], "monitoring.subscribers.critical[0]", "is in the partition aws-cn"),
    ],
)
def test_what_amazon_sns_refuses_to_notify_is_a_mistake(arns: list[str], path: str, message: str) -> None:
    (problem,) = mistakes({"monitoring": {"subscribers": {"critical": arns}}})
    assert problem.startswith(f"{path} = ")
    assert message in problem


FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:pager"


@pytest.mark.parametrize(
    "arn",
    [f"{QUEUE}:x", f"{QUEUE[:-5]}{'q' * 81}", f"{QUEUE}.v1", f"{FUNCTION}:a:b", f"{FUNCTION[:-5]}{'f' * 65}", f"{FUNCTION}.v1",
     QUEUE.replace("eu-west-1", "x"), QUEUE.replace("eu-west-1", "cn-north-1")],
)  # fmt: skip
def test_what_is_no_queue_and_no_function_is_a_mistake(arn: str) -> None:
    (problem,) = mistakes({"monitoring": {"subscribers": {"warning": [arn]}}})
    assert problem.startswith("monitoring.subscribers.warning[0] = ")


@pytest.mark.parametrize(
    "arn",
    [
        QUEUE,
        f"{QUEUE[:-5]}{'q' * 80}",
        FUNCTION,
        f"{FUNCTION[:-5]}{'f' * 64}:{'a' * 128}",
        QUEUE.replace("eu-west-1", "us-east-1"),
    ],
)
def test_queues_and_functions_of_any_region_are_taken(arn: str) -> None:
    assert load({"monitoring": {"subscribers": {"warning": [arn]}}})


@pytest.mark.parametrize("key", ["arn:aws:kms:eu-west-1:111122223333:alias/kafka", SHARED_KEY])
def test_a_workspace_of_prometheus_takes_neither_an_alias_nor_a_key_of_several_regions(key: str) -> None:
    telemetry = {"encryption": {"telemetryKey": key}}
    (problem,) = mistakes({**telemetry, "monitoring": {"prometheus": {"managed": True}}})
    assert problem.startswith("encryption.telemetryKey = ")
    assert "which Amazon Managed Service for Prometheus does not take" in problem
    assert load({**telemetry, "monitoring": {"prometheus": {"scrapedBy": [{"cidr": "10.90.0.0/24"}]}}})


def test_a_log_group_takes_no_key_of_more_characters_than_its_api_has() -> None:
    alias = "arn:aws:kms:eu-west-1:111122223333:alias/"
    longest = alias + "x" * (256 - len(alias))
    assert load({"encryption": {"telemetryKey": longest}})
    (problem,) = mistakes({"encryption": {"telemetryKey": f"{longest}x"}})
    assert "has 257 characters, and CloudWatch Logs takes 256" in problem


def test_people_sign_in_to_grafana_in_each_way_once() -> None:
    ways = {"monitoring": {"prometheus": {"managed": True, "grafana": {"authentication": ["SAML", "SAML"]}}}}
    (problem,) = mistakes(ways)
    assert problem.startswith("monitoring.prometheus.grafana.authentication = ")


@pytest.mark.parametrize(
    "address", ["\N{LATIN SMALL LETTER U WITH DIAERESIS}@example.com", '"a"@example.com', "a..b@c.de", "a@-b.de"]
)
def test_an_address_that_few_have_is_warned_of(address: str) -> None:
    assert warnings({"alarmEmail": address}, "Amazon SNS may refuse to subscribe it")
    assert not warnings({"alarmEmail": "first.last+kafka@mail.example-1.com"}, "Amazon SNS")


@pytest.mark.parametrize("address", ["", " ", "\n", "\N{ZERO WIDTH SPACE}", "docs/runbook.md\n", "docs/\trunbook.md"])
def test_the_runbooks_address_is_something_that_a_line_of_an_alarm_can_say(address: str) -> None:
    (problem,) = mistakes({"monitoring": {"runbook": address}})
    assert problem.startswith("monitoring.runbook = ")
    assert "must be an address or a path, on one line." in problem


def test_the_runbooks_address_begins_no_template_of_prometheus() -> None:
    (problem,) = mistakes({"monitoring": {"runbook": "https://example.com/{{page}}"}})
    assert problem.startswith("monitoring.runbook = ")
    assert load({"monitoring": {"runbook": "https://example.com/{page}"}})


def test_a_default_tag_is_not_one_of_the_stacks_in_another_case() -> None:
    whole = {"aws:defaultTags": json.dumps({"tags": {"team": "b"}})}
    (problem,) = mistakes({"tags": {"Team": "a"}}, whole=whole)
    assert problem.startswith("aws:defaultTags.tags.team = b: is the same key as Team to IAM")
    assert load({"tags": {"team": "a"}}, whole=whole)


def test_a_role_trusts_a_provider_of_its_own_partition() -> None:
    def client(partition: str) -> dict[str, Any]:
        provider = f"arn:{partition}:iam::111122223333:oidc-provider/oidc.example.com"
        role = {"irsa": {"oidcProvider": provider, "namespace": "n", "serviceAccount": "s"}}
        return {"clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}, "as": {"role": role}}}}

    assert load(client("aws"))
    (problem,) = mistakes(client("aws-us-gov"))
    assert problem.startswith("clients.erp.as.role.irsa.oidcProvider = ")


def test_the_clusters_policy_has_its_size() -> None:
    def connected(accounts: int) -> dict[str, Any]:
        numbers = [str(100_000_000_000 + number) for number in range(accounts)]
        return {"brokerType": "kafka.m7g.large", "network": {"multiVpc": {"iam": True, "accounts": numbers}}}

    assert load(connected(600))
    (problem,) = mistakes(connected(700))
    assert problem.startswith("network.multiVpc = a policy of ")
    assert "at most 20480" in problem


def test_a_lag_has_its_bound() -> None:
    def client(seconds: int) -> dict[str, Any]:
        consume = {"topics": ["orders"], "groups": ["erp"], "maxLagSeconds": seconds}
        return {"clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}, "as": {"role": {"ec2": {}}}, "consume": consume}}}

    assert load(client(31_536_000))
    (problem,) = mistakes(client(31_536_001))
    assert problem.startswith("clients.erp.consume.maxLagSeconds = ")


@pytest.mark.parametrize(
    ("settings", "name", "remedy"),
    [
        ({"brokerType": "kafka.m7g.large", "monitoring": {"level": "PER_BROKER"}}, "cpu-credits", "Remove it."),
        ({"brokerType": "express.m7g.large", "monitoring": {"level": "PER_BROKER"}}, "disk-used", "Remove it."),
        (
            {"brokerType": "kafka.m7g.large", "monitoring": {"level": "DEFAULT"}},
            "file-descriptors",
            "Set monitoring.level to PER_BROKER",
        ),
    ],
)
def test_a_threshold_of_an_alarm_that_there_is_not_is_a_mistake(settings: dict[str, Any], name: str, remedy: str) -> None:
    monitoring = {**settings["monitoring"], "alarms": {name: {"threshold": 50}}}
    (problem,) = mistakes({**settings, "monitoring": monitoring})
    assert problem.startswith(f"monitoring.alarms.{name}.threshold = 50")
    assert "has no effect" in problem
    assert remedy in problem
    # What is turned off is off.
    off = {**settings["monitoring"], "alarms": {name: {"enabled": False}}}
    assert load({**settings, "monitoring": off})


def test_one_endpoint_may_have_both_severities() -> None:
    assert load({"monitoring": {"subscribers": {"critical": [QUEUE], "warning": [QUEUE]}}})


def test_an_alias_names_no_key_of_a_scram_secret() -> None:
    scram = {"authentication": {"iam": {}, "scram": {}}, "serverProperties": {"allow.everyone.if.no.acl.found": False}}
    alias = {"encryption": {"secretsKey": "arn:aws:kms:eu-west-1:123456789012:alias/orders"}}
    (problem,) = mistakes(scram | alias)
    assert problem.startswith("encryption.secretsKey = ")
    assert load(scram | {"encryption": {"secretsKey": KEY}})


def test_a_principal_of_another_partition_has_no_place_in_the_clusters_policy() -> None:
    def named(arn: str) -> dict[str, Any]:
        return {"brokerType": "kafka.m7g.large", "network": {"multiVpc": {"iam": True, "principals": [arn]}}}

    (problem,) = mistakes(named("arn:aws-cn:iam::999999999999:role/x"))
    assert problem.startswith("network.multiVpc.principals[0] = ")
    assert load(named("arn:aws:iam::999999999999:role/x"))


TIERED = {"brokerType": "kafka.m7g.large", "storage": {"mode": "TIERED"}}


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ({"topics": {"a": {"partitions": 3, "retentionHours": 8760}}}, "topics.a keeps messages 8760 hours"),
        ({"topics": {"a": {"partitions": 3, "configs": {"retention.ms": 31536000000}}}}, "topics.a keeps messages 8760 hours"),
        ({"topics": {"a": {"partitions": 3, "configs": {"retention.ms": "-1"}}}}, "topics.a keeps messages without limit"),
        # Of tiered storage, what stays on the volumes, which is all where no local retention is stated.
        (
            {**TIERED, "topics": {"a": {"partitions": 3, "retentionHours": 8760}}},
            "topics.a keeps messages 8760 hours",
        ),
        (
            {**TIERED, "topics": {"a": {"partitions": 3, "retentionHours": 8760, "remoteStorage": True}}},
            "topics.a keeps messages 8760 hours",
        ),
        (
            {
                **TIERED,
                "topics": {"a": {"partitions": 3, "retentionHours": 9000, "remoteStorage": True, "localRetentionHours": 8760}},
            },
            "topics.a keeps messages 8760 hours",
        ),
        ({"serverProperties": {"log.retention.ms": -1}}, "serverProperties.log.retention.ms keeps messages without limit"),
        ({"serverProperties": {"log.retention.ms": 2**63 - 1}}, "serverProperties.log.retention.ms keeps messages without limit"),
        ({"serverProperties": {"log.retention.hours": 720}, "topics": {"a": {"partitions": 3, "retentionHours": 720}}}, ""),
        ({"topics": {"a": {"partitions": 3, "retentionHours": 24}}}, ""),
        (
            {
                **TIERED,
                "topics": {"a": {"partitions": 3, "retentionHours": 8760, "remoteStorage": True, "localRetentionHours": 24}},
            },
            "",
        ),
        ({"serverProperties": {"log.retention.minutes": 60}}, ""),
    ],
)
def test_what_is_kept_longer_than_volumes_are_sized_for_is_said(settings: dict[str, Any], warned: str) -> None:
    settings = {"brokerType": "kafka.m7g.large", "workload": {"retentionHours": 24}} | settings
    said = [warning for warning in load(settings).warnings if "full volumes stop brokers" in warning]
    assert len(said) == bool(warned)
    assert all(warned in warning for warning in said)


@pytest.mark.parametrize(
    ("properties", "hours"),
    [
        ({"log.retention.hours": 720}, "720"),
        ({"log.retention.ms": 720 * 3_600_000, "log.retention.hours": 24}, "720"),
        ({"log.retention.minutes": 60}, "1"),
        ({"log.retention.hours": 24}, None),
        ({"log.retention.bytes": 1_000_000_000}, None),
    ],
)
def test_of_two_retentions_the_one_in_force_is_said_and_gone_by(properties: dict[str, Any], hours: str | None) -> None:
    stack = {"brokerType": "kafka.m7g.large", "workload": {"retentionHours": 24}}
    loaded = load({**stack, "serverProperties": properties})
    said = [warning for warning in loaded.warnings if "Kafka goes by the server property" in warning]
    assert len(said) == (hours is not None)
    assert all(f"keeps messages {hours} hours, and workload.retentionHours says 24" in warning for warning in said)
    alone = load({**stack, "workload": {"retentionHours": int(hours or 24)}})
    assert loaded.plan.cluster["storage_gib"] == alone.plan.cluster["storage_gib"]


def test_a_size_that_a_running_cluster_does_not_take_is_said() -> None:
    stack = {"brokerType": "kafka.m7g.large", "storage": {"initialGiB": 100}}
    assert [note for note in load(stack).plan.notes if "changes nothing on a running cluster" in note]
    for taken in ({"initialGiB": 100, "autoscaling": False}, {}):
        assert not [note for note in load({**stack, "storage": taken}).plan.notes if "running cluster" in note]


def test_a_region_whose_zones_are_not_known_here_is_a_region() -> None:
    (problem,) = mistakes({}, region="cn-north-1")
    assert problem.startswith("network.zones")


def test_where_prometheus_connects_from_opens_as_a_client_does() -> None:
    ranges = [{"cidr": "52.95.0.0/16"}, {"cidr": "52.96.0.0/16"}]
    settings = {"brokerType": "kafka.m7g.large", "monitoring": {"prometheus": {"scrapedBy": ranges}}}
    (warning,) = warnings(settings, "public addresses are allowed")
    assert "monitoring.prometheus.scrapedBy[0].cidr" in warning


@pytest.mark.parametrize(
    ("region", "prometheus", "expected"),
    [
        ("eu-west-1", {"managed": True, "grafana": {}}, 0),
        ("eu-north-1", {"managed": True}, 0),
        ("eu-north-1", {"managed": True, "grafana": {}}, 1),
        ("cn-northwest-1", {"managed": True, "grafana": {}}, 2),
    ],
)
def test_managed_metrics_are_warned_of_where_there_are_none(region: str, prometheus: dict[str, Any], expected: int) -> None:
    settings = {"brokerType": "kafka.m7g.large", "monitoring": {"prometheus": prometheus}}
    assert len(warnings(settings, "has no endpoint in", region=region)) == expected


@pytest.mark.parametrize(
    ("mode", "remedy"),
    [("LOCAL", "Or use tiered storage."), ("TIERED", "Or set storage.initialGiB to what stays on the volumes.")],
)
def test_too_much_for_the_volumes_names_what_the_stack_has_not_done_yet(mode: str, remedy: str) -> None:
    workload = {"ingressMBps": 100, "retentionHours": 168}
    (problem,) = mistakes({"brokerType": "kafka.m7g.large", "workload": workload, "storage": {"mode": mode}})
    assert problem.endswith(f"hours or less. {remedy}")
