"""What only the old state can tell: updates that AWS refuses or that lose data."""
