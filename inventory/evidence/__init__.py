"""What an inventory proves: who may read, write and administer which topic, and what of it nobody can tell before deployment."""
