"""Rules on the brokers' volumes."""
