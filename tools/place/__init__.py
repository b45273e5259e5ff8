"""Where operators stand: in the cluster's VPC, on the test client's host or in a pod, reached from a laptop."""
