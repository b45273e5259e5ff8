"""Buckets of Amazon S3 to which a stack's clusters, connectors and replicators write logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msk_policies.kit.rule import CLUSTER, CONNECTOR
from msk_policies.kit.stack import names, references
from msk_policies.logs.log_groups import REPLICATOR

if TYPE_CHECKING:
    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_WRITERS: Final = {
    CLUSTER: "loggingInfo.brokerLogs.s3.bucket",
    CONNECTOR: "logDelivery.workerLogDelivery.s3.bucket",
    REPLICATOR: "logDelivery.replicatorLogDelivery.s3.bucket",
}


def log_buckets(stack: Stack) -> frozenset[str]:
    """Everything by which the program refers to buckets that hold logs of Amazon MSK: `stack.once(log_buckets)`."""
    named = {name for kind, path in _WRITERS.items() for writer in stack.of_type(kind) for name in references(writer, path)}
    known = [set(names(bucket)) for bucket in stack.of_type(*BUCKETS)]
    return frozenset(named.union(*(bucket for bucket in known if bucket & named)))


def holds_logs(resource: PolicyResource, stack: Stack) -> bool:
    """Whether a bucket, or what belongs to one, is about logs of Amazon MSK."""
    about = names(resource) if resource.resource_type in BUCKETS else references(resource, "bucket")
    return not stack.once(log_buckets).isdisjoint(about)
