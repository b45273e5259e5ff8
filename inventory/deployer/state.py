"""What Pulumi needs for a stack's state in an S3 bucket and its secrets under a KMS key, as grants.

Sources: Pulumi, "Managing state and backends", for the bucket; Pulumi, "Secrets", for the key (`awskms://`). The engine writes
locks and checkpoints into the bucket while it updates and only reads in a preview.
"""

from __future__ import annotations

from inventory.deployer.grants import Grant


def state_grants(bucket: str, key_arn: str) -> list[Grant]:
    """Grants for the state.

    Args:
        bucket: The bucket's name; empty where the state is elsewhere.
        key_arn: ARN of the key that encrypts the stack's secrets, the bucket or both; empty where there is none.
    """
    grants: list[Grant] = []
    if bucket:
        here = f"arn:{{partition}}:s3:::{bucket}"
        grants += [
            Grant(("s3:GetBucketLocation", "s3:ListBucket"), (here,), reads=True),
            Grant(("s3:GetObject",), (f"{here}/.pulumi/*",), reads=True),
            Grant(("s3:DeleteObject", "s3:PutObject"), (f"{here}/.pulumi/*",)),
        ]
    if key_arn:
        grants += [
            Grant(("kms:Decrypt", "kms:DescribeKey"), (key_arn,), reads=True),
            Grant(("kms:Encrypt", "kms:GenerateDataKey"), (key_arn,)),
        ]
    return grants
