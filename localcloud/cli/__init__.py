"""The command line of the local cloud, and the daemon that it starts."""
