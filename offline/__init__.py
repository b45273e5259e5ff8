"""Runs the program and the policy pack with no Pulumi CLI, no AWS account and no network.

What is imitated, and nothing else, sits in this package: the engine (`offline.engine.run`), the AWS provider
(`offline.aws.double`), the CLI's reading of configuration (`offline.project.loading`) and the engine's side of the policy
protocol (`offline.pack.pack`). The program and the pack run unmodified on the real SDKs.
"""
