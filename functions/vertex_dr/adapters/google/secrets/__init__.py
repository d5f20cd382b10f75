"""Secret Manager: the selector's copy in a secret."""
