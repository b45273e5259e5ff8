"""What differs between the topics of a stack file and those of its cluster, and the changes that make them alike."""
