"""Which Kafka versions a stack's cluster may go to; `tools.upgrade` is about the template itself."""
