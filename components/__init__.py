"""Pulumi components of an Amazon MSK platform, one AWS concern a module."""
