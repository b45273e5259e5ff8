"""Connects a VPC to a cluster that has `network.multiVpc` on: deploy it where the clients are, in their account.

    pulumi config set clusterArn ...    # pulumi stack output clusterArn, of the cluster's stack

Its region is the cluster's (`pulumi config set aws:region ...`): multi-VPC connectivity does not cross regions.
"""

import sys
from pathlib import Path

import pulumi

# The components are this repository's; a program of your own takes components/ and domain/ along.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from components.network.vpc_connection import VpcConnection

config = pulumi.Config()
connection = VpcConnection(
    "kafka-connection",
    {
        "cluster_arn": config.require("clusterArn"),
        "authentication": config.require("authentication"),
        "vpc_id": config.require("vpcId"),
        "subnet_ids": config.require_object("subnetIds"),
        "sources": [{"security_group": config.require("clientSecurityGroup")}],
        "title": f"{pulumi.get_project()}-{pulumi.get_stack()}",
        "tags": {},
    },
)

pulumi.export("connectionArn", connection.arn)
pulumi.export("securityGroupId", connection.security_group_id)
# The same names as in the cluster's stack: in this VPC they lead to the connection.
pulumi.export("bootstrap", config.require("bootstrap"))
