"""What watches the cluster: logs, alarms, dashboard, Prometheus."""

from components.monitoring.alarms import ClusterAlarms
from components.monitoring.dashboard import ClusterDashboard
from components.monitoring.log_bucket import LogBucket
from components.monitoring.log_watch import LogWatch
from components.monitoring.logs import BrokerLogs
from components.monitoring.prometheus import PrometheusMonitoring

__all__ = ["BrokerLogs", "ClusterAlarms", "ClusterDashboard", "LogBucket", "LogWatch", "PrometheusMonitoring"]
