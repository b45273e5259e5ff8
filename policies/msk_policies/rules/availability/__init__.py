"""Rules on brokers and zones."""
