"""Rules on logs, metrics and alarms."""
