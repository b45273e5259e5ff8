"""Where clients' files are in SSM Parameter Store, and how long their names may be there."""

from __future__ import annotations

PARAMETERS = "/msk"
"""What the name of every parameter begins with."""

LONGEST_PARAMETER_NAME = 1011
"""Characters of a parameter's name, with the ARN before it. AWS Systems Manager API reference, ``PutParameter``, ``Name``."""

_LONGEST_ARN = len("arn:aws-us-gov:ssm:ap-southeast-1:111122223333:parameter")
_LONGEST_CLUSTER = 64
_LONGEST_FILE = len("/confluent-kafka/connect-distributed.properties")


def client_path(cluster_name: str, client: str) -> str:
    """What the names of a client's parameters begin with; the format and the file follow."""
    return f"{PARAMETERS}/{cluster_name}/clients/{client}"


LONGEST_CLIENT_NAME = LONGEST_PARAMETER_NAME - _LONGEST_ARN - len(client_path("x" * _LONGEST_CLUSTER, "")) - _LONGEST_FILE
"""Characters of a client's name, of whatever cluster and format: the parameters of its files are the first of AWS's names that
hold it whole. Names of roles, instance profiles and policies are shortened."""
