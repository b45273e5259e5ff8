"""`python -m tools preview`."""
