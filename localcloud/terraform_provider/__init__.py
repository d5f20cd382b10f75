"""A stand-in for Terraform's hashicorp/google provider, for machines that cannot reach the Terraform registry.

It speaks Terraform's plugin protocol 6, knows the resource types of `schemas/resource_types.py`, and talks to a local
cloud only: a proxy that is not on this machine's loopback is refused, so it can never reach Google.
"""
