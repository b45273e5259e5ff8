"""Rules on what could lose messages."""
