"""Side-by-side measurements against the tools a user would pick instead. Nothing here passes or fails."""
