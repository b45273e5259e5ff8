"""What Pulumi needs for a stack's state in an S3 bucket and its secrets under a KMS key, as grants.

Sources: Pulumi, "Managing state and backends", for the bucket; Pulumi, "Secrets", for the key (`awskms://`). The engine writes
locks and checkpoints into the bucket while it updates and only reads in a preview.
"""

from __future__ import annotations

from inventory.deployer.grants import Grant


def state_grants(bucket: str, key_arn: str, project: str = "*", stack: str = "*") -> list[Grant]:
    """Grants for a stack's state, in which its secrets are; those of other stacks are in the same bucket.

    Args:
        bucket: The bucket's name; empty where the state is elsewhere.
        key_arn: ARN of the key that encrypts the stack's secrets, the bucket or both; empty where there is none.
        project: The project's name.
        stack: The stack's name.
    """
    grants: list[Grant] = []
    if bucket:
        here = f"arn:{{partition}}:s3:::{bucket}"
        # As the CLI lays it out: pulumi, pkg/backend/diy, `stackPath`, `historyDirectory`, `backupDirectory` and `stackLockDir`.
        objects = (
            f"{here}/.pulumi/meta.yaml",
            f"{here}/.pulumi/stacks/{project}/{stack}.json*",
            f"{here}/.pulumi/history/{project}/{stack}/*",
            f"{here}/.pulumi/backups/{project}/{stack}/*",
            f"{here}/.pulumi/locks/organization/{project}/{stack}/*",
        )
        grants += [
            Grant(("s3:GetBucketLocation", "s3:ListBucket"), (here,), reads=True),
            Grant(("s3:GetObject",), objects, reads=True),
            Grant(("s3:DeleteObject", "s3:PutObject"), objects),
        ]
    if key_arn:
        grants += [
            Grant(("kms:Decrypt", "kms:DescribeKey"), (key_arn,), reads=True),
            Grant(("kms:Encrypt", "kms:GenerateDataKey"), (key_arn,)),
        ]
    return grants
