"""The names under which Amazon MSK's exporters give what rules and dashboards need.

The JMX exporter (port 11001) runs without rules, so every attribute of every MBean becomes ``<domain>_<type>_<attribute>{<the
other keys>}`` with dots and dashes as underscores. The bean's own name is in the label ``name``, never in the metric's. The names
were read off a broker of Apache Kafka 3.9 with the exporters 0.20.0 and 1.0.1; the node exporter's (port 11002) off node exporter
1.5. Sources: JMX exporter's README ("Rules", default format); MSK Developer Guide, "Use Prometheus metrics" (all of Kafka's
MBeans, ``kafka.consumer.group:type=ConsumerLagMetrics``, and the node exporter's CPU and disk metrics).

Names that end in ``_total`` on the JMX exporter's 0.x line lose that ending on its 1.x line; none is used here. All JMX series
are untyped: what counts up ends in ``_Count``.
"""

from __future__ import annotations

from typing import Final

DATA_MOUNT: Final = "/kafka/datalogs"
"""Where Standard brokers mount their data volume, as node exporters on port 11002 name it; in no page of AWS's."""
INTERNAL_TOPICS: Final = "__.*"
"""Topics that are no client's: Kafka's own, and ``__amazon_msk_canary``, which Amazon MSK writes and reads itself."""
CANARY_GROUPS: Final = "amazon[.]msk[.]canary[.].*"
"""The consumer groups of Amazon MSK's canary, to be left out of every lag."""


def selector(metric: str, cluster: str, **labels: str) -> str:
    """A metric of one cluster, narrowed by labels.

    Args:
        metric: Its name.
        cluster: The cluster's name, or a dashboard's variable.
        labels: Label matchers. A value that begins with ``=~``, ``!~`` or ``!=`` brings its own operator.
    """
    matchers = [f"cluster={_quoted(cluster)}"]
    for label, value in labels.items():
        operator = value[:2] if value[:2] in ("=~", "!~", "!=") else "="
        text = value[2:] if operator != "=" else value
        matchers.append(f"{label}{operator}{_quoted(text)}")
    return f"{metric}{{{','.join(matchers)}}}"


def broker_topic(name: str, cluster: str, **labels: str) -> str:
    """A counter of ``kafka.server:type=BrokerTopicMetrics``: with a topic it is the topic's, without the whole broker's."""
    return selector("kafka_server_BrokerTopicMetrics_Count", cluster, name=name, **labels)


def replica_manager(name: str, cluster: str) -> str:
    """A gauge of ``kafka.server:type=ReplicaManager``, for one broker."""
    return selector("kafka_server_ReplicaManager_Value", cluster, name=name)


def controller(name: str, cluster: str) -> str:
    """A gauge of ``kafka.controller:type=KafkaController``; several nodes have those of the cluster: take the maximum."""
    return selector("kafka_controller_KafkaController_Value", cluster, name=name)


def consumer_lag(name: str, cluster: str, **labels: str) -> str:
    """A gauge of ``kafka.consumer.group:type=ConsumerLagMetrics``, Amazon MSK's own.

    ``EstimatedMaxTimeLag`` (seconds), ``MaxOffsetLag`` and ``SumOffsetLag`` have ``groupId`` and ``topic``; ``EstimatedTimeLag``
    and ``OffsetLag`` have ``partition`` too. There is none for a group that is neither stable nor empty, that has committed
    nothing or has a colon in its name. MSK Developer Guide, "Monitor consumer lags".
    """
    wanted = labels if "groupId" in labels else {"groupId": f"!~{CANARY_GROUPS}", **labels}
    return selector("kafka_consumer_group_ConsumerLagMetrics_Value", cluster, name=name, **wanted)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
