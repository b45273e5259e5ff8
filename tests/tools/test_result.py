"""Fine stands alone only where no rule that matters was off, exempt or not judged: in every form of the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from junitparser import Failure, JUnitXml, Skipped
from sarif_pydantic import Sarif

from tools.preview.document import empty_document
from tools.preview.junit import junit
from tools.preview.result import is_fine, result_of
from tools.preview.sarif import sarif
from tools.preview.sections import preview_sections
from tools.report.plain_text import plain_text

if TYPE_CHECKING:
    from tools.preview.document import AboutRow, AclsRow, Document, VerdictRow

URN = "urn:pulumi:prod::shop::aws:msk/cluster:Cluster::kafka"
SEVERITIES = {"open-door": "critical", "no-lock": "critical", "few-brokers": "medium", "tags": "low"}


def about(rule: str, outcome: str) -> AboutRow:
    return {
        "displayName": rule,
        "description": f"A cluster should have no {rule}.",
        "severity": SEVERITIES[rule],
        "enforcement": "disabled" if outcome == "disabled" else "mandatory",
        "remediation": "Mend it.",
        "url": "https://docs.aws.amazon.com/msk/",
        "tags": [],
        "framework": "",
    }


def row(rule: str, outcome: str, until: str = "2027-01-31") -> VerdictRow:
    kind = {"fail": "violation", "advice": "violation", "exempt": "exempt", "not judged": "not_judged"}[outcome]
    return {
        "policy": rule,
        "enforcement": "mandatory" if outcome == "fail" else "advisory",
        "severity": SEVERITIES[rule],
        "kind": kind,
        "resource": URN,
        "message": f"clientBroker of {rule} is wrong.",
        "setting": None,
        "file": None,
        "line": None,
        "seenIn": ["preview", "simulated update"],
        "until": until if outcome == "exempt" else None,
        "reason": "CHG-123" if outcome == "exempt" else None,
    }


def ended(is_today: bool = True, /, **outcomes: str) -> Document:
    """A preview after which the rules (named with underscores) ended so; those not named pass."""
    rules = dict.fromkeys(SEVERITIES, "pass") | {name.replace("_", "-"): outcome for name, outcome in outcomes.items()}
    document = empty_document(project="shop", stack="prod", region="us-east-1", today="2026-11-23")
    document["isToday"] = is_today
    document["policies"] = {
        "name": "pack",
        "version": "1.0",
        "configuration": "policies/config/prod.json",
        "rules": rules,
        "about": {rule: about(rule, outcome) for rule, outcome in rules.items()},
    }
    document["verdicts"] = [row(rule, outcome) for rule, outcome in rules.items() if outcome not in ("pass", "disabled")]
    document["exitCode"] = int("fail" in rules.values())
    document["result"] = result_of(document)
    return document


def text(document: Document) -> str:
    """The report as a person reads it, its lines put together."""
    return " ".join(plain_text(preview_sections(document)).split())


def sarif_run(document: Document) -> Any:
    return Sarif.model_validate_json(json.dumps(sarif(document))).runs[0]


def junit_suite(document: Document) -> Any:
    return next(iter(JUnitXml.fromstring(junit(document).encode())))


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        ({}, "Fine: the policy pack passes it"),
        ({"tags": "disabled", "few_brokers": "disabled"}, "Fine: the policy pack passes it (2 rules are off)"),
        ({"tags": "disabled"}, "Fine: the policy pack passes it (1 rule is off)"),
        (
            {"tags": "disabled", "few_brokers": "disabled", "no_lock": "disabled"},
            "Passes, but 3 of 4 rules are off; 1 critical rule is off: no-lock",
        ),
        ({"tags": "advice"}, "Fine: the policy pack passes it"),
        ({"open_door": "disabled"}, "Passes, but 1 critical rule is off: open-door"),
        ({"open_door": "advice"}, "Passes, but 1 critical rule only advises: open-door"),
        (
            {"open_door": "disabled", "no_lock": "disabled", "tags": "exempt"},
            "Passes, but 2 critical rules are off: open-door, no-lock; 1 exempt until 2027-01-31: tags",
        ),
        ({"few_brokers": "not judged"}, "Passes, but 1 mandatory rule was not judged: few-brokers (kafka)"),
        (dict.fromkeys(("open_door", "no_lock", "few_brokers", "tags"), "disabled"), "Not judged: every rule is off"),
        ({"few_brokers": "fail", "open_door": "disabled"}, "Refused: few-brokers"),
    ],
    ids=str,
)
def test_the_result_says_what_was_left_out(outcomes: dict[str, str], result: str) -> None:
    document = ended(**outcomes)
    assert document["result"] == result
    assert is_fine(document) == result.startswith("Fine")
    assert result in text(document)
    assert ("Fine" in text(document)) == result.startswith("Fine")
    assert sarif(document)["runs"][0]["properties"]["result"] == result
    assert {prop.name: prop.value for prop in junit_suite(document).properties()}["result"] == result


def test_a_stack_that_the_pack_refuses_without_a_configuration_is_told_where_one_goes() -> None:
    missing = "policies/config/prod.json does not exist"
    documents = [ended(few_brokers="fail"), ended(few_brokers="fail"), ended()]
    for document in documents[1:]:
        assert document["policies"]
        document["policies"]["configuration"] = ""
    assert [missing in text(document) for document in documents] == [False, True, False]


def test_each_exemption_counts_until_its_own_day() -> None:
    document = ended(open_door="exempt")
    document["verdicts"] += [row("tags", "exempt", "2026-12-31"), row("few-brokers", "exempt")]
    assert result_of(document) == "Passes, but 1 exempt until 2026-12-31: tags; 2 exempt until 2027-01-31: open-door, few-brokers"


def acls(*left: str, problem: str = "", **states: str) -> AclsRow:
    """What a receipt says of clients."""
    return {
        "receipt": "acls/prod.json",
        "appliedAt": None,
        "problem": problem,
        "clients": [
            {"client": name, "principals": [f"User:{name}"], "state": state.replace("_", " "), "why": "so it is"}
            for name, state in states.items()
        ],
        "removalsPending": list(left),
    }


@pytest.mark.parametrize(
    ("found", "beside"),
    [
        (acls(erp="enforced", crm="enforced"), ""),
        (acls(erp="enforced", crm="not_enforced"), "ACLs of 1 client are not enforced: crm (`make acls STACK=prod`)"),
        (
            acls(a="allows_more", b="allows_more"),
            "ACLs allow 2 clients more than the stack file: a, b (`make acls STACK=prod`)",
        ),
        (acls("User:a", erp="enforced"), "ACLs of 1 principal that left are to be removed: User:a (`make acls STACK=prod`)"),
        (acls(problem="acls/prod.json was edited"), "acls/prod.json was edited (`make acls STACK=prod`)"),
    ],
)
def test_fine_does_not_stand_beside_acls_that_are_not_enforced(found: AclsRow, beside: str) -> None:
    document = ended()
    document["acls"] = found
    document["result"] = result_of(document)
    assert document["result"] == (f"Passes, but {beside}" if beside else "Fine: the policy pack passes it")
    assert document["exitCode"] == 0
    assert ("Fine" in text(document)) == (not beside)
    assert ("make acls STACK=prod` compares them" in text(document)) == bool(beside)
    assert sarif(document)["runs"][0]["properties"]["result"] == document["result"]
    for row in found["clients"]:
        assert row["client"] in text(document)
    off = ended(**dict.fromkeys(("open_door", "no_lock", "few_brokers", "tags"), "disabled"))
    off["acls"] = found
    assert result_of(off) == "Not judged: every rule is off" + (f"; {beside}" if beside else "")


def test_a_refusal_says_as_well_what_was_left_out() -> None:
    assert "Besides, 1 critical rule is off: open-door." in text(ended(few_brokers="fail", open_door="disabled"))


def test_rules_that_are_off_are_counted_apart_from_those_that_pass() -> None:
    document = ended(open_door="disabled", tags="disabled", few_brokers="exempt")
    assert "Policies (pack 1.0: 1 pass, 1 exempt, 2 off)" in text(document)
    assert "warning: off, and critical: open-door" in text(document)
    assert "skipped: off: tags" in text(document)


def test_what_is_exempt_is_told_with_its_day_and_reason_in_every_form() -> None:
    document = ended(few_brokers="exempt")
    assert "exempt: few-brokers, until 2027-01-31 (CHG-123): clientBroker of few-brokers is wrong. resource kafka" in text(
        document
    )
    (result,) = sarif(document)["runs"][0]["results"]
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "exempt until 2027-01-31: CHG-123"}
    ]
    assert sarif_run(document).results[0].rule_id == "few-brokers"
    (skipped,) = [case.result[0] for case in junit_suite(document) if case.name == "few-brokers"]
    assert isinstance(skipped, Skipped)
    assert "exempt until 2027-01-31 (CHG-123): clientBroker of few-brokers is wrong. (kafka)" in skipped.message


def test_a_violation_beside_what_is_exempt_still_fails() -> None:
    document = ended(few_brokers="fail")
    document["verdicts"].append(row("few-brokers", "exempt"))
    (case,) = [case for case in junit_suite(document) if case.name == "few-brokers"]
    assert [type(item) for item in case.result] == [Failure]
    assert "exempt until 2027-01-31" in case.system_out
    assert ["suppressions" in item for item in sarif(document)["runs"][0]["results"]] == [False, True]


def test_what_is_off_is_a_notification_and_a_skipped_test() -> None:
    document = ended(open_door="disabled", tags="disabled")
    run = sarif(document)["runs"][0]
    assert run["results"] == []
    notifications = run["invocations"][0]["toolConfigurationNotifications"]
    assert [(notification["associatedRule"]["id"], notification["level"]) for notification in notifications] == [
        ("open-door", "warning"),
        ("tags", "note"),
    ]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[notification["associatedRule"]["index"]]["id"] for notification in notifications] == ["open-door", "tags"]
    skipped = {case.name: case.result[0].message for case in junit_suite(document) if case.result}
    assert skipped == dict.fromkeys(["open-door", "tags"], "The rule is off for this stack: it judged nothing.")


def test_what_was_not_judged_is_open_and_skipped_and_said() -> None:
    document = ended(few_brokers="not judged")
    assert "skipped: few-brokers, not judged: clientBroker" in text(document)
    (result,) = sarif(document)["runs"][0]["results"]
    assert (result["kind"], result["level"]) == ("open", "none")
    (skipped,) = [case.result[0] for case in junit_suite(document) if case.name == "few-brokers"]
    assert isinstance(skipped, Skipped)
    assert skipped.message.startswith("The rule could not judge. clientBroker")


@pytest.mark.parametrize("is_today", [True, False])
def test_a_day_that_is_not_todays_stands_beside_the_verdict_in_every_form(is_today: bool) -> None:
    document = ended(is_today)
    assert ("judged on 2026-11-23, not today" in text(document)) is not is_today
    assert document["result"].endswith("(judged on 2026-11-23, not today)") is not is_today
    assert sarif(document)["runs"][0]["properties"]["isToday"] is is_today
    properties = {prop.name: prop.value for prop in junit_suite(document).properties()}
    assert (properties["today"], properties["isToday"]) == ("2026-11-23", str(is_today).lower())
