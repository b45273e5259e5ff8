"""Buckets of logs that the public does not read.

Broker logs name topics, clients and their addresses, and connectors log the records on which they fail. Complying costs nothing:
a bucket is private unless a program opens it.

The rule judges access control lists and public access blocks of buckets to which the program's clusters, connectors and
replicators write; of other buckets, in a program with one of those, it advises. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.judges import Advice
from msk_policies.kit.properties import elements, read, read_if_known
from msk_policies.kit.rule import CLUSTER, CONNECTOR
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.logs.log_buckets import BUCKETS, holds_logs
from msk_policies.logs.log_groups import REPLICATOR

_PUBLIC = ("public-read", "public-read-write", "authenticated-read")
_EVERYBODY = ("global/AllUsers", "global/AuthenticatedUsers")
_LISTS = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_GRANTS = ("accessControlPolicy.grants", "grants")


def _list(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if read(resource.props, "acl") in _PUBLIC:
        yield from _said(resource, stack, "acl", "is public", "private")
    for path in _GRANTS:
        if any(_to_everybody(grant) for grant in elements(read(resource.props, path))):
            yield from _said(resource, stack, path, "names everybody", "named accounts")


def _to_everybody(grant: object) -> bool:
    if not isinstance(grant, Mapping):
        return False
    uris = [read_if_known(grant, path) for path in ("uri", "grantee.uri")]
    return any(isinstance(uri, str) and uri.endswith(_EVERYBODY) for uri in uris)


def _block(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    for path in _SWITCHES:
        if read(resource.props, path) is not True:
            yield from _said(resource, stack, path, "is not true", "true")
            return


def _said(resource: PolicyResource, stack: Stack, path: str, state: str, right: str) -> Iterator[str]:
    sentence = f"Keep logs from the public: {path} of {resource.name} {state}. Set {path} to {right}."
    if holds_logs(resource, stack):
        yield sentence
    elif any(True for _ in stack.of_type(CLUSTER, CONNECTOR, REPLICATOR)):
        yield Advice(sentence)


POLICY = stack_rule(
    "closed-log-buckets",
    display_name="Closed buckets of logs",
    description="Buckets that hold logs of Amazon MSK should not be public.",
    judges={**dict.fromkeys((*BUCKETS, *_LISTS), _list), _BLOCK: _block},
    severity=Severity.HIGH,
    tags=["msk", "logging", "s3"],
    remediation_steps="Remove the access control list, and set all four switches of the bucket's public access block to true. "
    "Both change in place.",
    url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
)
