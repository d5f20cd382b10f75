"""Keys and tokens: who a caller is, and how the cloud proves it."""
