"""Runs the policy pack and asks it for its verdicts."""
