"""Volumes that grow before they are full."""

from __future__ import annotations

import pulumi
from pulumi_aws import appautoscaling

from components.component import Component
from domain.plan.cluster import StorageAutoscalingIntent

_NAMESPACE = "kafka"
_DIMENSION = "kafka:broker-storage:VolumeSize"


class StorageAutoscalingArgs(StorageAutoscalingIntent):
    """Arguments of `StorageAutoscaling`."""

    cluster_arn: pulumi.Input[str]
    """ARN of the cluster (Standard brokers)."""


class StorageAutoscaling(Component):
    """Application Auto Scaling of the brokers' volumes.

    Each step adds 10 GiB or 10%, whichever is more, at most once in six hours, and nothing ever shrinks (MSK Developer Guide,
    "Automatic scaling"). It is deleted before the cluster, or its alarms would stay behind.
    """

    args_type = StorageAutoscalingArgs
    module = "cluster"

    def __init__(self, name: str, args: StorageAutoscalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        target = appautoscaling.Target(
            f"{name}-volumes",
            resource_id=args["cluster_arn"],
            service_namespace=_NAMESPACE,
            scalable_dimension=_DIMENSION,
            # Amazon MSK takes 1 only: the floor is the volume as it is.
            min_capacity=1,
            max_capacity=args["maximum_gib"],
            tags=args["tags"],
            opts=self.child(),
        )
        appautoscaling.Policy(
            f"{name}-volumes",
            policy_type="TargetTrackingScaling",
            resource_id=target.resource_id,
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            target_tracking_scaling_policy_configuration=appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
                predefined_metric_specification=appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
                    predefined_metric_type="KafkaBrokerStorageUtilization"
                ),
                target_value=args["target_utilization"],
                # A volume cannot shrink; left on, Application Auto Scaling would try.
                disable_scale_in=True,
            ),
            opts=self.child(),
        )
        self.register_outputs({})
