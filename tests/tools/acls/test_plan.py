"""The difference: what is wanted comes, what was applied and is wanted no more goes, and all else stays with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.acls import Acl, AclResource, acls
from domain.access.rights import Access, names
from tools.acls.checks import Applying, applying_in, verdict_on
from tools.acls.plan import Pattern, Why, plan_of, told
from tools.acls.reading import Entry, entry_of
from tools.acls.terms import Terms
from tools.shared.commands import CommandError
from tools.shared.kafka_tools import KafkaTools

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ERP, CRM = "User:erp", "User:crm"
READS = tuple(acls(ERP, Access(consume=names(["orders"]), groups=names(["erp"]))))
WRITES = tuple(acls(CRM, Access(produce=names(["orders"], ["crm-"]))))
ALTERS = tuple(acls(CRM, Access(administer_cluster=True)))
BOTH = Terms(
    stack="prod",
    cluster="shop-prod",
    region="eu-west-1",
    serverless=False,
    principals={"crm": (CRM,), "erp": (ERP,)},
    wanted={"crm": WRITES, "erp": READS},
    everyone=False,
    unauthenticated=False,
)
ONLY_CRM = replace(BOTH, principals={"crm": (CRM,)}, wanted={"crm": WRITES})
BY_IAM = Applying(None, by_iam=True)


def entries(those: Iterable[Acl]) -> set[Entry]:
    return {entry_of(acl) for acl in those}


def on_topic(principal: str, operation: str, name: str = "orders", pattern: str = "LITERAL") -> Entry:
    return Entry(principal, "TOPIC", name, pattern, operation)


def test_what_is_missing_is_added_and_what_is_there_is_left() -> None:
    plan = plan_of(BOTH, entries(WRITES), ours=())
    assert set(plan.added) == set(READS)
    assert (plan.removed, plan.kept, plan.present) == ((), (), len(WRITES))


def test_whose_client_left_loses_what_was_applied_and_nothing_else() -> None:
    made_by_others = {on_topic(ERP, "Write", "payroll"), on_topic("User:batch", "Read")}
    plan = plan_of(ONLY_CRM, entries([*READS, *WRITES]) | made_by_others, ours={*READS, *WRITES})
    assert plan.added == ()
    assert dict(plan.removed) == dict.fromkeys(READS, Why.LEFT)
    assert dict(plan.kept) == dict.fromkeys(made_by_others, Why.OTHERS)


def test_without_a_receipt_nothing_is_removed() -> None:
    plan = plan_of(ONLY_CRM, entries([*READS, *WRITES]), ours=())
    assert not plan.changes
    assert {why for _, why in plan.kept} == {Why.OTHERS}


def test_a_client_that_may_do_less_loses_the_rest() -> None:
    terms = replace(BOTH, wanted={"erp": READS})
    plan = plan_of(terms, entries([*READS, *WRITES]), ours={*READS, *WRITES})
    assert dict(plan.removed) == dict.fromkeys(WRITES, Why.LESS)


def test_what_a_client_has_beyond_the_stack_file_goes_when_its_principal_is_named() -> None:
    more = Acl(ERP, AclResource.TOPIC, "payroll", prefixed=False, operation="Write")
    there = entries([*READS, *WRITES, more])
    plan = plan_of(BOTH, there, ours={*READS, *WRITES})
    assert plan.removed == ()
    assert plan.beyond == (entry_of(more),)
    assert "Clients may do more than the stack file says: User:erp may Write topic payroll." in str(
        verdict_on(plan, BOTH, there, BY_IAM).warnings
    )
    assert plan_of(BOTH, there, ours=(), reset=[ERP]).removed == ((more, Why.NAMED),)


def test_what_no_stack_makes_stays_even_when_its_principal_is_named() -> None:
    strange = {
        replace(on_topic(ERP, "Write"), allows=False): Why.DENIES,
        replace(on_topic(ERP, "Write"), host="10.0.0.1"): Why.HOST,
        Entry(ERP, "DELEGATION_TOKEN", "x", "LITERAL", "Describe"): Why.UNKNOWN,
        on_topic("User:*", "Read"): Why.EVERYBODY,
    }
    there = entries([*READS, *WRITES]) | set(strange)
    plan = plan_of(BOTH, there, ours={*READS, *WRITES}, reset=[ERP, "User:*"])
    assert dict(plan.kept) == strange
    assert plan.removed == ()
    verdict = verdict_on(plan, BOTH, there, BY_IAM, reset=[ERP, "User:*", "User:CN=*.shop.a1b2c3.c2.kafka.x", "User:epr"])
    assert len(verdict.objections) == 4
    assert "Did you mean User:erp?" in "".join(verdict.objections)
    assert "A Deny goes before what the stack allows: User:erp may not Write topic orders." in verdict.warnings


@pytest.mark.parametrize(
    ("entry", "is_told"),
    [
        (on_topic("User:*", "Write"), True),
        (on_topic("User:*", "All", "*"), True),
        (on_topic("User:*", "Read", "ord", "PREFIXED"), True),
        (on_topic("User:batch", "All", "*"), True),
        (replace(on_topic("User:batch", "All", "*"), host="10.0.0.1"), True),
        (on_topic("User:batch", "Write"), False),
        (on_topic("User:*", "Write", "payroll"), False),
        (on_topic("User:*", "Alter"), True),
        (on_topic("User:*", "AlterConfigs"), False),
        (replace(on_topic("User:*", "Write"), allows=False), False),
    ],
)
def test_what_makes_the_difference_moot_is_told(entry: Entry, is_told: bool) -> None:
    there = entries([*READS, *WRITES]) | {entry}
    plan = plan_of(BOTH, there, ours=())
    assert plan.moot == ((entry,) if is_told else ())
    warnings = verdict_on(plan, BOTH, there, BY_IAM).warnings
    assert any(words.startswith("Others may do what the stack gives to its clients: ") for words in warnings) is is_told


def test_what_everybody_may_use_is_told_when_it_is_closed_and_when_it_is_opened() -> None:
    everyone = replace(BOTH, everyone=True, unauthenticated=True)
    there = {on_topic("User:batch", "Read", "payroll")}
    plan = plan_of(everyone, there, ours=())
    closed = {each.pattern: (each.left_to, each.known) for each in plan.closed}
    assert closed == {
        Pattern("TOPIC", "orders", prefixed=False): ((CRM, ERP), ("User:ANONYMOUS", "User:batch")),
        Pattern("TOPIC", "crm-", prefixed=True): ((CRM,), ("User:ANONYMOUS", "User:batch", ERP)),
        Pattern("GROUP", "erp", prefixed=False): ((ERP,), ("User:ANONYMOUS", "User:batch", CRM)),
    }
    (first, *_) = verdict_on(plan, everyone, there, BY_IAM).warnings
    assert first == (
        "No ACL is on group erp yet, so everybody who gets in may use what it names; then only User:erp may. Cut off if they use "
        "it: User:ANONYMOUS, User:batch, User:crm, and others of whom the cluster has no ACL there."
    )
    # What has an ACL is closed already, and so is what begins as one says.
    assert plan_of(everyone, {on_topic("User:batch", "Read", "", "PREFIXED")}, ours=()).closed == plan.closed[:1]
    assert plan_of(BOTH, there, ours=()).closed == ()

    left = replace(everyone, principals={"crm": (CRM,)}, wanted={"crm": WRITES})
    gone = plan_of(left, entries([*READS, *WRITES]), ours={*READS, *WRITES})
    assert gone.opened == (Pattern("GROUP", "erp", prefixed=False),)
    assert "The last ACL goes from group erp" in str(verdict_on(gone, left, entries([*READS, *WRITES]), BY_IAM).warnings)


MANAGES = {"crm": ALTERS}
HELD = entries(ALTERS)
OF_CLUSTER = Entry("User:chief", "CLUSTER", "kafka-cluster", "LITERAL", "All")
CUTS = {
    "its own go": (replace(BOTH, wanted={}), HELD, ALTERS, CRM, "User:crm, who applies this"),
    "its own go, and another's stay": (replace(BOTH, wanted={}), HELD | {OF_CLUSTER}, ALTERS, "User:chief", ""),
    "its own go, and everybody may": (replace(BOTH, wanted={}, everyone=True), HELD, ALTERS, CRM, ""),
    "another's close the cluster": (replace(BOTH, wanted=MANAGES, everyone=True), set(), (), ERP, "User:erp, who applies this"),
    "its own close the cluster": (replace(BOTH, wanted=MANAGES, everyone=True), set(), (), CRM, ""),
    "it could not before": (replace(BOTH, wanted=MANAGES), set(), (), ERP, ""),
    "nobody knows who": (replace(BOTH, wanted={}), HELD, ALTERS, None, "does not say who you are"),
    "nobody knows who, and it closes": (
        replace(BOTH, wanted=MANAGES, everyone=True),
        set(),
        (),
        None,
        "does not say who you are",
    ),
    "nobody knows who, and it is no matter": (BOTH, HELD, (), None, ""),
    "nobody knows who, and everybody may": (replace(BOTH, wanted={}, everyone=True), HELD, ALTERS, None, ""),
}


_LOGIN = 'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username={} password="x";\n'
_SCRAM = "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"


@pytest.mark.parametrize(
    ("properties", "named", "applying"),
    [
        ("security.protocol=SASL_SSL\nsasl.mechanism=AWS_MSK_IAM\n", None, BY_IAM),
        ("security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n", "User:erp", BY_IAM),
        (_SCRAM + _LOGIN.format('"erp"'), None, Applying("User:erp")),
        (_SCRAM + _LOGIN.format("erp"), None, Applying("User:erp")),
        (_SCRAM + _LOGIN.format(r'"e\\"rp"'), None, Applying('User:e"rp')),
        (_SCRAM + _LOGIN.format('"${env:KAFKA_USER}"'), None, Applying(None)),
        (_SCRAM, None, Applying(None)),
        (_SCRAM + _LOGIN.format('"erp"'), "User:CN=x", Applying("User:CN=x")),
        ("security.protocol=SSL\nssl.keystore.location=/x.pem\n", None, Applying(None)),
        ("security.protocol=SSL\nssl.keystore.location=/x.pem\n", "User:CN=x", Applying("User:CN=x")),
        ("security.protocol=SSL\n", None, Applying("User:ANONYMOUS")),
        ("", None, Applying("User:ANONYMOUS")),
    ],
)
def test_the_file_of_who_applies_says_who_it_is(properties: str, named: str | None, applying: Applying) -> None:
    assert applying_in(properties, named) == applying


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "client.properties"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="it is no properties file"):
        KafkaTools({}, "b-1:9098", file).client_properties()


def test_operations_on_one_name_are_told_together() -> None:
    every = [on_topic(ERP, "Read"), on_topic(ERP, "Describe"), replace(on_topic(ERP, "Read"), host="::1"), OF_CLUSTER]
    assert told(every) == [
        ("User:chief", "User:chief may All the cluster"),
        (ERP, "User:erp may Describe, Read topic orders"),
        (ERP, "User:erp may Read topic orders from ::1"),
    ]


def test_what_is_told_has_an_end() -> None:
    many = {on_topic(ERP, "Read", f"t{number}") for number in range(500)}
    warnings = verdict_on(plan_of(BOTH, many, ours=()), BOTH, many, BY_IAM).warnings
    assert len(warnings) < 20
    assert "490 more things clients may do" in " ".join(warnings)


@pytest.mark.parametrize("case", CUTS)
def test_who_applies_is_not_cut_off(case: str) -> None:
    terms, there, ours, principal, refused = CUTS[case]
    plan = plan_of(terms, there, ours=ours)
    objections = verdict_on(plan, terms, there, Applying(principal)).objections
    assert len(objections) == bool(refused)
    assert refused in "".join(objections)
    # No ACL can shut out whom IAM lets in.
    assert verdict_on(plan, terms, there, BY_IAM).objections == ()


principals = st.sampled_from([ERP, CRM, "User:batch", "User:*"])
acl = st.builds(
    Acl, principals, st.sampled_from(list(AclResource)), st.sampled_from("abc"), st.booleans(), st.sampled_from(["Read", "All"])
)
entry = st.builds(replace, acl.map(entry_of), host=st.sampled_from(["*", "10.0.0.1"]), allows=st.booleans())


@given(
    wanted=st.sets(acl.filter(lambda each: each.principal in (ERP, CRM)), max_size=5),
    there=st.sets(entry | acl.map(entry_of), max_size=8),
    ours=st.sets(acl, max_size=8),
    reset=st.sets(principals),
    everyone=st.booleans(),
)
def test_afterwards_what_is_wanted_is_there_and_nothing_went_that_was_not_ours_or_named(
    wanted: set[Acl], there: set[Entry], ours: set[Acl], reset: set[str], everyone: bool
) -> None:
    whose = {"crm": CRM, "erp": ERP}
    by_client = {name: tuple(each for each in wanted if each.principal == principal) for name, principal in whose.items()}
    terms = replace(BOTH, wanted=by_client, everyone=everyone)
    plan = plan_of(terms, there, ours=ours, reset=reset)
    after = plan.entries_after(there)
    assert entries(wanted) <= after
    for gone in there - after:
        assert gone.acl in ours or gone.principal in reset
        assert gone.acl not in wanted
    # A second run finds nothing to do, and each ACL is told once: wanted, gone or kept.
    assert not plan_of(terms, after, ours=ours, reset=reset).changes
    assert {each for each, _ in plan.kept} == after - entries(wanted)
    assert len(plan.kept) + len(wanted) == len(after)
