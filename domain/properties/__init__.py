"""Kafka's server and topic properties: definitions, values, safe defaults."""
