"""Rules on names, tags and what the pack judges."""
