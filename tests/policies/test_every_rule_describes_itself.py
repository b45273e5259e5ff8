"""What a policy tells people before it finds anything."""

from __future__ import annotations

import ast
import re

import jsonschema
import pytest
from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy, StackValidationPolicy

from domain.guards.origins import settings_named_in
from msk_policies.registry import POLICIES
from support.pack import CLUSTER, PACK, in_process
from support.policy_cases import Case, cases

BY_NAME = {policy.name: policy for policy in POLICIES}
LEVELS = {
    "attached-security-groups": EnforcementLevel.ADVISORY,  # another program may use them
    "aws-refuses-at-creation": EnforcementLevel.ADVISORY,  # nobody can tell a new cluster from one that is there
    "auto-named-configurations": EnforcementLevel.ADVISORY,  # a matter of later
    "cluster-alarms": EnforcementLevel.ADVISORY,  # they may be made elsewhere
    "enhanced-monitoring": EnforcementLevel.ADVISORY,  # metrics cost
    "kafka-support-remaining": EnforcementLevel.ADVISORY,  # there is time
    "kafka-version-known": EnforcementLevel.ADVISORY,  # what the pack does not know is nobody's mistake
    # Sound production clusters fail these.
    "mutual-tls": EnforcementLevel.DISABLED,
    "newest-kafka-version": EnforcementLevel.DISABLED,
    "no-idle-log-destinations": EnforcementLevel.DISABLED,
    "required-tags": EnforcementLevel.ADVISORY,  # which tags is for an organization to say
}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_policy_has_all_that_people_ask_for(policy: Policy) -> None:
    assert isinstance(policy, ResourceValidationPolicy | StackValidationPolicy)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", policy.name)
    assert policy.display_name
    assert policy.description.endswith(".")
    assert policy.severity is not None
    assert policy.remediation_steps
    assert policy.remediation_steps.endswith(".")
    assert policy.tags
    assert policy.url is not None
    assert policy.url.startswith(("https://docs.aws.amazon.com/", "https://www.pulumi.com/docs/"))
    if policy.framework is not None:
        assert all([policy.framework.name, policy.framework.version, policy.framework.reference])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_policy_is_mandatory_unless_it_is_there_to_advise(policy: Policy) -> None:
    expected = LEVELS.get(policy.name, EnforcementLevel.MANDATORY)
    assert policy.enforcement_level is expected


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_module_says_why_its_rule_exists_and_what_it_costs(policy: Policy) -> None:
    (file,) = PACK.glob(f"msk_policies/rules/*/{policy.name.replace('-', '_')}.py")
    words = " ".join((ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split())
    assert "Complying costs" in words
    assert "nknown values" in words


def test_no_initial_configuration_can_disarm_a_policy() -> None:
    assert not in_process(POLICIES).info.initialConfig


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if policy.config_schema], ids=lambda policy: policy.name)
def test_a_policys_settings_are_described_and_their_defaults_are_allowed(policy: Policy) -> None:
    assert policy.config_schema is not None
    for schema in policy.config_schema.properties.values():
        jsonschema.Draft7Validator.check_schema(schema)
        assert schema["description"]
        if "default" in schema:
            jsonschema.validate(schema["default"], schema)


@pytest.mark.parametrize("case", [case for case in cases() if case.config], ids=str)
def test_the_engine_would_accept_the_settings_that_cases_use(case: Case) -> None:
    schema = BY_NAME[case.policy].config_schema
    assert schema is not None
    for name, value in case.config.items():
        if name == "enforcementLevel":
            continue
        jsonschema.validate(value, schema.properties[name])


@pytest.mark.parametrize(
    ("policy", "name", "wrong"),
    [
        ("durable-topics", "minimumReplicationFactor", 0),
        ("enhanced-monitoring", "minimumLevel", "PER_CLUSTER"),
        ("kafka-support-remaining", "days", 0),
        ("minimum-brokers", "brokersPerAvailabilityZone", 0),
        ("minimum-brokers", "brokersPerAvailabilityZone", 1.5),
        ("multiple-availability-zones", "availabilityZones", 4),
        ("minimum-brokers", "exemptions", {"urn:pulumi:a": {"reason": " ", "until": "2030-01-01"}}),
        ("minimum-brokers", "exemptions", {"urn:pulumi:a": {"reason": "\N{ZERO WIDTH SPACE}", "until": "2027-01-01"}}),
        ("minimum-brokers", "exemptions", {"urn:pulumi:a": {"reason": "CHG-123", "until": "soon"}}),
        ("minimum-brokers", "exemptions", {"urn:pulumi:a": {"reason": "CHG-123"}}),
        ("supported-kafka-version", "versions", {"4.3.x.kraft": {}}),
        ("kafka-version-known", "versions", {"4.3.x.kraft": {"endOfSupport": "soon"}}),
    ],
)
def test_a_setting_out_of_range_is_refused_by_its_schema(policy: str, name: str, wrong: object) -> None:
    schema = BY_NAME[policy].config_schema
    assert schema is not None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema.properties[name])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_no_rule_can_be_told_what_day_it_is(policy: Policy) -> None:
    assert policy.config_schema is not None
    assert "today" not in policy.config_schema.properties


SETTINGS = {
    "broker-logs": ("logs",),
    "encryption-at-rest-customer-key": ("encryption", "dataKey"),
    "encryption-in-transit-tls-only": ("encryption", "clientBroker"),
    "enhanced-monitoring": ("monitoring", "level"),
    "even-broker-distribution": ("brokersPerZone",),
    "kafka-support-remaining": ("kafkaVersion",),
    "kafka-version-known": ("kafkaVersion",),
    "minimum-brokers": ("brokersPerZone",),
    "multiple-availability-zones": ("network", "zones"),
    "mutual-tls": ("authentication",),
    "newest-kafka-version": ("kafkaVersion",),
    "no-idle-log-destinations": ("logs",),
    "no-public-access": ("network", "publicAccess"),
    "no-unauthenticated-access": ("authentication",),
    "supported-kafka-version": ("kafkaVersion",),
}


@pytest.mark.parametrize("case", [case for case in cases() if case.fails], ids=str)
def test_a_message_names_the_property_at_fault_first_so_that_its_setting_can_be_found(case: Case) -> None:
    if case.resource_type == CLUSTER and case.policy in SETTINGS:
        for verdict in case.verdicts:
            setting = settings_named_in(case.resource_type, verdict.message)
            assert setting is not None
            assert setting[: len(SETTINGS[case.policy])] == SETTINGS[case.policy]
