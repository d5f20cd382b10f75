"""Where the local cloud answers: the host names, who signs for them, and what clients are told."""
