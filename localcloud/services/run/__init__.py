"""Cloud Run v2: services as data, and the invocation of those that functions made."""
