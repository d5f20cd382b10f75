"""The kinds of resources: who plans, creates, reads, updates and deletes what."""
