"""Secret Manager: secrets, global or of one location, and their versions."""
