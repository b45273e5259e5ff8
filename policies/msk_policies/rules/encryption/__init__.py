"""Rules on keys and encryption."""
