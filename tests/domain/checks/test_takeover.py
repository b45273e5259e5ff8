"""What runs already is described as it is: ids by their form, settings that agree with them, and what stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.guards.takeover import FIXED, frozen_refusal, kafka_arn
from domain.loading import load_stack
from domain.problems import SettingsError
from domain.settings.stack import StackSettings
from domain.settings.takeover import Import, Kept
from support.stacks import TODAY

REGION = "us-east-1"
ARN = f"arn:aws:kafka:{REGION}:111122223333:cluster/orders/1234abcd-12ab-34cd-56ef-1234567890ab-2"
CONFIGURATION = ARN.replace("cluster/", "configuration/")
KEY = f"arn:aws:kms:{REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
WHOLE: dict[str, Any] = {
    "clusterName": "orders",
    "storage": {"initialGiB": 100},
    "encryption": {"dataKey": KEY},
    "clients": {"all": {"from": {"cidr": "10.7.0.0/16"}}},
    "import": {
        "vpc": "vpc-0abcdef1",
        "subnets": {"use1-az2": "subnet-0abcdef2", "use1-az1": "subnet-0abcdef1"},
        "securityGroup": "sg-0abcdef1",
        "rules": {"9098-from-10.7.0.0/16": "sgr-0abcdef1"},
        "configuration": CONFIGURATION,
        "cluster": ARN,
        "brokerLogGroup": "/msk/orders",
    },
}


def load(values: dict[str, Any]) -> StackSettings:
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return load_stack(config, project="p", stack="dev", region=REGION, today=TODAY).settings


def problems_of(values: dict[str, Any]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(values)
    return [str(problem) for problem in caught.value.problems]


def changed(**changes: Any) -> dict[str, Any]:
    """The whole with settings of `import` changed, None takes one out."""
    imported = {key: value for key, value in {**WHOLE["import"], **changes}.items() if value is not None}
    return {**WHOLE, "import": imported}


def test_the_zones_are_those_of_the_subnets() -> None:
    settings = load(WHOLE)
    assert settings.network.zones == ["use1-az1", "use1-az2"]
    assert settings.number_of_brokers == 4


def test_what_was_taken_over_is_frozen_until_someone_says_otherwise() -> None:
    assert load(WHOLE).imported.frozen


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("vpc", "vpc-xyz"),
        ("subnets", {"use1-az1": "sg-0abcdef1", "use1-az2": "subnet-0abcdef2"}),
        ("securityGroup", "subnet-0abcdef1"),
        ("rules", {"9098-from-10.7.0.0/16": "sg-0abcdef1"}),
        ("configuration", ARN),
        ("cluster", CONFIGURATION),
        ("cluster", ARN.replace(":kafka:", ":kms:")),
        ("brokerLogGroup", "msk orders"),
    ],
)
def test_an_id_of_another_form_is_a_mistake_at_its_own_setting_alone(part: str, wrong: object) -> None:
    (problem,) = problems_of(changed(**{part: wrong}))
    assert problem.startswith(f"import.{part}")


@pytest.mark.parametrize(
    ("values", "begins"),
    [
        (changed(subnets=None), ["import.subnets: is required with import.vpc"]),
        (changed(vpc=None), ["import.cluster", "import.vpc: is required with import.subnets"]),
        (changed(subnets={"use1-az1": "subnet-0abcdef1"}), ["import.subnets"]),
        (changed(subnets={"use1-az3": "subnet-0abcdef1", "use1-az1": "subnet-0abcdef2"}), ["import.subnets.use1-az3"]),
        (changed(subnets={"use1-az1": "subnet-0abcdef1", "use1-az2": "subnet-0abcdef1"}), ["import.subnets.use1-az2"]),
        (changed(securityGroup=None), ["import.securityGroup: is required with import.cluster"]),
        (changed(rules={"9098-from-10.8.0.0/16": "sgr-0abcdef1"}), ["import.rules.9098-from-10.8.0.0/16"]),
        (changed(cluster=ARN.replace(REGION, "eu-west-1")), ["import.cluster"]),
        (changed(cluster=ARN.replace("orders", "sales")), ["clusterName = orders: is not the name of import.cluster"]),
        (changed(configuration=None, keep={"configuration": ["serverProperties"]}), ["import.keep.configuration"]),
        (changed(keep={"cluster": ["clusterName"]}), ["import.keep.cluster[0]"]),
        ({**WHOLE, "encryption": {}}, ["encryption.dataKey = create"]),
        ({**WHOLE, "storage": {}}, ["storage.initialGiB: is required with import.cluster"]),
        ({**WHOLE, "network": {"cidr": "10.7.0.0/16"}}, ["network.cidr"]),
        ({**WHOLE, "network": {"natGateways": "single"}}, ["network.natGateways"]),
        ({**WHOLE, "network": {"zones": ["use1-az1", "use1-az4"]}}, ["network.zones"]),
        (
            {**WHOLE, "network": {"existing": {"vpcId": "vpc-0abcdef1", "subnetIds": ["subnet-0abcdef1", "subnet-0abcdef2"]}}},
            ["import.vpc"],
        ),
    ],
)
def test_a_combination_that_makes_no_sense_names_the_settings(values: dict[str, Any], begins: list[str]) -> None:
    found = problems_of(values)
    assert len(found) == len(begins), found
    assert [text for text, begin in zip(found, begins, strict=True) if not text.startswith(begin)] == []


def test_all_mistakes_are_told_at_once() -> None:
    values = {**changed(vpc="vpc-xyz", cluster=ARN.replace("orders", "sales"), securityGroup="x"), "storage": {}}
    assert [text.split(" =")[0].split(":")[0] for text in problems_of(values)] == [
        "clusterName",
        "import.securityGroup",
        "import.vpc",
        "storage.initialGiB",
    ]


def test_a_network_that_is_used_and_not_managed_goes_with_a_cluster_taken_over() -> None:
    existing = {"vpcId": "vpc-0abcdef1", "subnetIds": ["subnet-0abcdef1", "subnet-0abcdef2"]}
    values = {**changed(vpc=None, subnets=None), "network": {"existing": existing}}
    assert load(values).number_of_zones == 2


def test_the_default_of_every_other_stack_is_to_take_over_nothing() -> None:
    imported = load({}).imported
    assert imported == Import()
    assert not any(getattr(imported, name) for name in Kept.model_fields)


def test_every_part_that_can_be_imported_can_keep_something_and_knows_what_is_fixed() -> None:
    parts = {field.alias or name for name, field in Import.model_fields.items()} - {"keep", "frozen"}
    kept = {field.alias or name for name, field in Kept.model_fields.items()}
    assert parts == kept == set(FIXED)
    for part in parts:
        assert set(FIXED[part]) <= set(Import().kept(part))


def test_kept_tags_keep_the_tags_that_the_provider_adds_too() -> None:
    imported = load(changed(keep={"cluster": ["tags"]})).imported
    assert imported.kept("cluster") == ["tags", "tagsAll"]


def test_an_arn_tells_region_and_name_only_to_whom_asks_for_its_kind() -> None:
    assert kafka_arn(ARN, "cluster") == (REGION, "orders")
    assert kafka_arn(ARN, "configuration") is None
    assert kafka_arn(ARN + "/topic", "cluster") is None


def test_a_refusal_names_each_property_with_both_values_and_its_setting() -> None:
    old = {"numberOfBrokerNodes": 3.0, "tags": {"owner": "Ann"}, "zookeeper": "z-1", "same": 1}
    new = {"numberOfBrokerNodes": 6.0, "tags": {"team": "a"}, "tagsAll": {"team": "a"}, "same": 1}
    lines = frozen_refusal("aws:msk/cluster:Cluster", "kafka", old, new).splitlines()
    assert lines[1:-1] == [
        "  - numberOfBrokerNodes is 3 and would be 6 (setting brokersPerZone)",
        "  - tags.owner is Ann and would be not set (setting tags)",
        "  - tags.team is not set and would be a (setting tags)",
    ]
