"""The engine's protocol: values on the wire, registrations, failures."""
