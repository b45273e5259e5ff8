"""Rules on who may use a cluster."""
