"""Rules on the secrets of SASL/SCRAM users."""
