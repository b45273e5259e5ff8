"""Rules on who reaches the brokers."""
