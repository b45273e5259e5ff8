"""Rules on MSK Connect and MSK Replicator."""
