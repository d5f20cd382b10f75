"""Secret Manager: the selector's copies in a secret."""
