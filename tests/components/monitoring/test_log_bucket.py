"""The bucket for broker logs, and the sinks of a cluster: what AWS would receive."""

from __future__ import annotations

import json

from components.monitoring.log_bucket import LogBucket
from offline.engine.inventory import rows
from offline.engine.run import Run
from support.clusters import make_cluster
from support.programs import inputs, run_inline, the

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def bucket(prefix: str = "", *, dry_run: bool = False) -> Run:
    return run_inline(
        lambda: LogBucket(
            "logs",
            {
                "region": "eu-west-1",
                "title": "orders-broker-logs",
                "prefix": prefix,
                "retention_days": 90,
                "key_arn": ARN,
                "protect": True,
                "tags": {},
            },
        ),
        dry_run=dry_run,
    )


def test_the_bucket_is_private_encrypted_protected_and_empties_itself() -> None:
    run = bucket()
    private = inputs(run, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(private[switch] is True for switch in switches)
    encryption = inputs(run, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
    (rule,) = encryption["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ARN}
    (retention,) = inputs(run, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"]
    assert retention["expiration"] == {"days": 90}
    (row,) = [one for one in rows(run) if one["type"] == BUCKET]
    assert row["options"]["protect"] is True
    assert row["inputs"]["forceDestroy"] is False


def test_only_the_log_delivery_of_this_account_writes_and_only_below_the_prefix() -> None:
    run = bucket("kafka/orders")
    name, account = the(run, BUCKET).outputs["bucket"], "123456789012"
    write, check, tls = json.loads(inputs(run, POLICY)["policy"])["Statement"]
    assert write["Resource"] == f"arn:aws:s3:::{name}/kafka/orders/AWSLogs/{account}/*"
    for statement in (write, check):
        assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
        assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == account
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_buckets_policy_is_known_at_preview_already() -> None:
    assert "AWSLogs/123456789012/*" in inputs(bucket(dry_run=True), POLICY)["policy"]


def test_a_cluster_writes_to_the_sinks_it_is_given_and_names_no_other() -> None:
    def sinks(**changes: str) -> dict[str, object]:
        run = run_inline(lambda: make_cluster(**changes))
        found: dict[str, object] = inputs(run, "aws:msk/cluster:Cluster")["loggingInfo"]["brokerLogs"]
        return found

    assert set(sinks()) == {"cloudwatchLogs"}
    every = sinks(log_bucket="orders-logs", log_prefix="kafka", log_stream="orders")
    assert every["s3"] == {"enabled": True, "bucket": "orders-logs", "prefix": "kafka"}
    assert every["firehose"] == {"enabled": True, "deliveryStream": "orders"}
    assert "prefix" not in sinks(log_bucket="orders-logs", log_prefix="")["s3"]  # type: ignore[operator]  # a dictionary
