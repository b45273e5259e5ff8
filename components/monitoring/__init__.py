"""What watches the cluster: logs, alarms, dashboard, Prometheus."""
