"""Cloud Functions: calls from one function to the next."""
