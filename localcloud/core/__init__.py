"""What every service of the local cloud is made of: calls, errors, the store, standard methods, operations."""
