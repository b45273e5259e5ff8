"""`python -m tools changes`."""
