"""Evidence of stacks of this template: what is filed of production, and of a stack with clients of each kind and an exemption."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from junitparser import Failure, JUnitXml, Skipped
from sarif_pydantic import Sarif

from inventory.evidence.rights import Verb
from support.project_copies import commit_all, copy_project
from support.stacks import TODAY, shipped_project
from tools.acls.receipt import Receipt, receipt_file, save
from tools.acls.terms import terms_of
from tools.evidence.document import Evidence, evidence_of
from tools.evidence.junit import evidence_junit
from tools.evidence.sarif import evidence_sarif
from tools.evidence.sections import evidence_sections
from tools.evidence.subject import Subject, subject_of_stack
from tools.preview.sarif import sarif
from tools.report.markdown import markdown
from tools.report.plain_text import plain_text
from tools.shared.controls import MEASURED
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent / "prod.txt"
NOT_IN_GOLDEN = ("Rules that cover", f"Controls of {MEASURED}", "Made from")
"""Sections that every change of the pack, or every commit, makes others of."""
CLUSTER = "urn:pulumi:dev::msk-platform::msk-platform:cluster:KafkaCluster$aws:msk/cluster:Cluster::kafka-cluster-msk"
CLIENTS = {
    "api": {"as": {"role": {"ec2": {}}}, "produce": {"topics": ["orders.v1"], "prefixes": ["audit."]}},
    "billing": {"as": {"role": {"ec2": {}}}, "consume": {"topics": ["orders.v1"], "groups": ["billing"]}},
    "erp": {"as": {"scramUser": "erp"}, "consume": {"topics": ["orders.v1"], "groups": ["erp"]}},
    "edge": {"as": {"certificate": "CN=edge,O=Example"}, "produce": {"topics": ["readings"]}},
    "owner": {"as": {"role": {"ec2": {}}}, "admin": {"topics": ["orders.v1"]}},
}
CA = "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/0a1b2c3d-1111-2222-3333-444455556666"


@pytest.fixture(scope="module", autouse=True)
def _pinned_day() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # TODAY
        yield


@pytest.fixture(scope="module")
def prod() -> tuple[Subject, Evidence]:
    subject = subject_of_stack(shipped_project(), "prod", TODAY)
    return subject, evidence_of(subject, shipped_project())


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Subject, Evidence, Path]:
    """A stack that violates rules, has an exemption and a rule that is off, and a receipt for one of its ACLs' clients."""
    clients = {name: {"from": {"cidr": "10.40.0.0/20"}, **client} for name, client in CLIENTS.items()}
    settings = {
        "authentication": {"iam": {}, "scram": {}, "tls": {"certificateAuthorityArns": [CA]}},
        "serverProperties": {"allow.everyone.if.no.acl.found": False},
    }
    directory = copy_project(tmp_path_factory.mktemp("shop"), brokersPerZone=1, clients=clients, **settings)
    configuration = {
        "enhanced-monitoring": "disabled",
        "minimum-brokers": {"exemptions": {CLUSTER: {"reason": "CHG-123", "until": "2027-11-23"}}},
        "mutual-tls": "mandatory",
        "kafka-version-known": "mandatory",
    }
    (directory / "policies" / "config" / "dev.json").write_text(json.dumps(configuration), encoding="utf-8")
    found = settings_of(directory, "dev")
    terms = terms_of("dev", found.region, found.settings)
    applied = Receipt("dev", terms.cluster, terms.region, "id", "2026-11-20T10:00:00Z", True, frozenset(terms.wanted["erp"]))
    save(applied, receipt_file(found.directory, "dev"))
    (directory / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    commit_all(directory, "As deployed")
    subject = subject_of_stack(directory, "dev", TODAY)
    return subject, evidence_of(subject, directory), directory


def test_of_production_is_filed_exactly_this(prod: tuple[Subject, Evidence]) -> None:
    evidence: Evidence = {**copy.deepcopy(prod[1]), "result": "as the preview says"}
    for row in evidence["controls"]:
        for finding in row["findings"]:
            # A setting that is new moves the others down.
            finding["line"] = 1 if finding["line"] else None
    sections = [part for part in evidence_sections(evidence) if not part.title.startswith(NOT_IN_GOLDEN)]
    # How many rules there are is the pack's business.
    text = re.sub(r"Controls of other tools: .*", "Controls of other tools: ...", plain_text(sections))
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_control_of_the_pack_is_told_once_with_its_title(prod: tuple[Subject, Evidence]) -> None:
    evidence = prod[1]
    assert evidence["policies"]
    covered = {tag for about in evidence["policies"]["about"].values() for tag in about["tags"]}
    ids = [row["id"] for row in evidence["controls"]]
    assert len(ids) == len(set(ids))
    assert set(ids) <= covered
    text = plain_text(evidence_sections(evidence))
    for row in evidence["controls"]:
        assert f"{row['id']}: {row['title'].split()[0]}" in text
        # A pass shows on what.
        assert row["verdict"] != "pass" or any(finding["verdict"] == "pass" for finding in row["findings"]), row["id"]


def test_what_is_not_there_has_not_passed(prod: tuple[Subject, Evidence]) -> None:
    verdicts = {row["id"]: row["verdict"] for row in prod[1]["controls"]}
    assert verdicts["MSK.1"] == "pass"
    # No connector and no replicator; a rule that is off.
    assert verdicts["MSK.3"] == verdicts["pf-msk-replicator-service-role-account"] == "nothing to judge"
    assert verdicts["kafka_cluster_mutual_tls_authentication_enabled"] == "off"
    assert verdicts["2f56b7ab-7fba-4e93-82f0-247e5ddeb239"] == "off"


def _row(evidence: Evidence, control: str) -> Any:
    return next(row for row in evidence["controls"] if row["id"] == control)


def test_a_control_stands_at_its_setting_with_its_value(shop: tuple[Subject, Evidence, Path]) -> None:
    lines = (shop[2] / "Pulumi.dev.yaml").read_text(encoding="utf-8").splitlines()
    (finding,) = _row(shop[1], "kafka_cluster_mutual_tls_authentication_enabled")["findings"]
    assert (finding["verdict"], finding["value"]) == ("pass", json.dumps([CA])[:60] + "...")
    assert (finding["file"], finding["setting"]) == ("Pulumi.dev.yaml", "authentication.tls.certificateAuthorityArns")
    assert "certificateAuthorityArns" in lines[finding["line"] - 1]
    assert _row(shop[1], "MSK.2")["verdict"] == "off"


def test_exemptions_have_their_ends(shop: tuple[Subject, Evidence, Path]) -> None:
    (exemption,) = shop[1]["exemptions"]
    assert (exemption["rule"], exemption["resource"]) == ("minimum-brokers", CLUSTER)
    assert (exemption["until"], exemption["reason"]) == ("2027-11-23", "CHG-123")
    assert "exempt: minimum-brokers on kafka-cluster-msk until 2027-11-23: CHG-123" in plain_text(evidence_sections(shop[1]))


def test_who_may_use_which_topic_is_what_the_stack_file_says(shop: tuple[Subject, Evidence, Path]) -> None:
    topics = {row["topic"]: row for row in shop[1]["byTopic"]}
    assert set(topics) == {"orders.v1", "audit.*", "readings"}
    orders = topics["orders.v1"]
    assert orders["write"] == ["client api"]
    assert orders["administer"] == ["client owner"]
    erp = "client erp (Kafka ACL that the stack file wants; enforced, as the receipt says)"
    assert orders["read"] == ["client billing", erp]
    assert topics["readings"]["write"] == ["client edge (Kafka ACL that the stack file wants; not enforced)"]
    assert topics["audit.*"]["write"] == ["client api"]
    # Nobody else, and nothing is left unread: the stack closes what has no ACL.
    assert {right["holder"] for right in shop[1]["rights"]} == {f"client {name}" for name in CLIENTS}
    assert shop[1]["unresolved"] == []
    joins = {
        right["holder"]: right["name"] for right in shop[1]["rights"] if (right["kind"], right["verb"]) == ("group", Verb.READ)
    }
    assert joins == {"client billing": "billing", "client erp": "erp"}


def test_where_it_comes_from_is_in_it(shop: tuple[Subject, Evidence, Path]) -> None:
    about, directory = shop[1]["provenance"], shop[2]
    assert re.fullmatch("[0-9a-f]{40}", about["commit"] or "")
    assert about["uncommitted"] is False
    before = about["pack"]["sha256"]
    assert before
    (directory / "policies" / "config" / "dev.json").write_text("{}", encoding="utf-8")
    changed = evidence_of(shop[0], directory)["provenance"]
    assert changed["uncommitted"] is True
    assert changed["pack"]["sha256"] == before
    assert changed["configuration"]["sha256"] != about["configuration"]["sha256"]


def test_sarif_has_passes_and_controls_and_that_for_code_scanning_has_neither(shop: tuple[Subject, Evidence, Path]) -> None:
    subject, evidence, _ = shop
    run = Sarif.model_validate_json(json.dumps(evidence_sarif(evidence, subject.document))).runs[0]
    raw = evidence_sarif(evidence, subject.document)["runs"][0]
    taxa = {(taxonomy["name"], taxon["id"]) for taxonomy in raw["taxonomies"] for taxon in taxonomy["taxa"]}
    assert ("AWS Security Hub", "MSK.1") in taxa
    kinds = {(result["ruleId"], result.get("kind", "fail")) for result in raw["results"]}
    assert ("encryption-in-cluster", "pass") in kinds
    assert not {rule for rule, kind in kinds if kind == "pass"} & {"minimum-brokers", "enhanced-monitoring"}
    passed = next(result for result in raw["results"] if result["ruleId"] == "encryption-in-cluster")
    assert {"id": "MSK.1", "toolComponent": {"name": "AWS Security Hub"}} in passed["taxa"]
    assert {
        (taxon["toolComponent"]["name"], taxon["id"]) for result in raw["results"] for taxon in result.get("taxa", ())
    } <= taxa
    rules = [rule.id for rule in run.tool.driver.rules]
    assert all(rules[result.rule_index] == result.rule_id for result in run.results)
    for_scanning = json.dumps(sarif(subject.document))
    assert '"pass"' not in for_scanning
    assert "taxa" not in for_scanning


def test_junit_has_a_suite_for_each_tool(shop: tuple[Subject, Evidence, Path], prod: tuple[Subject, Evidence]) -> None:
    for evidence in (shop[1], prod[1]):
        suites = {suite.name: suite for suite in JUnitXml.fromstring(evidence_junit(evidence).encode())}
        hub = {case.name.split()[0]: case.result for case in suites[f"AWS Security Hub {evidence['stack']}"]}
        assert hub["MSK.1"] == []
        assert isinstance(hub["MSK.3"][0], Skipped)
        assert set(hub) == {row["id"] for row in evidence["controls"] if row["of"] == "AWS Security Hub"}
        rules = {case.name: case.result for case in suites[f"msk-policies {evidence['stack']}"]}
        assert evidence["policies"]
        assert set(rules) == set(evidence["policies"]["rules"])
        failed = {name for name, outcome in evidence["policies"]["rules"].items() if outcome == "fail"}
        assert {name for name, result in rules.items() if result and isinstance(result[0], Failure)} == failed


def test_markdown_says_what_the_text_says(shop: tuple[Subject, Evidence, Path]) -> None:
    sections = evidence_sections(shop[1])
    said = markdown(sections)
    assert [line.removeprefix("### ") for line in said.splitlines() if line.startswith("### ")] != []
    assert said.count("### ") == len(sections)
    assert "- **pass** MSK.1: MSK clusters should be encrypted in transit among broker nodes" in said
