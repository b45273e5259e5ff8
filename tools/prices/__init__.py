"""`python -m tools prices`."""
