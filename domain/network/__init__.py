"""Subnets, and what is opened to whom."""
