"""What one client may do, for clients that IAM decides on: a role of its own or one that is there, and the least it needs."""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import eks, iam

from components.component import Component, place
from domain.access.cluster_policy import account_of
from domain.access.documents import Place, as_json
from domain.access.rights import Access
from domain.access.statements import policy_templates, with_cluster
from domain.clients.identity import trust_policy
from domain.settings.clients import Identity


class ClientAccessArgs(TypedDict):
    """Arguments of `ClientAccess`."""

    region: str
    """The region, such as eu-west-1."""
    cluster_arn: pulumi.Input[str]
    """ARN of the cluster."""
    cluster_name: str
    """The cluster's name."""
    serverless: NotRequired[bool]
    """Whether it is a Serverless cluster, which lacks some actions. Default: it is not."""
    client: str
    """The client's name."""
    identity: Identity
    """A role to create, or a principal that is there."""
    access: Access
    """What it may do."""
    tags: Mapping[str, str]
    """Tags of the role and of its policies."""


class ClientAccess(Component):
    """A client's role, where it has none, and managed policies with exactly what it may do on this cluster."""

    args_type = ClientAccessArgs
    module = "access"

    principal_arn: pulumi.Output[str]
    """ARN of the role or user that the client is."""
    instance_profile: pulumi.Output[str] | None
    """Name of the instance profile; None for roles that are not for EC2."""

    def __init__(self, name: str, args: ClientAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        shown = {"clusterArn": args["cluster_arn"], "client": args["client"]}
        super().__init__(name, args, opts, shown=shown)
        identity = args["identity"]
        self.instance_profile = None
        role_name: pulumi.Input[str] | None = None
        user_name: pulumi.Input[str] | None = None
        if identity.role is not None:
            role = identity.role
            iam_role = iam.Role(
                _resource(name, "role", _LONGEST_ROLE),
                description=f"Kafka client {args['client']} of {args['cluster_name']}",
                assume_role_policy=place(args["region"], self).apply(lambda where: as_json(trust_policy(role, where))),
                tags=args["tags"],
                opts=self.child(),
            )
            self.principal_arn, role_name = iam_role.arn, iam_role.name
            if role.ec2 is not None:
                profile = iam.InstanceProfile(
                    _resource(name, "profile"), role=iam_role.name, tags=args["tags"], opts=self.child()
                )
                self.instance_profile = profile.name
            if role.eks_pod_identity is not None:
                pods = role.eks_pod_identity
                eks.PodIdentityAssociation(
                    f"{name}-pods",
                    cluster_name=pods.cluster,
                    namespace=pods.namespace,
                    service_account=pods.service_account,
                    role_arn=iam_role.arn,
                    tags=args["tags"],
                    opts=self.child(),
                )
        else:
            principal = identity.principal or ""
            self.principal_arn = pulumi.Output.from_input(principal)
            # A role of another account would be taken for one of the same name here.
            principal_name = place(args["region"], self).apply(lambda where: _name_in(principal, where, args["client"]))
            if principal.split(":")[-1].startswith("role/"):
                role_name = principal_name
            else:
                user_name = principal_name
        # How many there are must be known before the cluster is: each has its place already.
        serverless = args.get("serverless", False)
        templates = policy_templates(args["access"], args["cluster_name"], args["region"], serverless=serverless)
        for number, template in enumerate(templates, start=1):
            policy = iam.Policy(
                _resource(name, str(number)),
                description=f"Kafka client {args['client']} of {args['cluster_name']}",
                policy=pulumi.Output.from_input(args["cluster_arn"]).apply(partial(with_cluster, template)),
                tags=args["tags"],
                opts=self.child(),
            )
            if role_name is not None:
                iam.RolePolicyAttachment(f"{name}-{number}", role=role_name, policy_arn=policy.arn, opts=self.child())
            elif user_name is not None:
                iam.UserPolicyAttachment(f"{name}-{number}", user=user_name, policy_arn=policy.arn, opts=self.child())
        self.register_outputs({"principalArn": self.principal_arn})


_SUFFIX = len("-1234567")
"""Characters that the provider adds to a logical name to make a name of AWS of it."""
_LONGEST_ROLE = 64
_LONGEST_OTHER = 128
"""Characters of a role's name, and of an instance profile's or a policy's. IAM User Guide, "IAM and AWS STS quotas"."""


def _resource(name: str, ending: str, longest: int = _LONGEST_OTHER) -> str:
    """A logical name, cut where its automatic name would be longer than IAM takes, and then with a digest of the whole.

    Args:
        name: The component's name, which has the client's in it.
        ending: What tells its resources apart.
        longest: Characters that IAM takes.
    """
    whole = f"{name}-{ending}"
    if len(whole) <= longest - _SUFFIX:
        return whole
    end = f"-{hashlib.sha256(name.encode()).hexdigest()[:7]}-{ending}"
    return f"{name[: longest - _SUFFIX - len(end)]}{end}"


def _name_in(principal: str, where: Place, client: str) -> str:
    """The name of a role or user, which must be this account's: the policies of this one reach no other's.

    A preview without an account has a made-up one, so this is no error yet. IAM refuses the whole ARN as a name, and no role here
    that happens to be called the same gets what is another's.
    """
    if account_of(principal) == where.account_id:
        return principal.rpartition("/")[2]
    pulumi.log.warn(
        f"clients.{client}.as.principal is {principal}, but this is account {where.account_id}. A stack attaches policies in "
        "its own account only, so the deployment would fail. For a client of another account, name the account under "
        "network.multiVpc.accounts; a Serverless cluster has no multi-VPC connectivity: let the client assume a role of this "
        "account, and name that."
    )
    return principal
