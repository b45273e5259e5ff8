"""The lines of the monthly bill, by what they are for."""
