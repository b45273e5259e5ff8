"""A bucket that broker logs are delivered to."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from components.cluster.guards import log_guard
from components.component import Component, named, place
from domain.access.documents import as_json
from domain.monitoring.log_bucket import ABORT_UPLOADS_AFTER_DAYS, log_bucket_policy
from domain.monitoring.log_retention import LIFECYCLES
from domain.plan.monitoring import LogBucketIntent


class LogBucketArgs(LogBucketIntent):
    """Arguments of `LogBucket`."""

    key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs. Its policy must let delivery.logs.amazonaws.com use it."""


class LogBucket(Component):
    """A private, encrypted bucket that only the log delivery service writes to.

    It keeps no old versions: each log object is written once under a name of its own, and what the retention deletes shall be
    gone. AWS refuses to delete the bucket while it holds anything.
    """

    args_type = LogBucketArgs
    module = "monitoring"

    bucket_name: pulumi.Output[str]
    """The bucket's name, once the log delivery service may write to it."""

    def __init__(self, name: str, args: LogBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        bucket = s3.Bucket(
            f"{name}-bucket",
            tags=named(args["tags"], args["title"]),
            opts=self.child(protect=args["protect"]),
        )
        private = s3.BucketPublicAccessBlock(
            f"{name}-private",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child(),
        )
        encryption = s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.bucket,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=(
                        s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                            sse_algorithm="aws:kms", kms_master_key_id=args["key_arn"]
                        )
                    ),
                    # One call to AWS KMS for many objects instead of one for each.
                    bucket_key_enabled=True,
                )
            ],
            opts=self.child(),
        )
        s3.BucketLifecycleConfiguration(
            f"{name}-retention",
            bucket=bucket.bucket,
            rules=[
                s3.BucketLifecycleConfigurationRuleArgs(
                    id="retention",
                    status="Enabled",
                    filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=args["retention_days"]),
                    abort_incomplete_multipart_upload=s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                        days_after_initiation=ABORT_UPLOADS_AFTER_DAYS
                    ),
                )
            ],
            opts=self.child(
                hooks=log_guard(f"{name}-retention", LIFECYCLES[0], ("logs", "s3", "retentionDays"))
                if args.get("keep_retention")
                else None
            ),
        )
        # Amazon S3 refuses two changes of one bucket's access at a time, and no log shall come before it is encrypted.
        policy = s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=pulumi.Output.all(place(args["region"], self), bucket.bucket).apply(
                lambda known: as_json(log_bucket_policy(known[0], known[1], args["prefix"]))
            ),
            opts=self.child(depends_on=[private, encryption]),
        )
        self.bucket_name = policy.bucket
        self.register_outputs({"bucketName": self.bucket_name})
