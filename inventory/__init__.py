"""What a list of resources says, whoever made it: capacity, cost, changes, what its deployer needs."""
