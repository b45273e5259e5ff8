"""Who may use the cluster: clients, their roles, users and files, the CA, the cluster policy, the test client."""
