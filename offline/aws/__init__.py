"""What AWS would answer, as far as an offline run needs it."""
