"""Compute Engine: only the lookup of a project, by which Terraform turns a number into an id."""
