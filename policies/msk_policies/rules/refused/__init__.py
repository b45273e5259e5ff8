"""Rules on what AWS was measured to refuse: not unsafe, but no deployment."""
