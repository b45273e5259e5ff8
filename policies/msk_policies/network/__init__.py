"""What rules know of networks: ports, security groups and load balancers, and who comes through them."""
