"""The HTTP side of the local cloud: listeners, routing of requests, access log, admin verbs, outages."""
