"""What rules know of where logs go."""
