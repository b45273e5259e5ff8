"""How a run of the program can fail: one class for each way that a person fixes differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SEVERITIES: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A message of the program or of the engine, as the CLI shows it under "Diagnostics"."""

    severity: str
    """One of `SEVERITIES`."""
    message: str
    urn: str = ""
    """The resource that the message is about; empty for the program as a whole."""


class ProgramFailed(Exception):  # noqa: N818 - it says what happened
    """The program did not run to its end."""

    diagnostics: tuple[Diagnostic, ...] = ()
    """What had been logged before the failure."""


class UserError(ProgramFailed):
    """The program ended itself with `pulumi.RunError`: the message is for the user and needs no traceback.

    `__cause__` is what the RunError was raised from, or the RunError itself.
    """


class HookRefused(ProgramFailed):
    """A resource hook failed, which stops the operation."""

    def __init__(self, hook: str, urn: str, message: str, *, when: str = "before", raised: Exception | None = None) -> None:
        super().__init__(f'{when} hook "{hook}" failed: {message}')
        self.hook = hook
        """The hook's name."""
        self.urn = urn
        """The resource it ran for."""
        self.message = message
        """The text of the exception that the hook raised."""
        self.when = when
        """`before` or `after`."""
        self.raised = raised
        """The exception itself, where the program ran in this process."""


class DuplicateUrn(ProgramFailed):
    """Two resources have the same type, parent types and name."""

    def __init__(self, urn: str) -> None:
        super().__init__(f"Duplicate resource URN '{urn}'; try giving it a unique name")
        self.urn = urn
        self.name = urn.split("::", 3)[3]
        """The logical name that was used twice."""


class NameTooLong(ProgramFailed):
    """An automatic name would be longer than the service takes: the provider refuses the resource, in a preview too.

    pulumi/pulumi, ``sdk/go/common/resource/resource_id.go``, ``NewUniqueName``.
    """

    def __init__(self, type_: str, prefix: str, digits: int, longest: int) -> None:
        super().__init__(
            f"could not make instance of '{type_}': name '{prefix}' plus {digits} random chars is longer than maximum length "
            f"{longest}"
        )
        self.type = type_


class UnknownFunction(ProgramFailed):
    """The program called a provider function for which the double has no answer."""

    def __init__(self, token: str) -> None:
        super().__init__(
            f"the offline preview does not support the provider function {token}: use `pulumi preview` with an account, or add "
            "the function to offline/aws/functions.py"
        )
        self.token = token


class FunctionFailed(ProgramFailed):
    """A provider function refused its arguments."""

    def __init__(self, token: str, message: str) -> None:
        super().__init__(f"invoke of {token} failed: {message}")
        self.token = token


class NotOffline(ProgramFailed):
    """The program uses a feature of the engine that the offline engine does not support."""

    def __init__(self, feature: str) -> None:
        super().__init__(f"the offline engine does not support {feature}: use `pulumi preview` with an account")
        self.feature = feature


class ProgramCrashed(ProgramFailed):
    """The program raised something else than `pulumi.RunError`: a mistake in the program."""

    def __init__(self, message: str, traceback: str) -> None:
        super().__init__(message)
        self.traceback = traceback
        """The traceback without the frames of the SDK and of this package."""
