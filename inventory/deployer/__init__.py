"""The IAM permissions that whoever deploys the resources needs."""
