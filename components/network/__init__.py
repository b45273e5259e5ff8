"""Where the brokers live: a VPC that is created, taken over or only looked at, and the brokers' security group."""
