"""What opens the way to brokers: ports, networks, groups and load balancers."""
