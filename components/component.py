"""What every component here has in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypedDict, Unpack

import pulumi
from pulumi_aws.get_caller_identity import get_caller_identity_output

from domain.access.documents import Place
from domain.msk.regions import partition
from domain.problems import Problem, SettingsError, did_you_mean


class ChildOptions(TypedDict, total=False):
    """The options that components set on their children, with the names and meanings of `pulumi.ResourceOptions`."""

    custom_timeouts: pulumi.CustomTimeouts | None
    depends_on: Sequence[pulumi.Resource] | None
    hooks: pulumi.ResourceHookBinding | None
    ignore_changes: list[str] | None
    import_: str | None
    protect: bool | None
    replace_on_changes: list[str] | None


def stack_file_error(problems: Sequence[Problem]) -> pulumi.RunError:
    """What ends the program where AWS shows that the stack file is wrong. Its cause has the problems as data."""
    mistakes = SettingsError(problems)
    error = pulumi.RunError(str(mistakes))
    error.__cause__ = mistakes
    return error


class Component(pulumi.ComponentResource):
    """A component whose arguments are a TypedDict, checked when the component is made.

    A TypedDict checks nothing at run time, so a misspelt or missing argument would be noticed in AWS, or never. An optional
    argument that is None is absent.
    Subclasses name theirs in `args_type` and their type token's module in `module`.

    The arguments are the component's inputs too, by their camelCase names: policies and tools can read what was intended. A
    subclass says otherwise with `shown` where an argument cannot be shown as it is, or changes while nothing does.

    Raises:
        pulumi.RunError: An argument is unknown or missing.
    """

    args_type: ClassVar[type]
    module: ClassVar[str]

    def __init__(
        self,
        name: str,
        args: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
        *,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        kind = type(self).__name__
        known = set(self.args_type.__annotations__)
        required: frozenset[str] = self.args_type.__required_keys__  # type: ignore[attr-defined]  # only a TypedDict has it, and no type says "the class of a TypedDict"
        mistakes = [f"{key} is not an argument.{did_you_mean(key, known)}" for key in sorted(set(args) - known)]
        mistakes += [f"{key} is missing." for key in sorted(required) if args.get(key) is None]
        if mistakes:
            raise pulumi.RunError(f"{kind} {name}: {' '.join(mistakes)}")
        inputs = {_camel_case(key): value for key, value in (args if shown is None else shown).items() if value is not None}
        super().__init__(f"msk-platform:{self.module}:{kind}", name, inputs, opts)

    def child(self, **options: Unpack[ChildOptions]) -> pulumi.ResourceOptions:
        """Options of a child: this component as parent and nothing else but what is asked for here.

        The component's own options are never merged in: its aliases and dependencies are not its children's.
        """
        return pulumi.ResourceOptions(parent=self, **options)


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def named(tags: Mapping[str, str], name: str) -> dict[str, str]:
    """The tags with the name that the AWS console shows."""
    return {**tags, "Name": name}


def place(region: str, parent: pulumi.Resource) -> pulumi.Output[Place]:
    """The account that the credentials belong to, with the region and its partition."""
    identity = get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent))
    account_id: pulumi.Output[str] = identity.account_id
    return account_id.apply(lambda account: Place(partition(region), region, account))
