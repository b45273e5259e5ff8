"""The catalogue: what Amazon MSK is, as tables with sources."""
