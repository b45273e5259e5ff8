"""The policy pack client against small packs in their own processes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pulumi
import pytest
from pulumi_aws import Provider, ec2, kms
from pulumi_random import RandomPassword

from offline.engine.run import Run
from offline.pack.judgement import Judgement, Verdict
from offline.pack.pack import PolicyPack
from offline.pack.process import PackError
from offline.protocol import wire
from support.programs import run_inline

PACK = """
from pulumi_policy import (
    EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy, Severity, StackValidationPolicy,
)
import json, os, sys

def rotation(args, report):
    if args.resource_type == "aws:kms/key:Key" and not args.props["enableKeyRotation"]:
        report("Rotate the key.")

def vpc_needs_tags(args, report):
    if args.resource_type == "aws:ec2/vpc:Vpc":
        least = args.get_config()["least"]
        tags = args.props.get("tagsAll") or {}
        if len(list(tags)) < least:
            report(f"Give the VPC {least:g} tags.")

def needs_unknown(args, report):
    if args.resource_type == "aws:ec2/subnet:Subnet" and args.props["vpcId"] == "vpc-bad":
        report("Not that VPC.")

def never(args, report):
    if args.resource_type == "aws:kms/key:Key":
        args.not_applicable("keys are fine")

def blind(args, report):
    if args.resource_type == "aws:kms/key:Key":
        args.not_applicable("Not judged: its policy is elsewhere")

def short_sighted(args, report):
    if args.resource_type == "aws:kms/key:Key":
        report("Not judged: its alias is elsewhere")

def excused(args, report):
    if args.resource_type == "aws:kms/key:Key":
        report("exempt until 2027-01-31 (CHG-123 (by hand)): Rotate the key: now.")

def tell(args, report):
    if args.resource_type == "aws:ec2/subnet:Subnet":
        provider = args.provider
        print("noise on standard output " * 500)
        report(json.dumps({
            "urn": args.urn, "name": args.name, "parent": args.opts.parent.rpartition("::")[2],
            "protect": args.opts.protect, "ignore": list(args.opts.ignore_changes),
            "timeout": args.opts.custom_timeouts.create_seconds,
            "provider": [provider.resource_type, provider.name, provider.props.get("region")] if provider else None,
            "dryRun": os.environ["PULUMI_DRY_RUN"], "config": json.loads(os.environ["PULUMI_CONFIG"]),
        }))

def whole(args, report):
    types = sorted(resource.resource_type for resource in args.resources)
    subnets = [r for r in args.resources if r.resource_type == "aws:ec2/subnet:Subnet"]
    for subnet in subnets:
        names = [d.name for d in subnet.dependencies], [d.name for d in subnet.property_dependencies["vpcId"]]
        report(f"depends on {names}, child of {subnet.parent.name}", subnet.urn)
    report(" ".join(types))

PolicyPack("small", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy("rotation", "Keys rotate.", rotation, severity=Severity.HIGH),
    ResourceValidationPolicy("tags", "VPCs have tags.", vpc_needs_tags, enforcement_level=EnforcementLevel.ADVISORY,
        config_schema=PolicyConfigSchema({"least": {"type": "integer", "minimum": 1, "default": 1}})),
    ResourceValidationPolicy("unknown", "Knows its VPC.", needs_unknown),
    ResourceValidationPolicy("never", "Does not apply.", never),
    ResourceValidationPolicy("blind", "Sees nothing.", blind),
    ResourceValidationPolicy("short-sighted", "Sees little.", short_sighted, enforcement_level=EnforcementLevel.ADVISORY),
    ResourceValidationPolicy("excused", "Excuses.", excused, enforcement_level=EnforcementLevel.ADVISORY),
    ResourceValidationPolicy("tell", "Tells.", tell, enforcement_level=EnforcementLevel.DISABLED),
    StackValidationPolicy("whole", "Sees everything.", whole, enforcement_level=EnforcementLevel.DISABLED),
])
"""

VERSION = "description: a pack\nruntime: python\nversion: 1.2.3\n"


def pack_in(directory: Path, program: str) -> Path:
    (directory / "pack").mkdir()
    (directory / "pack" / "PulumiPolicy.yaml").write_text(VERSION)
    (directory / "pack" / "__main__.py").write_text(dedent(program))
    return directory / "pack"


@pytest.fixture(name="pack", scope="module")
def _pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyPack]:
    with PolicyPack(pack_in(tmp_path_factory.mktemp("small"), PACK)) as pack:
        pack.start(project="shop", stack="dev", config={"shop:a": "1"})
        yield pack


def program() -> None:
    vpc = ec2.Vpc("v", cidr_block="10.0.0.0/16")
    options = pulumi.ResourceOptions(protect=True, ignore_changes=["tags"], custom_timeouts=pulumi.CustomTimeouts(create="1h30m"))
    ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.0.0.0/24", opts=options)
    kms.Key("k")


PLANNED = run_inline(program)
DONE = run_inline(program, dry_run=False)


def judged(pack: PolicyPack, tmp_path: Path, config: object = None, run: Run = PLANNED) -> Judgement:
    if config is None:
        return pack.judge(run)
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config))
    return pack.judge(run, file)


def verdicts_of(judgement: Judgement, policy: str) -> list[Verdict]:
    return [verdict for verdict in judgement.verdicts if verdict.policy == policy]


def test_a_violation_names_policy_resource_and_severity(pack: PolicyPack, tmp_path: Path) -> None:
    judgement = judged(pack, tmp_path)
    assert verdicts_of(judgement, "rotation") == [
        Verdict(
            policy="rotation",
            enforcement="mandatory",
            severity="high",
            urn="urn:pulumi:dev::shop::aws:kms/key:Key::k",
            message="Keys rotate.\nRotate the key.",
            kind="violation",
            description="Keys rotate.",
        )
    ]
    assert judgement.refused
    assert (judgement.pack, judgement.version) == ("small", "1.2.3")
    assert [policy.enforcement for policy in judgement.policies][:3] == ["mandatory", "advisory", "mandatory"]


def test_an_unknown_value_is_advice_in_a_preview_and_judged_in_an_update(pack: PolicyPack, tmp_path: Path) -> None:
    (verdict,) = verdicts_of(judged(pack, tmp_path), "unknown")
    assert (verdict.kind, verdict.enforcement) == ("could_not_run", "advisory")
    assert verdict.urn.endswith("::s")
    assert verdicts_of(judged(pack, tmp_path, run=DONE), "unknown") == []


def test_what_does_not_apply_says_why(pack: PolicyPack, tmp_path: Path) -> None:
    (verdict,) = verdicts_of(judged(pack, tmp_path), "never")
    assert (verdict.kind, verdict.message) == ("not_applicable", "keys are fine")


def test_what_could_not_be_judged_is_not_what_does_not_apply(pack: PolicyPack, tmp_path: Path) -> None:
    (verdict,) = verdicts_of(judged(pack, tmp_path), "blind")
    assert (verdict.kind, verdict.message) == ("not_judged", "its policy is elsewhere")


def test_advice_that_something_was_not_judged_is_none(pack: PolicyPack, tmp_path: Path) -> None:
    (verdict,) = verdicts_of(judged(pack, tmp_path), "short-sighted")
    assert (verdict.kind, verdict.message) == ("not_judged", "its alias is elsewhere")
    assert verdict.urn.endswith("::k")
    (refused,) = verdicts_of(judged(pack, tmp_path, {"short-sighted": "mandatory"}), "short-sighted")
    assert refused.kind == "violation", "what refuses has judged, whatever it says"


def test_what_is_exempt_is_told_with_its_day_and_reason(pack: PolicyPack, tmp_path: Path) -> None:
    (verdict,) = verdicts_of(judged(pack, tmp_path), "excused")
    assert (verdict.kind, verdict.until, verdict.reason) == ("exempt", "2027-01-31", "CHG-123 (by hand)")
    assert verdict.message == "Rotate the key: now."
    (refused,) = verdicts_of(judged(pack, tmp_path, {"excused": "mandatory"}), "excused")
    assert refused.kind == "violation", "what refuses is no exemption, whatever it says"


def test_levels_and_settings_come_from_the_file(pack: PolicyPack, tmp_path: Path) -> None:
    config = {"all": "disabled", "tags": {"enforcementLevel": "mandatory", "least": 4}}
    judgement = judged(pack, tmp_path, config)
    assert [(verdict.policy, verdict.message) for verdict in judgement.verdicts] == [
        ("tags", "VPCs have tags.\nGive the VPC 4 tags.")
    ]
    assert judgement.refused
    assert not judged(pack, tmp_path, {"all": "advisory"}).refused
    assert judged(pack, tmp_path).refused, "a file holds for one judgement"


def test_a_policy_sees_what_the_engine_sends(pack: PolicyPack, tmp_path: Path) -> None:
    (verdict,) = verdicts_of(judged(pack, tmp_path, {"all": "disabled", "tell": "advisory"}), "tell")
    version = PLANNED.resource("urn:pulumi:dev::shop::aws:ec2/subnet:Subnet::s").options["version"]
    assert json.loads(verdict.message.partition("\n")[2]) == {
        "urn": "urn:pulumi:dev::shop::aws:ec2/subnet:Subnet::s",
        "name": "s",
        "parent": "shop-dev",
        "protect": True,
        "ignore": ["tags"],
        "timeout": 5400,
        "provider": ["pulumi:providers:aws", f"default_{version.replace('.', '_')}", "eu-west-1"],
        "dryRun": "true",
        "config": {"shop:a": "1"},
    }


def test_a_pack_gets_a_configuration_that_no_environment_holds(tmp_path: Path) -> None:
    config = {"shop:topics": "é<&>" * 100_000, "aws:region": "eu-west-1"}
    with PolicyPack(pack_in(tmp_path, PACK)) as pack:
        pack.start(project="shop", stack="dev", config=config)
        (verdict,) = verdicts_of(judged(pack, tmp_path, {"all": "disabled", "tell": "advisory"}), "tell")
        assert json.loads(verdict.message.partition("\n")[2])["config"] == config


def test_a_pack_sees_the_configuration_through_the_sdk_and_nothing_on_standard_input(tmp_path: Path) -> None:
    source = """
    import sys, pulumi
    from pulumi_policy import PolicyPack, ResourceValidationPolicy
    seen = [pulumi.Config("shop").get("size"), sys.stdin.read(), sys.argv[1], __name__]
    def tell(args, report):
        report(repr(seen))
    PolicyPack("p", [ResourceValidationPolicy("it", "x", tell)])
    """
    with PolicyPack(pack_in(tmp_path, source)) as pack:
        pack.start(project="shop", stack="dev", config={"shop:size": "9"})
        verdict = verdicts_of(pack.judge(PLANNED), "it")[0]
    assert verdict.message.partition("\n")[2] == repr(["9", "", "offline", "__main__"])


def test_a_pack_that_the_operating_system_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"the policy pack in pack could not be started: .*No such file or directory.*nowhere"):
        PolicyPack(pack_in(tmp_path, PACK), python="/nowhere/python").start(project="shop", stack="dev", config={})


def test_a_provider_of_its_own_is_seen_as_the_resources_provider(pack: PolicyPack, tmp_path: Path) -> None:
    def elsewhere() -> None:
        provider = Provider("us", region="us-west-2")
        ec2.Subnet("s", vpc_id="vpc-1", opts=pulumi.ResourceOptions(provider=provider))

    config = {"all": "disabled", "tell": "advisory"}
    (verdict,) = verdicts_of(judged(pack, tmp_path, config, run_inline(elsewhere)), "tell")
    assert json.loads(verdict.message.partition("\n")[2])["provider"] == ["pulumi:providers:aws", "us", "us-west-2"]


def test_the_whole_stack_is_judged_on_everything_with_its_dependencies(pack: PolicyPack, tmp_path: Path) -> None:
    verdicts = verdicts_of(judged(pack, tmp_path, {"all": "disabled", "whole": "mandatory"}), "whole")
    assert [(verdict.urn.rpartition("::")[2], verdict.message.partition("\n")[2]) for verdict in verdicts] == [
        ("s", "depends on (['v'], ['v']), child of shop-dev"),
        ("", "aws:ec2/subnet:Subnet aws:ec2/vpc:Vpc aws:kms/key:Key pulumi:providers:aws pulumi:pulumi:Stack"),
    ]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"tags": {"least": 0}}, "tags: least: 0 is less than the minimum of 1"),
        ({"tags": {"least": "x"}}, "tags: least: 'x' is not of type 'integer'"),
        ({"tags": "sometimes"}, '"sometimes" is no level.'),
        ({"tags": {"enforcementLevel": 3}}, "3 is no level."),
        ({"tags": [1]}, "give a level, or an object of settings"),
        ({"tag": {"least": 2}}, "tag is no policy of the pack. Did you mean tags?"),
        ({"tag": "mandatory"}, "tag is no policy of the pack. Did you mean tags?"),
        ({"tags": {"most": 2}}, "tags has no setting most."),
        ([], "must be an object of policy names"),
    ],
)
def test_a_wrong_configuration_is_refused(pack: PolicyPack, tmp_path: Path, config: object, message: str) -> None:
    with pytest.raises(PackError) as caught:
        judged(pack, tmp_path, config)
    assert message in str(caught.value)


def test_a_file_that_is_not_there_is_refused(pack: PolicyPack, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"nowhere\.json: No such file"):
        pack.judge(PLANNED, tmp_path / "nowhere.json")


def test_an_empty_file_and_empty_settings_change_nothing(pack: PolicyPack, tmp_path: Path) -> None:
    file = tmp_path / "empty.json"
    file.write_text(" \n")
    expected = pack.judge(PLANNED)
    assert pack.judge(PLANNED, file) == judged(pack, tmp_path, {"tags": {}, "environments": ["a"]}) == expected


REMEDIATING = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def fix(args):
    if args.resource_type == "aws:kms/key:Key":
        args.props["enableKeyRotation"] = True
        return args.props

def check(args, report):
    if args.resource_type == "aws:kms/key:Key" and not args.props["enableKeyRotation"]:
        report("Rotate the key.")

PolicyPack("fixing", policies=[
    ResourceValidationPolicy("rotation", "Keys rotate.", check, remediate=fix,
        enforcement_level=EnforcementLevel.REMEDIATE),
])
"""


def test_a_remediated_resource_is_judged_as_remediated(tmp_path: Path) -> None:
    with PolicyPack(pack_in(tmp_path, REMEDIATING)) as pack:
        pack.start(project="shop", stack="dev", config={})
        judgement = judged(pack, tmp_path)
        (remediation,) = judgement.remediations
        assert (remediation.policy, remediation.urn.rpartition("::")[2]) == ("rotation", "k")
        assert remediation.properties["enableKeyRotation"] is True
        assert judgement.verdicts == ()
        judgement = judged(pack, tmp_path, {"rotation": "mandatory"})
        assert (len(judgement.remediations), len(judgement.violations)) == (0, 1)


SECRETS = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy

def check(args, report):
    if args.resource_type == "aws:kms/key:Key" and len(args.props["description"]) == 12:
        report("It is read in plain.")

PolicyPack("secrets", policies=[ResourceValidationPolicy("plain", "Reads.", check)])
"""


def test_a_secret_is_handed_to_the_pack_as_the_engine_hands_it(tmp_path: Path) -> None:
    def with_secret() -> None:
        kms.Key("k", description=RandomPassword("p", length=12).result)

    done = run_inline(with_secret, dry_run=False)
    assert wire.is_secret(done.resource("urn:pulumi:dev::shop::aws:kms/key:Key::k").inputs["description"])
    with PolicyPack(pack_in(tmp_path, SECRETS)) as pack:
        pack.start(project="shop", stack="dev", config={})
        assert len(judged(pack, tmp_path, run=done).violations) == 1


INITIAL = """
from pulumi_policy import EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy

def check(args, report):
    if args.resource_type == "aws:kms/key:Key":
        report(f"{args.get_config()}")

PolicyPack("initial", enforcement_level=EnforcementLevel.MANDATORY,
    policies=[ResourceValidationPolicy("it", "Checks.", check,
        config_schema=PolicyConfigSchema({"a": {"type": "integer", "default": 1}, "b": {"type": "integer", "default": 1}}))],
    initial_config={"it": {"b": 2}})
"""


def test_an_initial_configuration_without_a_level_makes_a_policy_advisory_as_in_the_engine(tmp_path: Path) -> None:
    with PolicyPack(pack_in(tmp_path, INITIAL)) as pack:
        pack.start(project="shop", stack="dev", config={})
        (verdict,) = judged(pack, tmp_path).verdicts
        assert verdict.enforcement == "advisory"
        assert "'a': 1" in verdict.message
        assert "'b': 2" in verdict.message


@pytest.mark.parametrize(
    ("source", "message", "details"),
    [
        ("raise ValueError('broken pack')", "ended before it was ready", "ValueError: broken pack"),
        ("print('hello')\nimport time\ntime.sleep(60)", "printed 'hello' where its port was expected", ""),
        (
            "from pulumi_policy import *\ndef check(args, report):\n    raise ValueError('policy bug')\n"
            "PolicyPack('p', [ResourceValidationPolicy('it', 'x', check)])",
            "crashed on urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev: policy bug",
            "",
        ),
    ],
    ids=["does not load", "prints", "has a bug"],
)
def test_a_broken_pack_is_told_with_what_it_wrote(tmp_path: Path, source: str, message: str, details: str) -> None:
    with PolicyPack(pack_in(tmp_path, source)) as pack:
        pack.start(project="shop", stack="dev", config={})
        with pytest.raises(PackError) as caught:
            pack.judge(PLANNED)
    assert message in str(caught.value)
    assert details in caught.value.details


def test_a_directory_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"it has no PulumiPolicy\.yaml"):
        PolicyPack(tmp_path).start(project="shop", stack="dev", config={})
    with pytest.raises(PackError, match="was not started"):
        PolicyPack(tmp_path).judge(PLANNED)


def test_the_process_ends_with_the_context_whatever_happens(tmp_path: Path) -> None:
    message = "on purpose"
    # What is raised last is what is tested.
    with pytest.raises(RuntimeError, match=message), PolicyPack(pack_in(tmp_path, PACK)) as pack:  # noqa: PT012
        pack.start(project="shop", stack="dev", config={})
        assert pack._process is not None
        pid = pack._process.pid
        os.kill(pid, 0)
        raise RuntimeError(message)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
