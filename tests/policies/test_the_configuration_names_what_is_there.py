"""A configuration that names what the pack does not have is refused whole, before anything is judged."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi_policy import policy as sdk

from msk_policies.kit.configuration import refuse_what_no_rule_has, unknown_names
from msk_policies.registry import POLICIES

SETTINGS = {"minimum-brokers": ("brokersPerAvailabilityZone", "exemptions"), "no-public-access": ("exemptions",)}


class RefusedError(Exception):
    """What the call ends with for who made it."""


class Context:
    """The side of a call that answers, as far as the pack uses it."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise RefusedError(f"{code.name}: {details}")


@pytest.fixture
def servicer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The SDK's servicer, which refuses until the test ends."""
    monkeypatch.setattr(sdk._PolicyAnalyzerServicer, "Configure", sdk._PolicyAnalyzerServicer.Configure)
    refuse_what_no_rule_has(POLICIES)
    return sdk._PolicyAnalyzerServicer("msk-policies", "0.0.1", list(POLICIES), sdk.EnforcementLevel.ADVISORY)


def configured(servicer: Any, given: dict[str, dict[str, Any]]) -> None:
    request = proto.ConfigureAnalyzerRequest()
    for name, settings in given.items():
        request.policyConfig[name].enforcementLevel = proto.MANDATORY
        request.policyConfig[name].properties.update(settings)
    servicer.Configure(request, Context())


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        ({}, []),
        ({"minimum-brokers": ("exemptions",), "all": ()}, []),
        ({"minimum-broker": ()}, ["minimum-broker is no rule of the pack. Did you mean minimum-brokers?"]),
        ({"ssl": ()}, ["ssl is no rule of the pack."]),
        ({"no-public-access": ("exemption", "x")}, [
            "no-public-access has no setting exemption. Did you mean exemptions?", "no-public-access has no setting x.",
        ]),
    ],
)  # fmt: skip
def test_every_name_that_is_not_there_has_a_sentence(given: dict[str, tuple[str, ...]], sentences: list[str]) -> None:
    assert unknown_names(SETTINGS, given) == sentences


def test_names_of_every_rule_and_setting_are_taken(servicer: Any) -> None:
    schemas = {policy.name: policy.config_schema.properties if policy.config_schema else {} for policy in POLICIES}
    configured(servicer, {name: {key: schema["default"] for key, schema in schemas[name].items()} for name in schemas})


def test_one_wrong_name_is_enough_to_refuse_and_all_are_named(servicer: Any) -> None:
    named = r"INVALID_ARGUMENT: .* log-retentoin is no rule .*log-retention\? minimum-brokers has no setting x\."
    with pytest.raises(RefusedError, match=named):
        configured(servicer, {"log-retentoin": {}, "minimum-brokers": {"x": 1}, "no-public-access": {}})


def test_an_sdk_that_is_configured_in_another_way_is_no_way_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sdk, "_PolicyAnalyzerServicer")
    with pytest.raises(TypeError, match="requirements"):
        refuse_what_no_rule_has(POLICIES)
