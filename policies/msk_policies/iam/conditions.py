"""Conditions of IAM statements: which of them narrow whom, or what, a statement is about.

A condition narrows only where it fixes something, by an operator that is false where the request has no such key. A wildcard in
a value fixes what stands before it, at most. `...IfExists`, `ForAllValues:` and `Null` are true of requests without the key
(IAM User Guide, "IAM JSON policy elements: Condition operators"), unless `Null` asks for the key beside them. What is said in
the negative narrows where it is denied: a Deny of all who are not of an organization leaves nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from msk_policies.iam.documents import words
from msk_policies.iam.patterns import fixed_beginning, has_variables, is_fixed

Fixes = Callable[[str], bool]
"""Whether a value, in which `*` and `?` are wildcards, fixes what its key is about."""

_WITH_WILDCARDS: Final = frozenset({"stringlike", "arnlike", "arnequals"})
_POSITIVE: Final = frozenset({*_WITH_WILDCARDS, "stringequals", "stringequalsignorecase", "bool"})
_SMALLER: Final = frozenset({"numericlessthan", "numericlessthanequals"})
_NEGATIVE: Final = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
"""Operators that are true of requests without the key, each with its opposite."""
_ACCOUNT_DIGITS: Final = 12
_ARN_PARTS: Final = 6
_ITSELF: Final = "resourcetag/"
_OWN: Final = ("${aws:resourceaccount}", "${aws:resourceorgid}", "${aws:resourceorgpaths}")
"""Variables that say where the resource is, and so fix something about a request; one that says who asks fixes nothing."""


class _Test(NamedTuple):
    """One test of a condition: an operator, in lower case and without what stands around it, a key and the key's values."""

    operator: str
    quantifier: str
    if_exists: bool
    key: str
    values: list[str]


def narrowed(condition: object, fixing: Mapping[str, Fixes]) -> bool:
    """Whether a condition is only true of requests in which it fixes one of some keys.

    Args:
        condition: The statement's Condition.
        fixing: By key, in lower case, when a value fixes it. A key that ends in `/` is the beginning of keys.
    """
    tests = list(_tests(condition))
    given = {test.key for test in tests if test.operator == "null" and test.values == ["false"]}
    return any(
        (test.operator in _POSITIVE or test.operator in _SMALLER)
        and (test.key in given or not (test.if_exists or test.quantifier == "forallvalues"))
        and _fixed(test, fixing)
        for test in tests
    )


def spares_only(condition: object, fixing: Mapping[str, Fixes]) -> bool:
    """Whether a Deny with this condition leaves only requests that fix one of some keys: each test is of all others."""
    tests = list(_tests(condition))
    return bool(tests) and all(_outside(test, fixing) for test in tests)


def _outside(test: _Test, fixing: Mapping[str, Fixes]) -> bool:
    if test.operator in _NEGATIVE and test.quantifier != "foranyvalue":
        return _fixed(test._replace(operator=_NEGATIVE[test.operator]), fixing)
    if test.operator == "bool" and test.if_exists and test.values == ["false"]:
        return _fixed(test._replace(values=["true"]), fixing)
    return False


def _fixed(test: _Test, fixing: Mapping[str, Fixes]) -> bool:
    fixes = fixing.get(test.key) or fixing.get(test.key.partition("/")[0] + "/")
    if fixes is None or not test.values:
        return False
    wild = test.operator in _WITH_WILDCARDS
    # Without wildcards of its operator, a value's stars are letters: whatever it is, it is one text.
    return all(fixes(value if wild else value.replace("*", "x").replace("?", "x")) for value in test.values)


def _tests(condition: object) -> Iterator[_Test]:
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        if not isinstance(operator, str) or not isinstance(keys, Mapping):
            continue
        quantifier, _, name = operator.lower().rpartition(":")
        for key, values in keys.items():
            yield _Test(name.removesuffix("ifexists"), quantifier, name.endswith("ifexists"), str(key).lower(), words(values))


def _literal(value: str) -> bool:
    return bool(value) and is_fixed(value) and (not has_variables(value) or value.lower() in _OWN)


def _tag(value: str) -> bool:
    """A resource's tag may be to be what a tag of the caller is, though not what the resource's own is, which says nothing."""
    return bool(value) and is_fixed(value) and _ITSELF not in value.lower()


def _true(value: str) -> bool:
    return value.lower() == "true"


def _organization_path(value: str) -> bool:
    return _literal(fixed_beginning(value).partition("/")[0]) and ("/" in fixed_beginning(value) or is_fixed(value))


def _arn(value: str) -> bool:
    """Whether the ARN is of one account; for those without an account, as of S3 buckets, whether it begins with a name."""
    parts = value.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return False
    account, resource = parts[4], parts[5]
    if account:
        return (account.isdecimal() and len(account) == _ACCOUNT_DIGITS) or account.lower() in _OWN
    return parts[2] == "s3" and _literal(fixed_beginning(resource))


def _identity(value: str) -> bool:
    """Whether an ARN is of an account's roles or users of one name, or of one beginning of names."""
    kind, slash, name = fixed_beginning(value).rpartition(":")[2].partition("/")
    return _arn(value) and bool(kind and slash and name)


def _any(_value: str) -> bool:
    return True


CALLERS: Final[Mapping[str, Fixes]] = {
    **dict.fromkeys(
        (
            "aws:principalaccount", "aws:principalorgid", "aws:principalservicename", "aws:principalservicenameslist",
            "aws:sourceaccount", "aws:sourceorgid", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount",
            "aws:vpceorgid", "kms:calleraccount",
        ),
        _literal,
    ),
    **dict.fromkeys(("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"), _organization_path),
    **dict.fromkeys(("aws:principalarn", "aws:sourcearn"), _arn),
    "aws:principalisawsservice": _true,
}  # fmt: skip
"""Keys that say who asks, by account, organization, VPC endpoint or service. IAM User Guide, "AWS global condition context
keys"; `aws:SourceOwner` is the older name of the account in Amazon SNS's own default policy."""

USES: Final[Mapping[str, Fixes]] = {
    "aws:resourcetag/": _tag,
    "aws:multifactorauthpresent": _true,
    "aws:multifactorauthage": _any,
}
"""Keys that say what is used, by its tags, or that a person is there, by a second factor."""

VIA: Final[Mapping[str, Fixes]] = {
    **USES,
    **dict.fromkeys(("kms:viaservice", "iam:passedtoservice"), _literal),
    **dict.fromkeys(("kms:encryptioncontext:secretarn", "secretsmanager:secretid"), _arn),
    **dict.fromkeys(("secretsmanager:resourcetag/", "kms:resourcealiases", "iam:resourcetag/", "ec2:resourcetag/"), _tag),
}
"""The same, and by which service a key, a secret or a role is used."""

_ACCOUNTS: Final = ("aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "aws:vpceaccount", "kms:calleraccount")

WITHIN_ACCOUNTS: Final[Mapping[str, Fixes]] = {
    **{key: fixes for key, fixes in CALLERS.items() if key not in _ACCOUNTS},
    "aws:principalarn": _identity,
    "kms:grantisforawsresource": _true,
}
"""Keys that narrow what another account may do: which account asks is no news then. A grant for a resource of AWS's own cannot
be handed on."""

EXTERNAL: Final[Mapping[str, Fixes]] = {
    **WITHIN_ACCOUNTS,
    **dict.fromkeys(("sts:externalid", "aws:principaltag/", "saml:aud", "sts:sourceidentity"), _literal),
    "aws:multifactorauthpresent": _true,
}
"""Keys that say who of an account takes a role, or what only a partner knows."""
