"""Alarms, dashboards, watched logs, rules for Prometheus."""
