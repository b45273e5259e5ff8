"""`python -m tools deployer-policy`."""
