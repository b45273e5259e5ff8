"""A client is called enforced only where a receipt of this cluster has exactly what the stack file wants of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.acls import Acl, AclResource, acls
from domain.access.rights import Access, names
from domain.checks.access import UNTIL_ACLS
from support.stacks import TODAY, project_with
from tools.acls.coverage import State, coverage_of
from tools.acls.receipt import Receipt, receipt_file, save
from tools.acls.terms import Terms, terms_of
from tools.clients import client
from tools.preview.result import is_fine
from tools.preview.run import preview
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READS = tuple(acls("User:erp", Access(consume=names(["orders"]), groups=names(["erp"]))))
NEXT = tuple(replace(acl, principal="User:erp-b") for acl in READS)
WRITES = tuple(acls("User:crm", Access(produce=names(["orders"], ["crm-"]))))
TERMS = Terms(
    stack="prod",
    cluster="shop-prod",
    region="eu-west-1",
    serverless=False,
    principals={"crm": ("User:crm",), "erp": ("User:erp", "User:erp-b"), "idle": ("User:idle",)},
    wanted={"crm": WRITES, "erp": (*READS, *NEXT)},
    everyone=False,
    unauthenticated=False,
)
WHOLE = Receipt("prod", "shop-prod", "eu-west-1", "id", "2026-11-29T04:38:00Z", True, TERMS.acls)
FURTHER = Acl("User:erp", AclResource.TOPIC, "payroll", prefixed=False, operation="Read")

CASES = {
    "all of it": (WHOLE, {"crm": State.ENFORCED, "erp": State.ENFORCED}, ""),
    "no more": (replace(WHOLE, acls=WHOLE.acls - {READS[0]}), {"crm": State.ENFORCED, "erp": State.NOT_ENFORCED}, "lacks what"),
    "no next user": (replace(WHOLE, acls=WHOLE.acls - set(NEXT)), {"erp": State.NOT_ENFORCED}, "lacks what the stack file wants"),
    "too much": (replace(WHOLE, acls=WHOLE.acls | {FURTHER}), {"crm": State.ENFORCED, "erp": State.NOT_ENFORCED}, "no longer"),
    "not ended": (replace(WHOLE, complete=False), {"crm": State.NOT_ENFORCED, "erp": State.NOT_ENFORCED}, "did not end"),
    "another stack": (replace(WHOLE, stack="dev"), {"crm": State.NOT_ENFORCED}, "it is of stack dev"),
    "another name": (replace(WHOLE, cluster="shop"), {"crm": State.NOT_ENFORCED}, "it is of cluster shop in eu-west-1"),
    "another region": (replace(WHOLE, region="us-east-1"), {"crm": State.NOT_ENFORCED}, "is of another cluster"),
    "everybody": (replace(WHOLE, allows_more=(("User:*", "all"),)), {"crm": State.ALLOWS_MORE, "erp": State.ALLOWS_MORE}, "all"),
    "one": (replace(WHOLE, allows_more=(("User:erp-b", "all"),)), {"crm": State.ENFORCED, "erp": State.ALLOWS_MORE}, "all"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_client_is_told_by_itself(tmp_path: Path, case: str) -> None:
    receipt, states, why = CASES[case]
    save(receipt, receipt_file(tmp_path, "prod"))
    coverage = coverage_of(TERMS, tmp_path)
    assert coverage
    assert {row.client: row.state for row in coverage.clients}.items() >= states.items()
    assert why in " ".join(row.why for row in coverage.clients)
    assert coverage.is_whole == (case == "all of it")


def test_without_a_receipt_and_with_one_that_was_edited_nobody_is_enforced(tmp_path: Path) -> None:
    for told in ("there is no acls/prod.json", "changed by hand"):
        coverage = coverage_of(TERMS, tmp_path)
        assert coverage
        assert {row.state for row in coverage.clients} == {State.NOT_ENFORCED}
        assert told in coverage.problem
        save(WHOLE, receipt_file(tmp_path, "prod"))
        file = receipt_file(tmp_path, "prod")
        file.write_text(file.read_text(encoding="utf-8").replace('"Write"', '"Read"'), encoding="utf-8")


@pytest.mark.parametrize("left", [FURTHER, replace(FURTHER, principal="User:gone"), replace(FURTHER, principal="User:idle")])
def test_removals_that_are_pending_are_told(tmp_path: Path, left: Acl) -> None:
    save(replace(WHOLE, acls=WHOLE.acls | {left}), receipt_file(tmp_path, "prod"))
    coverage = coverage_of(TERMS, tmp_path)
    assert coverage
    assert not coverage.is_whole
    assert coverage.left == (() if left is FURTHER else (left.principal,))


def test_a_stack_that_needs_none_is_told_nothing_until_something_is_to_be_removed(tmp_path: Path) -> None:
    none = replace(TERMS, principals={}, wanted={})
    assert coverage_of(none, tmp_path) is None
    save(replace(WHOLE, cluster="shop"), receipt_file(tmp_path, "prod"))
    assert coverage_of(none, tmp_path) is None
    save(replace(WHOLE, acls=frozenset()), receipt_file(tmp_path, "prod"))
    ended = coverage_of(none, tmp_path)
    assert ended
    assert ended.is_whole
    save(WHOLE, receipt_file(tmp_path, "prod"))
    coverage = coverage_of(none, tmp_path)
    assert coverage
    assert coverage.left == ("User:crm", "User:erp", "User:erp-b")
    assert coverage_of(replace(TERMS, serverless=True), tmp_path) is None


@given(recorded=st.sets(st.sampled_from([*READS, *NEXT, *WRITES, FURTHER])))
def test_only_an_exact_match_counts(tmp_path_factory: pytest.TempPathFactory, recorded: set[Acl]) -> None:
    directory = tmp_path_factory.mktemp("stack")
    save(replace(WHOLE, acls=frozenset(recorded)), receipt_file(directory, "prod"))
    coverage = coverage_of(TERMS, directory)
    assert coverage
    states = {row.client: row.state for row in coverage.clients}
    for name, wanted in TERMS.wanted.items():
        of_client = {acl for acl in recorded if acl.principal in TERMS.principals[name]}
        assert (states[name] is State.ENFORCED) == (of_client == set(wanted))


STACK = """
config:
  brokerType: kafka.m7g.large
  brokersPerZone: 2
  authentication: {iam: {}, scram: {}}
  serverProperties: {allow.everyone.if.no.acl.found: false}
  topics:
    orders.v1: {partitions: 24}
  clients:
    erp: {from: {cidr: 10.90.0.0/24}, as: {scramUser: erp}, consume: {topics: [orders.v1], groups: [erp]}}
    guest: {from: {cidr: 10.90.0.0/24}, as: {scramUser: guest}}
    api: {from: {cidr: 10.40.0.0/20}, as: {role: {ec2: {}}}, produce: {topics: [orders.v1]}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return project_with(tmp_path, {"case": STACK})


@pytest.fixture
def applied(project: Path) -> Callable[..., None]:
    """Writes the receipt of a run that ended, with changes."""

    def write(**changes: object) -> None:
        stack = settings_of(project, "case")
        terms = terms_of("case", stack.region, stack.settings)
        assert sorted(terms.wanted) == ["erp"]
        receipt = Receipt("case", terms.cluster, terms.region, "id", "2026-11-29T04:38:00Z", complete=True, acls=terms.acls)
        save(replace(receipt, **changes), receipt_file(project, "case"))  # type: ignore[arg-type]  # fields by their names

    return write


def test_the_test_host_is_a_client_like_others(tmp_path: Path) -> None:
    by_scram = STACK.replace("iam: {}, ", "").replace("  clients:", "  testClient: {packages: s3://shop/wheels}\n  clients:")
    lines = [line for line in by_scram.splitlines() if "role:" not in line]
    project_with(tmp_path, {"case": "\n".join(lines)})
    stack = settings_of(tmp_path, "case")
    assert sorted(terms_of("case", stack.region, stack.settings).wanted) == ["erp", "msk-smoke-test"]


def test_a_preview_is_not_called_fine_until_the_receipt_is_there(project: Path) -> None:
    document = preview(project, "case", TODAY)
    assert document["acls"]
    assert [(row["client"], row["state"]) for row in document["acls"]["clients"]] == [("erp", "not enforced")]
    assert document["result"].startswith("Passes, but ACLs of 1 client are not enforced: erp (`make acls STACK=case`)")
    # A stack that is sound as far as it is written passes.
    assert document["exitCode"] == 0
    assert not is_fine(document)
    assert any(UNTIL_ACLS in row["message"] for row in document["warnings"])
    json.dumps(document)


@pytest.mark.exhaustive
def test_a_preview_with_the_receipt_is_fine(project: Path, applied: Callable[..., None]) -> None:
    applied()
    document = preview(project, "case", TODAY)
    assert document["acls"]
    assert [row["state"] for row in document["acls"]["clients"]] == ["enforced"]
    assert is_fine(document)
    assert not any(UNTIL_ACLS in row["message"] for row in document["warnings"])


def test_a_clients_files_come_with_the_word_that_it_is_not_enforced(
    project: Path, applied: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--stack", "case", "--directory", str(project), "--client"]
    assert client.main([*options, "erp"]) == 0
    told = capsys.readouterr()
    assert told.err == ("clients.erp: its ACLs are not enforced (there is no acls/case.json). Run `make acls STACK=case`.\n")
    assert "not enforced" not in told.out
    assert client.main([*options, "api"]) == 0
    assert capsys.readouterr().err == ""
    applied()
    assert client.main([*options, "erp"]) == 0
    assert capsys.readouterr() == (told.out, "")
    applied(allows_more=(("User:*", "User:* may Read every topic"),))
    assert client.main([*options, "erp"]) == 0
    assert "ACLs allow more than the stack file (User:* may Read every topic)" in capsys.readouterr().err
