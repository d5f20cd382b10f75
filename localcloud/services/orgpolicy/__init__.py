"""Organization Policy: what is set on the one project; no organisation or folder stands above it."""
