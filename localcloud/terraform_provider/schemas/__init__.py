"""What is known of each resource type: its schema, the facts beside it, and how its API is spoken to."""
