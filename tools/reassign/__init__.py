"""`python -m tools reassign`: moves partitions to new brokers, and away from brokers that go, through Kafka's own tools."""
