"""What only some kinds of clusters have. Importing this room registers its checks."""

from domain.checks.kinds import lacks, serverless, streams

__all__ = ["lacks", "serverless", "streams"]
