"""What the pack mends by itself, where a stack sets a rule's level to `remediate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from msk_policies.registry import POLICIES
from support.pack import CLUSTER, UNKNOWN, in_process, secret
from support.policy_cases import SOUND, cases, changed

if TYPE_CHECKING:
    from support.pack import Pack

TWIN = "aws-native:msk:Cluster"
PLAINTEXT = "encryptionInfo.encryptionInTransit.clientBroker"
PUBLIC = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"
HIDDEN = "s3cr3t-0f-th3-t34m"


class Fix(NamedTuple):
    """What a rule mends."""

    policy: str
    resource_type: str
    path: str
    wrong: object
    right: object


MENDED = [
    Fix("encryption-in-transit-tls-only", CLUSTER, PLAINTEXT, "TLS_PLAINTEXT", "TLS"),
    Fix("encryption-in-transit-tls-only", CLUSTER, PLAINTEXT, "PLAINTEXT", "TLS"),
    Fix("encryption-in-transit-tls-only", TWIN, PLAINTEXT, "PLAINTEXT", "TLS"),
    Fix("no-public-access", CLUSTER, PUBLIC, "SERVICE_PROVIDED_EIPS", "DISABLED"),
    Fix("no-public-access", TWIN, PUBLIC, "SERVICE_PROVIDED_EIPS", "DISABLED"),
]
WITH_FIXES = {fix.policy for fix in MENDED}


@pytest.fixture
def pack() -> Pack:
    """A pack whose every rule that can mend something does."""
    pack = in_process(POLICIES)
    pack.configure(dict.fromkeys(WITH_FIXES, "remediate"))
    return pack


def _with(resource_type: str, path: str, value: object) -> dict[str, Any]:
    """The sound resource with another value at a path; None takes it away."""
    given = {"remove": [path]} if value is None else {"set": {path: value}}
    return changed(SOUND[resource_type], given)


@pytest.mark.parametrize("fix", MENDED, ids=str)
def test_what_can_be_mended_is_mended_and_nothing_else_changes(pack: Pack, fix: Fix) -> None:
    done = pack.remedied(_with(fix.resource_type, fix.path, fix.wrong), fix.resource_type)
    assert done == [(fix.policy, _with(fix.resource_type, fix.path, fix.right))]


@pytest.mark.parametrize("fix", MENDED, ids=str)
def test_what_is_mended_is_judged_sound(pack: Pack, fix: Fix) -> None:
    [(_, mended)] = pack.remedied(_with(fix.resource_type, fix.path, fix.wrong), fix.resource_type)
    assert [verdict for verdict in pack.judge(mended, fix.resource_type) if verdict.policy == fix.policy] == []


@pytest.mark.parametrize("fix", MENDED, ids=str)
def test_nothing_is_mended_where_no_stack_asks_for_it(fix: Fix) -> None:
    assert in_process(POLICIES).remedied(_with(fix.resource_type, fix.path, fix.wrong), fix.resource_type) == []


def test_several_rules_mend_one_resource_each_after_the_other(pack: Pack) -> None:
    wrong = _with(CLUSTER, PLAINTEXT, "PLAINTEXT")
    wrong["brokerNodeGroupInfo"]["connectivityInfo"]["publicAccess"]["type"] = "SERVICE_PROVIDED_EIPS"
    done = pack.remedied(wrong)
    assert {policy for policy, _ in done} == {"encryption-in-transit-tls-only", "no-public-access"}
    assert done[-1][1] == SOUND[CLUSTER]


@pytest.mark.parametrize("resource_type", [CLUSTER, TWIN])
def test_what_complies_is_left_alone(pack: Pack, resource_type: str) -> None:
    assert pack.remedied(SOUND[resource_type], resource_type) == []


@pytest.mark.parametrize(
    ("resource_type", "path"),
    [
        (CLUSTER, PLAINTEXT),
        (CLUSTER, "encryptionInfo"),
        (CLUSTER, PUBLIC),
        (CLUSTER, "brokerNodeGroupInfo"),
        (TWIN, PLAINTEXT),
    ],
)
def test_what_is_known_only_in_deployment_is_left_alone(pack: Pack, resource_type: str, path: str) -> None:
    assert pack.remedied(_with(resource_type, path, UNKNOWN), resource_type) == []


def test_unknown_values_beside_what_is_mended_stay_unknown(pack: Pack) -> None:
    wrong = _with(CLUSTER, PLAINTEXT, "PLAINTEXT")
    wrong["encryptionInfo"]["encryptionAtRestKmsKeyArn"] = UNKNOWN
    [(_, mended)] = pack.remedied(wrong)
    assert mended["encryptionInfo"]["encryptionAtRestKmsKeyArn"] == UNKNOWN
    assert mended["brokerNodeGroupInfo"]["clientSubnets"] == [UNKNOWN] * 3


def test_secrets_beside_what_is_mended_stay_secrets(pack: Pack) -> None:
    wrong = _with(CLUSTER, PLAINTEXT, "PLAINTEXT")
    wrong["clusterName"] = secret(HIDDEN)
    wrong["encryptionInfo"]["encryptionAtRestKmsKeyArn"] = secret(HIDDEN)
    wrong["tags"] = {"owner": secret(HIDDEN), "teams": [secret(HIDDEN)]}
    [(_, mended)] = pack.remedied(wrong)
    assert mended["encryptionInfo"]["encryptionInTransit"]["clientBroker"] == "TLS"
    assert mended["clusterName"] == secret(HIDDEN)
    assert mended["encryptionInfo"]["encryptionAtRestKmsKeyArn"] == secret(HIDDEN)
    assert mended["tags"] == {"owner": secret(HIDDEN), "teams": [secret(HIDDEN)]}


def test_a_secret_that_breaks_a_rule_is_mended_too(pack: Pack) -> None:
    [(_, mended)] = pack.remedied(_with(CLUSTER, PLAINTEXT, secret("PLAINTEXT")))
    assert mended["encryptionInfo"]["encryptionInTransit"]["clientBroker"] in ("TLS", secret("TLS"))


@pytest.mark.parametrize(("until", "left_alone"), [("2026-11-23", True), ("2026-11-22", False)])
def test_what_is_exempt_is_left_alone_until_its_exemption_ends(
    monkeypatch: pytest.MonkeyPatch, until: str, left_alone: bool
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # 2026-11-23
    exemption = {f"urn:pulumi:test::project::{CLUSTER}::it": {"reason": "CHG-123", "until": until}}
    pack = in_process(POLICIES)
    pack.configure({"no-public-access": {"enforcementLevel": "remediate", "exemptions": exemption}})
    assert (pack.remedied(_with(CLUSTER, PUBLIC, "SERVICE_PROVIDED_EIPS")) == []) is left_alone


def test_rules_without_a_fix_refuse_at_that_level_as_they_do_at_mandatory() -> None:
    pack = in_process(POLICIES)
    pack.configure({"no-unauthenticated-access": "remediate"})
    wrong = _with(CLUSTER, "clientAuthentication.unauthenticated", True)
    assert pack.remedied(wrong) == []
    assert [(verdict.policy, verdict.level) for verdict in pack.judge(wrong)] == [("no-unauthenticated-access", "mandatory")]


def test_only_the_rules_that_are_tested_here_mend_anything() -> None:
    pack = in_process(POLICIES)
    pack.configure({policy.name: "remediate" for policy in POLICIES})
    mending: set[str] = set()
    for case in cases():
        if not case.stack:
            mending |= {policy for policy, _ in pack.remedied(case.properties, case.resource_type)}
    assert mending == WITH_FIXES
