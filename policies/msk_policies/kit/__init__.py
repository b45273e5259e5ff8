"""What rules are made of: their kinds, settings, exemptions, and how properties are read."""
