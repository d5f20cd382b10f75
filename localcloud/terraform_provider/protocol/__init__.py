"""The plugin protocol: how Terraform starts the provider, what it asks, and what it is answered."""
