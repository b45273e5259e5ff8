"""What Amazon MSK is and what follows from it: plain Python without Pulumi and without input or output."""
