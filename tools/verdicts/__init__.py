"""`python -m tools verdicts`."""
