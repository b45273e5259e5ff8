"""Rules on Kafka versions."""
