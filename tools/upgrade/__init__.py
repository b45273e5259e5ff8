"""`python -m tools new` and `python -m tools upgrade`."""
