"""Whom resource policies and trust policies name: everybody, accounts, and those who sign in elsewhere.

IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from msk_policies.iam.conditions import CALLERS, Fixes, narrowed, spares_only
from msk_policies.iam.documents import words
from msk_policies.iam.patterns import fixed_beginning, is_fixed, pattern
from msk_policies.msk.arns import account_of
from msk_policies.msk.facts import fact

if TYPE_CHECKING:
    from msk_policies.iam.documents import Document, Statement

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_AWS: Final = "AWS"
_FEDERATED: Final = "Federated"
_PROVIDER: Final = ":oidc-provider/"
_SUBJECT: Final = "sub"
_SHARED: Final[Mapping[str, Mapping[str, list[str]]]] = fact("iam", "sharedIssuers").value
_EKS_ISSUER: Final = re.compile(r"oidc[.-]eks\.[^/]+/id/")
_EKS: Final[Mapping[str, list[str]]] = {"claims": [_SUBJECT], "parts": ["system:serviceaccount"]}
"""Amazon EKS User Guide, "Assign IAM roles to Kubernetes service accounts": system:serviceaccount:namespace:name."""
_END: Final = "/"
"""What ends a name; it stands for the end of what is fixed as a whole, too."""


def lets_everybody_in(statement: Statement, policy: Document) -> bool:
    """Whether a statement of a resource policy lets in whoever has an AWS account, whatever account.

    Args:
        statement: A statement that allows something.
        policy: The policy, whose other statements may deny it to everybody but somebody.
    """
    if not ("NotPrincipal" in statement.fields or _everybody(statement.principal)):
        return False
    return not narrowed(statement.condition, CALLERS) and not any(_closes(deny, statement) for deny in policy.denying)


def accounts(statement: Statement) -> Iterator[tuple[str, bool]]:
    """The accounts that a statement names as principals, each with whether it names the account as a whole."""
    principal = statement.principal
    for name in words(principal.get(_AWS)) if isinstance(principal, Mapping) else ():
        account = account_of(name) or (name if _ACCOUNT.fullmatch(name) else "")
        if account:
            yield account, name == account or name.endswith(":root")


class OpenIssuer(NamedTuple):
    """An issuer that a trust policy trusts whomever it signs tokens for.

    Attributes:
        name: How a message names it.
        key: The condition key that says whose token it is, likewise.
    """

    name: str
    key: str


def open_issuer(statement: Statement) -> OpenIssuer | None:
    """The issuer that a trust policy's statement trusts whomever it signs tokens for; None where it says whose tokens.

    Issuers that everybody shares are of interest, and those of EKS clusters, which sign for whatever runs there.
    """
    principal = statement.principal
    for name in words(principal.get(_FEDERATED)) if isinstance(principal, Mapping) else ():
        issuer = (name.partition(_PROVIDER)[2] or name).lower()
        about = _EKS if _EKS_ISSUER.match(issuer) else _SHARED.get(issuer)
        if about is None:
            continue
        keys: dict[str, Fixes] = {f"{issuer}:{claim}": _claim for claim in about["claims"]}
        if _SUBJECT in about["claims"]:
            keys[f"{issuer}:{_SUBJECT}"] = partial(_says_whose, about["parts"])
        if not narrowed(statement.condition, keys):
            return OpenIssuer("an EKS cluster", "its subject (sub)") if about is _EKS else OpenIssuer(issuer, next(iter(keys)))
    return None


def _everybody(principal: object) -> bool:
    """Whether a wildcard is among the principals; in an ARN AWS takes none."""
    values = principal.values() if isinstance(principal, Mapping) else [principal]
    return any(not is_fixed(name) for value in values for name in words(value))


def _closes(deny: Statement, allow: Statement) -> bool:
    """Whether a Deny takes from everybody what another statement allows, those aside whom a condition fixes."""
    return (
        _everybody(deny.principal)
        and spares_only(deny.condition, CALLERS)
        and _covers(deny, allow, "Action")
        and _covers(deny, allow, "Resource")
    )


def _covers(deny: Statement, allow: Statement, name: str) -> bool:
    """Whether a statement's patterns are within those of another. `?` is not taken to be within anything but itself."""
    outer, inner = (words(statement.fields.get(name)) for statement in (deny, allow))
    if "*" in outer:
        return True
    if not inner:
        return False
    if name == "Action":
        outer, inner = ([text.lower() for text in texts] for texts in (outer, inner))
    return all(any(wide == narrow or ("?" not in wide and pattern(wide).takes_in(narrow)) for wide in outer) for narrow in inner)


def _claim(value: str) -> bool:
    """Whether a claim is of one owner: it is one text, or begins with a name and a slash."""
    return bool(value) and (is_fixed(value) or fixed_beginning(value).find(_END) > 0)


def _says_whose(parts: Sequence[str], subject: str) -> bool:
    """Whether a subject says whose it is before any wildcard: `repo:owner/*` does, `repo:*` does not."""
    if not parts:
        return bool(subject) and is_fixed(subject)
    beginning = subject + _END if is_fixed(subject) else fixed_beginning(subject)
    return re.search(rf"(?:^|:)(?:{'|'.join(parts)}):[^:/]+[:/]", beginning) is not None
