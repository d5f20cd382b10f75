"""Deployments: endpoints serve what Terraform declares."""
