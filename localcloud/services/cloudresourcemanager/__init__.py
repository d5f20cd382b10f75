"""Resource Manager: the one project, in both versions of its API, and its policy."""
