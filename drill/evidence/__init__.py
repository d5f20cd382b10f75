"""What a drill saw, and the report that is made of it."""
