"""A stack's Kafka ACLs: compared with its cluster's, applied, and what a receipt in git says of them."""
