"""Resource hooks: when they run, what they get, and what their failure is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi_aws import ec2, kms

from offline.protocol.failures import Diagnostic, HookRefused
from support.programs import run_inline

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Hook = pulumi.ResourceHook
Args = pulumi.ResourceHookArgs
Options = pulumi.ResourceHookOptions
KEY_URN = "urn:pulumi:dev::shop::aws:kms/key:Key::k"


def key_with(
    *,
    before: Callable[[Args], Awaitable[None] | None] | None = None,
    after: Callable[[Args], Awaitable[None] | None] | None = None,
    on_dry_run: bool = True,
    ignore_errors: bool = False,
) -> Callable[[], None]:
    def program() -> None:
        options = Options(on_dry_run=on_dry_run, ignore_errors=ignore_errors)
        binding = pulumi.ResourceHookBinding(
            before_create=[Hook("guard", before, options)] if before else None,
            after_create=[Hook("report", after, options)] if after else None,
        )
        vpc = ec2.Vpc("v", cidr_block="10.0.0.0/16")
        kms.Key(
            "k",
            enable_key_rotation=True,
            description=vpc.id,
            policy=pulumi.Output.secret("{}"),
            opts=pulumi.ResourceOptions(hooks=binding),
        )

    return program


def refuse(_args: Args) -> None:
    message = "rotate it every year"
    raise ValueError(message)


def test_a_refusal_fails_the_run_with_the_message_alone() -> None:
    with pytest.raises(HookRefused) as caught:
        run_inline(key_with(before=refuse))
    refused = caught.value
    assert str(refused) == 'before hook "guard" failed: rotate it every year'
    assert (refused.hook, refused.urn, refused.message, refused.when) == ("guard", KEY_URN, "rotate it every year", "before")


def test_a_hook_gets_the_checked_inputs_by_their_wire_names() -> None:
    seen: list[Args] = []
    run_inline(key_with(before=seen.append))
    (args,) = seen
    assert (args.urn, args.id, args.name, args.type) == (KEY_URN, "", "k", "aws:kms/key:Key")
    assert args.new_inputs is not None
    assert args.new_inputs["enableKeyRotation"] is True
    assert args.new_inputs["keyUsage"] == "ENCRYPT_DECRYPT"
    assert isinstance(args.new_inputs["description"], pulumi.output.Unknown)
    assert isinstance(args.new_inputs["policy"], pulumi.Output)
    assert (args.old_inputs, args.old_outputs, args.new_outputs) == (None, None, None)


def test_a_hook_after_creation_gets_the_outputs_and_the_id() -> None:
    seen: list[Args] = []
    run = run_inline(key_with(after=seen.append), dry_run=False)
    (args,) = seen
    assert args.new_outputs is not None
    assert args.new_outputs["arn"] == run.resource(KEY_URN).outputs["arn"]
    assert args.id == run.resource(KEY_URN).id


@pytest.mark.parametrize(
    ("dry_run", "on_dry_run", "runs"), [(True, True, 1), (True, False, 0), (False, True, 1), (False, False, 1)]
)
def test_a_hook_runs_in_a_preview_only_where_it_asks_to(*, dry_run: bool, on_dry_run: bool, runs: int) -> None:
    seen: list[Args] = []
    run_inline(key_with(before=seen.append, on_dry_run=on_dry_run), dry_run=dry_run)
    assert len(seen) == runs


def test_the_resource_is_not_created_when_the_hook_before_it_refuses() -> None:
    after: list[Args] = []
    with pytest.raises(HookRefused):
        run_inline(key_with(before=refuse, after=after.append), dry_run=False)
    assert after == []


def test_the_failure_carries_what_the_hook_raised() -> None:
    own = ValueError("mine")

    async def later(_: Args) -> None:
        await asyncio.sleep(0)
        raise own

    def now(_: Args) -> None:
        raise own

    for hook in (now, later):
        with pytest.raises(HookRefused, match="mine") as caught:
            run_inline(key_with(before=hook))
        assert caught.value.raised is own


def test_a_hook_may_be_asynchronous() -> None:
    seen: list[str] = []

    async def hook(args: Args) -> None:
        await asyncio.sleep(0)
        seen.append(args.name)

    run_inline(key_with(before=hook))
    assert seen == ["k"]


def test_a_hook_whose_errors_are_ignored_only_warns() -> None:
    run = run_inline(key_with(before=refuse, ignore_errors=True))
    message = 'BeforeCreate hook "guard" failed: rotate it every year'
    assert run.diagnostics == (Diagnostic("warning", message, KEY_URN),)


def test_the_hooks_of_a_resource_are_recorded_by_occasion() -> None:
    def program() -> None:
        hook = Hook("guard", lambda _: None)
        binding = pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])
        kms.Key("k", opts=pulumi.ResourceOptions(hooks=binding))

    assert run_inline(program).resource(KEY_URN).options["hooks"] == {
        "before_create": ["guard"],
        "before_update": ["guard"],
    }


def test_a_hook_runs_for_each_of_its_resources() -> None:
    seen: list[str] = []

    def program() -> None:
        hook = Hook("guard", lambda args: seen.append(args.name), Options(on_dry_run=True))
        binding = pulumi.ResourceHookBinding(before_create=[hook])
        for name in ("a", "b", "c"):
            kms.Key(name, opts=pulumi.ResourceOptions(hooks=binding))

    run_inline(program)
    assert seen == ["a", "b", "c"]


def test_a_components_hooks_run_around_its_registration() -> None:
    seen: list[str] = []

    class Component(pulumi.ComponentResource):
        def __init__(self, opts: pulumi.ResourceOptions) -> None:
            super().__init__("shop:index:Component", "it", {"size": "large"}, opts)
            self.register_outputs({"done": True})

    def program() -> None:
        options = Options(on_dry_run=True)
        before = Hook("b", lambda args: seen.append(f"before {args.new_inputs}"), options)
        after = Hook("a", lambda args: seen.append(f"after {args.new_outputs}"), options)
        binding = pulumi.ResourceHookBinding(before_create=[before], after_create=[after])
        Component(pulumi.ResourceOptions(hooks=binding))

    run_inline(program)
    assert seen == ["before {'size': 'large'}", "after {'done': True}"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_imported_is_not_created_and_no_hook_is_asked(dry_run: bool) -> None:
    def program() -> None:
        binding = pulumi.ResourceHookBinding(before_create=[Hook("guard", refuse, Options(on_dry_run=True))])
        kms.Key("k", opts=pulumi.ResourceOptions(hooks=binding, import_="1234abcd"))

    assert [resource.id for resource in run_inline(program, dry_run=dry_run).resources if resource.urn == KEY_URN] == ["1234abcd"]
