"""The policy pack under the real engine."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

PACK = ("--policy-pack", "policies")


def configured(stack: str) -> tuple[str, ...]:
    """The options that have the pack judge a stack with the configuration that the template ships."""
    return (*PACK, "--policy-pack-config", f"policies/config/{stack}.json")


@pytest.mark.parametrize("name", [pytest.param("dev", marks=pytest.mark.exhaustive), "prod"])
def test_the_pack_passes_the_stacks_of_this_repository(name: str, new_stack: Callable[..., Stack]) -> None:
    stack = new_stack(name, watched=True)
    assert "msk-policies" in stack.run("preview", *configured(name)).text
    assert "msk-policies" in stack.up(*configured(name)).text


def test_the_pack_blocks_one_broker_in_each_zone_at_preview_and_at_up(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev", brokersPerZone=1)
    for refused in (stack.run("preview", *configured("dev"), fails=True), stack.up(*configured("dev"), fails=True)):
        assert "[mandatory]" in refused.text
        assert "minimum-brokers  (aws:msk:Cluster: kafka-cluster-msk)" in refused.text
        assert "Set numberOfBrokerNodes to 6 or more." in refused.text
    assert not [key for key in stack.cloud.resources() if key.startswith("aws:msk/cluster:Cluster|")]


def test_a_sandbox_may_have_one_broker_in_each_zone_by_configuration_of_the_pack(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev", brokersPerZone=1)
    assert "msk-policies" in stack.run("preview", *configured("sandbox")).text


@pytest.mark.parametrize("name", [pytest.param("dev", marks=pytest.mark.exhaustive), "prod"])
def test_the_state_of_a_stack_gets_the_verdict_that_its_preview_got(name: str, deployed: Callable[..., Stack]) -> None:
    stack = deployed(name, watched=True)
    state = stack.root / "state.json"
    state.write_text(stack.run("stack", "export").output, encoding="utf-8")
    analyzed = stack.run("policy", "analyze", *configured(name), "--file", str(state), about_stack=False)
    assert "msk-policies" in analyzed.text
    assert verdicts(analyzed.text) == verdicts(stack.run("preview", *configured(name)).text)


def test_the_state_of_a_stack_that_breaks_a_rule_fails_its_analysis(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", brokersPerZone=1)
    preview = stack.run("preview", *configured("dev"), fails=True)
    for options in (["--stack", "dev"], ["--file", str(stack.root / "state.json")]):
        (stack.root / "state.json").write_text(stack.run("stack", "export").output, encoding="utf-8")
        analyzed = stack.run("policy", "analyze", *configured("dev"), *options, fails=True, about_stack=False)
        assert "minimum-brokers" in analyzed.text
        assert verdicts(analyzed.text) == verdicts(preview.text)


def test_a_rule_about_the_whole_stack_stops_a_preview_and_an_exemption_lets_the_resource_be(
    new_stack: Callable[..., Stack],
) -> None:
    stack = new_stack("dev")
    refused = stack.run("preview", *PACK, fails=True)
    assert "protected-cluster-and-keys" in refused.text
    assert "Set protect to true." in refused.text
    allowed = json.loads((stack.project / "policies" / "config" / "dev.json").read_text(encoding="utf-8"))
    project, cluster = "msk-platform", "msk-platform:cluster:KafkaCluster$aws:msk/cluster:Cluster::kafka-cluster-msk"
    keys = [f"msk-platform:cluster:EncryptionKeys$aws:kms/key:Key::kafka-keys-{use}" for use in ("data", "telemetry")]
    last = (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=90)).isoformat()
    until = {"reason": "a test", "until": last}
    allowed["protected-cluster-and-keys"] = {
        "exemptions": {f"urn:pulumi:dev::{project}::{path}": until for path in (cluster, *keys)}
    }
    config = stack.root / "exempt.json"
    config.write_text(json.dumps(allowed), encoding="utf-8")
    exempt = stack.run("preview", *PACK, "--policy-pack-config", str(config)).text
    assert len(re.findall(rf"exempt until {last} \(a test\): ", exempt)) == len((cluster, *keys))
    assert "[mandatory]" not in exempt
    ended = {**until, "until": "2026-01-01"}
    allowed["protected-cluster-and-keys"]["exemptions"][f"urn:pulumi:dev::{project}::{cluster}"] = ended
    config.write_text(json.dumps(allowed), encoding="utf-8")
    again = stack.run("preview", *PACK, "--policy-pack-config", str(config), fails=True)
    assert "(Its exemption ended on 2026-01-01.)" in again.text


def test_an_exemption_without_a_reason_is_refused_and_a_setting_of_the_day_changes_nothing(
    new_stack: Callable[..., Stack],
) -> None:
    stack = new_stack("dev", authentication={"iam": {}, "unauthenticated": True}, encryption={"clientBroker": "TLS_PLAINTEXT"})
    cluster = "urn:pulumi:dev::msk-platform::msk-platform:cluster:KafkaCluster$aws:msk/cluster:Cluster::kafka-cluster-msk"
    allowed = json.loads((stack.project / "policies" / "config" / "dev.json").read_text(encoding="utf-8"))
    config = stack.root / "config.json"
    options = (*PACK, "--policy-pack-config", str(config))
    blank = {"no-unauthenticated-access": {"exemptions": {cluster: {"reason": " ", "until": "9999-12-31"}}}}
    config.write_text(json.dumps(allowed | blank), encoding="utf-8")
    assert "reason" in stack.run("preview", *options, fails=True).text
    ended = {"exemptions": {cluster: {"reason": "x", "until": "2020-01-01"}}}
    more = {"encryption-in-transit-tls-only": ended, "no-unauthenticated-access": "disabled"}
    config.write_text(json.dumps(allowed | more), encoding="utf-8")
    assert "(Its exemption ended on 2020-01-01.)" in stack.run("preview", *options, fails=True).text
    more["encryption-in-transit-tls-only"] = {"today": "2019-01-01", **ended}
    config.write_text(json.dumps(allowed | more), encoding="utf-8")
    assert "encryption-in-transit-tls-only has no setting today." in stack.run("preview", *options, fails=True).text


def test_a_day_that_is_not_the_clocks_is_warned_of(new_stack: Callable[..., Stack]) -> None:
    assert "SOURCE_DATE_EPOCH says" in new_stack("dev").run("preview").text


def test_a_rule_at_the_level_remediate_mends_what_the_program_asked_for(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev", authentication={"iam": {}, "unauthenticated": True}, encryption={"clientBroker": "TLS_PLAINTEXT"})
    config = stack.root / "remediate.json"
    config.write_text(json.dumps({"all": "advisory", "encryption-in-transit-tls-only": "remediate"}), encoding="utf-8")
    stack.up(*PACK, "--policy-pack-config", str(config))
    with stack.cloud.only("aws:msk/cluster:Cluster") as cluster:
        assert cluster["encryptionInfo"]["encryptionInTransit"]["clientBroker"] == "TLS"


def verdicts(text: str) -> set[str]:
    """Level, rule and resource of every violation that the CLI shows."""
    return {line.strip() for line in text.splitlines() if line.strip().startswith("- [")}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"no-unauthenticated-acess": "disabled"}, "no-unauthenticated-acess is no rule of the pack. Did you mean no-un"),
        ({"minimum-brokers": {"brokersPerZone": 1}}, "minimum-brokers has no setting brokersPerZone."),
        ({"minimum-brokers": {"exemptions": {"urn:pulumi:x": {"reason": "x", "until": "2027-02-30"}}}}, "until"),
    ],
    ids=["a rule", "a setting", "a day"],
)
def test_a_configuration_that_names_what_is_not_there_stops_a_preview(
    given: dict[str, object], said: str, new_stack: Callable[..., Stack]
) -> None:
    stack = new_stack("dev")
    config = stack.root / "config.json"
    config.write_text(json.dumps(given), encoding="utf-8")
    assert said in " ".join(stack.run("preview", *PACK, "--policy-pack-config", str(config), fails=True).text.split())
